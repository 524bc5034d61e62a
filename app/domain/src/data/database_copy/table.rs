//! What is done with every table, whatever its columns are.

use std::pin::pin;

use async_trait::async_trait;
use futures::TryStreamExt;
use sea_orm::{
    ActiveModelTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, Iterable, PaginatorTrait,
    PrimaryKeyToColumn, PrimaryKeyTrait, QueryOrder, QuerySelect, Select,
};
use sha2::{Digest as _, Sha256};

use super::{Report, done, note};
use crate::platform::{
    db::Db,
    entity::{
        audit_record, draft, fact, former_username, image, lease, mail, milestone, pending_deletion, post,
        session, tag, tagging, token, total, user,
    },
};

/// Rows that are written together: few enough for what either database takes as values of one statement.
const BATCH: usize = 500;

/// A number that depends on every value of every row, but not on their order, in which databases differ: the sum of the rows'
/// SHA-256, byte by byte.
type Digest = [u8; 32];

/// A table, and what is done with it.
#[async_trait]
pub(super) trait Table: Send + Sync {
    /// Its name, which is a plural.
    fn name(&self) -> &'static str;

    /// Whether its rows are numbered by the database.
    fn is_numbered(&self) -> bool;

    /// How many rows it has.
    async fn count(&self, db: &DatabaseTransaction) -> Result<u64, DbErr>;

    /// Writes those of the `rows` of one database into another that are not there yet.
    async fn copy(
        &self,
        source: &DatabaseTransaction,
        target: &Db,
        rows: u64,
        report: Report<'_>,
    ) -> Result<(), DbErr>;

    /// What tells its rows from others.
    async fn digest(&self, db: &DatabaseTransaction) -> Result<Digest, DbErr>;
}

/// All tables, those first that others refer to.
pub(super) fn all() -> [Box<dyn Table>; 16] {
    [
        Box::new(user::Entity),
        Box::new(post::Entity),
        Box::new(draft::Entity),
        Box::new(image::Entity),
        Box::new(former_username::Entity),
        Box::new(tag::Entity),
        Box::new(tagging::Entity),
        Box::new(milestone::Entity),
        Box::new(total::Entity),
        Box::new(fact::Entity),
        Box::new(session::Entity),
        Box::new(token::Entity),
        Box::new(mail::Entity),
        Box::new(audit_record::Entity),
        Box::new(pending_deletion::Entity),
        Box::new(lease::Entity),
    ]
}

/// Their names.
#[must_use]
pub fn names() -> [&'static str; 16] {
    all().map(|table| table.name())
}

#[async_trait]
impl<E> Table for E
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Send + Sync,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    fn name(&self) -> &'static str {
        self.table_name()
    }

    fn is_numbered(&self) -> bool {
        E::PrimaryKey::auto_increment()
    }

    async fn count(&self, db: &DatabaseTransaction) -> Result<u64, DbErr> {
        E::find().count(db).await
    }

    async fn copy(
        &self,
        source: &DatabaseTransaction,
        target: &Db,
        rows: u64,
        report: Report<'_>,
    ) -> Result<(), DbErr> {
        let name = self.name();
        let mut ready = done(target.reader(), name).await?.unwrap_or_default();
        report(name, ready, rows);
        // SQLite takes no offset without a limit.
        let rest = ordered::<E>().offset(ready).limit(rows).stream(source).await?;
        let mut parts = pin!(rest.try_chunks(BATCH));
        while let Some(part) = parts.try_next().await.map_err(|error| error.1)? {
            let transaction = target.begin().await?;
            ready += part.len() as u64;
            let part = part.into_iter().map(IntoActiveModel::into_active_model);
            E::insert_many(part).exec_without_returning(&transaction).await?;
            note(&transaction, name, ready).await?;
            target.commit(transaction).await?;
            report(name, ready, rows);
        }
        Ok(())
    }

    async fn digest(&self, db: &DatabaseTransaction) -> Result<Digest, DbErr> {
        let mut rows = pin!(E::find().stream(db).await?);
        let mut sum = Digest::default();
        while let Some(row) = rows.try_next().await? {
            let row = row.into_active_model();
            let mut hash = Sha256::new();
            for column in E::Column::iter() {
                hash.update(format!("{:?};", row.get(column).into_value()));
            }
            let hash: Digest = hash.finalize().into();
            for (sum, byte) in sum.iter_mut().zip(hash) {
                *sum = sum.wrapping_add(byte);
            }
        }
        Ok(sum)
    }
}

/// All rows, in the order of their keys.
fn ordered<E: EntityTrait>() -> Select<E> {
    E::PrimaryKey::iter().fold(E::find(), |query, key| query.order_by_asc(key.into_column()))
}
