//! Invitations: links with which people register, in a role that their inviter chooses. A link ends with the role of its
//! inviter.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use time::{Duration, OffsetDateTime};

use super::{reauthentication::SensitiveAct, refuse_blocked, taken_by_others};
use crate::{
    Scope, audit_log,
    client_info::ClientCookie,
    mail::{outbox, template::EmailTemplate},
    platform::{
        db::Transaction,
        digest,
        entity::{invitation, invitee, user},
    },
    policy::{self, Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    forms::{Email, Secret, invitation::NewInvitation},
    model::{
        account::Role,
        invitation::{Invitation, Invitations, Invitee, SHOWN_MAX, describe_invitation},
        moderation::AuditAction,
    },
    paths,
};

/// Registration with an invitation.
pub mod acceptance;

/// The outcome of creating an invitation.
#[derive(Debug, Clone)]
pub enum Created {
    /// The link, which cannot be read again later.
    Link(Secret),
    /// The link is mailed to the invited person.
    Mailed,
    /// The mail with the link is written to a file, because no mail server is set up.
    Written,
}

/// Creates an invitation. One for an address is mailed there and nowhere else, so that using its link proves the address.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] if the inviter may not invite to this role,
/// [`AppError::ReauthenticationRequired`] for a role above member, [`AppError::Invalid`] if the address has an account or its provider is blocked,
/// and [`AppError::Throttled`] after too many invitations.
pub async fn create(scope: &Scope, new: NewInvitation) -> Result<Created, AppError> {
    let target = Target::User { role: new.role };
    may(scope.actor().await?, Action::Invite, target)?;
    scope
        .require_recent_authentication(SensitiveAct::Invite(new.role))
        .await?;
    if let Some(viewer) = scope.viewer().await? {
        scope
            .state
            .limits
            .invite
            .check(&scope.state.db, viewer.id)
            .await?;
    }
    if let Some(email) = &new.email {
        refuse_blocked(scope, email).await?;
    }
    let key = new.email.as_ref().map(Email::key);
    taken_by_others(&scope.state, None, key).await?.into_result()?;

    let (now, secret) = (
        scope.state.clock.now(),
        Secret::from(digest::random::<32>()?.as_str()),
    );
    let transaction = scope.state.db.begin().await?;
    let (actor, inviter_id) = lock_actor(scope, &transaction).await?;
    may(actor, Action::Invite, target)?;
    let row = invitation::ActiveModel {
        // The mail gets another token, which is not known here.
        hash: Set(new.email.is_none().then(|| digest::sha256(secret.expose()))),
        inviter_id: Set(inviter_id),
        role: Set(new.role),
        email: Set(new.email.as_ref().map(|email| email.as_str().to_owned())),
        uses_left: Set(i32::try_from(new.uses).unwrap_or(i32::MAX)),
        created_at: Set(now),
        expires_at: Set(now + Duration::days(new.days.into())),
        ..Default::default()
    };
    let id = invitation::Entity::insert(row)
        .exec(&transaction)
        .await?
        .last_insert_id;
    let subject = describe_invitation(id, new.role);
    audit_log::record(scope, &transaction, AuditAction::Invite, &subject, "").await?;
    if let Some(email) = &new.email {
        let template = EmailTemplate::Invitation { id };
        outbox::queue(scope, &transaction, email.as_str(), inviter_id, &template).await?;
    }
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    if new.email.is_some() {
        return Ok(match scope.state.mailer.server() {
            Some(_) => Created::Mailed,
            None => Created::Written,
        });
    }
    if let Ok(client) = scope.client() {
        client.keep(ClientCookie::NewInvitation, &secret);
    }
    Ok(Created::Link(secret))
}

/// Returns who acts and their id, with the role that they have in this transaction.
async fn lock_actor(scope: &Scope, transaction: &Transaction) -> Result<(Actor, Option<i64>), AppError> {
    match scope.viewer().await? {
        Some(viewer) => Ok((policy::lock(transaction, &viewer).await?, Some(viewer.id))),
        None => Ok((scope.actor().await?, None)),
    }
}

/// Returns the absolute URL of the link of an invitation.
#[must_use]
pub fn link(scope: &Scope, secret: &Secret) -> String {
    let path = paths::invite_link(secret.expose());
    scope.state.settings.site_url.absolute(&path)
}

/// Deletes an invitation, whose link is useless from then on.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless the viewer is an administrator, [`AppError::NotFound`] if there is no such
/// invitation, and [`AppError::ReauthenticationRequired`] for a role above member.
pub async fn revoke(scope: &Scope, id: i64) -> Result<(), AppError> {
    may(scope.actor().await?, Action::Administer, Target::Site)?;
    let role: Option<Role> = invitation::Entity::find_by_id(id)
        .select_only()
        .column(invitation::Column::Role)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let role = role.ok_or(AppError::NotFound)?;
    scope
        .require_recent_authentication(SensitiveAct::RevokeInvitation(role))
        .await?;
    let transaction = scope.state.db.begin().await?;
    let (actor, _) = lock_actor(scope, &transaction).await?;
    may(actor, Action::Invite, Target::User { role })?;
    let deleted = invitation::Entity::delete_by_id(id).exec(&transaction).await?;
    if deleted.rows_affected == 0 {
        return Err(AppError::NotFound);
    }
    let subject = describe_invitation(id, role);
    audit_log::record(scope, &transaction, AuditAction::RevokeInvitation, &subject, "").await?;
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Deletes all invitations of a user who may not invite any more.
pub(crate) async fn end_all_of(transaction: &Transaction, inviter_id: i64) -> Result<(), DbErr> {
    invitation::Entity::delete_many()
        .filter(invitation::Column::InviterId.eq(inviter_id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Deletes the invitations that have expired or been used up, and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn sweep(db: &impl ConnectionTrait, now: OffsetDateTime) -> Result<u64, DbErr> {
    let is_over = Condition::any()
        .add(invitation::Column::ExpiresAt.lte(now))
        .add(invitation::Column::UsesLeft.lte(0));
    let swept = invitation::Entity::delete_many().filter(is_over).exec(db).await?;
    Ok(swept.rows_affected)
}

/// The columns of an invitation that its list shows.
#[derive(FromQueryResult)]
struct InvitationRow {
    id: i64,
    hash: Option<String>,
    role: Role,
    email: Option<String>,
    uses_left: i32,
    expires_at: OffsetDateTime,
    inviter: Option<String>,
}

/// Returns the invitations that can still be used, and who has registered with one.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless the viewer is an administrator.
pub async fn list(scope: &Scope) -> Result<Invitations, AppError> {
    may(scope.actor().await?, Action::Administer, Target::Site)?;
    let now = scope.state.clock.now();
    let open: Vec<InvitationRow> = invitation::Entity::find()
        .select_only()
        .columns([
            invitation::Column::Id,
            invitation::Column::Hash,
            invitation::Column::Role,
            invitation::Column::Email,
            invitation::Column::UsesLeft,
            invitation::Column::ExpiresAt,
        ])
        .column_as(user::Column::Username, "inviter")
        .join(JoinType::LeftJoin, of_inviter())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .filter(invitation::Column::UsesLeft.gt(0))
        .order_by_desc(invitation::Column::Id)
        .limit(SHOWN_MAX)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    let newest = scope
        .client()
        .ok()
        .and_then(|client| client.kept(ClientCookie::NewInvitation));
    let newest = newest.map(|secret| (digest::sha256(secret.expose()), link(scope, &secret)));
    let shown = |row: InvitationRow| Invitation {
        link: newest
            .as_ref()
            .filter(|(hash, _)| row.hash.as_ref() == Some(hash))
            .map(|(_, link)| link.clone()),
        id: row.id,
        role: row.role,
        email: row.email,
        inviter: row.inviter,
        uses_left: row.uses_left,
        expires_at: row.expires_at,
    };
    Ok(Invitations {
        open: open.into_iter().map(shown).collect(),
        accepted: accepted(scope).await?,
    })
}

fn of_inviter() -> RelationDef {
    invitation::Entity::belongs_to(user::Entity)
        .from(invitation::Column::InviterId)
        .to(user::Column::Id)
        .into()
}

/// Returns the newest users who have registered with an invitation.
async fn accepted(scope: &Scope) -> Result<Vec<Invitee>, AppError> {
    let rows: Vec<invitee::Model> = invitee::Entity::find()
        .order_by_desc(invitee::Column::UserId)
        .limit(SHOWN_MAX)
        .all(scope.state.db.reader())
        .await?;
    let ids = rows.iter().flat_map(|row| [row.user_id, row.inviter_id]);
    let names: Vec<(i64, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Username])
        .filter(user::Column::Id.is_in(ids))
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    let name = |id| {
        names
            .iter()
            .find(|(other, _)| *other == id)
            .map(|(_, name)| name.clone())
    };
    let shown = |row: invitee::Model| {
        Some(Invitee {
            username: name(row.user_id)?,
            inviter: name(row.inviter_id)?,
        })
    };
    Ok(rows.into_iter().filter_map(shown).collect())
}
