//! Confirmation of email addresses by a link in a mail: to finish a registration, to confirm the first address or to
//! change it.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::{
    INVITED, NewUser, REGISTERED, insert, invitations::acceptance, password::Comparison, refuse_blocked,
    require_open,
};
use crate::{
    Scope,
    client_info::ClientCookie,
    mail::{
        outbox,
        template::{EmailTemplate, Registration},
    },
    platform::{
        db::Transaction,
        entity::{token, user},
        token::{Purpose, find, redeem, revoke},
        unique::on_unique,
    },
};
use shared::{
    error::AppError,
    forms::{Email, Field, FieldErrors, FieldProblem, Secret, Username},
    model::account::{Confirmation, Role, Viewer},
};

/// The outcome of a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// The account was created.
    Account,
    /// The address was confirmed.
    Address,
}

/// Validates the token of a followed link and moves it into a cookie for the form, so that it disappears from the
/// URL.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the token is forged, used or expired.
pub async fn follow(scope: &Scope, secret: &Secret) -> Result<(), AppError> {
    known(scope, scope.state.db.reader(), secret).await?;
    scope.client()?.keep(ClientCookie::MailToken, secret);
    Ok(())
}

/// Returns what the visitor's link would confirm.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the visitor has no valid token.
pub async fn pending(scope: &Scope) -> Result<Confirmation, AppError> {
    let secret = scope
        .client()?
        .kept(ClientCookie::MailToken)
        .ok_or(AppError::BadToken)?;
    let (purpose, token) = known(scope, scope.state.db.reader(), &secret).await?;
    Ok(Confirmation {
        email: token.email,
        is_new: purpose == Purpose::Register,
    })
}

async fn known(
    scope: &Scope,
    db: &impl ConnectionTrait,
    secret: &Secret,
) -> Result<(Purpose, token::Model), AppError> {
    let now = scope.state.clock.now();
    match find(db, now, Purpose::ConfirmEmail, secret).await {
        Ok(token) if waits(db, &token).await? => Ok((Purpose::ConfirmEmail, token)),
        Ok(_) => Err(AppError::BadToken),
        Err(AppError::BadToken) => {
            let token = find(db, now, Purpose::Register, secret).await?;
            Ok((Purpose::Register, token))
        }
        Err(error) => Err(error),
    }
}

/// Returns whether the address of `token` is still the current or the pending address of its holder, who may have
/// requested another one since.
async fn waits(db: &impl ConnectionTrait, token: &token::Model) -> Result<bool, AppError> {
    let Some(id) = token.user_id else { return Ok(false) };
    let found: Option<(String, Option<String>)> = user::Entity::find_by_id(id)
        .select_only()
        .columns([user::Column::EmailKey, user::Column::NewEmail])
        .into_tuple()
        .one(db)
        .await?;
    let waits = |(key, new): (String, Option<String>)| {
        key == token.email.to_ascii_lowercase() || new.as_deref() == Some(token.email.as_str())
    };
    Ok(found.is_some_and(waits))
}

/// Performs the action of the visitor's link.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the token is forged, used or expired or if another user has confirmed the
/// address first, [`AppError::Invalid`] if the username of a new account has been taken in the meantime or its
/// password is missing or wrong, and [`AppError::InvitationRequired`] or [`AppError::RegistrationClosed`] if nobody can
/// register without an invitation any more.
pub async fn confirm(scope: &Scope, password: Secret) -> Result<Confirmed, AppError> {
    let secret = scope
        .client()?
        .kept(ClientCookie::MailToken)
        .ok_or(AppError::BadToken)?;
    let (purpose, token) = known(scope, scope.state.db.reader(), &secret).await?;
    if purpose == Purpose::Register {
        require_chosen(scope, &token, password).await?;
    }
    let transaction = scope.state.db.begin().await?;
    let token = redeem(&transaction, scope.state.clock.now(), purpose, &secret).await?;
    let confirmed = if purpose == Purpose::Register {
        make(scope, &transaction, &token).await?;
        Confirmed::Account
    } else {
        adopt(scope, &transaction, &token).await?;
        Confirmed::Address
    };
    scope.state.db.commit(transaction).await?;
    scope.client()?.forget(ClientCookie::MailToken);
    scope.state.jobs.wake();
    Ok(confirmed)
}

/// Requires the password that was chosen at registration. Otherwise somebody could register with the address of
/// another person, who would then confirm an account whose password that somebody knows.
async fn require_chosen(scope: &Scope, token: &token::Model, given: Secret) -> Result<(), AppError> {
    let problem = |problem| Err(FieldErrors::one(Field::Password, problem).into());
    if given.expose().is_empty() {
        return problem(FieldProblem::Required);
    }
    scope
        .state
        .limits
        .login_account
        .check(&scope.state.db, &token.hash)
        .await?;
    let stored = registration(token)?.password_hash.0;
    match scope.state.hasher.verify(given, Some(stored)).await? {
        Comparison::Different => problem(FieldProblem::Wrong),
        Comparison::Same | Comparison::SameAsTyped => Ok(()),
    }
}

fn registration(token: &token::Model) -> Result<Registration, AppError> {
    serde_json::from_str(&token.data).map_err(|error| {
        tracing::error!(%error, "a registration cannot be read");
        AppError::Internal
    })
}

/// Creates the account that was registered.
async fn make(scope: &Scope, transaction: &Transaction, token: &token::Model) -> Result<(), AppError> {
    let registration = registration(token)?;
    let (Ok(username), Ok(email)) = (
        Username::choose(&registration.username),
        Email::parse(&token.email),
    ) else {
        return Err(AppError::BadToken);
    };
    // The provider may have been blocked since the link was mailed.
    refuse_blocked(scope, &email)
        .await
        .map_err(|_| AppError::BadToken)?;
    let accepted = if let Some(id) = registration.invitation {
        Some(acceptance::redeem(scope, transaction, id).await?)
    } else {
        // Registration may have been closed since the link was mailed.
        require_open(scope).await?;
        None
    };
    let user = NewUser {
        username,
        email,
        password_hash: registration.password_hash,
        email_confirmed_at: Some(scope.state.clock.now()),
        role: accepted
            .as_ref()
            .map_or(Role::Member, |accepted| accepted.invitation.role),
        standing: if accepted.is_some() { INVITED } else { REGISTERED },
    };
    match insert(transaction, &scope.state, &user).await {
        Ok(id) => match accepted {
            Some(accepted) => {
                acceptance::record(scope, transaction, (id, user.username.as_str()), &accepted).await
            }
            None => Ok(()),
        },
        Err(error) => Err(
            match on_unique(
                error,
                &[("username_key", Field::Username), ("email_key", Field::Email)],
            ) {
                AppError::Invalid(errors) if errors.for_field(Field::Email).is_some() => AppError::BadToken,
                error => error,
            },
        ),
    }
}

/// Confirms the current address of an account, or replaces it by its pending one.
async fn adopt(scope: &Scope, transaction: &Transaction, token: &token::Model) -> Result<(), AppError> {
    let id = token.user_id.ok_or(AppError::BadToken)?;
    let person = user::Entity::find_by_id(id)
        .one(transaction)
        .await?
        .ok_or(AppError::BadToken)?;
    if person.email_key == token.email.to_ascii_lowercase() {
        user::Entity::update_many()
            .col_expr(
                user::Column::EmailConfirmedAt,
                Expr::value(scope.state.clock.now()),
            )
            .filter(user::Column::Id.eq(id))
            .exec(transaction)
            .await?;
        return Ok(());
    }
    if person.new_email.as_deref() != Some(token.email.as_str()) {
        return Err(AppError::BadToken);
    }
    if let Ok(email) = Email::parse(&token.email) {
        refuse_blocked(scope, &email)
            .await
            .map_err(|_| AppError::BadToken)?;
    }
    match set_address(scope, transaction, &person, &token.email).await {
        // Another user confirmed the address first; the form has no address field to show that in.
        Err(AppError::Invalid(_)) => Err(AppError::BadToken),
        set => set,
    }
}

/// Sets the address of `person` to `email`, which is confirmed, and reports the change by mail to the previous one.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if another user has the address.
pub(super) async fn set_address(
    scope: &Scope,
    transaction: &Transaction,
    person: &user::Model,
    email: &str,
) -> Result<(), AppError> {
    user::Entity::update_many()
        .col_expr(
            user::Column::EmailConfirmedAt,
            Expr::value(scope.state.clock.now()),
        )
        .col_expr(user::Column::Email, Expr::value(email))
        .col_expr(user::Column::EmailKey, Expr::value(email.to_ascii_lowercase()))
        .col_expr(user::Column::NewEmail, Expr::value(None::<String>))
        .filter(user::Column::Id.eq(person.id))
        .exec(transaction)
        .await
        .map_err(|error| on_unique(error, &[("email_key", Field::Email)]))?;
    revoke(
        transaction,
        person.id,
        &[Purpose::ResetPassword, Purpose::ConfirmEmail],
    )
    .await?;
    outbox::withdraw(transaction, &person.email, &EmailTemplate::ResetPassword).await?;
    let template = EmailTemplate::EmailChanged {
        email: email.to_owned(),
    };
    outbox::queue(scope, transaction, &person.email, Some(person.id), &template).await
}

/// Cancels the pending change of address of `viewer`, which makes its link invalid.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn give_up(scope: &Scope, viewer: &Viewer) -> Result<(), AppError> {
    user::Entity::update_many()
        .col_expr(user::Column::NewEmail, Expr::value(None::<String>))
        .filter(user::Column::Id.eq(viewer.id))
        .exec(scope.state.db.writer())
        .await?;
    Ok(())
}

/// Sends the confirmation link to the unconfirmed address of `viewer` again. Returns `false` if there is no such
/// address.
///
/// # Errors
///
/// Returns [`AppError::Throttled`] after too many requests.
pub async fn send_again(scope: &Scope, viewer: &Viewer) -> Result<bool, AppError> {
    let person = user::Entity::find_by_id(viewer.id)
        .one(scope.state.db.reader())
        .await?
        .ok_or(AppError::SignInRequired)?;
    let (recipient, template) = match person.new_email {
        Some(email) => (email, EmailTemplate::ChangeEmail),
        None if person.email_confirmed_at.is_none() => (person.email, EmailTemplate::Welcome),
        None => return Ok(false),
    };
    scope
        .state
        .limits
        .confirmation
        .check(&scope.state.db, viewer.id)
        .await?;
    outbox::queue(
        scope,
        scope.state.db.writer(),
        &recipient,
        Some(viewer.id),
        &template,
    )
    .await?;
    scope.state.jobs.wake();
    Ok(true)
}
