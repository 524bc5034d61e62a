//! Imports the authors of a site.

use std::collections::HashMap;

use shared::forms::Email;
use time::OffsetDateTime;

use super::export::Fields;
use crate::transfer::{
    external_format::{ExternalSite, Profile},
    html,
};

/// The usernames of authors by login, email address and display name, each without regard to case.
#[derive(Default)]
pub(super) struct People {
    by_login: HashMap<String, String>,
    by_id: HashMap<String, String>,
    by_address: HashMap<String, String>,
    /// `None` if two people have the same display name.
    by_display_name: HashMap<String, Option<String>>,
    /// The first author that was found, who gets the texts without an author.
    first: Option<String>,
}

impl People {
    /// Adds an author whom the file describes, unless they have been added already.
    pub(super) fn add(&mut self, site: &mut ExternalSite, author: &Fields) {
        let (login, email) = (author.get("author_login"), author.get("author_email"));
        let (login_key, email_key) = (login.to_lowercase(), email.to_lowercase());
        let known = self.by_login.get(&login_key);
        let id = author.get("author_id").to_owned();
        if let Some(known) = known.or_else(|| self.by_address.get(&email_key)).cloned() {
            self.by_id.insert(id, known.clone());
            self.by_login.insert(login_key, known);
            return;
        }
        // An email address must not become a public name.
        let display_name = html::words(author.get("author_display_name")).text;
        let public = match (login.contains('@'), display_name.contains('@')) {
            (false, _) => login,
            (true, false) => display_name.as_str(),
            (true, true) => "",
        };
        let username = self.add_person(site, public, email, &display_name);
        if login.contains('@') {
            site.note_which(
                "",
                "login that is an email address, and is not shown: its owner has another name",
                &format!("“{username}”"),
            );
        }
        self.by_id.insert(id, username.clone());
        self.by_login.insert(login_key, username.clone());
        if !email_key.is_empty() {
            self.by_address.insert(email_key, username.clone());
        }
        if !display_name.is_empty() {
            self.by_display_name
                .entry(display_name.to_lowercase())
                .and_modify(|known| *known = None)
                .or_insert(Some(username));
        }
    }

    /// Returns the username of the author with this id in the file.
    pub(super) fn with_id(&self, id: &str) -> Option<String> {
        self.by_id.get(id).filter(|_| !["", "0"].contains(&id)).cloned()
    }

    /// Returns the username of the author of a text with these `fields`. An author whom the file does not describe is
    /// added.
    pub(super) fn author(&mut self, site: &mut ExternalSite, fields: &Fields) -> String {
        let creator = fields.get("creator");
        let key = creator.to_lowercase();
        let known = self.by_login.get(&key).or_else(|| self.by_address.get(&key));
        let known = known.or_else(|| self.by_display_name.get(&key)?.as_ref());
        if let Some(known) = known {
            return known.clone();
        }
        if creator.is_empty() {
            let title = html::words(fields.get("title")).text;
            let author = match &self.first {
                Some(first) => first.clone(),
                None => self.add_person(site, "", "", ""),
            };
            let what = "text without an author, now by somebody in the file";
            site.note_which(&title, what, &format!("“{author}”"));
            return author;
        }
        // A name that looks like an email address is used as one, so that the author can set a password with it.
        let username = if Email::parse(creator).is_ok() {
            self.add_person(site, "", creator, "")
        } else {
            let name = html::words(creator).text;
            self.add_person(site, &name, "", &name)
        };
        site.note_which(
            "",
            "author whom the file does not describe",
            &format!("“{creator}” is now “{username}”"),
        );
        self.by_login.insert(key, username.clone());
        username
    }

    /// Adds a person with the name `public`, whose display name was `display_name`.
    fn add_person(
        &mut self,
        site: &mut ExternalSite,
        public: &str,
        email: &str,
        display_name: &str,
    ) -> String {
        // An email address must not become a public name.
        let name = if display_name.contains('@') {
            ""
        } else {
            display_name
        };
        let profile = Profile {
            name,
            ..Profile::default()
        };
        // The file does not contain the date of registration.
        let username = site.add_person(public, email, profile, OffsetDateTime::UNIX_EPOCH);
        self.first.get_or_insert_with(|| username.clone());
        username
    }
}
