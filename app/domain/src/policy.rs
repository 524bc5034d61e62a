//! The permissions: who may do what to whom.
//!
//! Use-cases ask [`may`] before they read, change, hide or restore what belongs to somebody, with an [`Actor`] that was
//! read in the transaction of a change: the role of a session may have been taken away since the session began. What
//! people do to their own account and drafts, which the database finds by their id alone, needs no permission.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};

use time::OffsetDateTime;

use crate::platform::{db::Transaction, entity::user};
use shared::{
    error::AppError,
    model::{
        account::{Role, Viewer},
        comment::{CommentState, HiddenBy},
        post::{PostState, PostStatus, Visibility},
    },
    variants,
};

/// Somebody who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A visitor who is not logged in.
    Visitor,
    /// A user.
    User {
        /// The id.
        id: i64,
        /// The role.
        role: Role,
        /// Whether a moderator has frozen the account.
        is_frozen: bool,
    },
    /// A command or a job. Whoever runs commands has access to the database anyway, but a command does not undo what
    /// moderators have done by accident either.
    Operator,
}

variants! {
    /// An action on a [`Target`].
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Action {
        /// Read a post.
        Read { is_open_to_frozen: true },
        /// Read the texts that a post had before, although they are not public.
        ReadHistory { is_open_to_frozen: true },
        /// Publish a post or a link to a draft.
        Publish { is_open_to_frozen: false },
        /// Change a post, or open it for that.
        Edit { is_open_to_frozen: false },
        /// Move a post to the trash, or restore it.
        Trash { is_open_to_frozen: true },
        /// Change the profile or the avatar that others see.
        ChangeProfile { is_open_to_frozen: false },
        /// Upload an inline image.
        UploadImage { is_open_to_frozen: false },
        /// Hide a post of a user, or make it visible again.
        Hide { is_open_to_frozen: false },
        /// Suspend a user, or lift a suspension.
        Suspend { is_open_to_frozen: false },
        /// Freeze the account of a user, or unfreeze it.
        Freeze { is_open_to_frozen: false },
        /// See the moderation pages and what they say about people.
        Moderate { is_open_to_frozen: true },
        /// Change the settings, pages and other parts of the site itself.
        Administer { is_open_to_frozen: false },
        /// Invite somebody to a role, or revoke such an invitation.
        Invite { is_open_to_frozen: false },
        /// Comment on a post.
        Comment { is_open_to_frozen: false },
        /// Close or open the comments on a post, or pin one.
        ManageComments { is_open_to_frozen: false },
        /// Change a comment.
        EditComment { is_open_to_frozen: false },
        /// Delete a comment.
        DeleteComment { is_open_to_frozen: true },
        /// Hide a comment, or show one that is hidden or held.
        HideComment { is_open_to_frozen: false },
        /// Read the text of a comment.
        ReadComment { is_open_to_frozen: true },
    }

    /// Returns whether users can do it while their account is frozen.
    const fn is_open_to_frozen(self) -> bool;
}

/// The target of an [`Action`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The site.
    Site,
    /// A post.
    Post {
        /// The id of the author.
        author: i64,
        /// The visibility and the state.
        status: PostStatus,
    },
    /// A user.
    User {
        /// The role.
        role: Role,
    },
    /// The comments on a post.
    Discussion {
        /// The id of the author of the post.
        author: i64,
        /// The role of the author of the post.
        role: Role,
        /// The visibility and the state of the post.
        status: PostStatus,
        /// Whether nobody can comment.
        is_closed: bool,
    },
    /// A comment on a post that the actor may read.
    Comment {
        /// The id of the author, if they have an account.
        author: Option<i64>,
        /// The role of the author, if they have an account.
        role: Option<Role>,
        /// The id of the author of the post.
        post_author: i64,
        /// The state.
        state: CommentState,
        /// Who has hidden it, if it is hidden.
        hidden_by: Option<HiddenBy>,
    },
}

/// Returns whether `actor` may do `action` to `target`.
///
/// # Errors
///
/// Returns why not: [`AppError::SignInRequired`] for a visitor; [`AppError::NotFound`] for a post that the actor is not
/// to know of; [`AppError::Forbidden`] for a post of another user; [`AppError::RoleRequired`] for moderation without a
/// higher role than the other user's; [`AppError::Frozen`] for what the actor could do if the account were not frozen; for a post that has been deleted [`AppError::Gone`], or
/// [`AppError::Hidden`] (to its author and the operator) or [`AppError::Removed`] (to others) if it was a moderator
/// who hid it; [`AppError::CommentsClosed`] for a post that takes no comments; and [`AppError::CommentGone`] or
/// [`AppError::CommentHidden`] for a comment that has been deleted or hidden.
pub fn may(actor: Actor, action: Action, target: Target) -> Result<(), AppError> {
    unless_frozen(actor, action, target)?;
    match actor {
        Actor::User { is_frozen: true, .. } if !action.is_open_to_frozen() => Err(AppError::Frozen),
        _ => Ok(()),
    }
}

/// Returns whether `actor` may do `action` to `target` unless their account is frozen.
fn unless_frozen(actor: Actor, action: Action, target: Target) -> Result<(), AppError> {
    match (action, target) {
        (Action::Read, Target::Post { author, status }) => may_read(actor, author, status),
        (Action::ReadHistory, Target::Post { author, status }) => {
            may_read(actor, author, status)?;
            match actor {
                Actor::Visitor => Err(AppError::SignInRequired),
                Actor::User { id, role, .. } if id != author && !role.moderates() => Err(AppError::Forbidden),
                Actor::User { .. } | Actor::Operator => Ok(()),
            }
        }
        (Action::Edit | Action::Trash, Target::Post { author, status }) => {
            may_change(actor, action, author, status)
        }
        (Action::Hide | Action::Suspend | Action::Freeze, Target::User { role: theirs }) => match actor {
            Actor::Visitor => Err(AppError::SignInRequired),
            Actor::User { role, .. } if role.moderates() && role > theirs => Ok(()),
            Actor::User { .. } => Err(AppError::RoleRequired),
            Actor::Operator => Ok(()),
        },
        (Action::Invite, Target::User { role: theirs }) => match actor {
            Actor::User { role, .. } if role < theirs => Err(AppError::RoleRequired),
            actor => requires(actor, Role::administers),
        },
        (
            Action::Comment,
            Target::Discussion {
                author,
                status,
                is_closed,
                ..
            },
        ) => may_comment(actor, author, status, is_closed),
        (
            Action::ManageComments,
            Target::Discussion {
                author, role, status, ..
            },
        ) => {
            may_read(actor, author, status)?;
            match actor {
                Actor::Visitor => Err(AppError::SignInRequired),
                Actor::User { id, role: own, .. } if id == author || own.moderates() && own > role => Ok(()),
                Actor::User { .. } => Err(AppError::Forbidden),
                Actor::Operator => Ok(()),
            }
        }
        (
            action,
            Target::Comment {
                author,
                role,
                post_author,
                state,
                hidden_by,
            },
        ) => {
            let comment = CommentTarget {
                author,
                role,
                post_author,
                state,
                hidden_by,
            };
            comment.may(actor, action)
        }
        (Action::Publish | Action::ChangeProfile | Action::UploadImage, Target::Site) => match actor {
            Actor::Visitor => Err(AppError::SignInRequired),
            Actor::User { .. } | Actor::Operator => Ok(()),
        },
        (Action::Moderate, Target::Site) => requires(actor, Role::moderates),
        (Action::Administer, Target::Site) => requires(actor, Role::administers),
        _ => Err(AppError::RoleRequired),
    }
}

/// Returns whether `actor` is the operator or has a role for which `has` is true.
fn requires(actor: Actor, has: fn(Role) -> bool) -> Result<(), AppError> {
    match actor {
        Actor::Visitor => Err(AppError::SignInRequired),
        Actor::User { role, .. } if has(role) => Ok(()),
        Actor::User { .. } => Err(AppError::RoleRequired),
        Actor::Operator => Ok(()),
    }
}

/// Returns whether `actor` may read the post of `author` with this `status`. A post in the trash is gone for everybody.
fn may_read(actor: Actor, author: i64, status: PostStatus) -> Result<(), AppError> {
    let (is_own, moderates) = match actor {
        Actor::Visitor => (false, false),
        Actor::User { id, role, .. } => (id == author, role.moderates()),
        Actor::Operator => (true, true),
    };
    let sees = is_own || moderates;
    // The author's choice comes first: somebody who could never read the post does not learn what became of it.
    match status.visibility {
        // Moderators see of private posts only those that they have hidden or are to decide about.
        Visibility::Private if !is_own => {
            let concerns = matches!(status.state, PostState::Hidden | PostState::Held);
            if !(moderates && concerns) {
                return Err(AppError::NotFound);
            }
        }
        Visibility::Members if actor == Actor::Visitor => return Err(AppError::SignInRequired),
        _ => {}
    }
    match status.state {
        PostState::Published => Ok(()),
        PostState::Held | PostState::Hidden if sees => Ok(()),
        PostState::Held => Err(AppError::NotFound),
        PostState::Hidden => Err(AppError::Removed),
        PostState::Deleted => Err(AppError::Gone),
    }
}

/// Returns whether `actor` may do `action`, which changes it, to the post of `author` with this `status`.
fn may_change(actor: Actor, action: Action, author: i64, status: PostStatus) -> Result<(), AppError> {
    let is_own = match actor {
        Actor::Visitor => return Err(AppError::SignInRequired),
        Actor::User { id, .. } => id == author,
        Actor::Operator => true,
    };
    if !is_own {
        // The same as when the post is read, and what can be read is refused.
        return may_read(actor, author, status).and(Err(AppError::Forbidden));
    }
    match status.state {
        PostState::Hidden => Err(AppError::Hidden),
        PostState::Held if action == Action::Trash => Err(AppError::Hidden),
        PostState::Deleted if action == Action::Edit => Err(AppError::Gone),
        PostState::Published | PostState::Held | PostState::Deleted => Ok(()),
    }
}

/// Returns whether `actor` may comment on the post of `author` with this `status`.
fn may_comment(actor: Actor, author: i64, status: PostStatus, is_closed: bool) -> Result<(), AppError> {
    may_read(actor, author, status)?;
    if is_closed || status.state != PostState::Published {
        return Err(AppError::CommentsClosed);
    }
    match actor {
        Actor::Visitor => Err(AppError::SignInRequired),
        Actor::User { .. } => Ok(()),
        // A comment has an author.
        Actor::Operator => Err(AppError::RoleRequired),
    }
}

/// The fields of [`Target::Comment`].
#[derive(Clone, Copy)]
struct CommentTarget {
    author: Option<i64>,
    role: Option<Role>,
    post_author: i64,
    state: CommentState,
    hidden_by: Option<HiddenBy>,
}

impl CommentTarget {
    fn may(self, actor: Actor, action: Action) -> Result<(), AppError> {
        match action {
            Action::ReadComment => self.may_read(actor),
            Action::EditComment | Action::DeleteComment => self.may_change(actor, action),
            Action::HideComment => self.may_hide(actor),
            _ => Err(AppError::RoleRequired),
        }
    }

    fn is_of(self, actor: Actor) -> bool {
        matches!(actor, Actor::User { id, .. } if self.author == Some(id))
    }

    /// Returns whether `actor` may read the text. What is not published is read by its author, by the author of the post and by
    /// moderators.
    fn may_read(self, actor: Actor) -> Result<(), AppError> {
        let sees = match actor {
            Actor::Visitor => false,
            Actor::User { id, role, .. } => {
                self.author == Some(id) || self.post_author == id || role.moderates()
            }
            Actor::Operator => true,
        };
        match self.state {
            CommentState::Published => Ok(()),
            CommentState::Held | CommentState::Hidden if sees => Ok(()),
            CommentState::Held => Err(AppError::NotFound),
            CommentState::Hidden => Err(AppError::CommentHidden),
            CommentState::Deleted => Err(AppError::CommentGone),
        }
    }

    fn may_change(self, actor: Actor, action: Action) -> Result<(), AppError> {
        self.may_read(actor)?;
        if actor == Actor::Visitor {
            return Err(AppError::SignInRequired);
        }
        if !self.is_of(actor) {
            return Err(AppError::Forbidden);
        }
        match self.state {
            // What was hidden stays as it was when somebody decided about it.
            CommentState::Hidden => Err(AppError::CommentHidden),
            // It could otherwise be changed after a moderator has read it, and before they decide.
            CommentState::Held if action == Action::EditComment => Err(AppError::CommentHidden),
            CommentState::Published | CommentState::Held | CommentState::Deleted => Ok(()),
        }
    }

    /// Returns whether `actor` may hide the comment, or show it: the author of the post, or a moderator with a higher role
    /// than the author of the comment. Nobody hides their own, and only moderators show what moderators have hidden.
    fn may_hide(self, actor: Actor) -> Result<(), AppError> {
        self.may_read(actor)?;
        let Actor::User { id, role, .. } = actor else {
            return match actor {
                Actor::Visitor => Err(AppError::SignInRequired),
                Actor::User { .. } | Actor::Operator => Ok(()),
            };
        };
        let outranks = role.moderates() && self.role.is_none_or(|theirs| role > theirs);
        let is_host = id == self.post_author && self.hidden_by != Some(HiddenBy::Moderator);
        if self.is_of(actor) || !(outranks || is_host) {
            return Err(AppError::Forbidden);
        }
        match self.state {
            CommentState::Published | CommentState::Hidden => Ok(()),
            // It waits for a moderator.
            CommentState::Held if outranks => Ok(()),
            CommentState::Held | CommentState::Deleted => Err(AppError::CommentHidden),
        }
    }
}

impl From<&Viewer> for Actor {
    /// For pages and for decisions that change nothing, where the role of the request is recent enough.
    fn from(viewer: &Viewer) -> Self {
        Self::User {
            id: viewer.id,
            role: viewer.role,
            is_frozen: viewer.is_frozen,
        }
    }
}

/// Returns `viewer` with their current role.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] if the user has been suspended or deleted since the request began.
pub(crate) async fn actor(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Actor, AppError> {
    read(db, active(viewer.id)).await
}

/// Locks the row of `viewer`, which serializes their requests, and returns them with their current role. SQLite transactions are
/// serialized anyway.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] if the user has been suspended or deleted since the request began.
pub(crate) async fn lock(transaction: &Transaction, viewer: &Viewer) -> Result<Actor, AppError> {
    read(transaction, active(viewer.id).lock_exclusive()).await
}

fn active(id: i64) -> Select<user::Entity> {
    user::Entity::find_by_id(id)
        .select_only()
        .columns([user::Column::Id, user::Column::Role, user::Column::FrozenUntil])
        .filter(user::Column::SuspendedBecause.is_null())
}

async fn read(db: &impl ConnectionTrait, user: Select<user::Entity>) -> Result<Actor, AppError> {
    let found: Option<(i64, Role, Option<OffsetDateTime>)> = user.into_tuple().one(db).await?;
    let (id, role, frozen_until) = found.ok_or(AppError::SignInRequired)?;
    Ok(Actor::User {
        id,
        role,
        // A job removes the time when it has come.
        is_frozen: frozen_until.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            for action in [Action::Hide, Action::Suspend, Action::Freeze] {
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
            for action in [Action::Hide, Action::Suspend, Action::Freeze] {
                assert_eq!(may(Actor::Operator, action, Target::User { role }), Ok(()));
            }
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
            Action::Read => (POST, "yyyyyyyyy"),
            Action::ReadHistory => (POST, "lffyyffyy"),
            Action::Publish | Action::ChangeProfile | Action::UploadImage => (Target::Site, "lyzyzyzzy"),
            Action::Edit => (POST, "lffyzffff"),
            Action::Trash => (POST, "lffyyffff"),
            Action::Hide | Action::Suspend | Action::Freeze => (MEMBER, "lrrrrrrzy"),
            Action::Moderate => (Target::Site, "lrrrrrryy"),
            Action::Administer => (Target::Site, "lrrrrrrrr"),
            Action::Invite => (MEMBER, "lrrrrrrrr"),
            Action::Comment => (DISCUSSION, "lyzyzyzzy"),
            Action::ManageComments => (DISCUSSION, "lffyzffzy"),
            Action::EditComment => (COMMENT, "lffffyzff"),
            Action::DeleteComment => (COMMENT, "lffffyyff"),
            Action::HideComment => (COMMENT, "lffyzffzy"),
            Action::ReadComment => (COMMENT, "yyyyyyyyy"),
        }
    }

    #[test]
    fn every_action_is_open_to_those_whose_it_is_unless_their_account_is_frozen() {
        let (member, writer) = (other(Role::Member), user(3, Role::Member));
        let moderator = user(4, Role::Moderator);
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
        ];
        for action in Action::ALL {
            let (target, expected) = row(action);
            let answers = actors.map(|actor| may(actor, action, target));
            assert_eq!(letters(answers), expected, "{action:?}");
        }
    }

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
}
