//! Light or dark: what the visitor has chosen, beside what their system says. It travels in a cookie, so that the server
//! already sends the page as it is to look.

/// The cookie that carries the name of a [`Theme`].
const COOKIE: &str = "theme";
/// How long a browser keeps it, in seconds: a year.
const LASTS: u32 = 31_536_000;

/// How pages are to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Theme {
    /// As the system says.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in the cookie and in the form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The word on its button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// What the browser draws by itself: fields, scroll bars.
    #[must_use]
    pub const fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// The choice in a `Cookie` header, or in the browser's `document.cookie`.
    #[must_use]
    pub fn in_cookies(cookies: &str) -> Self {
        let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        let chosen = pairs.find(|(name, _)| *name == COOKIE);
        chosen
            .and_then(|(_, name)| Self::named(name))
            .unwrap_or(Self::System)
    }

    /// Whether `cookies` have nothing else in them: then a page is everybody's.
    #[must_use]
    pub fn is_all_of(cookies: &str) -> bool {
        let mut names = cookies.split(';').map(|pair| pair.trim().split('=').next());
        names.all(|name| matches!(name, Some(COOKIE | "")))
    }

    /// The cookie that carries it.
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
