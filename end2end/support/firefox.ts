import type { Browser, PlaywrightWorkerArgs } from "@playwright/test";

/** A command that Playwright sends for every page but Firefox ESR does not support yet. */
const UNKNOWN = "emulation.setMediaFeaturesOverride";

type Session = { send: (command: string, parameters: unknown) => Promise<unknown> };
type Connection = { _connection: { toImpl: (browser: Browser) => { _browserSession: Session } } };

/** Makes Playwright skip the unsupported command. */
export function passOverUnknown(playwright: PlaywrightWorkerArgs["playwright"], browser: Browser) {
  const session = (playwright as unknown as Connection)._connection.toImpl(browser)._browserSession;
  const sessions = Object.getPrototypeOf(session) as Session;
  const send = sessions.send;
  sessions.send = function (command, parameters) {
    return command === UNKNOWN ? Promise.resolve({}) : send.call(this, command, parameters);
  };
}
