//! Violations of unique constraints.

use sea_orm::{DbErr, SqlErr};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem},
};

/// Converts the violation of a unique constraint to an error of the field that holds the value.
///
/// `fields` pairs each unique column, as named in the database's message, with its field.
pub fn on_unique(error: DbErr, fields: &[(&str, Field)]) -> AppError {
    if let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() {
        let taken = fields.iter().find(|(column, _)| message.contains(column));
        if let Some((_, field)) = taken {
            return FieldErrors::one(*field, FieldProblem::Taken).into();
        }
    }
    error.into()
}
