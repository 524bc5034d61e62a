import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";

/** A received mail. */
export type Mail = { to: string[]; subject: string; text: string; html: string };

/** Waits for a mail to `recipient` whose subject matches and returns the newest. */
export async function mailTo(recipient: string, subject: RegExp): Promise<Mail> {
  let found: Mail | undefined;
  await expect
    .poll(() => (found = mails().findLast((mail) => mail.to.includes(recipient) && subject.test(mail.subject))), {
      message: `a mail to ${recipient} about ${subject}`,
      timeout: 15_000,
    })
    .toBeDefined();
  return found!;
}

/** Returns all received mails, oldest first. */
export function mails(): Mail[] {
  const folder = join(process.env.TEST_FOLDER!, "mail");
  const files = readdirSync(folder).filter((file) => file.endsWith(".json")).sort();
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Mail);
}

/** Returns the link in a mail, which must be the same in both bodies. */
export function linkIn(mail: Mail): string {
  const link = mail.text.split(/\s+/).find((word) => word.startsWith("http"))!;
  expect(mail.html).toContain(`"${link}"`);
  return link;
}
