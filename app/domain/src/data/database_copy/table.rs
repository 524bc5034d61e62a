//! The operations on a table, independent of its columns.

use std::pin::pin;

use async_trait::async_trait;
use futures::TryStreamExt;
use sea_orm::{
    ActiveModelTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, Iterable, PaginatorTrait,
    PrimaryKeyToColumn, PrimaryKeyTrait, QueryOrder, QuerySelect, Select,
};
use sha2::{Digest as _, Sha256};

use super::{Report, done, note};
use crate::platform::db::Db;

/// The number of rows per insert, which keeps the number of bound values within the limits of both databases.
const BATCH: usize = 500;

/// A digest of all rows regardless of their order, which differs between databases: the bytewise sum of the SHA-256
/// of each row.
type Digest = [u8; 32];

/// A table that can be counted, copied and compared.
#[async_trait]
pub trait Table: Send + Sync {
    /// Returns the name of the table.
    fn name(&self) -> &'static str;

    /// Returns whether the database assigns the ids of the rows.
    fn is_numbered(&self) -> bool;

    /// Returns the number of rows.
    async fn count(&self, db: &DatabaseTransaction) -> Result<u64, DbErr>;

    /// Copies the rows that are not in the target yet.
    async fn copy(
        &self,
        source: &DatabaseTransaction,
        target: &Db,
        rows: u64,
        report: Report<'_>,
    ) -> Result<(), DbErr>;

    /// Returns the digest of all rows.
    async fn digest(&self, db: &DatabaseTransaction) -> Result<Digest, DbErr>;
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
        // SQLite does not allow `OFFSET` without `LIMIT`.
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

/// Selects all rows ordered by primary key.
fn ordered<E: EntityTrait>() -> Select<E> {
    E::PrimaryKey::iter().fold(E::find(), |query, key| query.order_by_asc(key.into_column()))
}
