//! The form of the site's settings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

use super::{
    Email, FieldErrors, FieldProblem, Form, appearance, checkbox::ticked, navigation, of_length, static_page,
};
use crate::model::{
    accent::Accent,
    site::{CommentMode, RegistrationMode, Setting},
    site_image::{Icon, Logo},
};

/// The maximum length of the site's name in characters.
pub const SITE_NAME_MAX: usize = 50;
/// The maximum length of the site's description in characters.
pub const SITE_DESCRIPTION_MAX: usize = 200;
/// The maximum length of the notice and of the footer text in characters.
pub const SITE_TEXT_MAX: usize = 500;
/// The maximum number of posts on one page of a list.
pub const POSTS_PER_PAGE_MAX: u64 = 100;
/// The maximum number of days after which comments are closed.
pub const COMMENTS_CLOSE_MAX: u64 = 3_650;
/// The maximum number of blocked email providers.
pub const MAIL_DOMAINS_MAX: usize = 1_000;
/// The value of a setting that is switched on.
pub const ON: &str = "on";
/// The value of a setting that is switched off.
const OFF: &str = "off";

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// The form of the site's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    /// The name of the site.
    pub site_name: String,
    /// The description of the site.
    pub site_description: String,
    /// The language.
    pub language: String,
    /// The time zone.
    pub time_zone: String,
    /// The mode of registration.
    pub registration: String,
    /// The number of posts on one page.
    pub posts_per_page: String,
    /// The domains at which the email addresses of new accounts cannot be.
    pub blocked_mail_domains: String,
    /// Who reads and writes comments.
    pub comments: String,
    /// The number of days after which they are closed.
    pub comments_close_after: String,
    /// The address of the static page that takes the place of home.
    pub home_page: String,
    /// Whether texts of new members can wait for a moderator.
    #[serde(deserialize_with = "ticked")]
    pub trust: bool,
    /// Whether the newest posts are below it.
    #[serde(deserialize_with = "ticked")]
    pub home_posts: bool,
    /// The notice.
    pub notice: String,
    /// The last day of the notice.
    pub notice_until: String,
    /// The text at the foot of every page.
    pub footer_text: String,
    /// Whether the foot of every page names the software.
    #[serde(deserialize_with = "ticked")]
    pub software_credit: bool,
    /// The summary of the values that were shown in the form.
    pub base: String,
}

/// A change of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsChange {
    /// The new values.
    pub values: BTreeMap<Setting, String>,
    /// The summary of the values before the change, or `None` to replace any value.
    pub base: Option<String>,
}

impl SettingsForm {
    fn texts(&self) -> [(Setting, &str); 16] {
        let switch = |is_on| if is_on { ON } else { OFF };
        [
            (Setting::SiteName, &self.site_name),
            (Setting::SiteDescription, &self.site_description),
            (Setting::Language, &self.language),
            (Setting::TimeZone, &self.time_zone),
            (Setting::Registration, &self.registration),
            (Setting::PostsPerPage, &self.posts_per_page),
            (Setting::BlockedMailDomains, &self.blocked_mail_domains),
            (Setting::Comments, &self.comments),
            (Setting::CommentsCloseAfter, &self.comments_close_after),
            (Setting::Trust, switch(self.trust)),
            (Setting::HomePage, &self.home_page),
            (Setting::HomePosts, switch(self.home_posts)),
            (Setting::Notice, &self.notice),
            (Setting::NoticeUntil, &self.notice_until),
            (Setting::FooterText, &self.footer_text),
            (Setting::SoftwareCredit, switch(self.software_credit)),
        ]
    }
}

impl Form for SettingsForm {
    type Valid = SettingsChange;

    fn validate(&self) -> Result<SettingsChange, FieldErrors> {
        SettingsChange::of(self.texts(), &self.base)
    }
}

impl SettingsChange {
    /// Returns the change of the settings with these `texts` by somebody who has seen the values of `base`.
    pub(super) fn of<const N: usize>(texts: [(Setting, &str); N], base: &str) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut values = BTreeMap::new();
        for (setting, text) in texts {
            if let Some(value) = errors.take(setting.field(), setting.parse(text)) {
                values.insert(setting, value);
            }
        }
        errors.into_result()?;
        Ok(Self {
            values,
            base: Some(base.to_owned()),
        })
    }
}

/// Returns the value of `setting` that `text` stands for.
pub(crate) fn value(setting: Setting, text: &str) -> Result<String, FieldProblem> {
    match setting {
        Setting::SiteName => line(text, 1, SITE_NAME_MAX),
        Setting::SiteDescription => line(text, 0, SITE_DESCRIPTION_MAX),
        Setting::Language => language(text),
        Setting::TimeZone => time_zone(text),
        Setting::Registration => {
            let mode = RegistrationMode::named(text).ok_or(FieldProblem::NotAChoice)?;
            Ok(mode.name().to_owned())
        }
        Setting::PostsPerPage => number_from(text, 1, POSTS_PER_PAGE_MAX),
        Setting::BlockedMailDomains => mail_domains(text),
        Setting::Comments => {
            let mode = CommentMode::named(text).ok_or(FieldProblem::NotAChoice)?;
            Ok(mode.name().to_owned())
        }
        Setting::CommentsCloseAfter if text.trim().is_empty() => Ok(String::new()),
        Setting::CommentsCloseAfter => number_from(text, 1, COMMENTS_CLOSE_MAX),
        Setting::Notice | Setting::FooterText => paragraph(text),
        Setting::NoticeUntil => day(text),
        Setting::Navigation => navigation::bar(text),
        Setting::FooterLinks => navigation::footer(text),
        Setting::HomePage => home_page(text),
        Setting::SoftwareCredit | Setting::HomePosts | Setting::Trust => match text {
            ON | OFF => Ok(text.to_owned()),
            _ => Err(FieldProblem::NotAChoice),
        },
        Setting::Accent => Accent::parse(text).map(|accent| accent.light().to_string()),
        Setting::CustomCss => appearance::custom_css(text),
        Setting::Logo => file(text, |name| Logo::named(name).is_some()),
        Setting::Icon => file(text, |name| Icon::named(name).is_some()),
    }
}

/// Returns the domains in `text`, one on each line, in ASCII and lower case.
fn mail_domains(text: &str) -> Result<String, FieldProblem> {
    let mut domains: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches('@');
        if line.is_empty() {
            continue;
        }
        let address = Email::parse(&format!("a@{line}")).map_err(|_| FieldProblem::NotADomain(index + 1))?;
        let domain = address.domain();
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    if domains.len() > MAIL_DOMAINS_MAX {
        return Err(FieldProblem::TooManyEntries(MAIL_DOMAINS_MAX));
    }
    Ok(domains.join("\n"))
}

/// Returns the slug in the address of a static page, or an empty text for none.
fn home_page(text: &str) -> Result<String, FieldProblem> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    static_page::address(text)
}

/// Returns the name of an uploaded file, or an empty text for none.
fn file(text: &str, is_name: fn(&str) -> bool) -> Result<String, FieldProblem> {
    if text.is_empty() || is_name(text) {
        Ok(text.to_owned())
    } else {
        Err(FieldProblem::NotUploaded)
    }
}

/// Returns `text` as one line without surrounding spaces.
fn line(text: &str, least: usize, most: usize) -> Result<String, FieldProblem> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(FieldProblem::ControlCharacter);
    }
    if text.is_empty() && least == 0 {
        return Ok(String::new());
    }
    of_length(text, least, most).map(str::to_owned)
}

/// Returns `text` with LF line endings.
fn paragraph(text: &str) -> Result<String, FieldProblem> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    of_length(text, 1, SITE_TEXT_MAX).map(str::to_owned)
}

/// Returns a language tag that is well-formed according to RFC 5646, 2.1, apart from grandfathered ones: a language of
/// two or three letters and further subtags of up to eight letters or digits.
pub(super) fn language(text: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    let mut subtags = text.split('-');
    let is_language = subtags.next().is_some_and(|primary| {
        matches!(primary.len(), 2 | 3) && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    let is_subtag = |subtag: &str| {
        matches!(subtag.len(), 1..=8) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if is_language && text.len() <= 35 && subtags.all(is_subtag) {
        Ok(text.to_owned())
    } else {
        Err(FieldProblem::NotALanguage)
    }
}

/// Returns the name of a time zone. Whether there is such a time zone is known to the server only.
pub(super) fn time_zone(text: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+');
    if (1..=40).contains(&text.len()) && text.bytes().all(is_allowed) {
        Ok(text.to_owned())
    } else {
        Err(FieldProblem::NotATimeZone)
    }
}

fn number_from(text: &str, least: u64, most: u64) -> Result<String, FieldProblem> {
    let number = text.trim().parse::<u64>().ok();
    let number = number.filter(|number| (least..=most).contains(number));
    let number = number.ok_or(FieldProblem::NotANumberFrom(least, most))?;
    Ok(number.to_string())
}

fn day(text: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    Date::parse(text, DAY).map_err(|_| FieldProblem::NotADate)?;
    Ok(text.to_owned())
}

/// Returns the day that the value of a setting stands for.
#[must_use]
pub fn parse_day(value: &str) -> Option<Date> {
    Date::parse(value, DAY).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_accepted_in_one_form() {
        for (setting, text, value) in [
            (Setting::SiteName, "  The Daily Crumb ", "The Daily Crumb"),
            (Setting::SiteName, "新聞", "新聞"),
            (Setting::SiteDescription, "", ""),
            (Setting::Language, "de-CH", "de-CH"),
            (Setting::Language, "zh-Hant-TW", "zh-Hant-TW"),
            (
                Setting::TimeZone,
                "America/Argentina/Buenos_Aires",
                "America/Argentina/Buenos_Aires",
            ),
            (Setting::PostsPerPage, " 10", "10"),
            (Setting::Comments, "members", "members"),
            (
                Setting::BlockedMailDomains,
                " @Trash.example\r\n\r\nb\u{fc}cher.example\ntrash.example",
                "trash.example\nxn--bcher-kva.example",
            ),
            (Setting::CommentsCloseAfter, " 14 ", "14"),
            (Setting::CommentsCloseAfter, " ", ""),
            (Setting::Notice, "a\r\nb\r\n", "a\nb"),
            (Setting::NoticeUntil, "2026-12-31", "2026-12-31"),
            (Setting::NoticeUntil, "", ""),
            (Setting::SoftwareCredit, "off", "off"),
            (Setting::HomePage, " /Welcome", "welcome"),
            (Setting::HomePage, "", ""),
        ] {
            assert_eq!(setting.parse(text).as_deref(), Ok(value), "{setting:?} {text:?}");
        }
    }

    #[test]
    fn other_values_are_refused_with_their_problem() {
        let long = "x".repeat(SITE_TEXT_MAX + 1);
        for (setting, text, problem) in [
            (Setting::SiteName, " ", FieldProblem::Required),
            (Setting::SiteName, "a\nb", FieldProblem::ControlCharacter),
            (Setting::SiteName, &long, FieldProblem::TooLong(SITE_NAME_MAX)),
            (Setting::Language, "", FieldProblem::NotALanguage),
            (Setting::Language, "english", FieldProblem::NotALanguage),
            (Setting::Language, "en_GB", FieldProblem::NotALanguage),
            (Setting::Language, "en-", FieldProblem::NotALanguage),
            (Setting::TimeZone, "Europe/<b>", FieldProblem::NotATimeZone),
            (Setting::Registration, "ajar", FieldProblem::NotAChoice),
            (Setting::Comments, "everybody", FieldProblem::NotAChoice),
            (
                Setting::BlockedMailDomains,
                "a.example\nb c",
                FieldProblem::NotADomain(2),
            ),
            (
                Setting::CommentsCloseAfter,
                "3651",
                FieldProblem::NotANumberFrom(1, COMMENTS_CLOSE_MAX),
            ),
            (Setting::PostsPerPage, "0", FieldProblem::NotANumberFrom(1, 100)),
            (Setting::PostsPerPage, "101", FieldProblem::NotANumberFrom(1, 100)),
            (
                Setting::PostsPerPage,
                "five",
                FieldProblem::NotANumberFrom(1, 100),
            ),
            (Setting::Notice, &long, FieldProblem::TooLong(SITE_TEXT_MAX)),
            (Setting::NoticeUntil, "2026-02-30", FieldProblem::NotADate),
            (Setting::NoticeUntil, "31.12.2026", FieldProblem::NotADate),
            (Setting::HomePage, "a b", FieldProblem::AddressCharacters),
            (Setting::HomePosts, "yes", FieldProblem::NotAChoice),
        ] {
            assert_eq!(setting.parse(text), Err(problem), "{setting:?} {text:?}");
        }
    }

    #[test]
    fn every_default_is_valid_and_unchanged_by_parsing() {
        for setting in Setting::ALL {
            assert_eq!(
                setting.parse(setting.default_value()).as_deref(),
                Ok(setting.default_value())
            );
        }
    }

    #[test]
    fn the_forms_have_a_field_for_every_setting() {
        let form = SettingsForm::default();
        let mut settings = form.texts().map(|(setting, _)| setting).to_vec();
        settings.extend([Setting::Navigation, Setting::FooterLinks]);
        let appearance = appearance::AppearanceForm::default();
        settings.extend(appearance.texts().map(|(setting, _)| setting));
        // These are uploaded.
        settings.extend([Setting::Logo, Setting::Icon]);
        settings.sort_unstable();
        assert_eq!(settings, Setting::ALL);
    }
}
