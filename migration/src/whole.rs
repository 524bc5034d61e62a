//! Atomic migrations.

use sea_orm_migration::prelude::*;

/// Runs a migration in one transaction with the record that it was applied, so that an interrupted migration is
/// repeated. SQLite supports this as well, but by default the migrator uses a transaction only for PostgreSQL.
pub(crate) struct Whole<T>(pub T);

impl<T: MigrationTrait> MigrationName for Whole<T> {
    fn name(&self) -> &str {
        self.0.name()
    }
}

#[async_trait::async_trait]
impl<T: MigrationTrait> MigrationTrait for Whole<T> {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.up(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.down(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
