//! Flash messages, which the next page shows once.
//!
//! A message is passed by its name in a cookie. The set of messages is closed, so a forged cookie cannot show other
//! text, and anonymous visitors need no session.

/// The cookie with the name of a [`Flash`].
pub const COOKIE: &str = "flash";

/// Returns the cookie that removes a message after it was shown.
#[must_use]
pub fn removal() -> String {
    format!("{COOKIE}=; Path=/; SameSite=Lax; Max-Age=0")
}

/// The category of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// A success.
    Success,
    /// Neutral information.
    Info,
    /// A warning.
    Warning,
    /// A failure.
    Danger,
}

impl Category {
    /// Returns the name of the category in class names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// Declares the messages: variant, category, name in the cookie and text.
macro_rules! messages {
    ($($(#[doc = $doc:literal])+ $message:ident, $category:ident, $name:literal, $text:literal;)+) => {
        /// A message to be shown on the next page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Flash {
            $($(#[doc = $doc])+ $message,)+
        }

        impl Flash {
            const ALL: &[Self] = &[$(Self::$message,)+];

            /// Returns the name in the cookie.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$message => $name,)+
                }
            }

            /// Returns the category.
            #[must_use]
            pub const fn category(self) -> Category {
                match self {
                    $(Self::$message => Category::$category,)+
                }
            }

            /// Returns the message.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self {
                    $(Self::$message => $text,)+
                }
            }
        }
    };
}

// `end2end/tests/flash.spec.ts` parses this list and tests each message.
messages! {
    /// An account was created.
    Registered, Success, "registered",
        "Your account has been created. You can log in now. We have emailed you a link to confirm your address.";
    /// The account of the first administrator was created.
    AdministratorRegistered, Success, "administrator-registered",
        "The administrator account has been created. You can log in now.";
    /// An existing account became the first administrator.
    AdministratorMade, Success, "administrator-made",
        "You are now the administrator of this site.";
    /// The visitor has logged in.
    LoggedIn, Success, "logged-in",
        "You are logged in.";
    /// The visitor has logged out.
    LoggedOut, Info, "logged-out",
        "You are logged out.";
    /// Logging out failed.
    LogoutFailed, Danger, "logout-failed",
        "You are still logged in because the site did not respond. Try again.";
    /// The requested page requires a login.
    LogInFirst, Info, "log-in-first",
        "Log in to see that page.";
    /// A post was published.
    PostPublished, Success, "post-published",
        "Your post has been published.";
    /// A post was updated.
    PostUpdated, Success, "post-updated",
        "Your changes have been published.";
    /// A draft was saved.
    DraftSaved, Success, "draft-saved",
        "Your draft has been saved.";
    /// A draft was discarded.
    DraftDiscarded, Info, "draft-discarded",
        "The draft has been discarded.";
    /// A post was moved to the trash.
    PostDeleted, Info, "post-deleted",
        "Your post is in the trash. You can restore it within 30 days.";
    /// A post was restored.
    PostRestored, Success, "post-restored",
        "Your post is back on the site.";
    /// The account will be created when its address is confirmed.
    RegisteredCheckMail, Success, "registered-check-mail",
        "Check your email for a link to finish registering.";
    /// An account was created and its address confirmed.
    AccountConfirmed, Success, "account-confirmed",
        "Your account has been created and your email address is confirmed. You can log in now.";
    /// The username of a registration has been taken in the meantime.
    NameTaken, Warning, "name-taken",
        "Somebody else has taken that username since then. Register with a different one.";
    /// An address was confirmed.
    EmailConfirmed, Success, "email-confirmed",
        "Your email address is confirmed.";
    /// A confirmation link was sent.
    ConfirmationSent, Info, "confirmation-sent",
        "Check your email: we have sent you another link.";
    /// A pending change of address was cancelled.
    AddressKept, Info, "address-kept",
        "Your email address stays the same.";
    /// Passwords cannot be reset while logged in.
    LogOutFirst, Info, "log-out-first",
        "You are logged in. To choose a new password by email, log out first.";
    /// There is no unconfirmed address.
    AlreadyConfirmed, Info, "already-confirmed",
        "Your email address is already confirmed.";
    /// A password reset was requested.
    RecoverySent, Info, "recovery-sent",
        "Check your email. If that address has an account, a link to choose a new password is on its way.";
    /// A link from a mail is forged, used or expired.
    LinkUseless, Warning, "link-useless",
        "That link no longer works. It has been used, or it is too old. Ask for another one.";
    /// A password was reset and all sessions ended.
    PasswordReset, Success, "password-reset",
        "Your password has been changed. Log in with the new one.";
    /// The profile was changed.
    ProfileSaved, Success, "profile-saved",
        "Your profile has been saved.";
    /// The profile was changed; the new address has to be confirmed.
    ProfileSavedCheckMail, Success, "profile-saved-check-mail",
        "Your profile has been saved. Check your email for a link to confirm your new address.";
    /// The password was changed and the other sessions ended.
    PasswordChanged, Success, "password-changed",
        "Your password has been changed. You have been logged out everywhere else.";
    /// The avatar was changed.
    PictureSaved, Success, "picture-saved",
        "Your profile picture has been saved.";
    /// The avatar was removed.
    PictureRemoved, Info, "picture-removed",
        "Your profile picture has been removed.";
    /// A session was ended.
    SessionEnded, Success, "session-ended",
        "That session has ended.";
    /// All other sessions were ended.
    SessionsEnded, Success, "sessions-ended",
        "All other sessions have ended.";
    /// The account was deleted.
    AccountDeleted, Info, "account-deleted",
        "Your account and everything in it have been deleted.";
    /// A post was hidden.
    PostHidden, Info, "post-hidden",
        "The post is hidden. Its author can see the reason in their trash.";
    /// A hidden post was made visible again.
    PostShown, Success, "post-shown",
        "The post is back on the site.";
    /// A user was suspended.
    AccountSuspended, Info, "account-suspended",
        "The account is suspended and its sessions have ended.";
    /// A suspension was lifted.
    AccountReinstated, Success, "account-reinstated",
        "The account can be used again.";
}

impl Flash {
    /// Returns the message called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|flash| flash.name() == name)
    }

    /// Returns the message in a `Cookie` header or in `document.cookie`, which have the same format.
    #[must_use]
    pub fn in_cookies(cookies: &str) -> Option<Self> {
        cookies
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE)
            .and_then(|(_, value)| Self::named(value))
    }

    /// Returns the cookie that shows the message on the next page, for `Set-Cookie` or `document.cookie`.
    #[must_use]
    pub fn to_cookie(self) -> String {
        format!("{COOKIE}={}; Path=/; SameSite=Lax; Max-Age=60", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::model::post::TRASH_DAYS;

    #[test]
    fn every_message_is_found_by_its_name() {
        for flash in Flash::ALL.iter().copied() {
            assert_eq!(
                Flash::in_cookies(&format!("a=b; {COOKIE}={}; c", flash.name())),
                Some(flash)
            );
        }
    }

    #[test]
    fn the_message_about_the_trash_says_how_long_a_post_stays_there() {
        let time = format!("within {TRASH_DAYS} days");
        assert!(Flash::PostDeleted.message().contains(&time), "{time}");
    }

    #[test]
    fn a_forged_message_says_nothing() {
        for cookies in [
            "",
            "flash",
            "flash=",
            "flash=<script>",
            "xflash=logged-in",
            "a=flash=logged-in",
        ] {
            assert_eq!(Flash::in_cookies(cookies), None, "{cookies:?}");
        }
    }
}
