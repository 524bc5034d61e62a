import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mails } from "./mail";

/** The password of all test users. */
export const PASSWORD = "correct horse battery staple";

export type Secret = { kind: "password" | "token" | "session"; value: string };

/** The file in which the tests record session cookies. */
const file = () => join(process.env.TEST_FOLDER!, "secrets.jsonl");

/** Records secrets that must not appear in the logs. */
export function keep(found: Secret[]) {
  appendFileSync(file(), found.map((secret) => `${JSON.stringify(secret)}\n`).join(""));
}

/** Returns all secrets of the run: passwords, mailed tokens and session cookies. */
export function secrets(): Secret[] {
  const tokens = mails().flatMap((mail) => [...mail.text.matchAll(/\/([0-9a-f]{64})\b/g)].map((match) => match[1]!));
  const lines = existsSync(file()) ? readFileSync(file(), "utf8").split("\n").filter((line) => line !== "") : [];
  return [
    { kind: "password", value: PASSWORD },
    ...tokens.map((value) => ({ kind: "token" as const, value })),
    ...lines.map((line) => JSON.parse(line) as Secret),
  ];
}
