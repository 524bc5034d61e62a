//! The texts of the templates.

use askama::Template;

use crate::{SiteSettings, mail::transport::Text};
use shared::model::site::SiteIdentity;

/// The variables of the templates.
#[derive(Debug, Default)]
pub(super) struct TemplateContext {
    pub(super) site: String,
    pub(super) description: String,
    pub(super) language: String,
    pub(super) origin: String,
    /// The name in the salutation.
    pub(super) name: String,
    pub(super) link: String,
    pub(super) forgot: String,
    pub(super) email: String,
    pub(super) title: String,
    pub(super) reason: String,
    pub(super) role: &'static str,
    pub(super) lasts: String,
    pub(super) fault: String,
    pub(super) at: String,
    pub(super) more: String,
    /// The address of the page with the decisions about the user.
    pub(super) appeals: String,
}

impl TemplateContext {
    /// Returns the variables of every mail of `site`.
    pub(super) fn of(site: &SiteIdentity, settings: &SiteSettings) -> Self {
        Self {
            site: site.name.clone(),
            description: site.description.clone(),
            language: site.language.clone(),
            origin: settings.site_url.origin().to_owned(),
            ..Self::default()
        }
    }
}

/// Declares for each template a function that renders its three texts.
macro_rules! templates {
    ($($name:ident: $subject:literal, $plain:literal, $html:literal;)*) => {$(
        pub(in crate::mail::rendering) fn $name(context: &TemplateContext) -> Result<Text, askama::Error> {
            #[derive(Template)]
            #[template(path = $subject)]
            struct Subject<'a>(&'a TemplateContext);
            #[derive(Template)]
            #[template(path = $plain)]
            struct Plain<'a>(&'a TemplateContext);
            #[derive(Template)]
            #[template(path = $html)]
            struct Html<'a>(&'a TemplateContext);
            render_parts(context, &Subject(context), &Plain(context), &Html(context))
        }
    )*};
}

templates! {
    welcome: "welcome/subject.txt", "welcome/text.txt", "welcome/page.html";
    register: "register/subject.txt", "register/text.txt", "register/page.html";
    has_account: "has_account/subject.txt", "has_account/text.txt", "has_account/page.html";
    reset_password: "reset_password/subject.txt", "reset_password/text.txt", "reset_password/page.html";
    password_changed: "password_changed/subject.txt", "password_changed/text.txt", "password_changed/page.html";
    change_email: "change_email/subject.txt", "change_email/text.txt", "change_email/page.html";
    email_changed: "email_changed/subject.txt", "email_changed/text.txt", "email_changed/page.html";
    suspended: "suspended/subject.txt", "suspended/text.txt", "suspended/page.html";
    reinstated: "reinstated/subject.txt", "reinstated/text.txt", "reinstated/page.html";
    frozen: "frozen/subject.txt", "frozen/text.txt", "frozen/page.html";
    unfrozen: "unfrozen/subject.txt", "unfrozen/text.txt", "unfrozen/page.html";
    post_hidden: "post_hidden/subject.txt", "post_hidden/text.txt", "post_hidden/page.html";
    comment_hidden: "comment_hidden/subject.txt", "comment_hidden/text.txt", "comment_hidden/page.html";
    warned: "warned/subject.txt", "warned/text.txt", "warned/page.html";
    appeal_decided: "appeal_decided/subject.txt", "appeal_decided/text.txt", "appeal_decided/page.html";
    report_received: "report_received/subject.txt", "report_received/text.txt", "report_received/page.html";
    report_decided: "report_decided/subject.txt", "report_decided/text.txt", "report_decided/page.html";
    version_erased: "version_erased/subject.txt", "version_erased/text.txt", "version_erased/page.html";
    not_published: "not_published/subject.txt", "not_published/text.txt", "not_published/page.html";
    invitation: "invitation/subject.txt", "invitation/text.txt", "invitation/page.html";
    fault: "fault/subject.txt", "fault/text.txt", "fault/page.html";
    test: "test/subject.txt", "test/text.txt", "test/page.html";
}

fn render_parts(
    context: &TemplateContext,
    subject: &impl Template,
    plain: &impl Template,
    html: &impl Template,
) -> Result<Text, askama::Error> {
    Ok(Text {
        sender: context.site.clone(),
        subject: subject.render()?,
        plain: plain.render()?,
        html: html.render()?,
    })
}
