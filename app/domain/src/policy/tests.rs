//! Tests of the permissions.

use super::{Action, Actor, Target, may};
use shared::{
    error::AppError,
    model::{
        account::Role,
        comment::CommentState,
        post::{PostState, PostStatus, Visibility},
    },
};

mod comments;
mod people;
mod posts;

const AUTHOR: Actor = Actor::User {
    id: 1,
    role: Role::Member,
    is_frozen: false,
};

fn post(visibility: Visibility, state: PostState) -> Target {
    Target::Post {
        author: 1,
        status: PostStatus { visibility, state },
    }
}

fn public(state: PostState) -> Target {
    post(Visibility::Public, state)
}

fn other(role: Role) -> Actor {
    user(2, role)
}

fn user(id: i64, role: Role) -> Actor {
    Actor::User {
        id,
        role,
        is_frozen: false,
    }
}

fn frozen(actor: Actor) -> Actor {
    match actor {
        Actor::User { id, role, .. } => Actor::User {
            id,
            role,
            is_frozen: true,
        },
        actor => actor,
    }
}

/// Returns a letter for each answer: (y)es, (l)og in, (n)ot found, (c)losed, (f)orbidden, (h)idden, (g)one, (r)ole required
/// and fro(z)en.
fn letters<const N: usize>(answers: [Result<(), AppError>; N]) -> String {
    let letter = |answer: &Result<(), AppError>| match answer {
        Ok(()) => 'y',
        Err(AppError::SignInRequired) => 'l',
        Err(AppError::NotFound) => 'n',
        Err(AppError::CommentsClosed) => 'c',
        Err(AppError::Forbidden) => 'f',
        Err(AppError::CommentHidden | AppError::Removed) => 'h',
        Err(AppError::CommentGone | AppError::Gone) => 'g',
        Err(AppError::RoleRequired) => 'r',
        Err(AppError::Frozen) => 'z',
        Err(error) => panic!("{error:?}"),
    };
    answers.iter().map(letter).collect()
}

/// Returns a usual target of an action, and the answers to the actors of the test below. It has no other arm, so that the
/// program does not compile with an action that is missing here.
const fn row(action: Action) -> (Target, &'static str) {
    const PUBLISHED: PostStatus = PostStatus {
        visibility: Visibility::Public,
        state: PostState::Published,
    };
    const POST: Target = Target::Post {
        author: 1,
        status: PUBLISHED,
    };
    const MEMBER: Target = Target::User { role: Role::Member };
    const DISCUSSION: Target = Target::Discussion {
        author: 1,
        role: Role::Member,
        status: PUBLISHED,
        is_closed: false,
    };
    const COMMENT: Target = Target::Comment {
        author: Some(3),
        role: Some(Role::Member),
        post_author: 1,
        state: CommentState::Published,
        hidden_by: None,
    };
    match action {
        Action::Read => (POST, "yyyyyyyyyyy"),
        Action::ReadHistory => (POST, "lffyyffyyyy"),
        Action::Publish | Action::ChangeProfile | Action::UploadImage => (Target::Site, "lyzyzyzzyzy"),
        Action::Edit | Action::Trash => (POST, "lffyyffffff"),
        Action::Hide | Action::Suspend | Action::Freeze | Action::Trust => (MEMBER, "lrrrrrrzyzy"),
        Action::Report => (Target::Site, "yyyyyyyyyyy"),
        Action::Moderate => (Target::Site, "lrrrrrryyyy"),
        Action::Administer => (Target::Site, "lrrrrrrrrzy"),
        Action::Invite => (MEMBER, "lrrrrrrrrzy"),
        Action::Comment => (DISCUSSION, "lyzyzyzzyzy"),
        Action::ManageComments => (DISCUSSION, "lffyzffzyzy"),
        Action::EditComment => (COMMENT, "lffffyzffff"),
        Action::DeleteComment => (COMMENT, "lffffyyffff"),
        Action::HideComment => (COMMENT, "lffyzffzyzy"),
        Action::ReadComment => (COMMENT, "yyyyyyyyyyy"),
    }
}

#[test]
fn the_operator_may_do_everything_but_change_what_moderators_have_hidden() {
    for (action, target, allowed) in [
        (Action::Read, public(PostState::Published), Ok(())),
        (Action::Read, public(PostState::Hidden), Ok(())),
        (Action::Read, public(PostState::Deleted), Err(AppError::Gone)),
        (Action::Edit, public(PostState::Published), Ok(())),
        (Action::Edit, public(PostState::Deleted), Err(AppError::Gone)),
        (Action::Edit, public(PostState::Hidden), Err(AppError::Hidden)),
        (Action::Trash, public(PostState::Deleted), Ok(())),
        (Action::Trash, public(PostState::Hidden), Err(AppError::Hidden)),
        (Action::Moderate, Target::Site, Ok(())),
        (Action::Administer, Target::Site, Ok(())),
    ] {
        assert_eq!(
            may(Actor::Operator, action, target),
            allowed,
            "{action:?} {target:?}"
        );
    }
    for role in Role::ALL.iter().copied() {
        for action in [Action::Hide, Action::Suspend, Action::Freeze, Action::Trust] {
            assert_eq!(may(Actor::Operator, action, Target::User { role }), Ok(()));
        }
    }
}

#[test]
fn every_action_is_open_to_those_whose_it_is_unless_their_account_is_frozen() {
    let (member, writer) = (other(Role::Member), user(3, Role::Member));
    let (moderator, administrator) = (user(4, Role::Moderator), user(5, Role::Administrator));
    let actors = [
        Actor::Visitor,
        member,
        frozen(member),
        // The author of the post.
        AUTHOR,
        frozen(AUTHOR),
        // The author of the comment.
        writer,
        frozen(writer),
        frozen(moderator),
        moderator,
        frozen(administrator),
        administrator,
    ];
    for action in Action::ALL {
        let (target, expected) = row(action);
        let answers = actors.map(|actor| may(actor, action, target));
        assert_eq!(letters(answers), expected, "{action:?}");
    }
}

#[test]
fn an_action_on_a_target_of_another_kind_is_refused() {
    let administrator = other(Role::Administrator);
    for (action, target) in [
        (Action::Edit, Target::Site),
        (Action::Trash, Target::User { role: Role::Member }),
        (Action::Hide, public(PostState::Published)),
        (Action::Suspend, public(PostState::Published)),
        (Action::Moderate, Target::User { role: Role::Member }),
        (Action::Administer, Target::User { role: Role::Member }),
        (Action::Invite, Target::Site),
    ] {
        assert_eq!(may(administrator, action, target), Err(AppError::RoleRequired));
    }
}
