//! A real mail server, which reports every mail that it receives.

use std::process::{Child, ChildStdin, Command, Stdio};

use crate::wait::lines;

/// A process of `end2end/support/mailbox.mjs` with these settings.
pub struct MailServer {
    process: Child,
    pub input: ChildStdin,
    lines: Box<dyn Iterator<Item = String>>,
    pub port: u16,
}

impl MailServer {
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let mut process = Command::new("node")
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../end2end/support/mailbox.mjs"
            ))
            .envs(settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let mut lines = lines(process.stdout.take().unwrap());
        let ready = lines.next().unwrap_or_default();
        let port = ready.strip_prefix("ready ").map(str::parse);
        let Some(Ok(port)) = port else {
            panic!("the mail server has not started: run `npm ci` in end2end ({ready:?})")
        };
        Self {
            process,
            input,
            lines: Box::new(lines),
            port,
        }
    }

    /// Returns the next line that contains `text`.
    pub fn line_with(&mut self, text: &str) -> String {
        loop {
            let line = self.line();
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Returns the next line of its output, such as a received mail.
    pub fn line(&mut self) -> String {
        let line = self.lines.next();
        line.unwrap_or_else(|| panic!("the mail server has ended, or says nothing"))
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
