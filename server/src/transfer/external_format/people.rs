//! Converts the people of another system.

use domain::{
    data::{import::Named, interchange::Person},
    markdown::slug,
};
use shared::forms::{
    Email, display_name,
    settings::{ABOUT_MAX, BIOGRAPHY_MAX, LOCATION_MAX},
    username::USERNAME_MAX,
    web_address,
};
use time::OffsetDateTime;

use super::ExternalSite;
use crate::transfer::html;

/// The domain of placeholder email addresses. It does not exist and belongs to nobody (RFC 2606).
const NOWHERE: &str = "@import.invalid";

/// The profile of a person in a file. Parts that are not there are empty.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::transfer) struct Profile<'a> {
    /// The name by which the person was shown.
    pub name: &'a str,
    /// The text about the person, without markup.
    pub about: &'a str,
    pub location: &'a str,
    pub website: &'a str,
}

impl ExternalSite {
    /// Adds a person under a valid username, and returns it. A person without an email address, or with one that an
    /// earlier person has, gets a placeholder address, which is noted.
    pub(in crate::transfer) fn add_person(
        &mut self,
        name: &str,
        email: &str,
        profile: Profile<'_>,
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
        let mut person = Person {
            id: None,
            username: username.clone(),
            email,
            password_hash: None,
            role: None,
            display_name: None,
            pronouns: String::new(),
            location: String::new(),
            website: String::new(),
            links: Vec::new(),
            about: String::new(),
            biography: String::new(),
            created_at: at,
            last_seen_at: None,
            email_confirmed_at: None,
            suspended_because: None,
            frozen_until: None,
            frozen_because: None,
            standing: Person::FROM_ELSEWHERE,
            picture: None,
            invited_by: None,
            former_usernames: Vec::new(),
            images: Vec::new(),
        };
        self.describe(&mut person, profile);
        self.people.push(person);
        username
    }

    /// Gives `person` what the file says about them. What is not valid here is left out and noted.
    fn describe(&mut self, person: &mut Person, profile: Profile<'_>) {
        let mut left_out = Vec::new();
        if !profile.name.is_empty() && profile.name != person.username {
            person.display_name = display_name::parse(profile.name).ok();
            if person.display_name.is_none() {
                left_out.push("name");
            }
        }
        if !profile.location.is_empty() {
            match display_name::line(profile.location, LOCATION_MAX) {
                Ok(location) => person.location = location,
                Err(_) => left_out.push("location"),
            }
        }
        if !profile.website.is_empty() {
            match web_address::parse(profile.website) {
                Ok(website) => person.website = website,
                Err(_) => left_out.push("website"),
            }
        }
        let about = profile.about.replace("\r\n", "\n");
        let paragraph = format!("<p>{}</p>", html::escaped(&about).replace('\n', "<br>"));
        let biography = html::to_markdown(&paragraph, None).ok();
        let biography = biography.filter(|text| text.markdown.chars().count() <= BIOGRAPHY_MAX);
        if about.chars().count() <= ABOUT_MAX {
            person.about = about;
        } else if let Some(biography) = biography {
            biography.markdown.trim().clone_into(&mut person.biography);
        } else {
            person.about = about.chars().take(ABOUT_MAX).collect();
            let what = format!("text about a person cut to {ABOUT_MAX} characters");
            self.note_which("", what, &person.username);
        }
        if !left_out.is_empty() {
            let which = format!("{} ({})", person.username, left_out.join(", "));
            self.note_which("", "parts of an account that are not valid here left out", &which);
        }
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
