//! Accounts: registration, profiles, sessions and everything else that belongs to a user.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait,
    QueryFilter, QuerySelect,
};
use time::OffsetDateTime;

use self::invitations::acceptance;
use crate::{
    AppState, Scope,
    mail::{
        outbox,
        template::{EmailTemplate, Registration},
    },
    platform::{
        entity::{
            invitation,
            user::{self, PasswordHash},
        },
        limit::network,
        unique::on_unique,
    },
    site,
};
use shared::{
    error::AppError,
    forms::{
        Email, Field, FieldErrors, FieldProblem, Secret, Username,
        account::{NewAccount, NewAccountFields},
    },
    model::{
        account::Role,
        site::RegistrationMode,
        trust::{Standing, TrustLevel, TrustReason},
    },
};
use skeleton::skeleton;

/// Account management for administrators.
pub mod administration;
/// The list of authors and the search for users.
pub mod authors;
/// Confirmation of email addresses.
pub mod confirmation;
/// Deletion of an account.
pub mod deletion;
/// Known devices: browsers that a user has logged in from before.
mod device;
/// Names that can be confused with those of moderators and administrators.
pub mod impersonation;
/// Invitations.
pub mod invitations;
/// The rule that a site keeps an administrator.
mod last_administrator;
/// Password hashing.
pub mod password;
/// Entering the password again.
pub mod reauthentication;
/// Password recovery.
pub mod recovery;
/// The form of names in which they are searched.
pub(crate) mod search_key;
/// Logging in and out, and the list of a user's sessions.
pub mod session;
/// The session store.
pub mod session_store;
/// Profile and password settings.
pub mod settings;
/// Creation of the first administrator.
pub mod setup_token;
/// Skeletons of names.
pub(crate) mod skeleton;
/// Parsing of `User-Agent` headers.
mod user_agent;
/// The former usernames of users.
pub(super) mod username_history;
/// The viewer of a request.
pub(crate) mod viewer;

/// The outcome of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// The account was created.
    Account,
    /// The account was created, and its address counts as confirmed.
    ConfirmedAccount,
    /// The account will be created when the address is confirmed.
    CheckMail,
}

/// The standing of somebody who has registered without an invitation.
const REGISTERED: Standing = Standing {
    level: TrustLevel::New,
    reason: TrustReason::Registered,
};
/// The standing of somebody who was invited.
const INVITED: Standing = Standing {
    level: TrustLevel::Trusted,
    reason: TrustReason::Invited,
};
/// The standing of somebody whose account the operator has created.
const BY_OPERATOR: Standing = Standing {
    level: TrustLevel::Trusted,
    reason: TrustReason::Operator,
};

/// A user that is about to be inserted.
struct NewUser {
    username: Username,
    email: Email,
    password_hash: PasswordHash,
    email_confirmed_at: Option<OffsetDateTime>,
    role: Role,
    standing: Standing,
}

/// Creates an account. On a private site, sends a mail to confirm the address first.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the username is taken, if the address is taken (unless the site is private) or if
/// the password is easy to guess, [`AppError::Throttled`] after too many registrations, and
/// [`AppError::InvitationRequired`] or [`AppError::RegistrationClosed`] if the site does not let everybody register.
pub async fn register(scope: &Scope, account: NewAccount) -> Result<Registered, AppError> {
    require_open(scope).await?;
    scope
        .state
        .limits
        .register
        .check(&scope.state.db, network(scope.client()?.address))
        .await?;
    create(scope, account, None).await
}

/// Returns the mode of registration.
async fn registration_mode(scope: &Scope) -> RegistrationMode {
    scope.site().await.registration
}

/// Requires that everybody can register.
async fn require_open(scope: &Scope) -> Result<(), AppError> {
    match registration_mode(scope).await {
        RegistrationMode::Open | RegistrationMode::Private => Ok(()),
        RegistrationMode::Invited => Err(AppError::InvitationRequired),
        RegistrationMode::Closed => Err(AppError::RegistrationClosed),
    }
}

/// Creates an account, with an `invitation` or without. On a private site, sends a mail to confirm the address first,
/// unless the invitation was mailed to it.
async fn create(
    scope: &Scope,
    account: NewAccount,
    invitation: Option<&invitation::Model>,
) -> Result<Registered, AppError> {
    let is_proven = invitation.is_some_and(|invitation| invitation.email.is_some());
    let is_private = registration_mode(scope).await == RegistrationMode::Private && !is_proven;
    refuse_unavailable(&scope.state, &account, !is_private).await?;
    let NewAccount {
        username,
        email,
        password,
    } = account;
    let invitation = invitation.map(|invitation| invitation.id);
    if is_private {
        ask_to_confirm(scope, username, email, password, invitation).await?;
        return Ok(Registered::CheckMail);
    }
    let user = NewUser {
        username,
        email,
        password_hash: PasswordHash(scope.state.hasher.hash(password).await?),
        email_confirmed_at: is_proven.then(|| scope.state.clock.now()),
        role: Role::Member,
        standing: REGISTERED,
    };
    make(scope, user, invitation).await?;
    Ok(if is_proven {
        Registered::ConfirmedAccount
    } else {
        Registered::Account
    })
}

/// Returns every problem of a registration form at once. `errors` are the problems that the form found without the
/// database.
///
/// # Errors
///
/// Returns [`AppError::Throttled`] after too many registrations: this answer also reveals which usernames are taken.
/// Returns [`AppError::InvitationRequired`] or [`AppError::RegistrationClosed`] if the site does not let everybody
/// register.
pub async fn all_problems(
    scope: &Scope,
    fields: &NewAccountFields,
    mut errors: FieldErrors,
) -> Result<FieldErrors, AppError> {
    require_open(scope).await?;
    scope
        .state
        .limits
        .register
        .check(&scope.state.db, network(scope.client()?.address))
        .await?;
    let is_open = registration_mode(scope).await == RegistrationMode::Open;
    errors.merge(unavailable(&scope.state, fields, is_open).await?);
    Ok(errors)
}

/// Returns [`AppError::Invalid`] if the username or the address is taken or the password is common.
async fn refuse_unavailable(
    state: &AppState,
    account: &NewAccount,
    tells_addresses: bool,
) -> Result<(), AppError> {
    let fields = NewAccountFields {
        username: Some(account.username.clone()),
        email: Some(account.email.clone()),
        password: Some(account.password.clone()),
    };
    Ok(unavailable(state, &fields, tells_addresses)
        .await?
        .into_result()?)
}

/// Returns the problems that only the server can detect: a taken username, a taken address (if `tells_addresses`) and
/// a common password.
async fn unavailable(
    state: &AppState,
    fields: &NewAccountFields,
    tells_addresses: bool,
) -> Result<FieldErrors, AppError> {
    let NewAccountFields {
        username,
        email,
        password,
    } = fields;
    let username_key = username.as_ref().map(Username::key);
    let email_key = email.as_ref().filter(|_| tells_addresses).map(Email::key);
    let mut errors = taken_by_others(state, username_key, email_key).await?;
    let site = site::current(state).await;
    if email
        .as_ref()
        .is_some_and(|email| email.is_at(&site.blocked_mail_domains))
    {
        errors.add(Field::Email, FieldProblem::BlockedDomain);
    }
    let is_common = |password| password::is_common(&site.name, password, username.as_ref(), email.as_ref());
    if password.as_ref().is_some_and(is_common) {
        errors.add(Field::Password, FieldProblem::Common);
    }
    Ok(errors)
}

/// Returns [`AppError::Invalid`] if the site does not accept addresses at the provider of `email`.
async fn refuse_blocked(scope: &Scope, email: &Email) -> Result<(), AppError> {
    if email.is_at(&scope.site().await.blocked_mail_domains) {
        return Err(FieldErrors::one(Field::Email, FieldProblem::BlockedDomain).into());
    }
    Ok(())
}

/// Inserts the account, uses the invitation with this id, and queues the welcome mail if the address is not confirmed.
async fn make(scope: &Scope, mut user: NewUser, invitation: Option<i64>) -> Result<(), AppError> {
    let keys = (user.username.key(), user.email.key());
    let transaction = scope.state.db.begin().await?;
    let mut accepted = None;
    if let Some(id) = invitation {
        let redeemed = acceptance::redeem(scope, &transaction, id).await?;
        user.role = redeemed.invitation.role;
        user.standing = INVITED;
        accepted = Some(redeemed);
    }
    let outcome = insert(&transaction, &scope.state, &user).await;
    let id = match outcome {
        Ok(id) => id,
        Err(error) => {
            transaction.rollback().await?;
            return Err(taken(&scope.state, &keys.0, &keys.1, error).await?);
        }
    };
    if let Some(accepted) = accepted {
        acceptance::record(scope, &transaction, (id, user.username.as_str()), &accepted).await?;
    }
    if user.email_confirmed_at.is_none() {
        let template = EmailTemplate::Welcome;
        outbox::queue(scope, &transaction, user.email.as_str(), Some(id), &template).await?;
    }
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}

/// Queues a mail to the address, whether or not it has an account. Only the owner of the address learns which of the
/// two it is: the answer and the work are the same (OWASP, Authentication: account creation).
async fn ask_to_confirm(
    scope: &Scope,
    username: Username,
    email: Email,
    password: Secret,
    invitation: Option<i64>,
) -> Result<(), AppError> {
    if !recovery::may_be_written_to(scope, &email).await? {
        return Ok(());
    }
    let template = EmailTemplate::Register(Registration {
        username: username.as_str().to_owned(),
        password_hash: PasswordHash(scope.state.hasher.hash(password).await?),
        invitation,
    });
    outbox::queue(scope, scope.state.db.writer(), email.as_str(), None, &template).await?;
    scope.state.jobs.wake();
    Ok(())
}

async fn insert(db: &impl ConnectionTrait, state: &AppState, new: &NewUser) -> Result<i64, DbErr> {
    let row = user::ActiveModel {
        username: Set(new.username.as_str().to_owned()),
        username_key: Set(new.username.key()),
        email: Set(new.email.as_str().to_owned()),
        email_key: Set(new.email.key()),
        password_hash: Set(new.password_hash.clone()),
        created_at: Set(state.clock.now()),
        email_confirmed_at: Set(new.email_confirmed_at),
        role: Set(new.role),
        trust: Set(new.standing.level),
        trust_because: Set(new.standing.reason),
        name_skeleton: Set(Some(skeleton(new.username.as_str()))),
        ..Default::default()
    };
    row.insert(db).await.map(|row| row.id)
}

/// Returns every field that is taken, after the database refused the row with `error`, which names only one of them.
async fn taken(state: &AppState, username: &str, email: &str, error: DbErr) -> Result<AppError, AppError> {
    let error = on_unique(
        error,
        &[("username_key", Field::Username), ("email_key", Field::Email)],
    );
    let AppError::Invalid(_) = error else {
        return Ok(error);
    };
    let errors = taken_by_others(state, Some(username.to_owned()), Some(email.to_owned())).await?;
    // The conflicting account may have been deleted in the meantime.
    Ok(if errors.is_empty() { error } else { errors.into() })
}

/// Returns the fields whose keys are already taken.
async fn taken_by_others(
    state: &AppState,
    username: Option<String>,
    email: Option<String>,
) -> Result<FieldErrors, AppError> {
    let mut errors = FieldErrors::default();
    let those = Condition::any()
        .add_option(username.as_deref().map(|key| user::Column::UsernameKey.eq(key)))
        .add_option(email.as_deref().map(|key| user::Column::EmailKey.eq(key)));
    if those.is_empty() {
        return Ok(errors);
    }
    let others: Vec<(String, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::UsernameKey, user::Column::EmailKey])
        .filter(those)
        .into_tuple()
        .all(state.db.reader())
        .await?;
    if others.iter().any(|(other, _)| Some(other) == username.as_ref()) {
        errors.add(Field::Username, FieldProblem::Taken);
    }
    if others.iter().any(|(_, other)| Some(other) == email.as_ref()) {
        errors.add(Field::Email, FieldProblem::Taken);
    }
    Ok(errors)
}
