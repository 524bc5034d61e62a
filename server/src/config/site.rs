//! The settings of the site that administrators change in the browser unless the operator gives them here.

use std::collections::BTreeMap;

use clap::{
    Args,
    builder::{StringValueParser, TypedValueParser},
};
use domain::site::values::{self, FixedSetting};
use shared::model::site::Setting;

use super::EffectiveSetting;

/// The settings of the site that the operator may give. Without one, administrators change it in the browser.
#[derive(Debug, Clone, Args)]
pub(super) struct SiteArguments {
    /// Name of the site
    #[arg(long, env = "BROADSHEET_SITE_NAME", value_name = "NAME", value_parser = of(Setting::SiteName))]
    site_name: Option<String>,

    /// Description of the site, in one or two sentences
    #[arg(long, env = "BROADSHEET_SITE_DESCRIPTION", value_name = "TEXT", value_parser = of(Setting::SiteDescription))]
    site_description: Option<String>,

    /// Language of the site, such as `de` or `pt-BR`
    #[arg(long, env = "BROADSHEET_LANGUAGE", value_name = "TAG", value_parser = of(Setting::Language))]
    language: Option<String>,

    /// Time zone of dates for browsers without JavaScript, such as `Europe/Berlin`
    #[arg(long, env = "BROADSHEET_TIME_ZONE", value_name = "NAME", value_parser = of(Setting::TimeZone))]
    time_zone: Option<String>,

    /// How people register, `open` unless set. `open`: an account works at once. `private`: an account is created when its
    /// email address is confirmed, and registering does not reveal whether an address has one. `invited`: only with an
    /// invitation. `closed`: not at all
    #[arg(long, env = "BROADSHEET_REGISTRATION", value_name = "MODE", value_parser = of(Setting::Registration))]
    registration: Option<String>,

    /// Domains at which the email addresses of new accounts cannot be, one on each line, with those below them; none unless set
    #[arg(long, env = "BROADSHEET_BLOCKED_MAIL_DOMAINS", value_name = "DOMAINS",
          value_parser = of(Setting::BlockedMailDomains))]
    blocked_mail_domains: Option<String>,

    /// Number of posts on one page of a list, 1 to 100; 5 unless set
    #[arg(long, env = "BROADSHEET_POSTS_PER_PAGE", value_name = "NUMBER", value_parser = of(Setting::PostsPerPage))]
    posts_per_page: Option<String>,

    /// Who reads and writes comments, `open` unless set. `open`: everybody reads them, and members write. `members`: only
    /// members see them. `off`: there are none, and those that were written are kept
    #[arg(long, env = "BROADSHEET_COMMENTS", value_name = "MODE", value_parser = of(Setting::Comments))]
    comments: Option<String>,

    /// Number of days after which nobody can comment on a post, 1 to 3650; comments stay open unless set
    #[arg(long, env = "BROADSHEET_COMMENTS_CLOSE_AFTER", value_name = "NUMBER",
          value_parser = of(Setting::CommentsCloseAfter))]
    comments_close_after: Option<String>,

    /// Whether texts of new members can wait for a moderator and their links are shown as text, `on` or `off`; `on` unless set
    #[arg(long, env = "BROADSHEET_TRUST", value_name = "SWITCH", value_parser = of(Setting::Trust))]
    trust: Option<String>,

    /// Address of the static page that takes the place of home, such as `/welcome`; none unless set
    #[arg(long, env = "BROADSHEET_HOME_PAGE", value_name = "ADDRESS", value_parser = of(Setting::HomePage))]
    home_page: Option<String>,

    /// Whether the newest posts are below that page, `on` or `off`; `on` unless set. Otherwise they are at `/posts`
    #[arg(long, env = "BROADSHEET_HOME_POSTS", value_name = "SWITCH", value_parser = of(Setting::HomePosts))]
    home_posts: Option<String>,

    /// Notice at the top of every page, in Markdown
    #[arg(long, env = "BROADSHEET_NOTICE", value_name = "TEXT", value_parser = of(Setting::Notice))]
    notice: Option<String>,

    /// Last day on which the notice is shown, such as `2026-12-31`
    #[arg(long, env = "BROADSHEET_NOTICE_UNTIL", value_name = "DATE", value_parser = of(Setting::NoticeUntil))]
    notice_until: Option<String>,

    /// Text at the foot of every page, in Markdown
    #[arg(long, env = "BROADSHEET_FOOTER_TEXT", value_name = "TEXT", value_parser = of(Setting::FooterText))]
    footer_text: Option<String>,

    /// Entries of the navigation bar, one per line: a label, `|` and an address
    #[arg(long, env = "BROADSHEET_NAVIGATION", value_name = "LINES", value_parser = of(Setting::Navigation))]
    navigation: Option<String>,

    /// Links at the foot of every page, one per line like those of the bar; a line without an address is a heading
    #[arg(long, env = "BROADSHEET_FOOTER_LINKS", value_name = "LINES", value_parser = of(Setting::FooterLinks))]
    footer_links: Option<String>,

    /// Whether the foot of every page names the software, `on` or `off`; `on` unless set
    #[arg(long, env = "BROADSHEET_SOFTWARE_CREDIT", value_name = "SWITCH", value_parser = of(Setting::SoftwareCredit))]
    software_credit: Option<String>,

    /// Accent colour, such as `#1a5f9e`
    #[arg(long, env = "BROADSHEET_ACCENT", value_name = "COLOUR", value_parser = of(Setting::Accent))]
    accent: Option<String>,

    /// Custom CSS, up to 64 KiB
    #[arg(long, env = "BROADSHEET_CUSTOM_CSS", value_name = "TEXT", value_parser = of(Setting::CustomCss))]
    custom_css: Option<String>,
}

impl SiteArguments {
    /// Returns the given settings, with their sources in `listed`.
    pub(super) fn complete(self, listed: &[EffectiveSetting]) -> BTreeMap<Setting, FixedSetting> {
        // Every field is named, so that the compiler finds one that is not used.
        let Self {
            site_name,
            site_description,
            language,
            time_zone,
            registration,
            blocked_mail_domains,
            posts_per_page,
            comments,
            comments_close_after,
            trust,
            home_page,
            home_posts,
            notice,
            notice_until,
            footer_text,
            navigation,
            footer_links,
            software_credit,
            accent,
            custom_css,
        } = self;
        let given = [
            (Setting::SiteName, site_name),
            (Setting::SiteDescription, site_description),
            (Setting::Language, language),
            (Setting::TimeZone, time_zone),
            (Setting::Registration, registration),
            (Setting::BlockedMailDomains, blocked_mail_domains),
            (Setting::PostsPerPage, posts_per_page),
            (Setting::Comments, comments),
            (Setting::CommentsCloseAfter, comments_close_after),
            (Setting::Trust, trust),
            (Setting::HomePage, home_page),
            (Setting::HomePosts, home_posts),
            (Setting::Notice, notice),
            (Setting::NoticeUntil, notice_until),
            (Setting::FooterText, footer_text),
            (Setting::Navigation, navigation),
            (Setting::FooterLinks, footer_links),
            (Setting::SoftwareCredit, software_credit),
            (Setting::Accent, accent),
            (Setting::CustomCss, custom_css),
        ];
        let fixed = given.into_iter().filter_map(|(setting, value)| {
            let variable = format!("BROADSHEET_{}", setting.name().to_ascii_uppercase());
            let source = listed.iter().find(|listed| listed.name == variable);
            let source = source.map_or("flag", |listed| listed.source);
            Some((
                setting,
                FixedSetting {
                    value: value?,
                    source,
                },
            ))
        });
        fixed.collect()
    }
}

/// Returns the parser of the values of `setting`.
fn of(setting: Setting) -> impl TypedValueParser<Value = String> {
    StringValueParser::new().try_map(move |text| {
        values::parse(setting, &text).map_err(|problem| problem.message(setting.field()))
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        site: SiteArguments,
    }

    #[test]
    fn every_setting_that_is_given_has_its_value() {
        // Pictures are uploaded.
        let settings = Setting::ALL
            .into_iter()
            .filter(|setting| !matches!(setting, Setting::Logo | Setting::Icon));
        for setting in settings {
            let value = match setting {
                Setting::BlockedMailDomains => "mail.example",
                Setting::CommentsCloseAfter => "14",
                Setting::HomePage => "welcome",
                Setting::Notice | Setting::FooterText => "Hello",
                Setting::NoticeUntil => "2026-12-31",
                Setting::CustomCss => ".masthead { color: red }",
                setting => setting.default_value(),
            };
            let flag = format!("--{}", setting.name().replace('_', "-"));
            let line = Line::try_parse_from(["broadsheet", &flag, value]).unwrap();
            let fixed = line.site.complete(&[]);
            assert_eq!(fixed.len(), 1, "{setting:?}");
            assert!(fixed.contains_key(&setting), "{setting:?}");
        }
    }
}
