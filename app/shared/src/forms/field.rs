//! The fields of all forms.

use serde::{Deserialize, Serialize};

crate::variants! {
    /// A field of a form, whose name in requests is also its id on the page.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    pub enum Field {
        /// The username.
        Username { name: "username", label: "Username", noun: "a username", is_secret: false },
        /// An email address.
        Email { name: "email", label: "Email address", noun: "an email address", is_secret: false },
        /// A password.
        Password { name: "password", label: "Password", noun: "a password", is_secret: true },
        /// The password again.
        ConfirmPassword { name: "confirm_password", label: "Confirm password", noun: "the password again", is_secret: true },
        /// The current password.
        CurrentPassword { name: "current_password", label: "Current password", noun: "your current password", is_secret: true },
        /// A new password.
        NewPassword { name: "new_password", label: "New password", noun: "a new password", is_secret: true },
        /// The profile text.
        About { name: "about", label: "About me", noun: "something about yourself", is_secret: false },
        /// The file of an avatar.
        Picture { name: "picture", label: "Profile picture", noun: "a picture", is_secret: false },
        /// The file of an inline image.
        Image { name: "image", label: "Picture", noun: "a picture", is_secret: false },
        /// An email address or username.
        Login { name: "login", label: "Email address or username", noun: "your email address or username", is_secret: false },
        /// Whether to stay logged in.
        Remember { name: "remember", label: "Remember me", noun: "yes or no", is_secret: false },
        /// The title of a post.
        Title { name: "title", label: "Title", noun: "a title", is_secret: false },
        /// The tags of a post.
        Tags { name: "tags", label: "Tags", noun: "tags", is_secret: false },
        /// The text of a post.
        Content { name: "content", label: "Content", noun: "some content", is_secret: false },
        /// The reason of a moderator.
        Reason { name: "reason", label: "Reason", noun: "a reason", is_secret: false },
        /// The role of an invited person.
        Role { name: "role", label: "Role", noun: "a role", is_secret: false },
        /// The number of people who can use an invitation.
        Uses { name: "uses", label: "Number of people", noun: "a number", is_secret: false },
        /// The number of days for which an invitation is valid.
        Days { name: "days", label: "Days until it ends", noun: "a number of days", is_secret: false },
    }

    /// Returns the name in requests, which is also the id on the page.
    pub const fn name(self) -> &'static str;
    /// Returns the label.
    pub const fn label(self) -> &'static str;
    /// Returns the noun for messages such as "Enter a username".
    pub const fn noun(self) -> &'static str;
    /// Returns whether the value must not be sent back to the page.
    pub const fn is_secret(self) -> bool;
}

impl Field {
    /// Returns the field called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}
