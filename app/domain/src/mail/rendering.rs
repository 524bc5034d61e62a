//! Rendering mails.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select};

use super::{
    outbox::{Outbox, QueuedMail},
    template::{EmailTemplate, ErrorAlert},
    transport::Text,
};
use crate::{
    AppState, SiteSettings,
    jobs::Job,
    platform::{entity::user, token::Purpose},
    site,
};
use shared::{
    error::AppError,
    model::{profile::shown_name, site::SiteIdentity},
    paths,
};

use self::{letters::TemplateContext, tokens::Tokens};

/// The texts of the templates.
mod letters;
/// The tokens in mails.
mod tokens;

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
            letters::has_account(&context)
        }
        (EmailTemplate::Register(registration), _, None) => {
            let data = serde_json::to_string(&registration).map_err(|error| internal(&error))?;
            let token = tokens.issue(Purpose::Register, None, data).await?;
            context.link = link(&paths::confirm_link(token.expose()));
            context.name = registration.username;
            letters::register(&context)
        }
        (EmailTemplate::ResetPassword, _, Some(owner)) => {
            let Some(token) = tokens.newest(&owner).await? else {
                return Ok(None);
            };
            context.link = link(&paths::reset_link(token.expose()));
            context.name = owner.name();
            recipient = owner.email;
            letters::reset_password(&context)
        }
        (EmailTemplate::Welcome, Some(person), _) if person.email_key == key => {
            let token = tokens
                .issue(Purpose::ConfirmEmail, Some(person.id), String::new())
                .await?;
            context.link = link(&paths::confirm_link(token.expose()));
            context.name = person.name();
            letters::welcome(&context)
        }
        (EmailTemplate::ChangeEmail, Some(person), Some(owner)) if owner.id != person.id => {
            context.name = owner.name();
            recipient = owner.email;
            context.link = link(paths::LOGIN);
            letters::has_account(&context)
        }
        (EmailTemplate::ChangeEmail, Some(person), _)
            if person.new_email.as_deref() == Some(mail.recipient.as_str()) =>
        {
            let token = tokens
                .issue(Purpose::ConfirmEmail, Some(person.id), String::new())
                .await?;
            context.link = link(&paths::confirm_link(token.expose()));
            context.name = person.name();
            letters::change_email(&context)
        }
        (EmailTemplate::PasswordChanged, Some(person), _) => {
            context.name = person.name();
            letters::password_changed(&context)
        }
        (EmailTemplate::EmailChanged { email }, Some(person), _) => {
            context.name = person.name();
            context.email = email;
            letters::email_changed(&context)
        }
        (EmailTemplate::Suspended { reason }, Some(person), _) => {
            (context.name, context.reason) = (person.name(), reason);
            letters::suspended(&context)
        }
        (EmailTemplate::Reinstated, Some(person), _) => {
            context.name = person.name();
            context.link = link(paths::LOGIN);
            letters::reinstated(&context)
        }
        (EmailTemplate::Frozen { lasts, reason }, Some(person), _) => {
            (context.name, context.lasts, context.reason) = (person.name(), lasts, reason);
            context.link = link(paths::ACCOUNT);
            letters::frozen(&context)
        }
        (EmailTemplate::Unfrozen, Some(person), _) => {
            context.name = person.name();
            letters::unfrozen(&context)
        }
        (EmailTemplate::NotPublished { draft, title, reason }, Some(person), _) => {
            (context.name, context.title, context.reason) = (person.name(), title, reason);
            context.link = link(&paths::draft(draft));
            letters::not_published(&context)
        }
        (EmailTemplate::PostHidden { title, reason }, Some(person), _) => {
            (context.name, context.title, context.reason) = (person.name(), title, reason);
            context.link = link(paths::ACCOUNT_TRASH);
            letters::post_hidden(&context)
        }
        (EmailTemplate::VersionErased { post, title, reason }, Some(person), _) => {
            (context.name, context.title, context.reason) = (person.name(), title, reason);
            context.link = link(&paths::history(post));
            letters::version_erased(&context)
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
            letters::comment_hidden(&context)
        }
        (EmailTemplate::Warned { reason }, Some(person), _) => {
            (context.name, context.reason) = (person.name(), reason);
            letters::warned(&context)
        }
        (EmailTemplate::AppealDecided { is_reversed, reason }, Some(person), _) => {
            (context.name, context.reason) = (person.name(), reason);
            context.more.push_str(if is_reversed {
                "A moderator has granted your appeal, and the decision no longer applies."
            } else {
                "A moderator has looked at your appeal. The decision stays as it is."
            });
            letters::appeal_decided(&context)
        }
        (EmailTemplate::ReportReceived { path }, ..) => {
            context.link = link(&path);
            letters::report_received(&context)
        }
        (EmailTemplate::ReportDecided { has_acted }, ..) => {
            context.more.push_str(if has_acted {
                "They have acted on it, or its author has deleted it."
            } else {
                "They have found nothing to act on."
            });
            letters::report_decided(&context)
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
            letters::invitation(&context)
        }
        (EmailTemplate::Test, Some(_), _) => letters::test(&context),
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
    letters::fault(&context).map_err(|error| internal(&error))
}

/// Renders the test mail.
///
/// # Errors
///
/// Returns an error if the template cannot be rendered.
pub fn trial(site: &SiteIdentity, settings: &SiteSettings) -> Result<Text, AppError> {
    letters::test(&TemplateContext::of(site, settings)).map_err(|error| internal(&error))
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

fn internal(error: &dyn std::fmt::Display) -> AppError {
    tracing::error!(%error, "a template cannot be rendered");
    AppError::Internal
}
