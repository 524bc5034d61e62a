//! A site in a place where writing can fail: performs writes, and checks which of them were kept.

use std::{collections::HashSet, fs, path::Path};

use crate::{
    at_once::at_once,
    place::Place,
    site::{Person, Site, png},
};

shared::variants! {
    /// The kinds of writes.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Write {
        Post,
        /// A post as short as a comment.
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
}

/// How the site is restarted once there is space again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    Killed,
    Stopped,
    None,
}

/// The number of writes once there is space again.
const AFTERWARDS: usize = 3;

/// A site in a place where writing can fail, with the writes so far.
struct Story<'a, P> {
    write: Write,
    place: &'a P,
    site: Site,
    /// The browsers, one for each write.
    people: Vec<Person>,
    confirmed: Vec<usize>,
    refused: Vec<usize>,
}

fn name(number: usize) -> String {
    format!("person{number}")
}

/// Returns an incompressible text, which takes about as much space as its length.
fn incompressible(length: usize) -> String {
    let mut random = fastrand::Rng::with_seed(1);
    std::iter::repeat_with(|| random.alphanumeric())
        .take(length)
        .collect()
}

fn title(number: usize) -> String {
    format!("Text {number} of it")
}

impl<'a, P: Place> Story<'a, P> {
    fn begin(write: Write, place: &'a P, folder: &Path, writes: usize) -> Self {
        let site = Site::run(|settings| place.program(settings), folder, &[]);
        let ada = site.member("ada");
        let person = |number| match write {
            Write::Post | Write::ShortPost | Write::Draft => ada.clone(),
            Write::Registration | Write::Login => site.visitor(),
            Write::Logout => {
                let person = site.visitor();
                person.log_in("ada");
                person
            }
            Write::Password | Write::Upload | Write::Mail => site.member(&name(number)),
        };
        Self {
            write,
            people: at_once((0..writes).collect(), person),
            site,
            place,
            confirmed: Vec::new(),
            refused: Vec::new(),
        }
    }

    fn person(&self, number: usize) -> Person {
        self.people.get(number).unwrap().at(&self.site)
    }

    /// Performs the next write. Returns whether it was confirmed.
    fn write_next(&mut self) -> bool {
        let number = self.confirmed.len() + self.refused.len();
        let (person, title) = (self.person(number), title(number));
        let answer = match self.write {
            Write::Post => person.publish(&title, &incompressible(30_000)),
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

    /// Returns how often the write with this number was kept.
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

    /// Returns the number of mails for choosing a new password to `recipient`, whether sent or pending.
    fn mails(&self, recipient: &str) -> usize {
        let waiting = format!(
            "SELECT key FROM jobs WHERE payload LIKE '%\"{recipient}\"%' AND payload LIKE '%reset-password%'"
        );
        // A mail that is being sent may be in both places.
        let mut ids: HashSet<String> = self.place.query(&waiting).into_iter().collect();
        let files = fs::read_dir(self.place.data().join("mail")).into_iter().flatten();
        for file in files {
            let text = fs::read_to_string(file.unwrap().path()).unwrap_or_default();
            // A mail whose file is incomplete is still in its job.
            let Some(mail) = mail_parser::MessageParser::new().parse(&text) else {
                continue;
            };
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

/// Performs writes until this many have been rejected, makes writing possible again, performs further writes, and
/// checks that all confirmed ones were kept.
pub fn play(place: &impl Place, folder: &Path, write: Write, refused: usize, restart: Restart) {
    // Some writes may still succeed on a disk that is nearly full.
    let tries = refused + 20;
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
}
