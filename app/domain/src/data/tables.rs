//! The tables of the schema, and how each takes part in copies, exports, imports and backups.

use self::Part::{Derived, Excluded, Included};
use super::database_copy::Table;
use crate::platform::entity::{
    audit_record, case, comment, decision, draft, fact, fingerprint, former_username, image, invitation,
    invitee, job, lease, list_change, milestone, pending_deletion, post, post_count, preview_link, redirect,
    report, revision, session, setting, static_page, tag, tagging, token, total, user, username_suffix,
};

/// Whether the rows of a table take part in something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// They do.
    Included,
    /// They do not, but are made again from those of other tables.
    Derived,
    /// They do not, for this reason.
    Excluded(&'static str),
}

/// How a table takes part in everything that is done with the data of a site or of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Participation {
    /// In a copy into another database.
    pub copy: Part,
    /// In the export of a site.
    pub export: Part,
    /// In the import of such an export into an empty site.
    pub import: Part,
    /// In the export of one person's data.
    pub own_data: Part,
    /// In a site that is restored from a backup.
    pub backup: Part,
}

impl Participation {
    /// Takes part in everything.
    const FULL: Self = Self {
        copy: Included,
        export: Included,
        import: Included,
        own_data: Included,
        backup: Included,
    };
    /// Counts or orders the content of other tables.
    const COUNTED: Self = Self {
        export: Derived,
        import: Derived,
        own_data: Derived,
        ..Self::FULL
    };

    /// Belongs to no person for a `reason`.
    const fn of_everybody(reason: &'static str) -> Self {
        Self {
            own_data: Excluded(reason),
            ..Self::FULL
        }
    }

    /// Belongs to this site for a `reason`, and is not exported.
    const fn of_this_site(reason: &'static str) -> Self {
        Self {
            export: Excluded(reason),
            import: Excluded(reason),
            own_data: Excluded(reason),
            ..Self::FULL
        }
    }
}

/// A table of the schema.
pub struct DeclaredTable {
    /// The name.
    pub name: &'static str,
    /// How it takes part.
    pub participation: Participation,
    /// The operations of a copy. `None` for a table without an entity.
    operations: Option<Box<dyn Table>>,
}

impl DeclaredTable {
    fn of(entity: impl Table + 'static, participation: Participation) -> Self {
        Self {
            name: entity.name(),
            participation,
            operations: Some(Box::new(entity)),
        }
    }

    const fn without_entity(name: &'static str, participation: Participation) -> Self {
        Self {
            name,
            participation,
            operations: None,
        }
    }
}

/// Returns all tables, referenced tables first.
#[must_use]
pub fn all() -> Vec<DeclaredTable> {
    [content(), lists(), state()].into_iter().flatten().collect()
}

/// Returns the operations on the tables that take part in a copy, referenced tables first.
pub(super) fn copied() -> impl Iterator<Item = Box<dyn Table>> {
    let copied = all()
        .into_iter()
        .filter(|table| table.participation.copy == Included);
    copied.filter_map(|table| table.operations)
}

/// Returns the tables of what people have written and uploaded.
fn content() -> Vec<DeclaredTable> {
    vec![
        DeclaredTable::of(user::Entity, Participation::FULL),
        DeclaredTable::of(post::Entity, Participation::FULL),
        DeclaredTable::of(revision::Entity, Participation::FULL),
        DeclaredTable::of(comment::Entity, Participation::FULL),
        DeclaredTable::of(draft::Entity, Participation::FULL),
        DeclaredTable::of(image::Entity, Participation::FULL),
        DeclaredTable::of(former_username::Entity, Participation::FULL),
        DeclaredTable::of(invitee::Entity, Participation::FULL),
        DeclaredTable::of(
            static_page::Entity,
            Participation::of_everybody("static pages belong to the site and not to a person"),
        ),
        DeclaredTable::of(
            redirect::Entity,
            Participation::of_everybody("redirects belong to the site and not to a person"),
        ),
    ]
}

/// Returns the tables by which content is listed and found.
fn lists() -> Vec<DeclaredTable> {
    vec![
        DeclaredTable::of(tag::Entity, Participation::COUNTED),
        DeclaredTable::of(tagging::Entity, Participation::COUNTED),
        DeclaredTable::of(milestone::Entity, Participation::COUNTED),
        DeclaredTable::of(
            list_change::Entity,
            Participation::of_this_site("an import counts all lists again"),
        ),
        DeclaredTable::of(total::Entity, Participation::COUNTED),
        DeclaredTable::of(post_count::Entity, Participation::COUNTED),
        DeclaredTable::of(
            username_suffix::Entity,
            Participation {
                // Triggers of the database insert them.
                copy: Derived,
                ..Participation::COUNTED
            },
        ),
    ]
}

/// Returns the tables of what the site knows about itself and is doing.
fn state() -> Vec<DeclaredTable> {
    let login = "nobody is logged in to a site by logging in to another one";
    let link = "a link in a mail leads to the site that sent it";
    let job = "each site does its own jobs";
    vec![
        DeclaredTable::of(
            fact::Entity,
            Participation::of_everybody("facts are about the site"),
        ),
        DeclaredTable::of(
            setting::Entity,
            Participation::of_everybody("settings are about the site"),
        ),
        DeclaredTable::of(
            session::Entity,
            Participation {
                backup: Excluded("somebody who has logged out since the backup must not be logged in again"),
                ..Participation::of_this_site(login)
            },
        ),
        DeclaredTable::of(
            token::Entity,
            Participation {
                backup: Excluded("a link that has been used since the backup must stay used"),
                ..Participation::of_this_site(link)
            },
        ),
        DeclaredTable::of(
            invitation::Entity,
            Participation {
                backup: Excluded(
                    "an invitation that has been used or revoked since the backup must not work again",
                ),
                ..Participation::of_this_site("an invitation leads to the site that sent it")
            },
        ),
        DeclaredTable::of(
            preview_link::Entity,
            Participation {
                backup: Excluded("a link that has been revoked since the backup must not work again"),
                ..Participation::of_this_site("a link to a draft leads to the site that made it")
            },
        ),
        DeclaredTable::of(
            job::Entity,
            // Those that wait are held when a backup is restored, because most of them have been done since.
            Participation::of_this_site(job),
        ),
        DeclaredTable::of(
            audit_record::Entity,
            Participation::of_this_site("the audit log is about what was done on this site"),
        ),
        DeclaredTable::of(
            case::Entity,
            Participation::of_this_site("a case is decided by the moderators of this site"),
        ),
        DeclaredTable::of(
            report::Entity,
            Participation::of_this_site("a report is about what is on this site"),
        ),
        DeclaredTable::of(
            decision::Entity,
            Participation::of_this_site("an appeal is decided by the moderators of this site"),
        ),
        DeclaredTable::of(
            fingerprint::Entity,
            Participation::of_this_site(
                "what was sent to another site in the last day says nothing about this one",
            ),
        ),
        DeclaredTable::of(
            pending_deletion::Entity,
            Participation::of_this_site("another site does not have the files that are to be deleted"),
        ),
        DeclaredTable::of(
            lease::Entity,
            Participation::of_this_site("another site does not do the work of this one"),
        ),
        DeclaredTable::without_entity(
            "limits",
            Participation {
                copy: Excluded("rate limits last for minutes, and only PostgreSQL stores them"),
                backup: Excluded("backups are of SQLite, which has no such table"),
                ..Participation::of_this_site("rate limits are about requests to this site")
            },
        ),
        DeclaredTable::without_entity(
            "seaql_migrations",
            Participation {
                copy: Excluded("each database is migrated by itself"),
                ..Participation::of_this_site("each database is migrated by itself")
            },
        ),
    ]
}
