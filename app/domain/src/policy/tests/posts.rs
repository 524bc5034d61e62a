//! Tests of the permissions on posts.

use super::*;

#[test]
fn only_the_author_changes_a_post() {
    for action in [Action::Edit, Action::Trash] {
        assert_eq!(may(AUTHOR, action, public(PostState::Published)), Ok(()));
        assert_eq!(
            may(Actor::Visitor, action, public(PostState::Published)),
            Err(AppError::SignInRequired)
        );
        for role in Role::ALL.iter().copied() {
            let actor = other(role);
            assert_eq!(
                may(actor, action, public(PostState::Published)),
                Err(AppError::Forbidden)
            );
            assert_eq!(
                may(actor, action, public(PostState::Deleted)),
                Err(AppError::Gone)
            );
        }
    }
}

#[test]
fn a_post_in_the_trash_can_be_restored_but_not_edited() {
    let trashed = public(PostState::Deleted);
    assert_eq!(may(AUTHOR, Action::Trash, trashed), Ok(()));
    assert_eq!(may(AUTHOR, Action::Edit, trashed), Err(AppError::Gone));
}

#[test]
fn an_author_cannot_change_a_hidden_post() {
    for action in [Action::Edit, Action::Trash] {
        let hidden = public(PostState::Hidden);
        assert_eq!(may(AUTHOR, action, hidden), Err(AppError::Hidden));
    }
}

#[test]
fn a_hidden_post_is_read_by_its_author_and_by_moderators() {
    let hidden = public(PostState::Hidden);
    for (actor, allowed) in [
        (Actor::Visitor, Err(AppError::Removed)),
        (AUTHOR, Ok(())),
        (other(Role::Member), Err(AppError::Removed)),
        (other(Role::Moderator), Ok(())),
        (other(Role::Administrator), Ok(())),
    ] {
        assert_eq!(may(actor, Action::Read, hidden), allowed, "{actor:?}");
        let deleted = public(PostState::Deleted);
        assert_eq!(
            may(actor, Action::Read, deleted),
            Err(AppError::Gone),
            "{actor:?}"
        );
        assert_eq!(may(actor, Action::Read, public(PostState::Published)), Ok(()));
    }
}

#[test]
fn an_author_edits_a_held_post_but_does_not_delete_it() {
    let held = public(PostState::Held);
    assert_eq!(may(AUTHOR, Action::Edit, held), Ok(()));
    assert_eq!(may(AUTHOR, Action::Trash, held), Err(AppError::Hidden));
}

#[test]
fn a_post_is_read_by_those_for_whom_it_is_meant() {
    use PostState::{Deleted, Held, Hidden, Published};
    use Visibility::{Members, Private, Public, Unlisted};

    let readers = [
        Actor::Visitor,
        other(Role::Member),
        other(Role::Moderator),
        other(Role::Administrator),
        AUTHOR,
        Actor::Operator,
    ];
    // A letter for each reader: (y)es, (l)og in, (n)ot found, (r)emoved, (g)one.
    for (visibility, state, expected) in [
        (Public, Published, "yyyyyy"),
        (Public, Held, "nnyyyy"),
        (Public, Hidden, "rryyyy"),
        (Public, Deleted, "gggggg"),
        (Unlisted, Published, "yyyyyy"),
        (Unlisted, Held, "nnyyyy"),
        (Unlisted, Hidden, "rryyyy"),
        (Unlisted, Deleted, "gggggg"),
        (Members, Published, "lyyyyy"),
        (Members, Held, "lnyyyy"),
        (Members, Hidden, "lryyyy"),
        (Members, Deleted, "lggggg"),
        (Private, Published, "nnnnyy"),
        (Private, Held, "nnyyyy"),
        (Private, Hidden, "nnyyyy"),
        (Private, Deleted, "nnnngg"),
    ] {
        let answers = readers.map(|reader| may(reader, Action::Read, post(visibility, state)));
        let letter = |answer: &Result<(), AppError>| match answer {
            Ok(()) => 'y',
            Err(AppError::SignInRequired) => 'l',
            Err(AppError::NotFound) => 'n',
            Err(AppError::Removed) => 'r',
            Err(AppError::Gone) => 'g',
            Err(error) => panic!("{error:?}"),
        };
        let letters: String = answers.iter().map(letter).collect();
        assert_eq!(letters, expected, "{visibility:?} {state:?}");
    }
}
