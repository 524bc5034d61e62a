//! Passwords: any Unicode text, used exactly as typed. Unicode normalization is left to the hasher.

use super::{Field, FieldErrors, FieldProblem, Secret, of_length};

/// The minimum length of a password in characters (NIST SP 800-63B, 3.1.1.2).
pub const PASSWORD_MIN: usize = 8;
/// The maximum length of a password in bytes, which bounds the cost of hashing.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// Validates a new password.
pub(super) fn chosen(password: &Secret) -> Result<Secret, FieldProblem> {
    let password = bounded(password)?;
    of_length(password.expose(), PASSWORD_MIN, PASSWORD_MAX_BYTES)?;
    Ok(password)
}

/// Validates a password that is to be checked.
pub(super) fn bounded(password: &Secret) -> Result<Secret, FieldProblem> {
    match password.expose().len() {
        0 => Err(FieldProblem::Required),
        bytes if bytes > PASSWORD_MAX_BYTES => Err(FieldProblem::TooManyBytes(PASSWORD_MAX_BYTES)),
        _ => Ok(password.clone()),
    }
}

/// Validates a password that is to be checked and may be empty.
pub(super) fn optional(password: &Secret) -> Result<Secret, FieldProblem> {
    match bounded(password) {
        Err(FieldProblem::Required) => Ok(password.clone()),
        checked => checked,
    }
}

/// Checks that the password was typed identically twice.
pub(super) fn confirmation(password: &Secret, again: &Secret) -> Result<(), FieldProblem> {
    match again.expose() {
        "" => Err(FieldProblem::Required),
        again if again != password.expose() => Err(FieldProblem::Different),
        _ => Ok(()),
    }
}

/// Validates a new password and its confirmation, or adds their problems.
pub(super) fn new(errors: &mut FieldErrors, password: &Secret, again: &Secret) -> Option<Secret> {
    let chosen = errors.take(Field::NewPassword, chosen(password));
    let confirmed = errors.take(Field::ConfirmPassword, confirmation(password, again));
    chosen.filter(|_| confirmed.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    // AUT-01
    #[test]
    fn passwords_count_characters_at_least_and_bytes_at_most() {
        assert!(chosen(&Secret::from("ααααααα")).is_err());
        assert!(chosen(&Secret::from("αααααααα")).is_ok());
        assert!(chosen(&Secret::from(" spaces ")).is_ok());
        assert_eq!(
            chosen(&Secret::from("a".repeat(1025).as_str())),
            Err(FieldProblem::TooManyBytes(1024))
        );
        assert!(chosen(&Secret::from("a".repeat(1024).as_str())).is_ok());
    }
}
