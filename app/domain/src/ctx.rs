//! The context of a request, passed to every use-case.

use std::sync::Arc;

use tokio::sync::OnceCell;
use tower_sessions::Session;

use crate::{AppState, ClientInfo, accounts};
use shared::{error::AppError, model::account::Viewer};

/// The context of a request: the application state, the visitor's session and the viewer, looked up once.
#[derive(Clone)]
pub struct Ctx {
    /// The application state.
    pub state: AppState,
    /// The visitor's session; empty if the visitor has never logged in.
    pub session: Session,
    /// Information about the client.
    pub visitor: ClientInfo,
    viewer: Arc<OnceCell<Option<Viewer>>>,
}

impl Ctx {
    /// Creates the context of a request by `visitor` with this session.
    #[must_use]
    pub fn new(state: AppState, session: Session, visitor: ClientInfo) -> Self {
        Self {
            state,
            session,
            visitor,
            viewer: Arc::default(),
        }
    }

    /// Returns the logged-in user, or `None` for an anonymous visitor.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be read.
    pub async fn viewer(&self) -> Result<Option<Viewer>, AppError> {
        self.viewer
            .get_or_try_init(|| accounts::viewer::lookup(&self.state, &self.session))
            .await
            .cloned()
    }

    /// Returns the logged-in user.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::SignInRequired`] for an anonymous visitor.
    pub async fn require_viewer(&self) -> Result<Viewer, AppError> {
        self.viewer().await?.ok_or(AppError::SignInRequired)
    }
}
