//! Re-authentication: entering the password again before an act that cannot be undone (OWASP, Authentication: require
//! re-authentication for sensitive features). A login counts as well.

use sea_orm::EntityTrait;
use time::Duration;
use tower_sessions::Session;

use super::{
    session_store::{SIGN_IN, SignIn},
    settings::{person, renew_session, require_password},
};
use crate::{
    AppState, Scope,
    platform::{entity::user, limit::network},
};
use shared::{
    error::AppError,
    forms::Secret,
    model::account::{Role, Viewer},
};

/// The time for which an authentication is recent.
const RECENT: Duration = Duration::minutes(15);

/// An act that may require a recent authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SensitiveAct {
    /// Inviting somebody to this role.
    Invite(Role),
    /// Revoking an invitation to this role.
    RevokeInvitation(Role),
    /// Changing the role of a user.
    ChangeRole,
    /// Deleting a static page.
    DeletePage,
}

impl SensitiveAct {
    /// Returns whether the act requires a recent authentication.
    #[must_use]
    pub fn is_protected(self) -> bool {
        match self {
            Self::Invite(role) | Self::RevokeInvitation(role) => role > Role::Member,
            Self::ChangeRole | Self::DeletePage => true,
        }
    }
}

/// Confirms that it is `viewer` who uses the session, which gets a new id.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the password is wrong, and [`AppError::Throttled`] after too many attempts.
pub async fn confirm(scope: &Scope, viewer: &Viewer, password: Secret) -> Result<(), AppError> {
    scope
        .state
        .limits
        .login_address
        .check(&scope.state.db, network(scope.client()?.address))
        .await?;
    let person = person(scope, viewer).await?;
    require_password(scope, &person, password).await?;
    let session = scope.session()?;
    let sign_in = session.get::<SignIn>(SIGN_IN).await?;
    let confirmed = SignIn {
        authenticated_at: Some(scope.state.clock.now()),
        ..sign_in.ok_or(AppError::SignInRequired)?
    };
    session.insert(SIGN_IN, confirmed).await?;
    renew_session(session).await?;
    // A suspension or another password has ended only the sessions that existed at that time.
    let now = user::Entity::find_by_id(viewer.id)
        .one(scope.state.db.reader())
        .await?;
    let is_same =
        |now: user::Model| now.suspended_because.is_none() && now.password_hash == person.password_hash;
    if now.is_some_and(is_same) {
        return Ok(());
    }
    session.flush().await?;
    Err(AppError::SignInRequired)
}

/// Requires that the user of `session` has logged in or confirmed recently.
///
/// # Errors
///
/// Returns [`AppError::ReauthenticationRequired`] otherwise.
pub(crate) async fn require_recent(state: &AppState, session: &Session) -> Result<(), AppError> {
    let sign_in = session.get::<SignIn>(SIGN_IN).await?;
    let at = sign_in
        .ok_or(AppError::SignInRequired)?
        .authenticated_at
        .ok_or(AppError::ReauthenticationRequired)?;
    if state.clock.now() - at < RECENT {
        Ok(())
    } else {
        Err(AppError::ReauthenticationRequired)
    }
}
