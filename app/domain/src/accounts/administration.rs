//! Account management from the command line. Asks for no password: the caller has access to the database anyway.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{
    BY_OPERATOR, NewUser, confirmation, deletion, insert, invitations, last_administrator,
    reauthentication::SensitiveAct, recovery::refuse_common, search_key::search_key, session::end_all_in,
    settings, skeleton::skeleton, taken,
};
use crate::{
    Scope, audit_log,
    mail::{outbox, template::EmailTemplate},
    media,
    platform::{
        db::Transaction,
        entity::user::{self, PasswordHash},
        token::{Purpose, revoke},
        topic::Topic,
    },
};
use shared::{
    error::AppError,
    forms::{
        Email, Field, FieldErrors, Form, Secret, account::NewAccount, display_name, settings::ProfileForm,
    },
    model::{
        account::Role,
        moderation::AuditAction,
        trust::{TrustLevel, TrustReason},
    },
};

/// Returns at most `limit` users whose usernames begin with `begin`, ordered by username.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn list(scope: &Scope, begin: &str, limit: u64) -> Result<Vec<user::Model>, AppError> {
    let begin = begin.to_lowercase();
    let found = user::Entity::find()
        .filter(user::Column::UsernameKey.gte(begin.as_str()))
        // Usernames are ASCII, and `~` sorts after every character they may contain.
        .filter(user::Column::UsernameKey.lt(format!("{begin}~")))
        .order_by_asc(user::Column::UsernameKey)
        .limit(limit)
        .all(scope.state.db.reader())
        .await?;
    Ok(found)
}

/// Returns the user with this username or address.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user.
pub async fn find(scope: &Scope, name: &str) -> Result<user::Model, AppError> {
    let key = Email::parse(name).map_or_else(|_| name.to_lowercase(), |email| email.key());
    let is_theirs = Condition::any()
        .add(user::Column::UsernameKey.eq(key.as_str()))
        .add(user::Column::EmailKey.eq(key.as_str()));
    let found = user::Entity::find()
        .filter(is_theirs)
        .one(scope.state.db.reader())
        .await?;
    found.ok_or(AppError::NotFound)
}

/// Creates an account. Its address counts as confirmed, because an administrator entered it.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the username or the address is taken, if the display name is not valid or if the
/// password is easy to guess.
pub async fn add(
    scope: &Scope,
    account: NewAccount,
    role: Role,
    display_name: Option<&str>,
) -> Result<(), AppError> {
    let display_name = display_name
        .map(display_name::parse)
        .transpose()
        .map_err(|problem| FieldErrors::one(Field::DisplayName, problem))?;
    refuse_common(
        &scope.state,
        &account.password,
        account.username.as_str(),
        account.email.as_str(),
    )
    .await?;
    let keys = (account.username.key(), account.email.key());
    let new = NewUser {
        username: account.username,
        email: account.email,
        password_hash: PasswordHash(scope.state.hasher.hash(account.password).await?),
        email_confirmed_at: Some(scope.state.clock.now()),
        role,
        standing: BY_OPERATOR,
    };
    let transaction = scope.state.db.begin().await?;
    let id = match insert(&transaction, &scope.state, &new).await {
        Ok(id) => id,
        Err(error) => {
            transaction.rollback().await?;
            return Err(taken(&scope.state, &keys.0, &keys.1, error).await?);
        }
    };
    if let Some(name) = display_name {
        let row = user::ActiveModel {
            id: Set(id),
            name_skeleton: Set(Some(skeleton(&name))),
            display_name_key: Set(Some(search_key(&name))),
            display_name: Set(Some(name)),
            ..Default::default()
        };
        row.update(&transaction).await?;
    }
    let words = role.words();
    note(
        scope,
        &transaction,
        AuditAction::Add,
        new.username.as_str(),
        words,
    )
    .await?;
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Sets a new password for the user with this username or address, ends all their sessions and notifies them by mail.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user, and [`AppError::Invalid`] if the password is easy to
/// guess.
pub async fn set_password(scope: &Scope, name: &str, password: Secret) -> Result<user::Model, AppError> {
    let person = find(scope, name).await?;
    refuse_common(&scope.state, &password, &person.username, &person.email).await?;
    let hash = PasswordHash(scope.state.hasher.hash(password).await?);
    let transaction = scope.state.db.begin().await?;
    let row = user::ActiveModel {
        id: Set(person.id),
        password_hash: Set(hash),
        // Somebody who knew the old password may have requested the change of address.
        new_email: Set(None),
        ..Default::default()
    };
    row.update(&transaction).await?;
    end_all_in(&transaction, person.id).await?;
    outbox::withdraw(&transaction, &person.email, &EmailTemplate::ResetPassword).await?;
    revoke(
        &transaction,
        person.id,
        &[Purpose::ResetPassword, Purpose::KnownDevice],
    )
    .await?;
    let told = &EmailTemplate::PasswordChanged;
    outbox::queue(scope, &transaction, &person.email, Some(person.id), told).await?;
    note(
        scope,
        &transaction,
        AuditAction::SetPassword,
        &person.username,
        "",
    )
    .await?;
    scope.state.db.commit(transaction).await?;
    Ok(person)
}

/// A change to an account; fields that are `None` stay unchanged.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The new username.
    pub username: Option<String>,
    /// The new email address.
    pub email: Option<String>,
    /// The new display name. If it is empty, the username is shown.
    pub display_name: Option<String>,
    /// The new profile text.
    pub about: Option<String>,
}

/// Updates the account of the user with this username or address. A new address takes effect at once and counts as
/// confirmed, because an administrator entered it; a mail to the previous address reports the change.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user, and [`AppError::Invalid`] if the username or the address
/// is taken or not valid.
pub async fn update(scope: &Scope, name: &str, change: Change) -> Result<user::Model, AppError> {
    let person = find(scope, name).await?;
    let given = [
        ("email address", change.email.is_some()),
        ("display name", change.display_name.is_some()),
        ("about", change.about.is_some()),
    ];
    let form = ProfileForm {
        username: change.username.unwrap_or_else(|| person.username.clone()),
        email: change.email.unwrap_or_else(|| person.email.clone()),
        display_name: change.display_name,
        about: change.about,
        ..ProfileForm::default()
    };
    let change = form.validate()?;
    settings::reserved(&person, &change).into_result()?;
    let transaction = scope.state.db.begin().await?;
    settings::write(&transaction, &person, &change).await?;
    if change.email.key() != person.email_key {
        confirmation::set_address(scope, &transaction, &person, change.email.as_str()).await?;
    }
    let given = given.iter().filter(|(_, is_given)| *is_given);
    let mut changed: Vec<String> = given.map(|(what, _)| (*what).to_owned()).collect();
    if change.username.as_str() != person.username {
        changed.insert(0, format!("username (now {})", change.username.as_str()));
    }
    let changed = changed.join(", ");
    note(
        scope,
        &transaction,
        AuditAction::UpdateUser,
        &person.username,
        &changed,
    )
    .await?;
    let person = user::Entity::find_by_id(person.id).one(&transaction).await?;
    scope.state.db.commit(transaction).await?;
    person.ok_or(AppError::NotFound)
}

/// Sets the role of the user with this username or address.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user, and [`AppError::LastAdministrator`] if the user would lose the
/// role that nobody else has.
pub async fn set_role(scope: &Scope, name: &str, role: Role) -> Result<user::Model, AppError> {
    scope
        .require_recent_authentication(SensitiveAct::ChangeRole)
        .await?;
    let person = find(scope, name).await?;
    let mut row = user::ActiveModel {
        id: Set(person.id),
        role: Set(role),
        ..Default::default()
    };
    if role.moderates() && person.trust == TrustLevel::New {
        // Nobody has to look at what moderators write.
        row.trust = Set(TrustLevel::Trusted);
        row.trust_because = Set(TrustReason::Given);
    }
    let transaction = scope.state.db.begin().await?;
    if !role.administers() {
        last_administrator::keep(&transaction, person.id).await?;
    }
    let person = row.update(&transaction).await?;
    if !role.administers() {
        invitations::end_all_of(&transaction, person.id).await?;
    }
    transaction.invalidate([Topic::User(person.id)]);
    note(
        scope,
        &transaction,
        AuditAction::Promote,
        &person.username,
        role.words(),
    )
    .await?;
    scope.state.db.commit(transaction).await?;
    Ok(person)
}

/// Ends all sessions of the user with this username or address.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user.
pub async fn end_sessions(scope: &Scope, name: &str) -> Result<user::Model, AppError> {
    let person = find(scope, name).await?;
    let transaction = scope.state.db.begin().await?;
    end_all_in(&transaction, person.id).await?;
    note(
        scope,
        &transaction,
        AuditAction::EndSessions,
        &person.username,
        "",
    )
    .await?;
    scope.state.db.commit(transaction).await?;
    Ok(person)
}

/// Deletes the user with this username or address, with everything that belongs to them.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user, and [`AppError::LastAdministrator`] if nobody else administers
/// the site.
pub async fn delete(scope: &Scope, name: &str) -> Result<user::Model, AppError> {
    let person = find(scope, name).await?;
    let transaction = scope.state.db.begin().await?;
    deletion::remove_in(&transaction, &scope.state, person.id).await?;
    note(scope, &transaction, AuditAction::DeleteUser, &person.username, "").await?;
    scope.state.db.commit(transaction).await?;
    media::sweep_now(&scope.state).await;
    Ok(person)
}

async fn note(
    scope: &Scope,
    transaction: &Transaction,
    action: AuditAction,
    username: &str,
    reason: &str,
) -> Result<(), AppError> {
    audit_log::record(scope, transaction, action, username, reason).await
}
