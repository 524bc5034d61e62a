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

/// The form of the backups that this version writes, and reads.
pub(super) const FORMAT: u32 = 1;
/// A manifest has at most so many bytes.
pub(super) const BYTES_MAX: u64 = 256 * 1024 * 1024;
/// It names at most so many files, which need no more bytes than that.
pub(super) const FILES_MAX: usize = 1_000_000;
/// And at most so many steps.
const STEPS_MAX: usize = 1_000;

/// The manifest of a backup: its site and its contents.
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
    #[serde(deserialize_with = "steps")]
    pub steps: Vec<String>,
    /// How many people have an account.
    pub people: u64,
    /// How many posts there are, in the trash as well.
    pub posts: u64,
    /// Pictures that the database names and nobody has.
    #[serde(deserialize_with = "files")]
    pub missing: Vec<String>,
    /// Everything else in the backup.
    #[serde(deserialize_with = "files")]
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

    /// How many people and how many posts `copy` has.
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

/// Reads a list of at most `most` values, and nothing of a longer one beyond these.
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
