//! Tests of use-cases with a real, migrated database.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod account;
mod administration;
mod appearance;
mod author;
#[expect(dead_code, reason = "other tests use the rest")]
mod bucket;
#[path = "../../../../server/tests/cli/certificate.rs"]
mod certificate;
mod chores;
mod concurrent_lists;
mod confirmation;
mod copy;
mod database;
mod db;
mod demo;
mod draft;
mod first_origin;
mod full_database;
mod history;
mod hostile_pictures;
mod image;
mod impersonation;
mod invitation;
mod job_migration;
mod job_plans;
mod jobs;
mod keyset;
mod last_administrator;
mod limit;
mod list;
mod mail;
mod mail_server;
mod media;
mod moving;
mod outgoing;
mod picture;
mod picture_colours;
mod picture_ends;
mod picture_metadata;
mod post;
mod post_status;
mod profile;
mod read_cache;
mod reauthentication;
mod recovery;
mod redirect;
mod session;
mod settings;
mod setup_token;
mod site;
mod site_settings;
mod static_page;
mod trash;
