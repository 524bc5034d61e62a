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
    const ALL: [Self; 6] = [
        Self::Registered,
        Self::LoggedIn,
        Self::LoggedOut,
        Self::LogoutFailed,
        Self::LogInFirst,
        Self::PostPublished,
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
            Self::Registered | Self::LoggedIn | Self::PostPublished => Category::Success,
            Self::LoggedOut | Self::LogInFirst => Category::Info,
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
