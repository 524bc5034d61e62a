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

// `end2end/tests/flash.spec.ts` parses this list and tests each message.
shared::variants! {
    /// A message to be shown on the next page.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Flash {
        /// An account was created.
        Registered {
            name: "registered",
            category: Category::Success,
            message: "Your account has been created. You can log in now. We have emailed you a link to confirm your address.",
        },
        /// The account of the first administrator was created.
        AdministratorRegistered {
            name: "administrator-registered",
            category: Category::Success,
            message: "The administrator account has been created. You can log in now.",
        },
        /// An existing account became the first administrator.
        AdministratorMade {
            name: "administrator-made",
            category: Category::Success,
            message: "You are now the administrator of this site.",
        },
        /// The visitor has logged in.
        LoggedIn {
            name: "logged-in",
            category: Category::Success,
            message: "You are logged in.",
        },
        /// The visitor has logged out.
        LoggedOut {
            name: "logged-out",
            category: Category::Info,
            message: "You are logged out.",
        },
        /// Logging out failed.
        LogoutFailed {
            name: "logout-failed",
            category: Category::Danger,
            message: "You are still logged in because the site did not respond. Try again.",
        },
        /// The requested page requires a login.
        LogInFirst {
            name: "log-in-first",
            category: Category::Info,
            message: "Log in to see that page.",
        },
        /// The settings of the site were changed.
        SettingsSaved {
            name: "settings-saved",
            category: Category::Success,
            message: "The settings have been saved.",
        },
        /// A post was published.
        PostPublished {
            name: "post-published",
            category: Category::Success,
            message: "Your post has been published.",
        },
        /// A post waits for a moderator.
        PostHeld {
            name: "post-held",
            category: Category::Info,
            message: "Your post waits for a moderator. This page says why.",
        },
        /// A post that waited for a moderator was published.
        PostApproved {
            name: "post-approved",
            category: Category::Success,
            message: "The post has been published.",
        },
        /// A post was updated.
        PostUpdated {
            name: "post-updated",
            category: Category::Success,
            message: "Your changes have been published.",
        },
        /// An earlier version of a post was restored.
        VersionRestored {
            name: "version-restored",
            category: Category::Success,
            message: "The earlier text is on the site again. The text that it replaced is in the history.",
        },
        /// An earlier version of a post was erased.
        VersionErased {
            name: "version-erased",
            category: Category::Info,
            message: "The version has been erased.",
        },
        /// The history of a post was made public.
        HistoryShown {
            name: "history-shown",
            category: Category::Success,
            message: "Everybody who can read the post can see its history now.",
        },
        /// The history of a post was made private.
        HistoryHidden {
            name: "history-hidden",
            category: Category::Success,
            message: "Only you and the moderators can see the history now.",
        },
        /// A comment was published.
        CommentPublished {
            name: "comment-published",
            category: Category::Success,
            message: "Your comment has been published.",
        },
        /// A comment waits for a moderator.
        CommentHeld {
            name: "comment-held",
            category: Category::Info,
            message: "Your comment waits for a moderator. It says why.",
        },
        /// A comment was changed.
        CommentUpdated {
            name: "comment-updated",
            category: Category::Success,
            message: "Your comment has been changed.",
        },
        /// A comment was deleted.
        CommentDeleted {
            name: "comment-deleted",
            category: Category::Info,
            message: "Your comment has been deleted.",
        },
        /// A comment was hidden.
        CommentHidden {
            name: "comment-hidden",
            category: Category::Info,
            message: "The comment is hidden. Its place says by whom and why.",
        },
        /// A hidden comment was made visible again.
        CommentShown {
            name: "comment-shown",
            category: Category::Success,
            message: "The comment is on the site.",
        },
        /// The comments on a post were closed.
        CommentsClosed {
            name: "comments-closed",
            category: Category::Info,
            message: "The comments are closed. Those that were written stay.",
        },
        /// The comments on a post were opened again.
        CommentsOpened {
            name: "comments-opened",
            category: Category::Success,
            message: "Members can comment again.",
        },
        /// A comment was pinned.
        CommentPinned {
            name: "comment-pinned",
            category: Category::Success,
            message: "The comment is the first one now.",
        },
        /// A pinned comment is in its own place again.
        CommentUnpinned {
            name: "comment-unpinned",
            category: Category::Info,
            message: "The comment is in its own place again.",
        },
        /// A draft was saved.
        DraftSaved {
            name: "draft-saved",
            category: Category::Success,
            message: "Your draft has been saved.",
        },
        /// A draft is to be published later.
        PostScheduled {
            name: "post-scheduled",
            category: Category::Success,
            message: "Your draft has been saved, and will be published at that time.",
        },
        /// A draft is no longer to be published by itself.
        DraftUnscheduled {
            name: "draft-unscheduled",
            category: Category::Info,
            message: "The draft will not be published by itself any more.",
        },
        /// A link to a draft was created.
        PreviewLinkCreated {
            name: "preview-link-created",
            category: Category::Success,
            message: "Pass on the link below. It is shown only now.",
        },
        /// A link to a draft was revoked.
        PreviewLinkRevoked {
            name: "preview-link-revoked",
            category: Category::Info,
            message: "The link no longer works.",
        },
        /// A draft was discarded.
        DraftDiscarded {
            name: "draft-discarded",
            category: Category::Info,
            message: "The draft has been discarded.",
        },
        /// A post was moved to the trash.
        PostDeleted {
            name: "post-deleted",
            category: Category::Info,
            message: "Your post is in the trash. You can restore it within 30 days.",
        },
        /// A post was restored.
        PostRestored {
            name: "post-restored",
            category: Category::Success,
            message: "Your post is back on the site.",
        },
        /// The account will be created when its address is confirmed.
        RegisteredCheckMail {
            name: "registered-check-mail",
            category: Category::Success,
            message: "Check your email for a link to finish registering.",
        },
        /// The password was entered again.
        PasswordConfirmed {
            name: "password-confirmed",
            category: Category::Success,
            message: "Your password is confirmed. For 15 minutes, you will not be asked for it again.",
        },
        /// A test mail is about to be sent.
        TestMailSent {
            name: "test-mail-sent",
            category: Category::Info,
            message: "A test email to you is on its way. If it does not arrive, load this page again to see why.",
        },
        /// An invitation was created; its link is in the list.
        InvitationCreated {
            name: "invitation-created",
            category: Category::Success,
            message: "The invitation has been created. Copy its link: it is shown only here, and only for 10 minutes.",
        },
        /// An invitation was mailed.
        InvitationSent {
            name: "invitation-sent",
            category: Category::Success,
            message: "The invitation is on its way by email.",
        },
        /// An invitation by mail was created, but no mail server is set up.
        InvitationWritten {
            name: "invitation-written",
            category: Category::Warning,
            message: "The invitation has been created, but no mail server is set up. Whoever runs the server finds the email in the folder “mail” of the data folder.",
        },
        /// An invitation was revoked.
        InvitationRevoked {
            name: "invitation-revoked",
            category: Category::Info,
            message: "The invitation has been revoked. Its link no longer works.",
        },
        /// An account was created and its address confirmed.
        AccountConfirmed {
            name: "account-confirmed",
            category: Category::Success,
            message: "Your account has been created and your email address is confirmed. You can log in now.",
        },
        /// The username of a registration has been taken in the meantime.
        NameTaken {
            name: "name-taken",
            category: Category::Warning,
            message: "Somebody else has taken that username since then. Register with a different one.",
        },
        /// An address was confirmed.
        EmailConfirmed {
            name: "email-confirmed",
            category: Category::Success,
            message: "Your email address is confirmed.",
        },
        /// A confirmation link was sent.
        ConfirmationSent {
            name: "confirmation-sent",
            category: Category::Info,
            message: "Check your email: we have sent you another link.",
        },
        /// A pending change of address was cancelled.
        AddressKept {
            name: "address-kept",
            category: Category::Info,
            message: "Your email address stays the same.",
        },
        /// Passwords cannot be reset while logged in.
        LogOutFirst {
            name: "log-out-first",
            category: Category::Info,
            message: "You are logged in. To choose a new password by email, log out first.",
        },
        /// There is no unconfirmed address.
        AlreadyConfirmed {
            name: "already-confirmed",
            category: Category::Info,
            message: "Your email address is already confirmed.",
        },
        /// A password reset was requested.
        RecoverySent {
            name: "recovery-sent",
            category: Category::Info,
            message: "Check your email. If that address has an account, a link to choose a new password is on its way.",
        },
        /// A link from a mail is forged, used or expired.
        LinkUseless {
            name: "link-useless",
            category: Category::Warning,
            message: "That link no longer works. It has been used, or it is too old. Ask for another one.",
        },
        /// A password was reset and all sessions ended.
        PasswordReset {
            name: "password-reset",
            category: Category::Success,
            message: "Your password has been changed. Log in with the new one.",
        },
        /// The profile was changed.
        ProfileSaved {
            name: "profile-saved",
            category: Category::Success,
            message: "Your profile has been saved.",
        },
        /// The profile was changed; the new address has to be confirmed.
        ProfileSavedCheckMail {
            name: "profile-saved-check-mail",
            category: Category::Success,
            message: "Your profile has been saved. Check your email for a link to confirm your new address.",
        },
        /// The password was changed and the other sessions ended.
        PasswordChanged {
            name: "password-changed",
            category: Category::Success,
            message: "Your password has been changed. You have been logged out everywhere else.",
        },
        /// The avatar was changed.
        PictureSaved {
            name: "picture-saved",
            category: Category::Success,
            message: "Your profile picture has been saved.",
        },
        /// The avatar was removed.
        PictureRemoved {
            name: "picture-removed",
            category: Category::Info,
            message: "Your profile picture has been removed.",
        },
        /// A session was ended.
        SessionEnded {
            name: "session-ended",
            category: Category::Success,
            message: "That session has ended.",
        },
        /// All other sessions were ended.
        SessionsEnded {
            name: "sessions-ended",
            category: Category::Success,
            message: "All other sessions have ended.",
        },
        /// The account was deleted.
        AccountDeleted {
            name: "account-deleted",
            category: Category::Info,
            message: "Your account and everything in it have been deleted.",
        },
        /// A post was hidden.
        PostHidden {
            name: "post-hidden",
            category: Category::Info,
            message: "The post is hidden. Its author can see the reason in their trash.",
        },
        /// A hidden post was made visible again.
        PostShown {
            name: "post-shown",
            category: Category::Success,
            message: "The post is back on the site.",
        },
        /// A user was suspended.
        AccountSuspended {
            name: "account-suspended",
            category: Category::Info,
            message: "The account is suspended and its sessions have ended.",
        },
        /// A suspension was lifted.
        AccountReinstated {
            name: "account-reinstated",
            category: Category::Success,
            message: "The account can be used again.",
        },
        /// A moderator has decided that the site trusts a user.
        AccountTrusted {
            name: "account-trusted",
            category: Category::Success,
            message: "The account is trusted. Its links work now.",
        },
        /// Something was reported.
        ReportSent {
            name: "report-sent",
            category: Category::Success,
            message: "Thank you. A moderator will look at your report.",
        },
        /// A case was claimed.
        CaseClaimed {
            name: "case-claimed",
            category: Category::Info,
            message: "You have claimed this case for 15 minutes.",
        },
        /// A case was closed without an act.
        CaseClosed {
            name: "case-closed",
            category: Category::Info,
            message: "The case is closed.",
        },
        /// A user was warned.
        AccountWarned {
            name: "account-warned",
            category: Category::Info,
            message: "The warning has been sent.",
        },
        /// An appeal was sent.
        AppealSent {
            name: "appeal-sent",
            category: Category::Success,
            message: "Your appeal has been sent. We email you the decision.",
        },
        /// An appeal was decided.
        AppealDecided {
            name: "appeal-decided",
            category: Category::Success,
            message: "The decision has been saved, and the person is told.",
        },
        /// An account was frozen.
        AccountFrozen {
            name: "account-frozen",
            category: Category::Info,
            message: "The account is frozen.",
        },
        /// An account was unfrozen.
        AccountUnfrozen {
            name: "account-unfrozen",
            category: Category::Success,
            message: "The account is no longer frozen.",
        },
        /// A static page was published, or its changes were.
        PagePublished {
            name: "page-published",
            category: Category::Success,
            message: "The page has been published.",
        },
        /// A static page was saved as a draft.
        PageSaved {
            name: "page-saved",
            category: Category::Success,
            message: "The draft of the page has been saved.",
        },
        /// A static page became a draft again.
        PageUnpublished {
            name: "page-unpublished",
            category: Category::Info,
            message: "The page is no longer on the site. It is a draft now.",
        },
        /// A static page was deleted.
        PageDeleted {
            name: "page-deleted",
            category: Category::Info,
            message: "The page has been deleted.",
        },
        /// A redirect was added.
        RedirectAdded {
            name: "redirect-added",
            category: Category::Success,
            message: "The redirect has been added.",
        },
        /// A redirect was deleted.
        RedirectDeleted {
            name: "redirect-deleted",
            category: Category::Info,
            message: "The redirect has been deleted.",
        },
    }

    /// Returns the name in the cookie.
    pub const fn name(self) -> &'static str;
    /// Returns the category.
    pub const fn category(self) -> Category;
    /// Returns the message.
    pub const fn message(self) -> &'static str;
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
