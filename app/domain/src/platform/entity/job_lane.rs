//! The lanes of jobs.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// A lane, in which jobs are done in the order in which they are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "i16", db_type = "SmallInteger")]
pub enum Lane {
    /// Jobs that somebody waits for, such as a mail to choose a new password. They always come first.
    #[sea_orm(num_value = 0)]
    Awaited,
    /// All others. They never use all slots of a worker.
    #[sea_orm(num_value = 1)]
    Bulk,
}
