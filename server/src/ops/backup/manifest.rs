//! The manifest of a backup.

use std::{
    fmt::{self, Formatter},
    marker::PhantomData,
};

use domain::platform::entity::{post, user};
use migration::{Migrator, SchemaManager};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QuerySelect};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, SeqAccess, Visitor},
};
use time::OffsetDateTime;

/// The backup format that this version writes and reads.
pub(super) const FORMAT: u32 = 1;
/// The maximum size of a manifest, in bytes.
pub(super) const BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The maximum number of files in a manifest. Their entries fit into the maximum size.
pub(super) const FILES_MAX: usize = 1_000_000;
/// The maximum number of migrations in a manifest.
const STEPS_MAX: usize = 1_000;

/// The manifest of a backup: its site and its contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of the backup.
    pub format: u32,
    /// The program version that wrote the backup.
    pub version: String,
    /// The time of the snapshot.
    #[serde(with = "time::serde::rfc3339")]
    pub taken_at: OffsetDateTime,
    /// The migrations of the database schema.
    #[serde(deserialize_with = "steps")]
    pub steps: Vec<String>,
    /// The number of user accounts.
    pub people: u64,
    /// The number of posts, including those in the trash.
    pub posts: u64,
    /// The pictures that the database references but that were not found.
    #[serde(deserialize_with = "files")]
    pub missing: Vec<String>,
    /// All other files in the backup.
    #[serde(deserialize_with = "files")]
    pub files: Vec<File>,
}

/// A file in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The path within the backup.
    pub path: String,
    /// The size in bytes.
    pub bytes: u64,
    /// The SHA-256 of the content, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Returns the manifest of `copy`, which was made at `taken_at`.
    pub(super) async fn describe(copy: &DatabaseConnection, taken_at: OffsetDateTime) -> Result<Self, DbErr> {
        let (people, posts) = Self::counts(copy).await?;
        Ok(Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            taken_at,
            steps: Migrator::applied(copy).await?,
            people,
            posts,
            missing: Vec::new(),
            files: Vec::new(),
        })
    }

    /// Returns the number of people and the number of posts in `copy`.
    pub(super) async fn counts(copy: &DatabaseConnection) -> Result<(u64, u64), DbErr> {
        let people = count::<user::Entity>(copy, user::Column::Id).await?;
        Ok((people, count::<post::Entity>(copy, post::Column::Id).await?))
    }
}

fn steps<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    bounded(deserializer, STEPS_MAX)
}

fn files<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    bounded(deserializer, FILES_MAX)
}

/// Deserializes a list of at most `most` values. Stops reading a longer list after these.
fn bounded<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    most: usize,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_seq(Bounded {
        most,
        values: PhantomData,
    })
}

struct Bounded<T> {
    most: usize,
    values: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Bounded<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "a list of at most {} values", self.most)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(value) = values.next_element()? {
            if read.len() == self.most {
                return Err(A::Error::custom(format!(
                    "a list of more than {} values",
                    self.most
                )));
            }
            read.push(value);
        }
        Ok(read)
    }
}

/// Returns the number of rows of a table, or 0 if it does not exist. Only the id is queried, because an older schema
/// may lack other columns of the entity.
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
