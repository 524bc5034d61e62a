//! Assignment of unique usernames.

use std::collections::{HashMap, HashSet};

use shared::forms::{Username, username::USERNAME_MAX};

/// The length to which a username is cut before a number is appended, enough for most numbers.
const STEM_MAX: usize = USERNAME_MAX - 4;

/// The usernames that are taken.
#[derive(Debug, Default)]
pub struct Usernames {
    /// Keys in lower case.
    taken: HashSet<String>,
    /// The next number to try for each stem, so that none is tried twice.
    next: HashMap<String, u32>,
}

/// A user who was added under another username.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The username in the import.
    pub from: String,
    /// The username on this site.
    pub to: String,
}

impl Usernames {
    /// Marks `name` as taken.
    pub fn add(&mut self, name: &str) {
        self.taken.insert(name.to_lowercase());
    }

    /// Reserves `name` or, if it is taken or not valid, `name` with a numeric suffix.
    pub fn claim(&mut self, name: &str) -> String {
        let is_free = |taken: &HashSet<String>, name: &str| {
            Username::choose(name).is_ok() && !taken.contains(&name.to_lowercase())
        };
        let mut free = name.to_owned();
        if !is_free(&self.taken, &free) {
            let stem: String = name.chars().take(STEM_MAX).collect();
            let stem = stem.trim_end_matches('-').to_owned();
            let next = self.next.entry(stem.to_lowercase()).or_insert(2);
            loop {
                let number = format!("-{next}");
                let short: String = stem.chars().take(USERNAME_MAX - number.len()).collect();
                free = format!("{short}{number}");
                *next += 1;
                // A stem that is not valid with this number is not valid with a higher one either.
                if is_free(&self.taken, &free) || Username::choose(&free).is_err() {
                    break;
                }
            }
        }
        self.add(&free);
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_given_out_once_and_then_with_numbers() {
        let mut names = Usernames::default();
        names.add("ADA-3");
        assert_eq!(names.claim("Ada"), "Ada");
        assert_eq!(names.claim("ada"), "ada-2");
        assert_eq!(names.claim("ada"), "ada-4");
        assert_eq!(names.claim("admin"), "admin-2", "reserved");
        let long = "a".repeat(USERNAME_MAX);
        assert_eq!(names.claim(&long), long);
        assert_eq!(names.claim(&long), format!("{}-2", "a".repeat(STEM_MAX)));
        let mut all = HashSet::new();
        for _ in 0..2_000 {
            let name = names.claim(&long);
            assert!(Username::choose(&name).is_ok() && all.insert(name));
        }
    }
}
