//! The settings of the site that administrators change while it runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    accent::{self, Accent},
    navigation::{self, NavEntry},
    site_image::{Icon, Logo},
};
use crate::forms::{Field, FieldProblem, site};

/// The name of the software, which is also the default name of a site.
pub const SOFTWARE: &str = "Broadsheet";

crate::variants! {
    /// A setting of the site. It is stored as text.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Setting {
        /// The name of the site.
        SiteName { field: Field::SiteName, default_value: SOFTWARE },
        /// The description of the site.
        SiteDescription {
            field: Field::SiteDescription,
            default_value: "A publication by many writers: read their posts, and write your own.",
        },
        /// The language of the site (BCP 47).
        Language { field: Field::Language, default_value: "en" },
        /// The time zone of dates for browsers without JavaScript, such as `Europe/Berlin`.
        TimeZone { field: Field::TimeZone, default_value: "UTC" },
        /// The mode of registration.
        Registration { field: Field::Registration, default_value: "open" },
        /// The number of posts on one page of a list.
        PostsPerPage { field: Field::PostsPerPage, default_value: "5" },
        /// The domains at which the email addresses of new accounts cannot be, one on each line.
        BlockedMailDomains { field: Field::BlockedMailDomains, default_value: "" },
        /// Who reads and writes comments.
        Comments { field: Field::Comments, default_value: "open" },
        /// The number of days after which the comments on a post are closed; empty for never.
        CommentsCloseAfter { field: Field::CommentsCloseAfter, default_value: "" },
        /// Whether texts of new members can wait for a moderator, and their links are shown as text.
        Trust { field: Field::Trust, default_value: "on" },
        /// The slug of the static page that takes the place of home; empty for none.
        HomePage { field: Field::HomePage, default_value: "" },
        /// Whether the newest posts are below that page. Otherwise they are at `/posts`.
        HomePosts { field: Field::HomePosts, default_value: "on" },
        /// The notice at the top of every page, in Markdown.
        Notice { field: Field::Notice, default_value: "" },
        /// The last day on which the notice is shown, such as `2026-12-31`.
        NoticeUntil { field: Field::NoticeUntil, default_value: "" },
        /// The text at the foot of every page, in Markdown.
        FooterText { field: Field::FooterText, default_value: "" },
        /// The entries of the navigation bar.
        Navigation { field: Field::Navigation, default_value: "Home | /\nExplore | /explore\nAbout | /about" },
        /// The links at the foot of every page.
        FooterLinks { field: Field::FooterLinks, default_value: "About this site | /about" },
        /// Whether the foot of every page names the software.
        SoftwareCredit { field: Field::SoftwareCredit, default_value: "on" },
        /// The accent colour, such as `#8c1d18`.
        Accent { field: Field::Accent, default_value: accent::DEFAULT_TEXT },
        /// The custom CSS.
        CustomCss { field: Field::CustomCss, default_value: "" },
        /// The file name of the logo, which is uploaded.
        Logo { field: Field::Logo, default_value: "" },
        /// The name of the icon, which is uploaded.
        Icon { field: Field::Icon, default_value: "" },
    }

    /// Returns the field in which the setting is changed.
    pub const fn field(self) -> Field;
    /// Returns the default value.
    pub const fn default_value(self) -> &'static str;
}

impl Setting {
    /// Returns the name of the setting in the database, on the command line and in the configuration file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.field().name()
    }

    /// Returns the setting called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setting| setting.name() == name)
    }

    /// Returns the value that `text` stands for, in the form in which it is stored.
    ///
    /// # Errors
    ///
    /// Returns the problem if `text` is not a value of this setting.
    pub fn parse(self, text: &str) -> Result<String, FieldProblem> {
        site::value(self, text)
    }
}

crate::variants! {
    /// The mode of registration.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum RegistrationMode {
        /// An account is usable at once, and the form reports a taken address.
        #[default]
        Open { name: "open", words: "Anyone can register" },
        /// An account is created when its address is confirmed, and nothing reveals whether an address has an account.
        Private { name: "private", words: "Anyone can register after confirming their email address" },
        /// An account is created only with an invitation.
        Invited { name: "invited", words: "Only people with an invitation can register" },
        /// Nobody can register, not even with an invitation.
        Closed { name: "closed", words: "Nobody can register" },
    }

    /// Returns the name of the mode.
    pub const fn name(self) -> &'static str;
    /// Returns the description of the mode.
    pub const fn words(self) -> &'static str;
}

impl RegistrationMode {
    /// Returns whether anyone can register without an invitation.
    #[must_use]
    pub const fn is_for_everybody(self) -> bool {
        matches!(self, Self::Open | Self::Private)
    }

    /// Returns the mode called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

crate::variants! {
    /// Who reads and writes comments.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum CommentMode {
        /// Everybody reads them, and members write.
        #[default]
        Open { name: "open", words: "Everybody can read comments, and members can write them" },
        /// Only members see them.
        Members { name: "members", words: "Only members can see and write comments" },
        /// There are none. Those that were written are kept.
        Off { name: "off", words: "There are no comments. Those that were written are kept" },
    }

    /// Returns the name of the mode.
    pub const fn name(self) -> &'static str;
    /// Returns the description of the mode.
    pub const fn words(self) -> &'static str;
}

impl CommentMode {
    /// Returns the mode called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// The settings of the site as pages use them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteIdentity {
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// The language (BCP 47).
    pub language: String,
    /// The time zone of dates for browsers without JavaScript.
    pub time_zone: String,
    /// The mode of registration.
    pub registration: RegistrationMode,
    /// The number of posts on one page of a list.
    pub posts_per_page: u64,
    /// The domains at which the email addresses of new accounts cannot be. The client does not need them.
    #[serde(skip)]
    pub blocked_mail_domains: Vec<String>,
    /// Who reads and writes comments. The client does not need it.
    #[serde(skip)]
    pub comments: CommentMode,
    /// The number of days after which the comments on a post are closed. The client does not need it.
    #[serde(skip)]
    pub comments_close_after: Option<i64>,
    /// Whether texts of new members can wait for a moderator, and their links are shown as text. The client does not need it.
    #[serde(skip)]
    pub has_trust: bool,
    /// The static page that takes the place of home, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<HomeSetting>,
    /// The HTML of the notice at the top of every page; empty for none.
    pub notice: String,
    /// The HTML of the text at the foot of every page; empty for none.
    pub footer: String,
    /// The entries of the navigation bar.
    pub navigation: Vec<NavEntry>,
    /// The links at the foot of every page.
    pub footer_links: Vec<NavEntry>,
    /// Whether the foot of every page names the software.
    pub credits_software: bool,
    /// The accent colour, if it is not that of the style sheets. The client does not need it.
    #[serde(skip)]
    pub accent: Option<Accent>,
    /// The custom CSS, if there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_css: Option<CustomCss>,
    /// The logo, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// The icon, if there is one. The client does not need it.
    #[serde(skip)]
    pub icon: Option<Icon>,
}

/// A static page that takes the place of home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeSetting {
    /// The slug.
    pub slug: String,
    /// Whether the newest posts are below it. Otherwise they are at `/posts`.
    pub has_posts: bool,
}

/// Custom CSS as it is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomCss {
    /// The version in its address, which changes with its text.
    pub version: String,
    /// The text. The client loads it from its address.
    #[serde(skip)]
    pub text: String,
}

impl SiteIdentity {
    /// Returns the settings with these `values`, without the texts in Markdown and CSS. A setting without a valid value has its
    /// default.
    #[must_use]
    pub fn from_values(values: &BTreeMap<Setting, String>) -> Self {
        let value = |setting: Setting| {
            let valid = values.get(&setting).and_then(|text| setting.parse(text).ok());
            valid.unwrap_or_else(|| setting.default_value().to_owned())
        };
        Self {
            name: value(Setting::SiteName),
            description: value(Setting::SiteDescription),
            language: value(Setting::Language),
            time_zone: value(Setting::TimeZone),
            registration: RegistrationMode::named(&value(Setting::Registration)).unwrap_or_default(),
            posts_per_page: value(Setting::PostsPerPage).parse().unwrap_or(5),
            blocked_mail_domains: value(Setting::BlockedMailDomains)
                .lines()
                .map(str::to_owned)
                .collect(),
            comments: CommentMode::named(&value(Setting::Comments)).unwrap_or_default(),
            comments_close_after: value(Setting::CommentsCloseAfter).parse().ok(),
            has_trust: value(Setting::Trust) == site::ON,
            home: Some(value(Setting::HomePage))
                .filter(|slug| !slug.is_empty())
                .map(|slug| HomeSetting {
                    slug,
                    has_posts: value(Setting::HomePosts) == site::ON,
                }),
            notice: String::new(),
            footer: String::new(),
            navigation: navigation::read(&value(Setting::Navigation)),
            footer_links: navigation::read(&value(Setting::FooterLinks)),
            credits_software: value(Setting::SoftwareCredit) == site::ON,
            accent: Accent::parse(&value(Setting::Accent))
                .ok()
                .filter(|accent| accent.light() != accent::DEFAULT),
            custom_css: None,
            logo: Logo::named(&value(Setting::Logo)),
            icon: Icon::named(&value(Setting::Icon)),
        }
    }
}

/// The value of a setting, as shown to administrators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingValue {
    /// The setting.
    pub setting: Setting,
    /// The value.
    pub value: String,
    /// Where the value comes from if it cannot be changed in the browser, such as "environment".
    pub fixed_by: Option<String>,
    /// Whether the value is the default.
    pub is_default: bool,
}

/// The values of the settings, as shown to administrators.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingValues {
    /// The settings in the order of their declaration.
    pub settings: Vec<SettingValue>,
    /// A summary of the values, by which a later change recognises that somebody else has changed one in the meantime.
    pub base: String,
}

impl SettingValues {
    /// Returns the value of `setting`.
    #[must_use]
    pub fn get(&self, setting: Setting) -> Option<&SettingValue> {
        self.settings.iter().find(|value| value.setting == setting)
    }
}
