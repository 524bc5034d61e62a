//! A step that happens as a whole or not at all.

use sea_orm_migration::prelude::*;

/// Runs a step in a transaction, with the note that it has been applied: killed half-way, it is begun again. SQLite can do
/// that as PostgreSQL can; left to itself, the migrator uses a transaction for PostgreSQL alone.
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
