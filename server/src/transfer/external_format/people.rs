//! Converts the people of another system.

use domain::{
    data::{import::Named, interchange::Person},
    posts::slug,
};
use shared::forms::{Email, settings::ABOUT_MAX, username::USERNAME_MAX};
use time::OffsetDateTime;

use super::ExternalSite;

/// The domain of placeholder email addresses. It does not exist and belongs to nobody (RFC 2606).
const NOWHERE: &str = "@import.invalid";

impl ExternalSite {
    /// Adds a person under a valid username, and returns it. A person without an email address, or with one that an
    /// earlier person has, gets a placeholder address, which is noted.
    pub(in crate::transfer) fn add_person(
        &mut self,
        name: &str,
        email: &str,
        about: &str,
        at: OffsetDateTime,
    ) -> String {
        let plain: String = slug::from_text(name, "writer")
            .chars()
            .take(USERNAME_MAX)
            .collect();
        let username = self.usernames.claim(&plain);
        if username != plain {
            self.names.insert(username.clone(), plain);
        }
        let own = Email::parse(email)
            .ok()
            .filter(|email| !email.key().ends_with(NOWHERE) && self.addresses.insert(email.key()));
        let email = if let Some(email) = own {
            email.as_str().to_owned()
        } else {
            self.note_which(
                "",
                "person without an email address of their own, given one that does not work until an administrator changes it",
                &username,
            );
            format!("{}{NOWHERE}", username.to_lowercase())
        };
        self.people.push(Person {
            id: None,
            username: username.clone(),
            email,
            password_hash: None,
            role: None,
            about: about.chars().take(ABOUT_MAX).collect(),
            created_at: at,
            last_seen_at: None,
            email_confirmed_at: None,
            suspended_because: None,
            picture: None,
            invited_by: None,
            former_usernames: Vec::new(),
            images: Vec::new(),
        });
        username
    }

    /// Returns the people in `named` whose names here differ from those in the file.
    pub(in crate::transfer) fn renamed(&self, mut named: Vec<Named>) -> Vec<Named> {
        for person in &mut named {
            if let Some(name) = self.names.get(&person.from) {
                person.from.clone_from(name);
            }
        }
        named.retain(|person| person.from != person.to);
        named
    }
}
