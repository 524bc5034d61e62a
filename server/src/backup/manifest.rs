//! What a backup is of.

use app::backend::entity::{post, user};
use migration::{Migrator, SchemaManager};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QuerySelect};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The form of the backups that this version writes, and reads.
pub(super) const FORMAT: u32 = 1;

/// What a backup is of, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the backup.
    pub format: u32,
    /// The version that has written it.
    pub version: String,
    /// The moment at which the site was like that.
    #[serde(with = "time::serde::rfc3339")]
    pub taken_at: OffsetDateTime,
    /// The steps that the database's schema has.
    pub steps: Vec<String>,
    /// How many people have an account.
    pub people: u64,
    /// How many posts there are, in the trash as well.
    pub posts: u64,
    /// Pictures that the database names and nobody has.
    pub missing: Vec<String>,
    /// Everything else in the backup.
    pub files: Vec<File>,
}

/// A file in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Where it is in the backup.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// What there is to say of `copy`, which was made at `taken_at`.
    pub(super) async fn of(copy: &DatabaseConnection, taken_at: OffsetDateTime) -> Result<Self, DbErr> {
        Ok(Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            taken_at,
            steps: Migrator::applied(copy).await?,
            people: count::<user::Entity>(copy, user::Column::Id).await?,
            posts: count::<post::Entity>(copy, post::Column::Id).await?,
            missing: Vec::new(),
            files: Vec::new(),
        })
    }
}

/// How many rows there are. An older schema has not all columns that the entity has, and one that is being made not all
/// tables.
async fn count<E: EntityTrait>(copy: &DatabaseConnection, id: E::Column) -> Result<u64, DbErr> {
    if !SchemaManager::new(copy)
        .has_table(E::default().table_name())
        .await?
    {
        return Ok(0);
    }
    let found: Option<i64> = E::find()
        .select_only()
        .column_as(id.count(), "rows")
        .into_tuple()
        .one(copy)
        .await?;
    Ok(found.and_then(|rows| rows.try_into().ok()).unwrap_or_default())
}
