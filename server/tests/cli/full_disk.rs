//! A full disk refuses what is written, and loses nothing that was confirmed: before, meanwhile and after. With `TEST_LONG` in the
//! environment, in full.

use std::{collections::HashSet, env, fs, path::Path};

use crate::{
    disk::Disk,
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

/// A site on a small disk, and what was written there.
struct Story<'a> {
    write: Write,
    disk: &'a Disk<'a>,
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

impl<'a> Story<'a> {
    fn begin(write: Write, disk: &'a Disk<'a>, folder: &Path, writes: usize) -> Self {
        let site = Site::run(|settings| disk.program(settings), folder, &[]);
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
            disk,
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
        let Self { disk, site, .. } = self;
        match restart {
            Restart::Killed => {
                site.signal("-KILL");
                drop(site);
            }
            _ => site.end(),
        }
        Self {
            site: Site::run(|settings| disk.program(settings), folder, &[]),
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
        let mut ids: HashSet<String> = self.disk.query(&waiting).into_iter().collect();
        let files = fs::read_dir(self.disk.data().join("mail")).into_iter().flatten();
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
        self.disk.query(query).len()
    }
}

/// Has so many writes refused, frees the disk, writes again, and looks for all of it.
fn play(write: Write, refused: usize, restart: Restart) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount(&folder, "size=24m");
    // Some may find a little room on a disk that is nearly full.
    let tries = 2 * refused + 4;
    let mut story = Story::begin(write, &disk, folder.path(), 1 + tries + 2 * AFTERWARDS);
    assert!(story.write_next(), "{write:?} before the disk was full");
    disk.fill();
    for _ in 0..tries {
        if story.refused.len() < refused {
            story.write_next();
        }
    }
    assert_eq!(story.refused.len(), refused, "the disk was full");
    for path in ["/", "/user/ada", "/login", "/explore", "/readyz"] {
        let status = story.site.visitor().get(path).unwrap().status;
        assert_eq!(status, 200, "{path}");
    }
    disk.free();
    for _ in 0..AFTERWARDS {
        assert!(story.write_next(), "{write:?} was refused although there is room");
    }
    let mut story = story.restart(restart, folder.path());
    for _ in 0..AFTERWARDS {
        assert!(story.write_next(), "{write:?} was refused after {restart:?}");
    }
    for number in &story.confirmed {
        assert_eq!(story.kept(*number), 1, "{write:?} {number} was confirmed");
    }
    for number in &story.refused {
        assert_eq!(story.kept(*number), 0, "{write:?} {number} was refused");
    }
    assert_eq!(disk.query("PRAGMA integrity_check"), ["ok"]);
}

// DUR-05, P1
#[test]
fn a_full_disk_takes_nothing_away_from_what_was_confirmed() {
    if env::var_os("TEST_LONG").is_some() {
        let mut cells = 0;
        for write in Write::ALL {
            for refused in [1, 2, 4, 40] {
                for restart in [Restart::Killed, Restart::Stopped, Restart::None] {
                    play(write, refused, restart);
                    cells += 1;
                }
            }
        }
        println!("a full disk: {cells} cells");
        return;
    }
    play(Write::Post, 2, Restart::Killed);
    play(Write::ShortPost, 40, Restart::None);
    play(Write::Draft, 4, Restart::Killed);
    play(Write::Registration, 2, Restart::Killed);
    play(Write::Login, 1, Restart::Stopped);
    play(Write::Logout, 2, Restart::None);
    play(Write::Password, 4, Restart::Killed);
    play(Write::Upload, 2, Restart::Stopped);
    play(Write::Mail, 2, Restart::Killed);
}
