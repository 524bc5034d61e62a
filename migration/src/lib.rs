//! The migrations of the database schema.
//!
//! To change the schema, add a module `m<date>_<number>_<what>.rs` and a line in [`Migrator`]. A released migration
//! must never change and names its tables and columns itself: entities evolve, but old migrations must still run.

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{Migration, MigratorTrait, SchemaManager};
use sea_orm_migration::{
    sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryOrder},
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
mod m20261122_000015_create_leases;
mod m20261122_000016_moderate;
mod m20261122_000017_create_tags;
mod m20261122_000018_keep_usernames;
mod m20261122_000019_share_limits;
mod m20261129_000020_create_facts;
mod m20261129_000021_find_names;
mod m20261130_000022_add_post_status;
mod m20261130_000023_spread_totals;
mod m20261130_000024_index_acts;
mod m20261130_000025_create_jobs;
mod m20261130_000026_create_settings;
mod m20261130_000027_add_display_names;
mod m20261130_000028_create_pages;
mod m20261130_000029_create_invitations;
mod m20261130_000030_create_revisions;
mod m20261130_000031_extend_drafts;
mod m20261201_000032_create_comments;
mod m20261201_000033_add_freezes;
mod m20261201_000034_add_trust;
mod m20261201_000035_create_cases;
mod whole;

/// All migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl Migrator {
    /// Returns the number of migrations that the schema lacks. Migrations of a newer version are ignored, so that old
    /// servers keep running during a rolling update.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached or has no schema.
    pub async fn lacking(db: &impl ConnectionTrait) -> Result<usize, DbErr> {
        Ok(Self::lacks(&names(db).await?))
    }

    /// Returns the number of migrations that are not in `applied`.
    #[must_use]
    pub fn lacks(applied: &[String]) -> usize {
        let is_applied = |name: &str| applied.iter().any(|step| step == name);
        let steps = Self::migrations();
        steps.iter().filter(|step| !is_applied(step.name())).count()
    }

    /// Returns the names of the applied migrations, oldest first; none if there is no schema yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn applied(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
        let manager = SchemaManager::new(db);
        if manager.has_table("seaql_migrations").await? {
            names(db).await
        } else {
            Ok(Vec::new())
        }
    }

    /// Returns the first of these migrations that is unknown because a newer version has added it.
    #[must_use]
    pub fn unknown(steps: &[String]) -> Option<&str> {
        let known = Self::migrations();
        let is_known = |name: &str| known.iter().any(|step| step.name() == name);
        steps.iter().map(String::as_str).find(|name| !is_known(name))
    }
}

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            step(m20261121_000001_create_users::Migration),
            step(m20261121_000002_create_posts::Migration),
            step(m20261121_000003_create_sessions::Migration),
            step(m20261121_000004_add_profiles::Migration),
            step(m20261121_000005_create_tokens::Migration),
            step(m20261121_000006_create_outbox::Migration),
            step(m20261121_000007_describe_sessions::Migration),
            step(m20261121_000008_create_doomed_files::Migration),
            step(m20261121_000009_version_posts::Migration),
            step(m20261121_000010_create_drafts::Migration),
            step(m20261121_000011_keep_counts::Migration),
            step(m20261121_000012_create_images::Migration),
            step(m20261121_000013_check_images::Migration),
            step(m20261121_000014_add_roles::Migration),
            step(m20261122_000015_create_leases::Migration),
            step(m20261122_000016_moderate::Migration),
            step(m20261122_000017_create_tags::Migration),
            step(m20261122_000018_keep_usernames::Migration),
            step(m20261122_000019_share_limits::Migration),
            step(m20261129_000020_create_facts::Migration),
            step(m20261129_000021_find_names::Migration),
            step(m20261130_000022_add_post_status::Migration),
            step(m20261130_000023_spread_totals::Migration),
            step(m20261130_000024_index_acts::Migration),
            step(m20261130_000025_create_jobs::Migration),
            step(m20261130_000026_create_settings::Migration),
            step(m20261130_000027_add_display_names::Migration),
            step(m20261130_000028_create_pages::Migration),
            step(m20261130_000029_create_invitations::Migration),
            step(m20261130_000030_create_revisions::Migration),
            step(m20261130_000031_extend_drafts::Migration),
            step(m20261201_000032_create_comments::Migration),
            step(m20261201_000033_add_freezes::Migration),
            step(m20261201_000034_add_trust::Migration),
            step(m20261201_000035_create_cases::Migration),
        ]
    }
}

fn step(migration: impl MigrationTrait + 'static) -> Box<dyn MigrationTrait> {
    Box::new(whole::Whole(migration))
}

async fn names(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let found = seaql_migrations::Entity::find()
        .order_by_asc(seaql_migrations::Column::Version)
        .all(db)
        .await?;
    Ok(found.into_iter().map(|step| step.version).collect())
}
