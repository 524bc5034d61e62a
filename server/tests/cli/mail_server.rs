//! A real mail server, which tells of each mail that comes.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// `end2end/support/mailbox.mjs`, with these settings.
pub struct MailServer {
    process: Child,
    pub input: ChildStdin,
    output: BufReader<ChildStdout>,
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
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut ready = String::new();
        output.read_line(&mut ready).unwrap();
        let port = ready.strip_prefix("ready ").map(|port| port.trim().parse());
        let Some(Ok(port)) = port else {
            panic!("the mail server has not started: run `npm ci` in end2end ({ready:?})")
        };
        Self {
            process,
            input,
            output,
            port,
        }
    }

    /// The first of the lines to come in which there is `text`.
    pub fn line_with(&mut self, text: &str) -> String {
        loop {
            let line = self.line();
            assert!(!line.is_empty(), "the mail server has ended");
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Returns the next line that it prints, such as a mail that has come.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
