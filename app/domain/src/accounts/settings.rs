//! Profile and password settings.

use sea_orm::{
    ActiveValue::{self, Set},
    ColumnTrait, EntityTrait, QueryFilter, Value,
    sea_query::Expr,
};

use tower_sessions::{Session, session};

use super::{
    device, recovery::refuse_common, search_key::search_key, session::end_others_in, skeleton::skeleton,
    taken_by_others, username_history,
};
use super::{
    password::{self, Comparison},
    session_store::{SIGN_IN, SignIn},
};
use crate::{
    Scope,
    mail::{outbox, template::EmailTemplate},
    platform::{
        db::Transaction,
        entity::user::{self, PasswordHash},
        token::{Purpose, revoke},
        topic::Topic,
        unique::on_unique,
    },
    policy::{self, Action, Target, may},
};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, FieldProblem, Secret,
        reserved::is_reserved,
        settings::{NewPassword, ProfileChange},
    },
    model::{
        account::{AccountSettings, Viewer},
        media::Avatar,
        profile::shown_name,
        trust::Standing,
    },
};

/// The outcome of a change of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// All changes have taken effect.
    All,
    /// The new address takes effect when it is confirmed.
    CheckMail,
}

/// Returns the row of `viewer`.
pub(super) async fn person(scope: &Scope, viewer: &Viewer) -> Result<user::Model, AppError> {
    user::Entity::find_by_id(viewer.id)
        .one(scope.state.db.reader())
        .await?
        .ok_or(AppError::SignInRequired)
}

/// Returns the settings of `viewer`.
///
/// # Errors
///
/// Returns an error if the database cannot be read.
pub async fn read(scope: &Scope, viewer: &Viewer) -> Result<AccountSettings, AppError> {
    let person = person(scope, viewer).await?;
    let standing = Standing {
        level: person.trust,
        reason: person.trust_because,
    };
    let makes_difference = scope.site().await.has_trust && !person.role.moderates();
    Ok(AccountSettings {
        standing: makes_difference.then_some(standing),
        freeze: person.freeze(),
        details: person.details(),
        biography: person.biography,
        username: person.username,
        email: person.email,
        is_confirmed: person.email_confirmed_at.is_some(),
        new_email: person.new_email,
        about: person.about,
        picture: Avatar::from_name(person.picture),
    })
}

/// Changes the username, the profile and the address of `viewer`. A new address requires the current password,
/// because the address controls the account. It takes effect when it is confirmed, and the answer does not reveal
/// whether it already has an account.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the username is taken or reserved, or the password is wrong.
pub async fn change_profile(
    scope: &Scope,
    viewer: &Viewer,
    change: ProfileChange,
) -> Result<Changed, AppError> {
    let person = person(scope, viewer).await?;
    let moves = change.email.key() != person.email_key;
    let mut errors = reserved(&person, &change);
    if moves && change.email.is_at(&scope.site().await.blocked_mail_domains) {
        errors.add(Field::Email, FieldProblem::BlockedDomain);
    }
    if errors.is_empty() && change.username.key() != person.username_key {
        errors.merge(taken_by_others(&scope.state, Some(change.username.key()), None).await?);
    }
    if moves {
        errors.note(require_password(scope, &person, change.current_password.clone()).await)?;
    }
    errors.into_result()?;
    if moves {
        scope
            .state
            .limits
            .confirmation
            .check(&scope.state.db, viewer.id)
            .await?;
    }

    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, viewer).await?;
    if changes_profile(&person, &change) {
        may(actor, Action::ChangeProfile, Target::Site)?;
    }
    write(&transaction, &person, &change).await?;
    if moves {
        user::Entity::update_many()
            .col_expr(user::Column::NewEmail, Expr::value(change.email.as_str()))
            .filter(user::Column::Id.eq(viewer.id))
            .exec(&transaction)
            .await?;
        outbox::queue(
            scope,
            &transaction,
            change.email.as_str(),
            Some(viewer.id),
            &EmailTemplate::ChangeEmail,
        )
        .await?;
    }
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(if moves { Changed::CheckMail } else { Changed::All })
}

/// Returns the problem of a new username that is reserved. A user whose name became reserved later keeps it.
pub(super) fn reserved(person: &user::Model, change: &ProfileChange) -> FieldErrors {
    let is_new = change.username.key() != person.username_key;
    if is_new && is_reserved(change.username.as_str()) {
        FieldErrors::one(Field::Username, FieldProblem::Reserved)
    } else {
        FieldErrors::default()
    }
}

/// Writes the changes of `person`, except a new address, which has to be confirmed first.
pub(super) async fn write(
    transaction: &Transaction,
    person: &user::Model,
    change: &ProfileChange,
) -> Result<(), AppError> {
    let mut update = user::Entity::update_many()
        .set(profile_row(person, change))
        .filter(user::Column::Id.eq(person.id))
        // The address may have been changed since the row was read.
        .filter(user::Column::EmailKey.eq(person.email_key.as_str()));
    if change.username.as_str() != person.username {
        update = update
            .col_expr(user::Column::Username, Expr::value(change.username.as_str()))
            .col_expr(user::Column::UsernameKey, Expr::value(change.username.key()));
    }
    if change.email.key() == person.email_key {
        // The same address, possibly in other case.
        update = update.col_expr(user::Column::Email, Expr::value(change.email.as_str()));
    }
    let updated = update
        .exec(transaction)
        .await
        .map_err(|error| on_unique(error, &[("username_key", Field::Username)]))?;
    if updated.rows_affected == 0 {
        return Err(AppError::Unreachable);
    }
    transaction.invalidate([Topic::User(person.id)]);
    if change.username.key() != person.username_key {
        username_history::note(transaction, person.id, &person.username_key).await?;
    }
    Ok(())
}

/// Returns a row in which only what changes on the profile of `person` is set.
fn profile_row(person: &user::Model, change: &ProfileChange) -> user::ActiveModel {
    let new_name = change.display_name.clone();
    let new_name = new_name.map(|name| (!name.is_empty()).then_some(name));
    let display_name = new_name.as_ref().unwrap_or(&person.display_name).as_deref();
    let name = shown_name(display_name, change.username.as_str());
    user::ActiveModel {
        name_skeleton: Set(Some(skeleton(name))),
        display_name_key: changed(new_name.as_ref().map(|name| name.as_deref().map(search_key))),
        display_name: changed(new_name),
        pronouns: changed(change.pronouns.clone()),
        location: changed(change.location.clone()),
        website: changed(change.website.clone()),
        links: changed(change.links.as_ref().map(|links| links.join("\n"))),
        about: changed(change.about.clone()),
        biography: changed(change.biography.clone()),
        ..Default::default()
    }
}

/// Returns whether `change` alters more than the address, which others do not see.
fn changes_profile(person: &user::Model, change: &ProfileChange) -> bool {
    let is_new = |new: Option<&str>, current: &str| new.is_some_and(|new| new != current);
    let links = change.links.as_ref().map(|links| links.join("\n"));
    change.username.as_str() != person.username
        || [
            (
                &change.display_name,
                person.display_name.as_deref().unwrap_or_default(),
            ),
            (&change.pronouns, &person.pronouns),
            (&change.location, &person.location),
            (&change.website, &person.website),
            (&links, &person.links),
            (&change.about, &person.about),
            (&change.biography, &person.biography),
        ]
        .into_iter()
        .any(|(new, current)| is_new(new.as_deref(), current))
}

/// Returns a column that changes if there is a new value.
fn changed<T: Into<Value>>(value: Option<T>) -> ActiveValue<T> {
    value.map_or(ActiveValue::NotSet, Set)
}

/// Changes the password of `viewer`, ends their other sessions and gives the current one a new id.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the current password is wrong or the new one is easy to guess.
pub async fn change_password(scope: &Scope, viewer: &Viewer, change: NewPassword) -> Result<(), AppError> {
    let person = person(scope, viewer).await?;
    let mut errors = FieldErrors::default();
    errors.note(require_password(scope, &person, change.current.clone()).await)?;
    if password::composed(&change.new) == password::composed(&change.current) {
        errors.add(Field::NewPassword, FieldProblem::Unchanged);
    } else {
        let common = refuse_common(&scope.state, &change.new, &person.username, &person.email);
        errors.note(common.await)?;
    }
    errors.into_result()?;
    let hash = scope.state.hasher.hash(change.new).await?;

    let transaction = scope.state.db.begin().await?;
    let updated = user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(PasswordHash(hash)))
        // Somebody who knew the old password may have requested the change of address.
        .col_expr(user::Column::NewEmail, Expr::value(None::<String>))
        .filter(user::Column::Id.eq(viewer.id))
        // Of two concurrent changes, the second was authorized with a password that is no longer current.
        .filter(user::Column::PasswordHash.eq(person.password_hash))
        .exec(&transaction)
        .await?;
    if updated.rows_affected == 0 {
        return Err(FieldErrors::one(Field::CurrentPassword, FieldProblem::Wrong).into());
    }
    end_others_in(scope, &transaction, viewer.id).await?;
    outbox::withdraw(&transaction, &person.email, &EmailTemplate::ResetPassword).await?;
    revoke(
        &transaction,
        viewer.id,
        &[Purpose::ResetPassword, Purpose::KnownDevice],
    )
    .await?;
    device::remember(scope, &transaction, viewer.id).await?;
    outbox::queue(
        scope,
        &transaction,
        &person.email,
        Some(viewer.id),
        &EmailTemplate::PasswordChanged,
    )
    .await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();

    if let Err(error) = renew_session(scope.session()?).await {
        // The password has been changed; at worst this browser has to log in again.
        tracing::warn!(%error, "a session could not be given a new id");
    }
    Ok(())
}

/// Gives the session a new id, so that a stolen old id is no longer valid.
pub(super) async fn renew_session(session: &Session) -> Result<(), session::Error> {
    let Some(sign_in) = session.get::<SignIn>(SIGN_IN).await? else {
        return Ok(());
    };
    session.cycle_id().await?;
    session.set_expiry(Some(sign_in.cookie_expiry()));
    session.save().await
}

/// Requires the current password, which somebody who finds an unattended browser does not have (OWASP,
/// Authentication: require re-authentication).
pub(super) async fn require_password(
    scope: &Scope,
    person: &user::Model,
    given: Secret,
) -> Result<(), AppError> {
    let problem = |problem| Err(FieldErrors::one(Field::CurrentPassword, problem).into());
    if given.expose().is_empty() {
        return problem(FieldProblem::Required);
    }
    scope
        .state
        .limits
        .password
        .check(&scope.state.db, person.id)
        .await?;
    let stored = Some(person.password_hash.0.clone());
    match scope.state.hasher.verify(given, stored).await? {
        Comparison::Different => problem(FieldProblem::Wrong),
        Comparison::Same | Comparison::SameAsTyped => Ok(()),
    }
}
