//! The templates of all mails. Each has a folder in `template/` with its subject, plain text and HTML. To add one,
//! add a folder, a line in `templates!` and a variant of `EmailTemplate`.

use askama::Template;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select, sea_query::Expr,
};
use serde::{Deserialize, Serialize};

use super::{
    outbox::{Outbox, QueuedMail},
    transport::Text,
};
use crate::{
    AppState, SiteSettings,
    jobs::{Job, Lane},
    platform::digest,
    platform::entity::{invitation, token, user},
    platform::token::{Holder, Purpose, issue, prolong},
    site,
};
use shared::{
    error::AppError,
    forms::Secret,
    model::{profile::shown_name, site::SiteIdentity},
    paths,
};

/// The kind of a mail and its parameters, as stored in its job. Never contains a token; of a password, only its
/// hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum EmailTemplate {
    /// To a new account: confirms the address.
    Welcome,
    /// To an address that somebody registers on a site that does not reveal which addresses have accounts.
    Register(Registration),
    /// To an address whose owner may have forgotten their password.
    ResetPassword,
    /// To the user, after the password was changed.
    PasswordChanged,
    /// To the new address, before it is used.
    ChangeEmail,
    /// To the previous address, after it was replaced.
    EmailChanged {
        /// The new address.
        email: String,
    },
    /// To the user: a moderator has suspended the account.
    Suspended {
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the user: the suspension was lifted.
    Reinstated,
    /// To the user: a moderator has frozen the account.
    Frozen {
        /// For how long, such as "7 days".
        lasts: String,
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the user: a moderator has unfrozen the account.
    Unfrozen,
    /// To the author: a moderator has hidden a post.
    PostHidden {
        /// The title of the post.
        title: String,
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the author: a moderator has hidden a comment.
    CommentHidden {
        /// The id of the comment.
        comment: i64,
        /// The title of the post.
        title: String,
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the user: a moderator has sent a warning.
    Warned {
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the user: an appeal was decided.
    AppealDecided {
        /// Whether the act was reversed.
        is_reversed: bool,
        /// The answer, as entered by the moderator.
        reason: String,
    },
    /// To somebody without an account: the site has received a report.
    ReportReceived {
        /// The path of what was reported.
        path: String,
    },
    /// To somebody without an account: a moderator has decided about a report.
    ReportDecided {
        /// Whether the moderator has acted.
        has_acted: bool,
    },
    /// To the author: a moderator has erased an earlier version of a post.
    VersionErased {
        /// The id of the post.
        post: i64,
        /// The title of the post.
        title: String,
        /// The reason, as entered by the moderator.
        reason: String,
    },
    /// To the author: a scheduled post was not published.
    NotPublished {
        /// The id of the draft.
        draft: i64,
        /// The title of the draft.
        title: String,
        /// The reason.
        reason: String,
    },
    /// To an invited person: the link of the invitation with this id.
    Invitation {
        /// The id of the invitation.
        id: i64,
    },
    /// To an administrator: mail works.
    Test,
    /// To an administrator: an internal error occurred.
    Fault(ErrorAlert),
}

/// An account that is created when its address is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The username.
    pub username: String,
    /// The password hash.
    pub password_hash: user::PasswordHash,
    /// The id of the invitation with which the user has registered, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<i64>,
}

/// The content of an error alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorAlert {
    /// The line of the log.
    pub line: String,
    /// The time of the error (RFC 3339).
    pub at: String,
    /// The number of further occurrences since the last mail.
    pub before: u32,
}

impl EmailTemplate {
    /// Returns the name of the template, as shown to administrators.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Register(_) => "register",
            Self::ResetPassword => "reset-password",
            Self::PasswordChanged => "password-changed",
            Self::ChangeEmail => "change-email",
            Self::EmailChanged { .. } => "email-changed",
            Self::Suspended { .. } => "suspended",
            Self::Reinstated => "reinstated",
            Self::Frozen { .. } => "frozen",
            Self::Unfrozen => "unfrozen",
            Self::PostHidden { .. } => "post-hidden",
            Self::CommentHidden { .. } => "comment-hidden",
            Self::Warned { .. } => "warned",
            Self::AppealDecided { .. } => "appeal-decided",
            Self::ReportReceived { .. } => "report-received",
            Self::ReportDecided { .. } => "report-decided",
            Self::VersionErased { .. } => "version-erased",
            Self::NotPublished { .. } => "not-published",
            Self::Invitation { .. } => "invitation",
            Self::Test => "test",
            Self::Fault(_) => "fault",
        }
    }

    /// Returns the lane of the mail.
    #[must_use]
    pub const fn lane(&self) -> Lane {
        match self {
            Self::Welcome
            | Self::Register(_)
            | Self::ResetPassword
            | Self::PasswordChanged
            | Self::ChangeEmail
            | Self::EmailChanged { .. }
            | Self::Invitation { .. }
            | Self::Test => Lane::Awaited,
            Self::Suspended { .. }
            | Self::Reinstated
            | Self::Frozen { .. }
            | Self::Unfrozen
            | Self::PostHidden { .. }
            | Self::CommentHidden { .. }
            | Self::Warned { .. }
            | Self::AppealDecided { .. }
            | Self::ReportReceived { .. }
            | Self::ReportDecided { .. }
            | Self::VersionErased { .. }
            | Self::NotPublished { .. }
            | Self::Fault(_) => Lane::Bulk,
        }
    }
}

/// The variables of the templates.
#[derive(Debug, Default)]
struct TemplateContext {
    site: String,
    description: String,
    language: String,
    origin: String,
    /// The name in the salutation.
    name: String,
    link: String,
    forgot: String,
    email: String,
    title: String,
    reason: String,
    role: &'static str,
    lasts: String,
    fault: String,
    at: String,
    more: String,
    /// The address of the page with the decisions about the user.
    appeals: String,
}

impl TemplateContext {
    /// Returns the variables of every mail of `site`.
    fn of(site: &SiteIdentity, settings: &SiteSettings) -> Self {
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
        fn $name(context: &TemplateContext) -> Result<Text, askama::Error> {
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

/// The columns of a user that templates use.
#[derive(Debug, FromQueryResult)]
struct Person {
    id: i64,
    username: String,
    display_name: Option<String>,
    email: String,
    email_key: String,
    new_email: Option<String>,
}

impl Person {
    fn name(&self) -> String {
        shown_name(self.display_name.as_deref(), &self.username).to_owned()
    }
}

/// Renders a mail, issues the token that it needs and determines the recipient. Returns `None` if the mail no longer
/// concerns anybody.
///
/// Whether an address has an account is looked up only here, in the background, so that a request for a mail reveals
/// nothing.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if the user is being deleted, and another error if the mail cannot be rendered now.
#[expect(clippy::too_many_lines, reason = "it has an arm for each mail")]
pub(crate) async fn render(
    state: &AppState,
    outbox: &Outbox,
    job: &Job,
    mail: &QueuedMail,
) -> Result<Option<(String, Text)>, AppError> {
    let key = mail.recipient.to_ascii_lowercase();
    let about = match job.user_id {
        Some(id) => one(state, user::Entity::find_by_id(id)).await?,
        None => None,
    };
    let of_address = user::Entity::find().filter(user::Column::EmailKey.eq(key.as_str()));
    let owner = one(state, of_address).await?;
    let link = |path: &str| state.settings.site_url.absolute(path);
    let tokens = Tokens(state, outbox, job, &mail.recipient);
    let mut recipient = mail.recipient.clone();
    let site = site::current(state).await;
    let mut context = TemplateContext {
        forgot: link(paths::FORGOT_PASSWORD),
        appeals: link(paths::ACCOUNT_APPEALS),
        ..TemplateContext::of(&site, &state.settings)
    };

    let text = match (mail.template.clone(), about, owner) {
        (EmailTemplate::Register(_), _, Some(owner)) => {
            // The address as its owner has written it, not as somebody else has typed it.
            context.name = owner.name();
            recipient = owner.email;
            context.link = link(paths::LOGIN);
            has_account(&context)
        }
        (EmailTemplate::Register(registration), _, None) => {
            let data = serde_json::to_string(&registration).map_err(|error| internal(&error))?;
            let token = tokens.issue(Purpose::Register, None, data).await?;
            context.link = link(&paths::confirm_link(token.expose()));
            context.name = registration.username;
            register(&context)
        }
        (EmailTemplate::ResetPassword, _, Some(owner)) => {
            let Some(token) = tokens.newest(&owner).await? else {
                return Ok(None);
            };
            context.link = link(&paths::reset_link(token.expose()));
            context.name = owner.name();
            recipient = owner.email;
            reset_password(&context)
        }
        (EmailTemplate::Welcome, Some(person), _) if person.email_key == key => {
            let token = tokens
                .issue(Purpose::ConfirmEmail, Some(person.id), String::new())
                .await?;
            context.link = link(&paths::confirm_link(token.expose()));
            context.name = person.name();
            welcome(&context)
        }
        (EmailTemplate::ChangeEmail, Some(person), Some(owner)) if owner.id != person.id => {
            context.name = owner.name();
            recipient = owner.email;
            context.link = link(paths::LOGIN);
            has_account(&context)
        }
        (EmailTemplate::ChangeEmail, Some(person), _)
            if person.new_email.as_deref() == Some(mail.recipient.as_str()) =>
        {
            let token = tokens
                .issue(Purpose::ConfirmEmail, Some(person.id), String::new())
                .await?;
            context.link = link(&paths::confirm_link(token.expose()));
            context.name = person.name();
            change_email(&context)
        }
        (EmailTemplate::PasswordChanged, Some(person), _) => {
            context.name = person.name();
            password_changed(&context)
        }
        (EmailTemplate::EmailChanged { email }, Some(person), _) => {
            context.name = person.name();
            context.email = email;
            email_changed(&context)
        }
        (EmailTemplate::Suspended { reason }, Some(person), _) => {
            (context.name, context.reason) = (person.name(), reason);
            suspended(&context)
        }
        (EmailTemplate::Reinstated, Some(person), _) => {
            context.name = person.name();
            context.link = link(paths::LOGIN);
            reinstated(&context)
        }
        (EmailTemplate::Frozen { lasts, reason }, Some(person), _) => {
            (context.name, context.lasts, context.reason) = (person.name(), lasts, reason);
            context.link = link(paths::ACCOUNT);
            frozen(&context)
        }
        (EmailTemplate::Unfrozen, Some(person), _) => {
            context.name = person.name();
            unfrozen(&context)
        }
        (EmailTemplate::NotPublished { draft, title, reason }, Some(person), _) => {
            (context.name, context.title, context.reason) = (person.name(), title, reason);
            context.link = link(&paths::draft(draft));
            not_published(&context)
        }
        (EmailTemplate::PostHidden { title, reason }, Some(person), _) => {
            (context.name, context.title, context.reason) = (person.name(), title, reason);
            context.link = link(paths::ACCOUNT_TRASH);
            post_hidden(&context)
        }
        (EmailTemplate::VersionErased { post, title, reason }, Some(person), _) => {
            (context.name, context.title, context.reason) = (person.name(), title, reason);
            context.link = link(&paths::history(post));
            version_erased(&context)
        }
        (
            EmailTemplate::CommentHidden {
                comment,
                title,
                reason,
            },
            Some(person),
            _,
        ) => {
            (context.name, context.title, context.reason) = (person.name(), title, reason);
            context.link = link(&paths::comment(comment));
            comment_hidden(&context)
        }
        (EmailTemplate::Warned { reason }, Some(person), _) => {
            (context.name, context.reason) = (person.name(), reason);
            warned(&context)
        }
        (EmailTemplate::AppealDecided { is_reversed, reason }, Some(person), _) => {
            (context.name, context.reason) = (person.name(), reason);
            context.more.push_str(if is_reversed {
                "A moderator has granted your appeal, and the decision no longer applies."
            } else {
                "A moderator has looked at your appeal. The decision stays as it is."
            });
            appeal_decided(&context)
        }
        (EmailTemplate::ReportReceived { path }, ..) => {
            context.link = link(&path);
            report_received(&context)
        }
        (EmailTemplate::ReportDecided { has_acted }, ..) => {
            context.more.push_str(if has_acted {
                "They have acted on it, or its author has deleted it."
            } else {
                "They have found nothing to act on."
            });
            report_decided(&context)
        }
        (EmailTemplate::Invitation { id }, inviter, _) => {
            let Some((offered, token)) = tokens.of_invitation(id).await? else {
                return Ok(None);
            };
            context.link = link(&paths::invite_link(token.expose()));
            context.name = inviter.as_ref().map(Person::name).unwrap_or_default();
            context.role = offered.role.words();
            let lasts = offered.expires_at - offered.created_at;
            context.lasts = match lasts.whole_days() {
                ..=2 => format!("{} hours", lasts.whole_hours()),
                days => format!("{days} days"),
            };
            invitation(&context)
        }
        (EmailTemplate::Test, Some(_), _) => test(&context),
        (EmailTemplate::Fault(report), Some(person), _) => {
            return fault_report(&site, &state.settings, person.name(), report)
                .map(|text| Some((recipient, text)));
        }
        _ => return Ok(None),
    };
    text.map(|text| Some((recipient, text)))
        .map_err(|error| internal(&error))
}

/// Renders the mail that reports an error to the administrator called `name`.
///
/// # Errors
///
/// Returns an error if the template cannot be rendered.
pub(crate) fn fault_report(
    site: &SiteIdentity,
    settings: &SiteSettings,
    name: String,
    report: ErrorAlert,
) -> Result<Text, AppError> {
    let context = TemplateContext {
        name,
        fault: report.line,
        at: report.at,
        more: match report.before {
            0 => String::new(),
            1 => "It has happened once more since the last email.".to_owned(),
            times => format!("It has happened {times} more times since the last email."),
        },
        ..TemplateContext::of(site, settings)
    };
    fault(&context).map_err(|error| internal(&error))
}

/// Renders the test mail.
///
/// # Errors
///
/// Returns an error if the template cannot be rendered.
pub fn trial(site: &SiteIdentity, settings: &SiteSettings) -> Result<Text, AppError> {
    test(&TemplateContext::of(site, settings)).map_err(|error| internal(&error))
}

async fn one(state: &AppState, people: Select<user::Entity>) -> Result<Option<Person>, AppError> {
    let person = people
        .select_only()
        .columns([
            user::Column::Id,
            user::Column::Username,
            user::Column::DisplayName,
            user::Column::Email,
            user::Column::EmailKey,
            user::Column::NewEmail,
        ])
        .into_model()
        .one(state.db.reader())
        .await?;
    Ok(person)
}

/// The tokens of the mail that a job sends to an address.
struct Tokens<'a>(&'a AppState, &'a Outbox, &'a Job, &'a str);

impl Tokens<'_> {
    /// Returns the token of the mail with its full lifetime. Every attempt to send the mail uses the same token.
    async fn issue(&self, purpose: Purpose, user_id: Option<i64>, data: String) -> Result<Secret, AppError> {
        let Self(state, outbox, job, recipient) = *self;
        let (db, now) = (state.db.writer(), state.clock.now());
        if let Some(token) = outbox.token(job.id)
            && prolong(db, now, purpose, &token).await?
        {
            return Ok(token);
        }
        let email = recipient.to_owned();
        let token = issue(db, now, purpose, Holder { user_id, email, data }).await?;
        outbox.keep_token(job.id, token.clone());
        Ok(token)
    }

    /// Gives the invitation with this `id` the token of the mail. Returns `None` if it cannot be used any more. Only a
    /// token that was mailed proves the address.
    async fn of_invitation(&self, id: i64) -> Result<Option<(invitation::Model, Secret)>, AppError> {
        let Self(state, outbox, job, recipient) = *self;
        let token = match outbox.token(job.id) {
            Some(token) => token,
            None => Secret::from(digest::random::<32>()?.as_str()),
        };
        let hash = digest::sha256(token.expose());
        let given = invitation::Entity::update_many()
            .col_expr(invitation::Column::Hash, Expr::value(hash.as_str()))
            .filter(invitation::Column::Id.eq(id))
            .filter(invitation::Column::Email.eq(recipient))
            .filter(invitation::Column::UsesLeft.gt(0))
            .filter(invitation::Column::ExpiresAt.gt(state.clock.now()))
            .exec(state.db.writer())
            .await?;
        if given.rows_affected == 0 {
            return Ok(None);
        }
        outbox.keep_token(job.id, token.clone());
        let row = invitation::Entity::find_by_id(id).one(state.db.writer()).await?;
        Ok(row.map(|row| (row, token)))
    }

    /// Issues a token to reset the password and revokes those of earlier requests. Returns `None` if there was a later
    /// request.
    async fn newest(&self, owner: &Person) -> Result<Option<Secret>, AppError> {
        let Self(state, _, job, _) = *self;
        // Zero-padded ids, so that the strings sort like the numbers.
        let number = format!("{:020}", job.id);
        let of_owner = |those| {
            Condition::all()
                .add(token::Column::UserId.eq(owner.id))
                .add(token::Column::Purpose.eq(Purpose::ResetPassword.name()))
                .add(those)
        };
        let newer: Option<String> = token::Entity::find()
            .select_only()
            .column(token::Column::Hash)
            .filter(of_owner(token::Column::Data.gt(number.as_str())))
            .into_tuple()
            .one(state.db.reader())
            .await?;
        if newer.is_some() {
            return Ok(None);
        }
        token::Entity::delete_many()
            .filter(of_owner(token::Column::Data.lt(number.as_str())))
            .exec(state.db.writer())
            .await?;
        let token = self.issue(Purpose::ResetPassword, Some(owner.id), number).await?;
        Ok(Some(token))
    }
}

fn internal(error: &dyn std::fmt::Display) -> AppError {
    tracing::error!(%error, "a template cannot be rendered");
    AppError::Internal
}
