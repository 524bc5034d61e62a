// A mail server on loopback for tests, which accepts and prints every mail.
//
//   node mailbox.mjs PORT [FOLDER]
//
// It prints "ready PORT" and then each mail as a line of JSON. With a FOLDER, each mail is also written to a file there.
// Its behaviour is controlled by lines on standard input:
//
//   accept              accept mails
//   refuse CODE TEXT    reject the recipient with this code
//   stall [TEXT]        never reply to the data [of mails to addresses that contain TEXT]
//   break               receive the data, then drop the connection before the reply
//
// SMTP_AUTH=user:password requires a login. SMTP_CERT and SMTP_KEY are the files for TLS; SMTP_SECURE=1 enables TLS from
// the start.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

const [port = "0", folder] = process.argv.slice(2);
const { SMTP_AUTH, SMTP_CERT, SMTP_KEY, SMTP_SECURE } = process.env;
let behaviour = ["accept"];
let count = 0;

const server = new SMTPServer({
  authOptional: !SMTP_AUTH,
  disabledCommands: [...(SMTP_CERT ? [] : ["STARTTLS"]), ...(SMTP_AUTH ? [] : ["AUTH"])],
  secure: Boolean(SMTP_SECURE),
  disableReverseLookup: true,
  ...(SMTP_CERT ? { cert: readFileSync(SMTP_CERT), key: readFileSync(SMTP_KEY) } : {}),
  onAuth({ username, password }, _session, done) {
    if (`${username}:${password}` === SMTP_AUTH) done(null, { user: username });
    else done(new Error("wrong user or password"));
  },
  onRcptTo(_address, _session, done) {
    if (behaviour[0] !== "refuse") return done();
    const error = new Error(behaviour.slice(2).join(" "));
    error.responseCode = Number(behaviour[1]);
    done(error);
  },
  async onData(stream, session, done) {
    const chunks = [];
    try {
      for await (const chunk of stream) chunks.push(chunk);
    } catch {
      // The client has gone before the end of the mail.
      return;
    }
    const raw = Buffer.concat(chunks);
    const mail = await PostalMime.parse(raw);
    const told = {
      to: session.envelope.rcptTo.map(({ address }) => address),
      messageId: mail.messageId,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      secure: session.secure,
      raw: raw.toString("latin1"),
    };
    const act = behaviour[0];
    if (act === "stall" && told.to.some((address) => address.includes(behaviour[1] ?? ""))) return;
    count += 1;
    console.log(JSON.stringify(told));
    if (folder) {
      // Renamed at the end, so that readers never see an incomplete file.
      const file = join(folder, `${String(count).padStart(5, "0")}.json`);
      writeFileSync(`${file}.part`, JSON.stringify(told));
      renameSync(`${file}.part`, file);
    }
    if (act === "break") return server.connections.forEach((connection) => connection._socket.destroy());
    done();
  },
});
server.on("error", () => {});
server.listen(Number(port), "127.0.0.1", () => console.log(`ready ${server.server.address().port}`));

createInterface({ input: process.stdin }).on("line", (line) => {
  behaviour = line.split(" ");
  console.log("changed");
});
