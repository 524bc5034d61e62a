//! The database schema, step by step.
//!
//! To change the schema, add a module `m<date>_<number>_<what>.rs` and a line in [`Migrator`]. A step that has been
//! released never changes, and names its tables and columns itself: entities move on, old steps must still run.

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{Migration, MigratorTrait};
use sea_orm_migration::{
    sea_orm::{ConnectionTrait, DbErr, EntityTrait},
    seaql_migrations,
};

mod m20261121_000001_create_users;
mod m20261121_000002_create_posts;
mod m20261121_000003_create_sessions;
mod m20261121_000004_add_profiles;
mod m20261121_000005_create_tokens;
mod m20261121_000006_create_outbox;
mod m20261121_000007_describe_sessions;
mod m20261121_000008_create_doomed_files;
mod m20261121_000009_version_posts;
mod m20261121_000010_create_drafts;
mod m20261121_000011_keep_counts;
mod m20261121_000012_create_images;
mod m20261121_000013_check_images;
mod m20261121_000014_add_roles;

/// Every step, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl Migrator {
    /// How many steps the schema lacks. One that a newer version has added counts for nothing: while servers are replaced one
    /// by one, the old ones go on.
    ///
    /// # Errors
    /// When the database cannot be reached, or has no schema.
    pub async fn lacking(db: &impl ConnectionTrait) -> Result<usize, DbErr> {
        let applied = seaql_migrations::Entity::find().all(db).await?;
        let is_applied = |name: &str| applied.iter().any(|step| step.version == name);
        let steps = Self::migrations();
        Ok(steps.iter().filter(|step| !is_applied(step.name())).count())
    }
}

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_users::Migration),
            Box::new(m20261121_000002_create_posts::Migration),
            Box::new(m20261121_000003_create_sessions::Migration),
            Box::new(m20261121_000004_add_profiles::Migration),
            Box::new(m20261121_000005_create_tokens::Migration),
            Box::new(m20261121_000006_create_outbox::Migration),
            Box::new(m20261121_000007_describe_sessions::Migration),
            Box::new(m20261121_000008_create_doomed_files::Migration),
            Box::new(m20261121_000009_version_posts::Migration),
            Box::new(m20261121_000010_create_drafts::Migration),
            Box::new(m20261121_000011_keep_counts::Migration),
            Box::new(m20261121_000012_create_images::Migration),
            Box::new(m20261121_000013_check_images::Migration),
            Box::new(m20261121_000014_add_roles::Migration),
        ]
    }
}
