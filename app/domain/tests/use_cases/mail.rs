//! Tests of mail with a real mail server.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use domain::{
    ClientInfo,
    accounts::{deletion, recovery, session},
    jobs::{self, Job, JobState, Lane, administration},
    mail::{outbox, template::EmailTemplate, transport::Mailer},
    platform::entity::job,
};
use sea_orm::EntityTrait;
use shared::forms::{Email, Form, Secret};
use time::Duration;
use tokio::{runtime::Handle, task::block_in_place};
use tracing::{Event, Level, Metadata, Subscriber, field, span};

use crate::{
    mail_server::MailServer,
    site::{Site, login},
};

/// Returns a site that sends its mail over the server at `url`.
async fn site(url: &str) -> Site {
    let mut site = Site::new().await;
    site.state.mailer = Mailer::smtp(url, "Broadsheet <post@example.org>".parse().unwrap()).unwrap();
    site
}

/// Returns the mails that have not been sent.
async fn waiting(site: &Site) -> Vec<Job> {
    administration::list(&site.job(), None, 1_000).await.unwrap()
}

async fn deliver(site: &Site) -> usize {
    jobs::worker::run_due(&site.state).await.unwrap()
}

async fn queue(site: &Site, recipient: &str) {
    outbox::queue(
        &site.job(),
        site.state.db.writer(),
        recipient,
        None,
        &registration(),
    )
    .await
    .unwrap();
}

/// Returns an email template that needs nothing but an address.
fn registration() -> EmailTemplate {
    let text = r#"{"kind":"register","username":"ada","password_hash":"$argon2id$none"}"#;
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn a_mail_arrives_with_two_texts_and_the_marks_of_a_machine() {
    let mut server = MailServer::start().await;
    let site = site(&server.url()).await;
    site.register("ada").await;
    assert_eq!(deliver(&site).await, 1);
    let mail = server.mails(1).await[0].clone();
    assert_eq!(mail["to"][0], "ada@example.org");
    assert_eq!(
        mail["subject"],
        "Welcome to Broadsheet: confirm your email address"
    );
    let raw = mail["raw"].as_str().unwrap();
    for line in [
        "Auto-Submitted: auto-generated",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "From: Broadsheet <post@example.org>",
    ] {
        assert!(raw.contains(line), "{line} is not in {raw}");
    }
    assert!(waiting(&site).await.is_empty());
}

#[tokio::test]
async fn a_registration_that_fails_queues_no_mail() {
    use domain::accounts;

    let site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    let again = accounts::register(
        &site.visitor(),
        crate::site::registration("ada").validate().unwrap(),
    )
    .await;
    assert!(again.is_err());
    assert!(waiting(&site).await.is_empty());
}

// MAIL-01
#[tokio::test]
async fn while_the_mail_server_is_down_nothing_is_lost_and_everything_leaves_soon_after_its_return() {
    let server = MailServer::start().await;
    let (url, port) = (server.url(), server.port);
    let site = site(&url).await;
    server.stop().await;
    for number in 0..50 {
        queue(&site, &format!("person{number}@example.org")).await;
    }
    // Simulates five minutes of attempts.
    for _ in 0..150 {
        deliver(&site).await;
        site.state.clock.advance(Duration::seconds(2));
    }
    assert_eq!(waiting(&site).await.len(), 50);

    let mut server = MailServer::at(port).await;
    let returned = site.state.clock.now();
    while !waiting(&site).await.is_empty() {
        deliver(&site).await;
        site.state.clock.advance(Duration::seconds(2));
    }
    let took = site.state.clock.now() - returned;
    assert!(took <= Duration::seconds(90), "{took}");
    let people: BTreeSet<String> = server
        .mails(50)
        .await
        .iter()
        .map(|mail| mail["to"][0].to_string())
        .collect();
    assert_eq!(people.len(), 50);
}

// MAIL-02
#[tokio::test]
async fn a_mail_whose_acceptance_was_not_heard_comes_at_most_twice_under_one_name() {
    let mut server = MailServer::start().await;
    let site = site(&server.url()).await;
    queue(&site, "ada@example.org").await;
    server.now("break").await;
    deliver(&site).await;
    assert_eq!(waiting(&site).await.len(), 1);
    server.now("accept").await;
    site.state.clock.advance(Duration::minutes(3));
    deliver(&site).await;
    assert!(waiting(&site).await.is_empty());
    let mails = server.mails(2).await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0]["messageId"], mails[1]["messageId"]);
}

// MAIL-02
#[tokio::test]
async fn a_mail_whose_sender_was_killed_is_sent_by_another() {
    let mut server = MailServer::start().await;
    let site = site(&server.url()).await;
    queue(&site, "ada@example.org").await;
    server.now("stall").await;
    let state = site.state.clone();
    let sending = tokio::spawn(async move { jobs::worker::run_due(&state).await });
    while waiting(&site).await[0].attempts == 0 {
        tokio::task::yield_now().await;
    }
    sending.abort();
    server.now("accept").await;
    assert_eq!(deliver(&site).await, 0, "it belongs to who has begun to send it");
    site.state.clock.advance(Duration::minutes(2));
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(server.mails(1).await.len(), 1);
    assert!(waiting(&site).await.is_empty());
}

#[tokio::test]
async fn several_workers_send_each_mail_once() {
    let mut server = MailServer::start().await;
    let site = site(&server.url()).await;
    for number in 0..40 {
        queue(&site, &format!("person{number}@example.org")).await;
    }
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let state = site.state.clone();
            tokio::spawn(async move { while jobs::worker::run_due(&state).await.unwrap() > 0 {} })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    while !waiting(&site).await.is_empty() {
        deliver(&site).await;
    }
    server.now("accept").await;
    let ids: Vec<String> = server
        .mails(40)
        .await
        .iter()
        .map(|mail| mail["messageId"].to_string())
        .collect();
    assert_eq!(ids.len(), 40);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 40);
}

// MAIL-03
#[tokio::test]
async fn not_now_is_tried_again_later_and_never_is_kept_for_the_administrator() {
    let mut server = MailServer::start().await;
    let site = site(&server.url()).await;
    queue(&site, "ada@example.org").await;
    server.now("refuse 451 greylisted").await;
    deliver(&site).await;
    let row = waiting(&site).await.remove(0);
    assert!(row.state == JobState::Waiting && row.last_error.as_deref().unwrap().contains("greylisted"));
    assert_eq!(row.due_at, site.state.clock.now() + Duration::minutes(1));
    assert_eq!(deliver(&site).await, 0, "not before it is due");

    server.now("refuse 550 no such mailbox").await;
    site.state.clock.advance(Duration::minutes(1));
    deliver(&site).await;
    let row = waiting(&site).await.remove(0);
    assert!(row.state == JobState::Failed && row.last_error.as_deref().unwrap().contains("no such mailbox"));
    server.now("accept").await;
    site.state.clock.advance(Duration::days(1));
    assert_eq!(deliver(&site).await, 0, "given up");
}

// MAIL-03
#[tokio::test]
async fn a_mail_that_nobody_takes_for_four_days_is_given_up() {
    let mut server = MailServer::start().await;
    let site = site(&server.url()).await;
    queue(&site, "ada@example.org").await;
    server.now("refuse 451 not now").await;
    site.state.clock.advance(Duration::days(3));
    deliver(&site).await;
    assert!(waiting(&site).await[0].state == JobState::Waiting);
    site.state.clock.advance(Duration::days(1));
    deliver(&site).await;
    assert!(waiting(&site).await[0].state == JobState::Failed);
}

// MAIL-04
#[tokio::test]
async fn a_mail_server_that_never_answers_holds_up_no_page() {
    let mut server = MailServer::start().await;
    let site = site(&server.url()).await;
    server.now("stall").await;
    for number in 0..8 {
        queue(&site, &format!("person{number}@example.org")).await;
    }
    let state = site.state.clone();
    let worker = tokio::spawn(jobs::worker::work(state));
    while waiting(&site).await.iter().all(|row| row.attempts == 0) {
        tokio::task::yield_now().await;
    }
    // Everything that queues mail continues to work.
    site.register("ada").await;
    let scope = site.with_session(None, ClientInfo::local());
    session::log_in(&scope, login("ada").validate().unwrap())
        .await
        .unwrap();
    recovery::request(&scope, &Email::parse("ada@example.org").unwrap())
        .await
        .unwrap();
    assert!(!worker.is_finished());
    assert_eq!(waiting(&site).await.len(), 10);
    worker.abort();
}

// MAIL-06
#[tokio::test]
async fn a_mail_that_somebody_waits_for_leaves_while_notices_hang_on_a_slow_server() {
    let mut server = MailServer::start().await;
    let site = site(&server.url()).await;
    let ada = site.member("ada").await;
    deliver(&site).await;
    server.mails(1).await;
    server.now("stall slow").await;
    for number in 0..20 {
        let (scope, recipient) = (site.job(), format!("slow{number}@example.org"));
        let notice = EmailTemplate::Reinstated;
        outbox::queue(&scope, site.state.db.writer(), &recipient, Some(ada.id), &notice)
            .await
            .unwrap();
    }
    let worker = tokio::spawn(jobs::worker::work(site.state.clone()));
    let hanging = async || {
        let rows = waiting(&site).await;
        rows.iter()
            .filter(|row| row.lane == Lane::Bulk && row.attempts > 0)
            .count()
    };
    while hanging().await < 4 {
        tokio::task::yield_now().await;
    }
    for number in 0..3 {
        queue(&site, &format!("quick{number}@example.org")).await;
        site.state.jobs.wake();
        let mail = server.mails(2 + number).await.last().unwrap();
        assert_eq!(mail["to"][0], format!("quick{number}@example.org"));
    }
    assert_eq!(hanging().await, 4, "the others wait for their turn");
    worker.abort();
}

// MAIL-05
#[tokio::test]
async fn a_line_break_in_a_name_or_a_subject_adds_no_header() {
    use domain::mail::transport::{Envelope, Text};

    let mut server = MailServer::start().await;
    let site = site(&server.url()).await;
    let envelope = |recipient: &str| Envelope {
        message_id: "one@example.org".to_owned(),
        recipient: recipient.to_owned(),
        date: site.state.clock.now(),
    };
    let text = Text {
        sender: "The\r\nBcc: victim@example.org\r\nDaily Crumb".to_owned(),
        subject: "Hello\r\nBcc: victim@example.org\r\n\r\nbody".to_owned(),
        plain: "text".to_owned(),
        html: "<p>text</p>".to_owned(),
    };
    let hostile = "ada@example.org\r\nRCPT TO:<victim@example.org>";
    assert!(site.state.mailer.send(&envelope(hostile), &text).await.is_err());
    site.state
        .mailer
        .send(&envelope("ada@example.org"), &text)
        .await
        .unwrap();
    let mail = &server.mails(1).await[0];
    assert_eq!(mail["to"].as_array().unwrap().len(), 1);
    let raw = mail["raw"].as_str().unwrap();
    assert!(
        !raw.lines().any(|line| line.to_lowercase().starts_with("bcc:")),
        "{raw}"
    );
}

#[tokio::test]
async fn a_name_in_a_mail_is_text_and_no_markup() {
    let site = Site::new().await;
    let text = r#"{"kind":"register","username":"<b>ada</b>","password_hash":""}"#;
    outbox::queue(
        &site.job(),
        site.state.db.writer(),
        "ada@example.org",
        None,
        &serde_json::from_str(text).unwrap(),
    )
    .await
    .unwrap();
    let mail = site.mail().await;
    assert!(mail.text.contains("Hello <b>ada</b>,"));
    assert!(!mail.html.contains("<b>") && mail.html.contains("ada"));
}

#[tokio::test]
async fn a_password_is_not_sent_where_others_can_listen() {
    let from = || "post@example.org".parse().unwrap();
    for open in [
        "smtp://ada:hunter2@mail.example.org?tls=opportunistic",
        "smtp://ada:hunter2^`@mail.example.org",
        "smtp://ada:hunter2@mail.example.org:25",
        "smtp://ada:hunter2@mail.example.org",
    ] {
        let refusal = Mailer::smtp(open, from()).unwrap_err();
        assert!(
            refusal.contains("tls=required") && !refusal.contains("hunter2"),
            "{refusal}"
        );
    }
    for closed in [
        "smtp://ada:hunter2@mail.example.org:587?tls=required",
        "smtps://ada:hunter2@mail.example.org",
        "smtp://ada:hunter2@localhost:25",
        "smtp://mail.example.org",
    ] {
        assert!(Mailer::smtp(closed, from()).is_ok(), "{closed}");
    }
    assert!(Mailer::smtp("http://mail.example.org", from()).is_err());
}

#[tokio::test]
async fn every_mail_that_is_queued_is_in_the_database_until_it_has_left() {
    let site = Site::new().await;
    site.register("ada").await;
    let rows = job::Entity::find().all(site.state.db.reader()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].user_id.is_some());
    site.mail().await;
    assert!(waiting(&site).await.is_empty());
}

/// Collects the warnings and errors that the site logs.
#[derive(Clone, Default)]
struct Complaints(Arc<Mutex<Vec<String>>>);

impl Subscriber for Complaints {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN && metadata.target().starts_with("domain")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut words = vec![event.metadata().level().to_string()];
        event.record(&mut |field: &field::Field, value: &dyn std::fmt::Debug| {
            words.push(format!("{field}={value:?}"));
        });
        self.0.lock().unwrap().push(words.join(" "));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_addressee_deletes_the_account_meanwhile_is_dropped_without_an_error() {
    let mut site = Site::new().await;
    for (name, is_recovery) in [("ada", false), ("grace", true)] {
        site.register(name).await;
        let scope = site.signed_in(name).await;
        let viewer = scope.require_viewer().await.unwrap();
        if is_recovery {
            site.mails().await;
            let email = Email::parse("grace@example.org").unwrap();
            recovery::request(&scope, &email).await.unwrap();
        }
        let db = site.state.db.clone();
        let is_deleted = Arc::new(AtomicBool::new(false));
        let deleted = Arc::clone(&is_deleted);
        // The user is deleted just after the last time that the code which renders the mail has looked them up.
        site.state.db.on_statement(move |statement, _| {
            let is_look_up = statement.sql.contains(r#"WHERE "users"."email_key" ="#);
            if is_look_up && !deleted.swap(true, Ordering::SeqCst) {
                let password = Secret::from(format!("{name}-secret!").as_str());
                let deletion = deletion::delete(&scope, &viewer, password);
                block_in_place(|| Handle::current().block_on(deletion)).unwrap();
            }
        });
        let complaints = Complaints::default();
        {
            let _logged = tracing::subscriber::set_default(complaints.clone());
            deliver(&site).await;
        }
        site.state.db = db;
        assert!(is_deleted.load(Ordering::SeqCst), "{name} was not looked up");
        assert_eq!(*complaints.0.lock().unwrap(), [""; 0], "{name}");
        assert!(waiting(&site).await.is_empty(), "{name}");
        assert!(site.mails().await.is_empty(), "{name}");
    }
}
