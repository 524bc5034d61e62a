//! The form to invite somebody.

use serde::{Deserialize, Serialize};

use super::{Email, Field, FieldErrors, FieldProblem, Form, number};
use crate::model::account::Role;

/// The maximum number of users of one invitation.
pub const USES_MAX: u32 = 1_000;
/// The maximum number of days for which an invitation is valid.
pub const DAYS_MAX: u32 = 365;
/// The number of days for which an invitation is valid, unless the inviter chooses another one.
pub const DAYS_DEFAULT: u32 = 7;
/// The number of days for which an invitation for a role above member is valid.
pub const ROLE_DAYS: u32 = 2;

/// The form to invite somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InviteForm {
    /// The name of the role, or nothing for a member.
    pub role: String,
    /// The address of the invited person; required for a role above member.
    pub email: String,
    /// The number of users, or nothing for one.
    pub uses: String,
    /// The number of days, or nothing for [`DAYS_DEFAULT`].
    pub days: String,
}

/// An invitation that is to be created.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The role of a user who registers with it.
    pub role: Role,
    /// The only address that may register, to which the link is mailed.
    pub email: Option<Email>,
    /// The number of users who can register with it.
    pub uses: u32,
    /// The number of days for which it is valid.
    pub days: u32,
}

impl Form for InviteForm {
    type Valid = NewInvitation;

    /// An invitation with an address is for one person. One for a role above member has an address and ends after
    /// [`ROLE_DAYS`], whatever was typed.
    fn validate(&self) -> Result<NewInvitation, FieldErrors> {
        let mut errors = FieldErrors::default();
        let role = errors.take(Field::Role, role(&self.role));
        let email = errors.take(Field::Email, email(&self.email, role.unwrap_or_default()));
        let uses = errors.take(Field::Uses, number_or(&self.uses, 1, USES_MAX));
        let days = errors.take(Field::Days, number_or(&self.days, DAYS_DEFAULT, DAYS_MAX));
        match (role, email, uses, days) {
            (Some(role), Some(email), Some(uses), Some(days)) => Ok(NewInvitation {
                role,
                uses: if email.is_some() { 1 } else { uses },
                days: if role > Role::Member { ROLE_DAYS } else { days },
                email,
            }),
            _ => Err(errors),
        }
    }
}

fn role(name: &str) -> Result<Role, FieldProblem> {
    match name {
        "" => Ok(Role::Member),
        name => Role::named(name).ok_or(FieldProblem::NotAChoice),
    }
}

fn email(text: &str, role: Role) -> Result<Option<Email>, FieldProblem> {
    match text.trim() {
        "" if role == Role::Member => Ok(None),
        text => Email::parse(text).map(Some),
    }
}

/// Parses a number from 1 to `most`, or returns `default` for an empty text.
fn number_or(text: &str, default: u32, most: u32) -> Result<u32, FieldProblem> {
    if text.trim().is_empty() {
        return Ok(default);
    }
    number::from_1(text, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(role: &str, email: &str, uses: &str, days: &str) -> Result<(Role, u32, u32), FieldErrors> {
        let [role, email, uses, days] = [role, email, uses, days].map(str::to_owned);
        let form = InviteForm {
            role,
            email,
            uses,
            days,
        };
        let valid = form.validate()?;
        Ok((valid.role, valid.uses, valid.days))
    }

    #[test]
    fn an_invitation_of_members_has_a_number_of_uses_and_an_end() {
        assert_eq!(form("", "", "", ""), Ok((Role::Member, 1, DAYS_DEFAULT)));
        assert_eq!(form("member", "", " 25 ", "30"), Ok((Role::Member, 25, 30)));
        assert_eq!(
            form("member", "a@b.example", "25", "30"),
            Ok((Role::Member, 1, 30))
        );
        for (uses, days, field) in [
            ("0", "", Field::Uses),
            ("1001", "", Field::Uses),
            ("-1", "", Field::Uses),
            ("many", "", Field::Uses),
            ("", "366", Field::Days),
            ("", "99999999999", Field::Days),
        ] {
            let errors = form("member", "", uses, days).expect_err(uses);
            assert!(errors.for_field(field).is_some(), "{uses} {days}");
        }
    }

    #[test]
    fn an_invitation_to_a_role_is_for_one_address_and_two_days() {
        assert_eq!(
            form("moderator", "a@b.example", "9", "30"),
            Ok((Role::Moderator, 1, ROLE_DAYS))
        );
        let errors = form("administrator", "", "", "").expect_err("no address");
        assert!(errors.for_field(Field::Email).is_some());
        assert!(form("king", "a@b.example", "", "").is_err());
    }
}
