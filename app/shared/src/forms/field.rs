//! The fields of all forms.

use serde::{Deserialize, Serialize};

/// A field: its name in requests, which is its id on the page, and its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Field {
    /// A name to be known by.
    Username,
    /// An e-mail address.
    Email,
    /// A password.
    Password,
    /// The password once more.
    ConfirmPassword,
    /// The password that holds until now.
    CurrentPassword,
    /// A password to come.
    NewPassword,
    /// What somebody says of themselves.
    About,
    /// A file with a picture.
    Picture,
    /// A file with a picture for a text.
    Image,
    /// An e-mail address or a username.
    Login,
    /// Stay signed in.
    Remember,
    /// A post's title.
    Title,
    /// What a text is about.
    Tags,
    /// A post's text.
    Content,
    /// Why something is done to somebody.
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

    /// The field called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Whether what was typed here is never shown again.
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

    /// The name in a request and the id on the page.
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

    /// The label on the page.
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

    /// What to enter, as the rest of a sentence that begins with a verb.
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
