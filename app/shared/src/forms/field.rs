//! The fields of all forms.

use serde::{Deserialize, Serialize};

/// A field of a form, whose name in requests is also its id on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Field {
    /// The username.
    Username,
    /// An email address.
    Email,
    /// A password.
    Password,
    /// The password again.
    ConfirmPassword,
    /// The current password.
    CurrentPassword,
    /// A new password.
    NewPassword,
    /// The profile text.
    About,
    /// The file of an avatar.
    Picture,
    /// The file of an inline image.
    Image,
    /// An email address or username.
    Login,
    /// Whether to stay logged in.
    Remember,
    /// The title of a post.
    Title,
    /// The tags of a post.
    Tags,
    /// The text of a post.
    Content,
    /// The reason of a moderator.
    Reason,
}

impl Field {
    const ALL: [Self; 15] = [
        Self::Username,
        Self::Email,
        Self::Password,
        Self::ConfirmPassword,
        Self::CurrentPassword,
        Self::NewPassword,
        Self::About,
        Self::Picture,
        Self::Image,
        Self::Login,
        Self::Remember,
        Self::Title,
        Self::Tags,
        Self::Content,
        Self::Reason,
    ];

    /// Returns the field called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Returns whether the value must not be sent back to the page.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        match self {
            Self::Password | Self::ConfirmPassword | Self::CurrentPassword | Self::NewPassword => true,
            Self::Username
            | Self::Email
            | Self::About
            | Self::Picture
            | Self::Image
            | Self::Login
            | Self::Remember
            | Self::Title
            | Self::Tags
            | Self::Content
            | Self::Reason => false,
        }
    }

    /// Returns the name in requests, which is also the id on the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
            Self::Password => "password",
            Self::ConfirmPassword => "confirm_password",
            Self::CurrentPassword => "current_password",
            Self::NewPassword => "new_password",
            Self::About => "about",
            Self::Picture => "picture",
            Self::Image => "image",
            Self::Login => "login",
            Self::Remember => "remember",
            Self::Title => "title",
            Self::Tags => "tags",
            Self::Content => "content",
            Self::Reason => "reason",
        }
    }

    /// Returns the label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Username => "Username",
            Self::Email => "Email address",
            Self::Password => "Password",
            Self::ConfirmPassword => "Confirm password",
            Self::CurrentPassword => "Current password",
            Self::NewPassword => "New password",
            Self::About => "About me",
            Self::Picture => "Profile picture",
            Self::Image => "Picture",
            Self::Login => "Email address or username",
            Self::Remember => "Remember me",
            Self::Title => "Title",
            Self::Tags => "Tags",
            Self::Content => "Content",
            Self::Reason => "Reason",
        }
    }

    /// Returns the noun for messages such as "Enter a username".
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Username => "a username",
            Self::Email => "an email address",
            Self::Password => "a password",
            Self::ConfirmPassword => "the password again",
            Self::CurrentPassword => "your current password",
            Self::NewPassword => "a new password",
            Self::About => "something about yourself",
            Self::Picture | Self::Image => "a picture",
            Self::Login => "your email address or username",
            Self::Remember => "yes or no",
            Self::Title => "a title",
            Self::Tags => "tags",
            Self::Content => "some content",
            Self::Reason => "a reason",
        }
    }
}
