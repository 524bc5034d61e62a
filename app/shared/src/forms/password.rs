//! A password: any Unicode, exactly as it was typed; only how a letter is encoded does not count, which is the matter of whoever
//! hashes it.

use super::{Field, FieldErrors, Problem, Secret, of_length};

/// A password has at least this many characters (NIST SP 800-63B, 3.1.1.2).
pub const PASSWORD_MIN: usize = 8;
/// A password has at most this many bytes, so that hashing one stays cheap.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// A password that somebody may choose.
pub(super) fn chosen(password: &Secret) -> Result<Secret, Problem> {
    let password = bounded(password)?;
    of_length(password.expose(), PASSWORD_MIN, PASSWORD_MAX_BYTES)?;
    Ok(password)
}

/// A password that is worth hashing.
pub(super) fn bounded(password: &Secret) -> Result<Secret, Problem> {
    match password.expose().len() {
        0 => Err(Problem::Required),
        bytes if bytes > PASSWORD_MAX_BYTES => Err(Problem::TooManyBytes(PASSWORD_MAX_BYTES)),
        _ => Ok(password.clone()),
    }
}

/// A password that is worth hashing, or none.
pub(super) fn optional(password: &Secret) -> Result<Secret, Problem> {
    match bounded(password) {
        Err(Problem::Required) => Ok(password.clone()),
        checked => checked,
    }
}

/// Whether the password was typed the same twice.
pub(super) fn confirmation(password: &Secret, again: &Secret) -> Result<(), Problem> {
    match again.expose() {
        "" => Err(Problem::Required),
        again if again != password.expose() => Err(Problem::Different),
        _ => Ok(()),
    }
}

/// A new password that was typed the same twice, or notes of what is wrong with it.
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
            Err(Problem::TooManyBytes(1024))
        );
        assert!(chosen(&Secret::from("a".repeat(1024).as_str())).is_ok());
    }
}
