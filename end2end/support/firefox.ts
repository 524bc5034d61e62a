import type { Browser, PlaywrightWorkerArgs } from "@playwright/test";

/** What Playwright asks of every page, and Firefox ESR does not know yet: what it looks like is the system's. */
const UNKNOWN = "emulation.setMediaFeaturesOverride";

type Session = { send: (command: string, parameters: unknown) => Promise<unknown> };
type Connection = { _connection: { toImpl: (browser: Browser) => { _browserSession: Session } } };

/** Has Playwright go on without the one command that this Firefox does not know. */
export function passOverUnknown(playwright: PlaywrightWorkerArgs["playwright"], browser: Browser) {
  const session = (playwright as unknown as Connection)._connection.toImpl(browser)._browserSession;
  const sessions = Object.getPrototypeOf(session) as Session;
  const send = sessions.send;
  sessions.send = function (command, parameters) {
    return command === UNKNOWN ? Promise.resolve({}) : send.call(this, command, parameters);
  };
}
