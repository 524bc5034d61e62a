//! Registration with an invitation.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Select,
    sea_query::Expr,
};

use time::OffsetDateTime;

use crate::{
    Scope,
    accounts::{Registered, create, registration_mode, unavailable},
    audit_log,
    client_info::ClientCookie,
    platform::{
        db::Transaction,
        digest,
        entity::{invitation, invitee, user},
        limit::network,
    },
    policy::{Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    forms::{
        Email, Field, FieldErrors, FieldProblem, Secret,
        account::{NewAccount, NewAccountFields},
    },
    model::{account::Role, invitation::Offer, moderation::AuditAction, site::RegistrationMode},
};

/// Validates the token of a followed link and moves it into a cookie for the form, so that it disappears from the URL.
/// The invitation is not used up yet, because mail scanners follow links as well.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the token is forged, used, expired or revoked or its inviter may not invite any
/// more, and [`AppError::RegistrationClosed`] if nobody can register.
pub async fn follow(scope: &Scope, secret: &Secret) -> Result<(), AppError> {
    let hash = digest::sha256(secret.expose());
    find(scope, scope.state.db.reader(), of_hash(&hash), |inviter| inviter).await?;
    scope.client()?.keep(ClientCookie::MailToken, secret);
    Ok(())
}

/// Returns the invitation of the visitor's link.
///
/// # Errors
///
/// Returns the errors of [`follow`].
pub async fn check(scope: &Scope) -> Result<Offer, AppError> {
    let accepted = held(scope).await?;
    Ok(Offer {
        role: accepted.invitation.role,
        email: accepted.invitation.email,
        inviter: accepted.inviter,
    })
}

/// Creates an account with the invitation of the visitor's link, which has one use less then. On a private site, asks to
/// confirm the address first, unless the link was mailed to it.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the username or the address is taken, the invitation is for another address or the
/// password is easy to guess; and the errors of [`follow`].
pub async fn register(scope: &Scope, account: NewAccount) -> Result<Registered, AppError> {
    count(scope).await?;
    let accepted = held(scope).await?;
    other_address(&accepted, Some(&account.email)).into_result()?;
    let registered = create(scope, account, Some(&accepted.invitation)).await?;
    if registered != Registered::CheckMail {
        scope.client()?.forget(ClientCookie::MailToken);
    }
    Ok(registered)
}

/// Returns every problem of the form at once. `errors` are the problems that the form found without the database.
///
/// # Errors
///
/// Returns the errors of [`follow`], so that only the holder of a link learns which names are taken.
pub async fn all_problems(
    scope: &Scope,
    fields: &NewAccountFields,
    mut errors: FieldErrors,
) -> Result<FieldErrors, AppError> {
    count(scope).await?;
    let accepted = held(scope).await?;
    let tells_addresses = accepted.is_proof() || registration_mode(scope).await != RegistrationMode::Private;
    errors.merge(other_address(&accepted, fields.email.as_ref()));
    errors.merge(unavailable(&scope.state, fields, tells_addresses).await?);
    Ok(errors)
}

async fn count(scope: &Scope) -> Result<(), AppError> {
    let client = network(scope.client()?.address);
    scope.state.limits.register.check(&scope.state.db, client).await
}

/// Returns the problem of an address that is not the one to which the invitation was sent.
fn other_address(accepted: &Accepted, email: Option<&Email>) -> FieldErrors {
    let is_other = match (&accepted.invitation.email, email) {
        (Some(invited), Some(email)) => invited.to_ascii_lowercase() != email.key(),
        _ => false,
    };
    if is_other {
        FieldErrors::one(Field::Email, FieldProblem::OtherAddress)
    } else {
        FieldErrors::default()
    }
}

/// An invitation that is valid, and the username of its inviter.
pub(in crate::accounts) struct Accepted {
    /// The invitation.
    pub invitation: invitation::Model,
    /// The username of the inviter; `None` for the command line.
    pub inviter: Option<String>,
}

impl Accepted {
    /// Returns whether using the invitation proves the address, because its link was sent nowhere else.
    fn is_proof(&self) -> bool {
        self.invitation.email.is_some()
    }
}

async fn held(scope: &Scope) -> Result<Accepted, AppError> {
    // Also for somebody whose link was refused for this reason.
    require_not_closed(scope).await?;
    let secret = scope
        .client()?
        .kept(ClientCookie::MailToken)
        .ok_or(AppError::BadToken)?;
    let hash = digest::sha256(secret.expose());
    find(scope, scope.state.db.reader(), of_hash(&hash), |inviter| inviter).await
}

async fn require_not_closed(scope: &Scope) -> Result<(), AppError> {
    match registration_mode(scope).await {
        RegistrationMode::Closed => Err(AppError::RegistrationClosed),
        _ => Ok(()),
    }
}

fn of_hash(hash: &str) -> Select<invitation::Entity> {
    invitation::Entity::find().filter(invitation::Column::Hash.eq(hash))
}

/// Returns the invitation that `wanted` selects, if it is valid. `lock` may lock its inviter, who then keeps the role
/// until the end of the transaction.
async fn find(
    scope: &Scope,
    db: &impl ConnectionTrait,
    wanted: Select<invitation::Entity>,
    lock: fn(Select<user::Entity>) -> Select<user::Entity>,
) -> Result<Accepted, AppError> {
    require_not_closed(scope).await?;
    let invitation = wanted
        .filter(invitation::Column::ExpiresAt.gt(scope.state.clock.now()))
        .filter(invitation::Column::UsesLeft.gt(0))
        .one(db)
        .await?
        .ok_or(AppError::BadToken)?;
    let Some(id) = invitation.inviter_id else {
        return Ok(Accepted {
            invitation,
            inviter: None,
        });
    };
    let inviter = user::Entity::find_by_id(id)
        .select_only()
        .columns([
            user::Column::Username,
            user::Column::Role,
            user::Column::FrozenUntil,
        ])
        .filter(user::Column::SuspendedBecause.is_null());
    let inviter: Option<(String, Role, Option<OffsetDateTime>)> = lock(inviter).into_tuple().one(db).await?;
    let (inviter, role, frozen_until) = inviter.ok_or(AppError::BadToken)?;
    let target = Target::User {
        role: invitation.role,
    };
    may(
        Actor::User {
            id,
            role,
            is_frozen: frozen_until.is_some(),
        },
        Action::Invite,
        target,
    )
    .map_err(|_| AppError::BadToken)?;
    Ok(Accepted {
        invitation,
        inviter: Some(inviter),
    })
}

/// Uses an invitation once. Of several concurrent requests, as many succeed as it has uses left. The account is created
/// in the same transaction.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the invitation is used up or no longer valid.
pub(in crate::accounts) async fn redeem(
    scope: &Scope,
    transaction: &Transaction,
    id: i64,
) -> Result<Accepted, AppError> {
    let wanted = invitation::Entity::find_by_id(id);
    let accepted = find(scope, transaction, wanted, QuerySelect::lock_shared).await?;
    let used = invitation::Entity::update_many()
        .col_expr(
            invitation::Column::UsesLeft,
            Expr::col(invitation::Column::UsesLeft).sub(1),
        )
        .filter(invitation::Column::Id.eq(id))
        .filter(invitation::Column::UsesLeft.gt(0))
        .exec(transaction)
        .await?;
    if used.rows_affected == 1 {
        Ok(accepted)
    } else {
        Err(AppError::BadToken)
    }
}

/// Records that the new user with this `id` has accepted an invitation.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(in crate::accounts) async fn record(
    scope: &Scope,
    transaction: &Transaction,
    (id, username): (i64, &str),
    accepted: &Accepted,
) -> Result<(), AppError> {
    if let Some(inviter_id) = accepted.invitation.inviter_id {
        let row = invitee::ActiveModel {
            user_id: Set(id),
            inviter_id: Set(inviter_id),
        };
        invitee::Entity::insert(row)
            .exec_without_returning(transaction)
            .await?;
    }
    let inviter = accepted.inviter.as_deref().unwrap_or(audit_log::COMMAND_LINE);
    let action = AuditAction::AcceptInvitation;
    let role = accepted.invitation.role.words();
    audit_log::record_of(scope, transaction, username, action, inviter, role).await
}
