//! The theme: the visitor's choice or the system's setting. It is stored in a cookie, so that the server renders
//! pages with the right theme.

/// The cookie with the name of a [`Theme`].
const COOKIE: &str = "theme";
/// The `Max-Age` of the cookie in seconds: a year.
const LASTS: u32 = 31_536_000;

shared::variants! {
    /// A theme.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Theme {
        /// The system's setting.
        System { name: "system", label: "System", color_scheme: "light dark" },
        /// Dark text on a light background.
        Light { name: "light", label: "Light", color_scheme: "light" },
        /// Light text on a dark background.
        Dark { name: "dark", label: "Dark", color_scheme: "dark" },
    }

    /// Returns the name in the cookie and in the form.
    pub const fn name(self) -> &'static str;
    /// Returns the label of the button.
    pub const fn label(self) -> &'static str;
    /// Returns the `color-scheme` for elements drawn by the browser, such as fields and scroll bars.
    pub const fn color_scheme(self) -> &'static str;
}

impl Theme {
    /// Returns the theme called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// Returns the theme in a `Cookie` header or in `document.cookie`.
    #[must_use]
    pub fn in_cookies(cookies: &str) -> Self {
        let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        let chosen = pairs.find(|(name, _)| *name == COOKIE);
        chosen
            .and_then(|(_, name)| Self::named(name))
            .unwrap_or(Self::System)
    }

    /// Returns whether `cookies` contain nothing else, in which case the page may be cached for all visitors.
    #[must_use]
    pub fn is_all_of(cookies: &str) -> bool {
        let mut names = cookies.split(';').map(|pair| pair.trim().split('=').next());
        names.all(|name| matches!(name, Some(COOKIE | "")))
    }

    /// Returns the cookie with the theme.
    #[must_use]
    pub fn to_cookie(self) -> String {
        let lasts = if self == Self::System { 0 } else { LASTS };
        format!("{COOKIE}={}; Path=/; SameSite=Lax; Max-Age={lasts}", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_found_among_other_cookies() {
        assert_eq!(Theme::in_cookies("a=b; theme=dark"), Theme::Dark);
        assert_eq!(Theme::in_cookies("theme=pink"), Theme::System);
        assert_eq!(Theme::in_cookies(""), Theme::System);
        assert!(Theme::is_all_of("theme=dark") && Theme::is_all_of(""));
        assert!(!Theme::is_all_of("theme=dark; session=x") && !Theme::is_all_of("themes=dark"));
    }
}
