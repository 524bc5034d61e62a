//! Tests of the permissions on comments.

use super::*;
use shared::model::comment::HiddenBy;

#[test]
fn members_comment_on_posts_that_they_can_read_while_comments_are_open() {
    use PostState::{Deleted, Held, Hidden, Published};
    use Visibility::{Members, Private, Public, Unlisted};

    let actors = [
        Actor::Visitor,
        other(Role::Member),
        other(Role::Moderator),
        AUTHOR,
    ];
    for (visibility, state, is_closed, expected) in [
        (Public, Published, false, "lyyy"),
        (Public, Published, true, "cccc"),
        (Public, Held, false, "nncc"),
        (Public, Hidden, false, "hhcc"),
        (Public, Deleted, false, "gggg"),
        (Unlisted, Published, false, "lyyy"),
        (Members, Published, false, "lyyy"),
        (Members, Published, true, "lccc"),
        (Private, Published, false, "nnny"),
    ] {
        let target = Target::Discussion {
            author: 1,
            role: Role::Member,
            status: PostStatus { visibility, state },
            is_closed,
        };
        let answers = actors.map(|actor| may(actor, Action::Comment, target));
        assert_eq!(letters(answers), expected, "{visibility:?} {state:?} {is_closed}");
    }
}

#[test]
fn the_comments_on_a_post_are_managed_by_its_author_and_by_moderators_who_outrank_them() {
    let target = |role| Target::Discussion {
        author: 1,
        role,
        status: PostStatus::default(),
        is_closed: true,
    };
    let actors = [
        Actor::Visitor,
        other(Role::Member),
        other(Role::Moderator),
        other(Role::Administrator),
        AUTHOR,
        Actor::Operator,
    ];
    for (role, expected) in [
        (Role::Member, "lfyyyy"),
        (Role::Moderator, "lffyyy"),
        (Role::Administrator, "lfffyy"),
    ] {
        let answers = actors.map(|actor| may(actor, Action::ManageComments, target(role)));
        assert_eq!(letters(answers), expected, "{role:?}");
    }
}

#[test]
fn a_comment_is_read_changed_and_hidden_by_those_whom_it_concerns() {
    use Action::{DeleteComment, EditComment, HideComment, ReadComment};
    use CommentState::{Deleted, Held, Hidden, Published};

    let writer = user(3, Role::Member);
    let actors = [
        Actor::Visitor,
        other(Role::Member),
        other(Role::Moderator),
        // The author of the post.
        AUTHOR,
        writer,
        Actor::Operator,
    ];
    let (by_author, by_moderator) = (Some(HiddenBy::Author), Some(HiddenBy::Moderator));
    for (action, state, hidden_by, expected) in [
        (ReadComment, Published, None, "yyyyyy"),
        (ReadComment, Held, None, "nnyyyy"),
        (ReadComment, Hidden, by_author, "hhyyyy"),
        (ReadComment, Deleted, None, "gggggg"),
        (EditComment, Published, None, "lfffyf"),
        (EditComment, Held, None, "nnffhf"),
        (EditComment, Hidden, by_moderator, "hhffhf"),
        (EditComment, Deleted, None, "gggggg"),
        (DeleteComment, Published, None, "lfffyf"),
        (DeleteComment, Held, None, "nnffyf"),
        (DeleteComment, Hidden, by_author, "hhffhf"),
        (DeleteComment, Deleted, None, "gggggg"),
        (HideComment, Published, None, "lfyyfy"),
        (HideComment, Held, None, "nnyhfy"),
        (HideComment, Hidden, by_author, "hhyyfy"),
        (HideComment, Hidden, by_moderator, "hhyffy"),
        (HideComment, Deleted, None, "gggggg"),
    ] {
        let target = Target::Comment {
            author: Some(3),
            role: Some(Role::Member),
            post_author: 1,
            state,
            hidden_by,
        };
        let answers = actors.map(|actor| may(actor, action, target));
        assert_eq!(letters(answers), expected, "{action:?} {state:?} {hidden_by:?}");
    }
}

#[test]
fn a_moderator_hides_comments_of_people_with_a_lower_role_and_of_those_without_an_account() {
    for (role, expected) in [
        (None, Ok(())),
        (Some(Role::Member), Ok(())),
        (Some(Role::Moderator), Err(AppError::Forbidden)),
        (Some(Role::Administrator), Err(AppError::Forbidden)),
    ] {
        let target = Target::Comment {
            author: role.map(|_| 3),
            role,
            post_author: 1,
            state: CommentState::Published,
            hidden_by: None,
        };
        let answer = may(other(Role::Moderator), Action::HideComment, target);
        assert_eq!(answer, expected, "{role:?}");
    }
}
