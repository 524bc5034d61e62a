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

/// Something to tell the visitor on the page that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flash {
    /// The account exists.
    Registered,
    /// Signed in.
    LoggedIn,
    /// Signed out.
    LoggedOut,
    /// Not signed out.
    LogoutFailed,
    /// The page that was asked for needs a login.
    LogInFirst,
    /// The post is on the site.
    PostPublished,
    /// The post is changed.
    PostUpdated,
    /// The text is kept as a draft.
    DraftSaved,
    /// The draft is gone.
    DraftDiscarded,
    /// The post is in the trash.
    PostDeleted,
    /// The post is back.
    PostRestored,
    /// An account will be there when its address is confirmed.
    RegisteredCheckMail,
    /// The account exists and its address is confirmed.
    AccountConfirmed,
    /// The name of an account to be was taken meanwhile.
    NameTaken,
    /// The address is known to be its owner's.
    EmailConfirmed,
    /// A link was sent to the address that is to be confirmed.
    ConfirmationSent,
    /// The address stays as it is.
    AddressKept,
    /// Who is signed in chooses no password by mail.
    LogOutFirst,
    /// There is nothing to confirm.
    AlreadyConfirmed,
    /// If the address has an account, a link is on its way.
    RecoverySent,
    /// A link from a mail is forged, used or out of date.
    LinkUseless,
    /// The password is new, and every session has ended.
    PasswordReset,
    /// The profile is changed.
    ProfileSaved,
    /// The profile is changed; the new address waits.
    ProfileSavedCheckMail,
    /// The password is changed, and the other sessions have ended.
    PasswordChanged,
    /// The picture is changed.
    PictureSaved,
    /// The picture is taken away.
    PictureRemoved,
    /// One session has ended.
    SessionEnded,
    /// All other sessions have ended.
    SessionsEnded,
    /// The account is gone.
    AccountDeleted,
    /// A moderator has taken a post off the site.
    PostHidden,
    /// A moderator has brought a post back.
    PostShown,
    /// A moderator has suspended an account.
    AccountSuspended,
    /// A moderator lets somebody in again.
    AccountReinstated,
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

impl Flash {
    const ALL: [Self; 34] = [
        Self::Registered,
        Self::LoggedIn,
        Self::LoggedOut,
        Self::LogoutFailed,
        Self::LogInFirst,
        Self::PostPublished,
        Self::PostUpdated,
        Self::DraftSaved,
        Self::DraftDiscarded,
        Self::PostDeleted,
        Self::PostRestored,
        Self::RegisteredCheckMail,
        Self::AccountConfirmed,
        Self::NameTaken,
        Self::EmailConfirmed,
        Self::ConfirmationSent,
        Self::AddressKept,
        Self::LogOutFirst,
        Self::AlreadyConfirmed,
        Self::RecoverySent,
        Self::LinkUseless,
        Self::PasswordReset,
        Self::ProfileSaved,
        Self::ProfileSavedCheckMail,
        Self::PasswordChanged,
        Self::PictureSaved,
        Self::PictureRemoved,
        Self::SessionEnded,
        Self::SessionsEnded,
        Self::AccountDeleted,
        Self::PostHidden,
        Self::PostShown,
        Self::AccountSuspended,
        Self::AccountReinstated,
    ];

    /// The name that the cookie holds.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::LoggedIn => "logged-in",
            Self::LoggedOut => "logged-out",
            Self::LogoutFailed => "logout-failed",
            Self::LogInFirst => "log-in-first",
            Self::PostPublished => "post-published",
            Self::PostUpdated => "post-updated",
            Self::DraftSaved => "draft-saved",
            Self::DraftDiscarded => "draft-discarded",
            Self::PostDeleted => "post-deleted",
            Self::PostRestored => "post-restored",
            Self::RegisteredCheckMail => "registered-check-mail",
            Self::AccountConfirmed => "account-confirmed",
            Self::NameTaken => "name-taken",
            Self::EmailConfirmed => "email-confirmed",
            Self::ConfirmationSent => "confirmation-sent",
            Self::AddressKept => "address-kept",
            Self::LogOutFirst => "log-out-first",
            Self::AlreadyConfirmed => "already-confirmed",
            Self::RecoverySent => "recovery-sent",
            Self::LinkUseless => "link-useless",
            Self::PasswordReset => "password-reset",
            Self::ProfileSaved => "profile-saved",
            Self::ProfileSavedCheckMail => "profile-saved-check-mail",
            Self::PasswordChanged => "password-changed",
            Self::PictureSaved => "picture-saved",
            Self::PictureRemoved => "picture-removed",
            Self::SessionEnded => "session-ended",
            Self::SessionsEnded => "sessions-ended",
            Self::AccountDeleted => "account-deleted",
            Self::PostHidden => "post-hidden",
            Self::PostShown => "post-shown",
            Self::AccountSuspended => "account-suspended",
            Self::AccountReinstated => "account-reinstated",
        }
    }

    /// The message called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flash| flash.name() == name)
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

    /// How it is meant.
    #[must_use]
    pub const fn category(self) -> Category {
        match self {
            Self::Registered
            | Self::LoggedIn
            | Self::PostPublished
            | Self::PostUpdated
            | Self::DraftSaved
            | Self::PostRestored
            | Self::RegisteredCheckMail
            | Self::AccountConfirmed
            | Self::EmailConfirmed
            | Self::PasswordReset
            | Self::ProfileSaved
            | Self::ProfileSavedCheckMail
            | Self::PasswordChanged
            | Self::PictureSaved
            | Self::SessionEnded
            | Self::SessionsEnded
            | Self::PostShown
            | Self::AccountReinstated => Category::Success,
            Self::LoggedOut
            | Self::LogInFirst
            | Self::ConfirmationSent
            | Self::AddressKept
            | Self::LogOutFirst
            | Self::AlreadyConfirmed
            | Self::RecoverySent
            | Self::PictureRemoved
            | Self::DraftDiscarded
            | Self::PostDeleted
            | Self::AccountDeleted
            | Self::PostHidden
            | Self::AccountSuspended => Category::Info,
            Self::NameTaken | Self::LinkUseless => Category::Warning,
            Self::LogoutFailed => Category::Danger,
        }
    }

    /// What it says.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Registered => "Your account has been created. You can log in now.",
            Self::LoggedIn => "You are logged in.",
            Self::LoggedOut => "You are logged out.",
            Self::LogoutFailed => "You are still logged in: the site did not answer. Try again.",
            Self::LogInFirst => "Log in to see that page.",
            Self::PostPublished => "Your post is published.",
            Self::PostUpdated => "Your changes are published.",
            Self::DraftSaved => "Your draft is saved.",
            Self::DraftDiscarded => "That draft is discarded.",
            Self::PostDeleted => "Your post is in the trash. You can bring it back for 30 days.",
            Self::PostRestored => "Your post is back on the site.",
            Self::RegisteredCheckMail => "Check your mail: a link there finishes your registration.",
            Self::AccountConfirmed => {
                "Your account has been created and your address is confirmed. You can log in now."
            }
            Self::NameTaken => "Somebody has taken that username meanwhile. Register with another one.",
            Self::EmailConfirmed => "Your e-mail address is confirmed.",
            Self::ConfirmationSent => "Check your mail: we have sent you a link once more.",
            Self::AddressKept => "Your e-mail address stays as it is.",
            Self::LogOutFirst => "You are logged in. Log out first to choose a new password by mail.",
            Self::AlreadyConfirmed => "Your e-mail address is confirmed already.",
            Self::RecoverySent => {
                "Check your mail: if that address has an account, a link to choose a new password is on its way."
            }
            Self::LinkUseless => {
                "That link does not work any more: it was used, or it is too old. Ask for another one."
            }
            Self::PasswordReset => "Your password is changed. Log in with the new one.",
            Self::ProfileSaved => "Your profile is saved.",
            Self::ProfileSavedCheckMail => {
                "Your profile is saved. Check your mail: a link there confirms the new address."
            }
            Self::PasswordChanged => {
                "Your password is changed. Wherever else you were logged in, you no longer are."
            }
            Self::PictureSaved => "Your picture is saved.",
            Self::PictureRemoved => "Your picture is removed.",
            Self::SessionEnded => "That session has ended.",
            Self::SessionsEnded => "All other sessions have ended.",
            Self::AccountDeleted => "Your account and everything in it is deleted.",
            Self::PostHidden => "The post is hidden, and its author finds the reason in the trash.",
            Self::PostShown => "The post is on the site again.",
            Self::AccountSuspended => "The account is suspended, and its sessions have ended.",
            Self::AccountReinstated => "The account can be used again.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_found_by_its_name() {
        for flash in Flash::ALL {
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
