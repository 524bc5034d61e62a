//! What is done.

use shared::variants;

variants! {
    /// An action on a [`Target`].
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Action {
        /// Read a post.
        Read { is_open_to_frozen: true },
        /// Read the texts that a post had before, although they are not public.
        ReadHistory { is_open_to_frozen: true },
        /// Publish a post, a change of one, or a link to a draft.
        Publish { is_open_to_frozen: false },
        /// Open a post to change it, and save a draft of the change.
        Edit { is_open_to_frozen: true },
        /// Move a post to the trash, or find it there.
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
        /// Report a text or a person.
        Report { is_open_to_frozen: true },
        /// Decide that the site trusts a user.
        Trust { is_open_to_frozen: false },
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
    pub(super) const fn is_open_to_frozen(self) -> bool;
}
