//! A real mail server, which tells of each mail that comes.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
};

use crate::wait::DEADLINE;

/// `end2end/support/mailbox.mjs`, with these settings.
pub struct MailServer {
    process: Child,
    pub input: ChildStdin,
    lines: Receiver<String>,
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
        let output = BufReader::new(process.stdout.take().unwrap());
        let (told, lines) = channel();
        thread::spawn(move || {
            output
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| told.send(line))
        });
        // None comes when it has ended.
        let ready = lines.recv_timeout(DEADLINE).unwrap_or_default();
        let port = ready.strip_prefix("ready ").map(str::parse);
        let Some(Ok(port)) = port else {
            panic!("the mail server has not started: run `npm ci` in end2end ({ready:?})")
        };
        Self {
            process,
            input,
            lines,
            port,
        }
    }

    /// The first of the lines to come in which there is `text`.
    pub fn line_with(&mut self, text: &str) -> String {
        loop {
            let line = self.line();
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Returns the next line that it prints, such as a mail that has come.
    pub fn line(&mut self) -> String {
        let line = self.lines.recv_timeout(DEADLINE);
        line.unwrap_or_else(|_| panic!("the mail server has ended, or says nothing"))
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
