//! A real mail server on loopback: `end2end/support/mailbox.mjs`, which documents its commands.

use std::process::Stdio;

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::{Duration, timeout},
};

pub struct MailServer {
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    pub port: u16,
    mails: Vec<Value>,
}

impl MailServer {
    /// Starts a server on any free port.
    pub async fn start() -> Self {
        Self::at(0).await
    }

    pub async fn at(port: u16) -> Self {
        let mut process = Command::new("node")
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../end2end/support/mailbox.mjs"
            ))
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready = output
            .next_line()
            .await
            .unwrap()
            .unwrap_or_else(|| panic!("the mail server has not started: run `npm ci` in end2end"));
        let port = ready.strip_prefix("ready ").unwrap().parse().unwrap();
        Self {
            process,
            input,
            output,
            port,
            mails: Vec::new(),
        }
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Changes how it treats mails from here on.
    pub async fn now(&mut self, behaviour: &str) {
        self.input
            .write_all(format!("{behaviour}\n").as_bytes())
            .await
            .unwrap();
        while self.line().await != "changed" {}
    }

    /// Waits for `count` mails, and returns all that have been received.
    pub async fn mails(&mut self, count: usize) -> &[Value] {
        while self.mails.len() < count {
            timeout(Duration::from_secs(30), self.line()).await.unwrap();
        }
        &self.mails
    }

    pub async fn stop(mut self) {
        self.process.kill().await.unwrap();
    }

    async fn line(&mut self) -> String {
        let line = self.output.next_line().await.unwrap().unwrap();
        if line.starts_with('{') {
            self.mails.push(serde_json::from_str(&line).unwrap());
        }
        line
    }
}
