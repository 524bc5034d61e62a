//! Values that must be unique.

use sea_orm::{DbErr, SqlErr};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, Problem},
};

/// Turns the refusal of a value that must be unique into an error beside the field that holds it.
///
/// `fields` pairs each unique column, as the database names it in its message, with its field.
pub fn on_unique(error: DbErr, fields: &[(&str, Field)]) -> AppError {
    if let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() {
        let taken = fields.iter().find(|(column, _)| message.contains(column));
        if let Some((_, field)) = taken {
            return FieldErrors::one(*field, Problem::Taken).into();
        }
    }
    error.into()
}
