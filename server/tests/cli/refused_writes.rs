//! A full disk and a broken one refuse what is written, and take away nothing that was confirmed: before, meanwhile and after.
//! With `TEST_LONG` in the environment, in full.

use std::{
    collections::{BTreeSet, HashSet},
    env, fs,
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

use crate::{
    disk::Disk,
    faulty::Faulty,
    mail_server::MailServer,
    place::Place,
    site::{Person, Site, png},
};

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Write {
    Post,
    /// As long as a comment.
    ShortPost,
    Draft,
    Registration,
    Login,
    Logout,
    Password,
    Upload,
    /// A mail that is queued.
    Mail,
}

impl Write {
    const ALL: [Self; 9] = [
        Self::Post,
        Self::ShortPost,
        Self::Draft,
        Self::Registration,
        Self::Login,
        Self::Logout,
        Self::Password,
        Self::Upload,
        Self::Mail,
    ];
}

/// How the site goes on when there is room again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Restart {
    Killed,
    Stopped,
    None,
}

/// So many more are written as soon as there is room.
const AFTERWARDS: usize = 3;

/// A site at a place where writing may fail, and what was written there.
struct Story<'a, P> {
    write: Write,
    place: &'a P,
    site: Site,
    /// One browser for each write.
    people: Vec<Person>,
    confirmed: Vec<usize>,
    refused: Vec<usize>,
}

fn name(number: usize) -> String {
    format!("person{number}")
}

fn title(number: usize) -> String {
    format!("Text {number} of it")
}

impl<'a, P: Place> Story<'a, P> {
    fn begin(write: Write, place: &'a P, folder: &Path, writes: usize) -> Self {
        let site = Site::run(|settings| place.program(settings), folder, &[]);
        let ada = site.member("ada");
        let people = (0..writes).map(|number| match write {
            Write::Post | Write::ShortPost | Write::Draft => ada.clone(),
            Write::Registration | Write::Login => site.visitor(),
            Write::Logout => {
                let person = site.visitor();
                person.log_in("ada");
                person
            }
            Write::Password | Write::Upload | Write::Mail => site.member(&name(number)),
        });
        Self {
            write,
            people: people.collect(),
            site,
            place,
            confirmed: Vec::new(),
            refused: Vec::new(),
        }
    }

    fn person(&self, number: usize) -> Person {
        self.people[number].at(&self.site)
    }

    /// Writes the next thing, and tells whether it was confirmed.
    fn write_next(&mut self) -> bool {
        let number = self.confirmed.len() + self.refused.len();
        let (person, title) = (self.person(number), title(number));
        let answer = match self.write {
            Write::Post => person.publish(&title, &"Much text. ".repeat(3_000)),
            Write::ShortPost => person.publish(&title, "Not much text."),
            Write::Draft => {
                let draft = [
                    ("title", title.as_str()),
                    ("content", "A draft"),
                    ("intent", "save"),
                ];
                person.post("/post/new", &draft)
            }
            Write::Registration => {
                let email = format!("{}@example.org", name(number));
                let fields = [
                    ("username", name(number)),
                    ("email", email),
                    ("password", "a-secret!".to_owned()),
                    ("confirm_password", "a-secret!".to_owned()),
                ];
                let fields = fields.each_ref().map(|(field, value)| (*field, value.as_str()));
                person.post("/register", &fields)
            }
            Write::Login => person.post("/login", &[("login", "ada"), ("password", "ada-secret!")]),
            Write::Logout => person.post("/logout", &[]),
            Write::Password => {
                let old = format!("{}-secret!", name(number));
                let fields = [
                    ("current_password", old.as_str()),
                    ("new_password", "another-one!"),
                    ("confirm_password", "another-one!"),
                ];
                person.post("/account/password", &fields)
            }
            Write::Upload => person.upload(&png()),
            Write::Mail => {
                let email = format!("{}@example.org", name(number));
                person.post("/forgot_password", &[("email", &email)])
            }
        };
        let answer = answer.unwrap();
        match answer.status {
            303 => self.confirmed.push(number),
            503 => self.refused.push(number),
            status => panic!("{:?} was answered {status}: {}", self.write, answer.text()),
        }
        answer.status == 303
    }

    fn restart(self, restart: Restart, folder: &Path) -> Self {
        if restart == Restart::None {
            return self;
        }
        let Self { place, site, .. } = self;
        match restart {
            Restart::Killed => {
                site.signal("-KILL");
                drop(site);
            }
            _ => site.end(),
        }
        Self {
            site: Site::run(|settings| place.program(settings), folder, &[]),
            ..self
        }
    }

    /// How often the write with this number is there.
    fn kept(&self, number: usize) -> usize {
        let person = self.person(number);
        let is_signed_in = || person.get("/account").unwrap().status == 200;
        let title = title(number);
        match self.write {
            Write::Post | Write::ShortPost => {
                self.count(&format!("SELECT title FROM posts WHERE title = '{title}'"))
            }
            Write::Draft => self.count(&format!("SELECT title FROM drafts WHERE title = '{title}'")),
            Write::Registration => {
                let username = name(number);
                let found = format!("SELECT username FROM users WHERE username = '{username}'");
                self.count(&found)
            }
            Write::Login => usize::from(is_signed_in()),
            Write::Logout => usize::from(!is_signed_in()),
            Write::Password => {
                let username = name(number);
                let logs_in = |password: &str| {
                    let fields = [("login", username.as_str()), ("password", password)];
                    self.site.visitor().post("/login", &fields).unwrap().status == 303
                };
                let is_new = logs_in("another-one!");
                assert_ne!(is_new, logs_in(&format!("{username}-secret!")));
                usize::from(is_new)
            }
            Write::Upload => {
                let pictures = format!(
                    "SELECT picture FROM users WHERE username = '{}' AND picture IS NOT NULL",
                    name(number)
                );
                self.count(&pictures)
            }
            Write::Mail => self.mails(&format!("{}@example.org", name(number))),
        }
    }

    /// How many mails by which somebody chooses a new password there are to `recipient`, sent or not.
    fn mails(&self, recipient: &str) -> usize {
        let waiting = format!(
            "SELECT message_id FROM outbox WHERE recipient = '{recipient}' AND letter LIKE '%reset-password%'"
        );
        // One that is being sent may be in both places.
        let mut ids: HashSet<String> = self.place.query(&waiting).into_iter().collect();
        let files = fs::read_dir(self.place.data().join("mail")).into_iter().flatten();
        for file in files {
            let text = fs::read_to_string(file.unwrap().path()).unwrap_or_default();
            let mail = mail_parser::MessageParser::new().parse(&text).unwrap();
            let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
            let is_reset = mail.subject().unwrap_or_default().contains("new password");
            if to == Some(recipient) && is_reset {
                ids.insert(mail.message_id().unwrap().to_owned());
            }
        }
        ids.len()
    }

    fn count(&self, query: &str) -> usize {
        self.place.query(query).len()
    }
}

/// Has so many writes refused at this place, then writes again, and looks for all of it.
fn play(place: &impl Place, folder: &Path, write: Write, refused: usize, restart: Restart) {
    // Some may find a little room on a disk that is nearly full.
    let tries = 2 * refused + 4;
    let mut story = Story::begin(write, place, folder, 1 + tries + 2 * AFTERWARDS);
    assert!(story.write_next(), "{write:?} before anything was refused");
    place.refuse_writes(&story.site);
    for _ in 0..tries {
        if story.refused.len() < refused {
            story.write_next();
        }
    }
    assert_eq!(story.refused.len(), refused, "{write:?}");
    for path in ["/", "/user/ada", "/login", "/explore"] {
        let status = story.site.visitor().get(path).unwrap().status;
        assert_eq!(status, 200, "{path}");
    }
    place.allow_writes(&story.site);
    for _ in 0..AFTERWARDS {
        assert!(
            story.write_next(),
            "{write:?} was refused although it can be written"
        );
    }
    let mut story = story.restart(restart, folder);
    for _ in 0..AFTERWARDS {
        assert!(story.write_next(), "{write:?} was refused after {restart:?}");
    }
    for number in &story.confirmed {
        assert_eq!(story.kept(*number), 1, "{write:?} {number} was confirmed");
    }
    for number in &story.refused {
        assert_eq!(story.kept(*number), 0, "{write:?} {number} was refused");
    }
    assert_eq!(place.query("PRAGMA integrity_check"), ["ok"]);
}

/// All that is tried with `TEST_LONG`, or what is enough to notice most faults.
fn cells() -> Vec<(Write, usize, Restart)> {
    if env::var_os("TEST_LONG").is_none() {
        return vec![
            (Write::Post, 2, Restart::Killed),
            (Write::ShortPost, 40, Restart::None),
            (Write::Draft, 4, Restart::Killed),
            (Write::Registration, 2, Restart::Killed),
            (Write::Login, 1, Restart::Stopped),
            (Write::Logout, 2, Restart::None),
            (Write::Password, 4, Restart::Killed),
            (Write::Upload, 2, Restart::Stopped),
            (Write::Mail, 2, Restart::Killed),
        ];
    }
    let restarts = [Restart::Killed, Restart::Stopped, Restart::None];
    let mut cells = Vec::new();
    for write in Write::ALL {
        for refused in [1, 2, 4, 40] {
            cells.extend(restarts.map(|restart| (write, refused, restart)));
        }
    }
    cells
}

// DUR-05, P1
#[test]
fn a_full_disk_takes_nothing_away_from_what_was_confirmed() {
    let cells = cells();
    for (write, refused, restart) in &cells {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::mount(&folder, "size=24m");
        play(&disk, folder.path(), *write, *refused, *restart);
    }
    println!("{} cells of a full disk", cells.len());
}

// P1
#[test]
fn errors_of_a_disk_take_nothing_away_from_what_was_confirmed() {
    let is_long = env::var_os("TEST_LONG").is_some();
    let calls = ["posix/io/rw/pwrite", "posix/io/sync/fsync"];
    for (number, (write, refused, restart)) in cells().into_iter().enumerate() {
        for call in calls {
            // A few are enough: the database meets the same errors whatever is written.
            let is_chosen = matches!(write, Write::Post | Write::Logout) && number % 2 == 0;
            if is_long || is_chosen {
                let folder = tempfile::tempdir().unwrap();
                if let Some(place) = Faulty::new(&folder, call) {
                    play(&place, folder.path(), write, refused, restart);
                }
            }
        }
    }
}

/// Makes ada, who is registered, an administrator whose address is confirmed.
fn promote(place: &impl Place) {
    let promoted = place.program(&[]).args(["user", "promote", "ada"]).output();
    assert!(promoted.unwrap().status.success());
    let confirm = "UPDATE users SET email_confirmed_at = created_at";
    let confirmed = place.program(&[]).args(["shell", "--write", confirm]).output();
    assert!(confirmed.unwrap().status.success());
}

/// The errors in a log of JSON.
fn errors(log: &Path) -> Vec<String> {
    let log = fs::read_to_string(log).unwrap();
    let errors = log.lines().filter(|line| line.contains(r#""level":"ERROR""#));
    errors.map(ToOwned::to_owned).collect()
}

#[test]
fn a_full_disk_is_logged_once_and_mailed_without_the_outbox() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount(&folder, "size=24m");
    let mut mail_server = MailServer::start(&[]);
    let smtp = format!("smtp://127.0.0.1:{}", mail_server.port);
    let log = folder.path().join("site.log");
    let settings = [
        ("BROADSHEET_SMTP_URL", smtp.as_str()),
        ("BROADSHEET_ERROR_MAILS", "on"),
        ("BROADSHEET_LOG_FILE", log.to_str().unwrap()),
    ];
    let site = Site::run(|settings| disk.program(settings), folder.path(), &settings);
    let ada = site.member("ada");
    mail_server.line_with("Confirm");
    promote(&disk);
    disk.refuse_writes(&site);
    for number in 0..5 {
        assert_eq!(ada.publish(&title(number), "Text.").unwrap().status, 503);
    }
    let mail = mail_server.line_with("A fault at");
    assert!(mail.contains("ada@example.org"), "{mail}");
    assert!(mail.contains("the disk is full"), "{mail}");
    let ready = site.visitor().get("/readyz").unwrap();
    assert_eq!(ready.status, 200);
    assert!(
        ready.text().contains(r#""writing":"disk full""#),
        "{}",
        ready.text()
    );
    disk.allow_writes(&site);
    assert_eq!(ada.publish("After", "Text.").unwrap().status, 303);
    site.end();
    let errors = errors(&log);
    assert_eq!(errors.len(), 1, "{errors:#?}");
}

#[test]
fn a_site_whose_database_cannot_be_written_is_not_ready_until_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let Some(place) = Faulty::new(&folder, "posix/io/sync/fsync") else {
        return;
    };
    let log = folder.path().join("site.log");
    let settings = [("BROADSHEET_LOG_FILE", log.to_str().unwrap())];
    let site = Site::run(|settings| place.program(settings), folder.path(), &settings);
    let ada = site.member("ada");
    let visitor = site.visitor();
    assert_eq!(visitor.get("/readyz").unwrap().status, 200);
    place.refuse_writes(&site);
    for number in 0..5 {
        assert_eq!(ada.publish(&title(number), "Text.").unwrap().status, 503);
    }
    let ready = visitor.get("/readyz").unwrap();
    assert_eq!(ready.status, 503);
    assert!(
        ready.text().contains(r#""writing":"failing""#),
        "{}",
        ready.text()
    );
    assert_eq!(visitor.get("/").unwrap().status, 200);
    place.allow_writes(&site);
    // Nobody writes anything meanwhile.
    for _ in 0..600 {
        if visitor.get("/readyz").unwrap().status == 200 {
            assert_eq!(ada.publish("After", "Text.").unwrap().status, 303);
            site.end();
            let errors = errors(&log);
            assert_eq!(errors.len(), 1, "{errors:#?}");
            return;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("the site is not ready although the database can be written to");
}

fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.insert(path);
        }
    }
    files
}

// UPL-09
#[test]
fn pictures_on_a_full_disk_are_refused_and_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount(&folder, "size=1m");
    let database = format!("sqlite://{}", folder.path().join("site.sqlite3").display());
    let settings = [("BROADSHEET_DATABASE_URL", database.as_str())];
    let site = Site::run(|settings| disk.program(settings), folder.path(), &settings);
    let ada = site.member("ada");
    assert_eq!(ada.upload(&png()).unwrap().status, 303);
    let files = || files_below(&disk.data().join("media"));
    let before = files();
    assert!(!before.is_empty());
    disk.refuse_writes(&site);
    for _ in 0..4 {
        let refused = ada.upload(&png()).unwrap();
        assert_eq!(refused.status, 503, "{}", refused.text());
        assert!(refused.retry_after.is_some());
        // What does not concern pictures goes on.
        assert_eq!(ada.publish("Meanwhile", "Text.").unwrap().status, 303);
    }
    assert_eq!(files(), before);
    disk.allow_writes(&site);
    assert_eq!(ada.upload(&png()).unwrap().status, 303);
    site.end();
}
