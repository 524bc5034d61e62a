//! Tests of jobs on several servers that are killed.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

use serde_json::Value;

use crate::{database, mail_server::MailServer, site::Site, sql::sql, wait::until};

/// The number of jobs.
const JOBS: usize = 1_000;
/// The number of times that a server is killed.
const KILLS: usize = 9;
/// The number of jobs that a server does at the same time, at most.
const SLOTS: usize = 6;

/// Records in the transaction in which a job ends that it has ended.
const RECORD_ENDS: &str = "CREATE TABLE ends (job bigint NOT NULL);
     CREATE FUNCTION record_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     INSERT INTO ends VALUES (NEW.id); RETURN NULL; END $$;
     CREATE TRIGGER record_end AFTER UPDATE ON jobs FOR EACH ROW WHEN (NEW.state <> 'waiting') \
     EXECUTE FUNCTION record_end()";

fn key(number: usize) -> String {
    format!("{number}@example.org")
}

/// Queues all jobs at once: mails for as many people.
fn queue(url: &str) {
    let insert = format!(
        "INSERT INTO jobs (key, kind, lane, payload, created_at, due_at, attempts, lost, state) \
         SELECT number || '@example.org', 'mail', number % 2, '{{\"recipient\":\"person' || number || \
         '@example.org\",\"template\":{{\"kind\":\"register\",\"username\":\"person' || number || \
         '\",\"password_hash\":\"$argon2id$none\"}}}}', now(), now(), 0, 0, 'waiting' \
         FROM generate_series(1, {JOBS}) AS number"
    );
    sql(url, &insert);
}

/// The ids of the mails that were received, and how often each was.
#[derive(Default)]
struct Received(BTreeMap<String, usize>);

impl Received {
    /// Counts a line of the output of the mail server. Returns whether it is a mail.
    fn count(&mut self, line: &str) -> bool {
        let Ok(mail) = serde_json::from_str::<Value>(line) else {
            return false;
        };
        let id = mail
            .get("messageId")
            .unwrap()
            .as_str()
            .unwrap()
            .trim_matches(['<', '>']);
        *self.0.entry(id.to_owned()).or_default() += 1;
        true
    }
}

// DUR-10
#[test]
fn a_thousand_jobs_on_three_servers_that_are_killed_are_each_done_once() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let url = database::url(folders[0].path());
    let mut mail_server = MailServer::start(&[]);
    let smtp = format!("smtp://127.0.0.1:{}", mail_server.port);
    let settings = [
        ("BROADSHEET_DATABASE_URL", url.as_str()),
        ("BROADSHEET_SMTP_URL", smtp.as_str()),
    ];
    let mut servers: Vec<Site> = folders
        .iter()
        .map(|folder| Site::start(folder, &settings))
        .collect();
    sql(&url, RECORD_ENDS);
    queue(&url);
    let mut received = Received::default();
    let mut kills = 0;
    while received.0.len() < JOBS {
        assert!(received.count(&mail_server.line()));
        if kills < KILLS && received.0.len() >= (kills + 1) * JOBS / (KILLS + 1) {
            let place = kills % folders.len();
            servers[place].signal("-KILL");
            servers[place] = Site::start(&folders[place], &settings);
            kills += 1;
        }
    }
    assert_eq!(kills, KILLS);
    until("every job is done", || {
        sql(&url, "SELECT count(*) FROM jobs WHERE state <> 'done'") == "0"
    });
    // It answers after it has printed every mail that it has accepted.
    mail_server.input.write_all(b"accept\n").unwrap();
    while received.count(&mail_server.line()) {}
    let Received(received) = received;
    let ids: BTreeSet<String> = (1..=JOBS).map(key).collect();
    assert!(received.keys().eq(ids.iter()), "another id");

    // In the database each has ended once.
    let ends = "SELECT count(*) || ' ' || count(DISTINCT job) FROM ends";
    assert_eq!(sql(&url, ends), format!("{JOBS} {JOBS}"));
    // A mail is sent again only if the server that was sending it was killed.
    let attempts = sql(&url, "SELECT key || ' ' || attempts FROM jobs ORDER BY id");
    let mut repeated = 0;
    for line in attempts.lines() {
        let (key, attempts) = line.split_once(' ').unwrap();
        let attempts: usize = attempts.parse().unwrap();
        let mails = received[key];
        assert!(
            (1..=attempts).contains(&mails),
            "{key}: {mails} mails in {attempts} attempts"
        );
        repeated += attempts - 1;
    }
    assert!(repeated <= KILLS * SLOTS, "{repeated}");
    let twice = received.values().filter(|mails| **mails > 1).count();
    println!("{kills} servers were killed: {repeated} attempts were repeated, and {twice} mails came again");
}
