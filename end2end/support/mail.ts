import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";

/** A mail as its reader sees it. */
export type Mail = { to: string[]; subject: string; text: string; html: string };

/** The newest mail to `recipient` about `subject`, for which it waits. */
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

/** Every mail that has come so far, the oldest first. */
export function mails(): Mail[] {
  const folder = join(process.env.TEST_FOLDER!, "mail");
  const files = readdirSync(folder).filter((file) => file.endsWith(".json")).sort();
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Mail);
}

/** The link in a mail; both of its texts have the same. */
export function linkIn(mail: Mail): string {
  const link = mail.text.split(/\s+/).find((word) => word.startsWith("http"))!;
  expect(mail.html).toContain(`"${link}"`);
  return link;
}
