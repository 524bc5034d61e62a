import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mails } from "./mail";

/** The password of everybody in these tests. */
export const PASSWORD = "correct horse battery staple";

export type Secret = { kind: "password" | "token" | "session"; value: string };

/** Where the tests leave what the sites have given to their browsers. */
const file = () => join(process.env.TEST_FOLDER!, "secrets.jsonl");

/** Keeps secrets for the look through the logs. */
export function keep(found: Secret[]) {
  appendFileSync(file(), found.map((secret) => `${JSON.stringify(secret)}\n`).join(""));
}

/** Passwords that were typed, tokens that were mailed, cookies that were set. */
export function secrets(): Secret[] {
  const tokens = mails().flatMap((mail) => [...mail.text.matchAll(/\/([0-9a-f]{64})\b/g)].map((match) => match[1]!));
  const lines = existsSync(file()) ? readFileSync(file(), "utf8").split("\n").filter((line) => line !== "") : [];
  return [
    { kind: "password", value: PASSWORD },
    ...tokens.map((value) => ({ kind: "token" as const, value })),
    ...lines.map((line) => JSON.parse(line) as Secret),
  ];
}
