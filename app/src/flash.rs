//! Messages that the next page shows once.
//!
//! A message travels in a cookie that holds its name alone: a closed set, so a forged cookie can say nothing that the
//! site would not say itself, and nobody needs a session just to be told something.

/// The cookie that carries the name of a [`Flash`].
pub const COOKIE: &str = "flash";

/// The cookie that takes a message away once it has been shown.
#[must_use]
pub fn removal() -> String {
    format!("{COOKIE}=; Path=/; SameSite=Lax; Max-Age=0")
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// It worked.
    Success,
    /// For your information.
    Info,
    /// Take care.
    Warning,
    /// It did not work.
    Danger,
}

impl Category {
    /// The name of the style.
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

/// Declares the messages: what each is called here, how it is meant, what the cookie calls it, and what it says.
macro_rules! messages {
    ($($(#[doc = $doc:literal])+ $message:ident, $category:ident, $name:literal, $text:literal;)+) => {
        /// Something to tell the visitor on the page that comes next.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Flash {
            $($(#[doc = $doc])+ $message,)+
        }

        impl Flash {
            const ALL: &[Self] = &[$(Self::$message,)+];

            /// The name that the cookie holds.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$message => $name,)+
                }
            }

            /// How it is meant.
            #[must_use]
            pub const fn category(self) -> Category {
                match self {
                    $(Self::$message => Category::$category,)+
                }
            }

            /// Returns the text of the message.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$message => $text,)+
                }
            }
        }
    };
}

// `end2end/tests/flash.spec.ts` reads this list, and has a story for each message.
messages! {
    /// The account exists.
    Registered, Success, "registered",
        "Your account has been created. You can log in now. We have emailed you a link to confirm your address.";
    /// The first administrator's account exists.
    AdministratorRegistered, Success, "administrator-registered",
        "The administrator account has been created. You can log in now.";
    /// An account that was there is the first administrator's.
    AdministratorMade, Success, "administrator-made",
        "You are now the administrator of this site.";
    /// Signed in.
    LoggedIn, Success, "logged-in",
        "You are logged in.";
    /// Signed out.
    LoggedOut, Info, "logged-out",
        "You are logged out.";
    /// Not signed out.
    LogoutFailed, Danger, "logout-failed",
        "You are still logged in because the site did not respond. Try again.";
    /// The page that was asked for needs a login.
    LogInFirst, Info, "log-in-first",
        "Log in to see that page.";
    /// The post is on the site.
    PostPublished, Success, "post-published",
        "Your post has been published.";
    /// The post is changed.
    PostUpdated, Success, "post-updated",
        "Your changes have been published.";
    /// The text is kept as a draft.
    DraftSaved, Success, "draft-saved",
        "Your draft has been saved.";
    /// The draft is gone.
    DraftDiscarded, Info, "draft-discarded",
        "The draft has been discarded.";
    /// The post is in the trash.
    PostDeleted, Info, "post-deleted",
        "Your post is in the trash. You can restore it within 30 days.";
    /// The post is back.
    PostRestored, Success, "post-restored",
        "Your post is back on the site.";
    /// An account will be there when its address is confirmed.
    RegisteredCheckMail, Success, "registered-check-mail",
        "Check your email for a link to finish registering.";
    /// The account exists and its address is confirmed.
    AccountConfirmed, Success, "account-confirmed",
        "Your account has been created and your email address is confirmed. You can log in now.";
    /// The name of an account to be was taken meanwhile.
    NameTaken, Warning, "name-taken",
        "Somebody else has taken that username since then. Register with a different one.";
    /// The address is known to be its owner's.
    EmailConfirmed, Success, "email-confirmed",
        "Your email address is confirmed.";
    /// A link was sent to the address that is to be confirmed.
    ConfirmationSent, Info, "confirmation-sent",
        "Check your email: we have sent you another link.";
    /// The address stays as it is.
    AddressKept, Info, "address-kept",
        "Your email address stays the same.";
    /// Who is signed in chooses no password by mail.
    LogOutFirst, Info, "log-out-first",
        "You are logged in. To choose a new password by email, log out first.";
    /// There is nothing to confirm.
    AlreadyConfirmed, Info, "already-confirmed",
        "Your email address is already confirmed.";
    /// If the address has an account, a link is on its way.
    RecoverySent, Info, "recovery-sent",
        "Check your email. If that address has an account, a link to choose a new password is on its way.";
    /// A link from a mail is forged, used or out of date.
    LinkUseless, Warning, "link-useless",
        "That link no longer works. It has been used, or it is too old. Ask for another one.";
    /// The password is new, and every session has ended.
    PasswordReset, Success, "password-reset",
        "Your password has been changed. Log in with the new one.";
    /// The profile is changed.
    ProfileSaved, Success, "profile-saved",
        "Your profile has been saved.";
    /// The profile is changed; the new address waits.
    ProfileSavedCheckMail, Success, "profile-saved-check-mail",
        "Your profile has been saved. Check your email for a link to confirm your new address.";
    /// The password is changed, and the other sessions have ended.
    PasswordChanged, Success, "password-changed",
        "Your password has been changed. You have been logged out everywhere else.";
    /// The picture is changed.
    PictureSaved, Success, "picture-saved",
        "Your profile picture has been saved.";
    /// The picture is taken away.
    PictureRemoved, Info, "picture-removed",
        "Your profile picture has been removed.";
    /// One session has ended.
    SessionEnded, Success, "session-ended",
        "That session has ended.";
    /// All other sessions have ended.
    SessionsEnded, Success, "sessions-ended",
        "All other sessions have ended.";
    /// The account is gone.
    AccountDeleted, Info, "account-deleted",
        "Your account and everything in it have been deleted.";
    /// A moderator has taken a post off the site.
    PostHidden, Info, "post-hidden",
        "The post is hidden. Its author can see the reason in their trash.";
    /// A moderator has brought a post back.
    PostShown, Success, "post-shown",
        "The post is back on the site.";
    /// A moderator has suspended an account.
    AccountSuspended, Info, "account-suspended",
        "The account is suspended and its sessions have ended.";
    /// A moderator lets somebody in again.
    AccountReinstated, Success, "account-reinstated",
        "The account can be used again.";
}

impl Flash {
    /// The message called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|flash| flash.name() == name)
    }

    /// The message in a `Cookie` header, or in the browser's `document.cookie`: both have the same form.
    #[must_use]
    pub fn in_cookies(cookies: &str) -> Option<Self> {
        cookies
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE)
            .and_then(|(_, value)| Self::named(value))
    }

    /// The cookie that has the next page show it, as `Set-Cookie` and `document.cookie` take it.
    #[must_use]
    pub fn to_cookie(self) -> String {
        format!("{COOKIE}={}; Path=/; SameSite=Lax; Max-Age=60", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
