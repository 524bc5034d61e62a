//! Tests of the permissions on people and the site.

use super::*;

#[test]
fn moderation_requires_a_higher_role_than_the_other_users() {
    for (own, theirs, allowed) in [
        (Role::Member, Role::Member, false),
        (Role::Member, Role::Administrator, false),
        (Role::Moderator, Role::Member, true),
        (Role::Moderator, Role::Moderator, false),
        (Role::Moderator, Role::Administrator, false),
        (Role::Administrator, Role::Member, true),
        (Role::Administrator, Role::Moderator, true),
        (Role::Administrator, Role::Administrator, false),
    ] {
        let expected = if allowed {
            Ok(())
        } else {
            Err(AppError::RoleRequired)
        };
        for action in [Action::Hide, Action::Suspend, Action::Freeze, Action::Trust] {
            let target = Target::User { role: theirs };
            assert_eq!(
                may(other(own), action, target),
                expected,
                "{own:?} {action:?} {theirs:?}"
            );
            assert_eq!(may(Actor::Visitor, action, target), Err(AppError::SignInRequired));
        }
    }
}

#[test]
fn only_moderators_see_the_moderation_pages() {
    for (role, allowed) in [
        (Role::Member, Err(AppError::RoleRequired)),
        (Role::Moderator, Ok(())),
        (Role::Administrator, Ok(())),
    ] {
        assert_eq!(may(other(role), Action::Moderate, Target::Site), allowed);
    }
    let anonymous = may(Actor::Visitor, Action::Moderate, Target::Site);
    assert_eq!(anonymous, Err(AppError::SignInRequired));
}

#[test]
fn only_administrators_invite() {
    for theirs in Role::ALL {
        let target = Target::User { role: theirs };
        for (role, allowed) in [
            (Role::Member, Err(AppError::RoleRequired)),
            (Role::Moderator, Err(AppError::RoleRequired)),
            (Role::Administrator, Ok(())),
        ] {
            assert_eq!(
                may(other(role), Action::Invite, target),
                allowed,
                "{role:?} {theirs:?}"
            );
        }
        let anonymous = may(Actor::Visitor, Action::Invite, target);
        assert_eq!(anonymous, Err(AppError::SignInRequired));
        assert_eq!(may(Actor::Operator, Action::Invite, target), Ok(()));
    }
}

#[test]
fn only_administrators_change_the_site() {
    for (role, allowed) in [
        (Role::Member, Err(AppError::RoleRequired)),
        (Role::Moderator, Err(AppError::RoleRequired)),
        (Role::Administrator, Ok(())),
    ] {
        assert_eq!(may(other(role), Action::Administer, Target::Site), allowed);
    }
    let anonymous = may(Actor::Visitor, Action::Administer, Target::Site);
    assert_eq!(anonymous, Err(AppError::SignInRequired));
}
