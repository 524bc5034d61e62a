//! What every use-case is given.

use std::sync::Arc;

use tokio::sync::OnceCell;
use tower_sessions::Session;

use crate::{AppState, ClientInfo, accounts};
use shared::{error::AppError, model::account::Viewer};

/// One request: the application's state, the visitor's session, and who they are, looked up once.
#[derive(Clone)]
pub struct Ctx {
    /// What the whole program shares.
    pub state: AppState,
    /// The visitor's session; empty for somebody who has never signed in.
    pub session: Session,
    /// Who sends it, as far as it tells.
    pub visitor: ClientInfo,
    viewer: Arc<OnceCell<Option<Viewer>>>,
}

impl Ctx {
    /// A request by `visitor` with this session.
    #[must_use]
    pub fn new(state: AppState, session: Session, visitor: ClientInfo) -> Self {
        Self {
            state,
            session,
            visitor,
            viewer: Arc::default(),
        }
    }

    /// Who is asking, if they are signed in.
    ///
    /// # Errors
    /// When the database cannot tell.
    pub async fn viewer(&self) -> Result<Option<Viewer>, AppError> {
        self.viewer
            .get_or_try_init(|| accounts::session::viewer(self))
            .await
            .cloned()
    }

    /// Who is asking.
    ///
    /// # Errors
    /// [`AppError::SignInRequired`] for an anonymous visitor: nothing goes on for them.
    pub async fn require_viewer(&self) -> Result<Viewer, AppError> {
        self.viewer().await?.ok_or(AppError::SignInRequired)
    }
}
