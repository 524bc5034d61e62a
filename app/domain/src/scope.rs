//! The scope of a call: who acts and by what. It is the first argument of every use-case.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OnceCell;
use tower_sessions::Session;

use crate::{
    AppState, ClientInfo,
    accounts::{self, reauthentication::SensitiveAct},
    audit_log,
    platform::topic::Topic,
    policy::Actor,
};
use shared::{error::AppError, model::account::Viewer};

/// Who acts and by what, with the application state.
#[derive(Clone)]
pub struct Scope {
    /// The application state.
    pub state: AppState,
    caller: Caller,
    viewer: Arc<OnceCell<Option<Viewer>>>,
    topics: Arc<Mutex<BTreeSet<Topic>>>,
}

/// The means by which somebody acts.
#[derive(Clone)]
enum Caller {
    /// A request of a browser. The session is empty if the visitor has never logged in.
    Browser { session: Session, client: ClientInfo },
    /// A response that anybody may see and that is cached for everybody, such as a feed.
    Public,
    /// A command, run by somebody who has access to the server.
    CommandLine,
    /// The site's own work in the background.
    Job,
}

impl Scope {
    /// Creates the scope of a request by `client` with this session.
    #[must_use]
    pub fn browser(state: AppState, session: Session, client: ClientInfo) -> Self {
        Self::new(state, Caller::Browser { session, client })
    }

    /// Creates the scope of a response that is the same for everybody, whoever asks for it.
    #[must_use]
    pub fn public(state: AppState) -> Self {
        Self::new(state, Caller::Public)
    }

    /// Creates the scope of a command.
    #[must_use]
    pub fn command_line(state: AppState) -> Self {
        Self::new(state, Caller::CommandLine)
    }

    /// Creates the scope of the site's own work in the background.
    #[must_use]
    pub fn job(state: AppState) -> Self {
        Self::new(state, Caller::Job)
    }

    fn new(state: AppState, caller: Caller) -> Self {
        Self {
            state,
            caller,
            viewer: Arc::default(),
            topics: Arc::default(),
        }
    }

    /// Returns the logged-in user, or `None` if nobody is logged in. The user is looked up once.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be read.
    pub async fn viewer(&self) -> Result<Option<Viewer>, AppError> {
        let Caller::Browser { session, .. } = &self.caller else {
            return Ok(None);
        };
        self.viewer
            .get_or_try_init(|| accounts::viewer::lookup(&self.state, session))
            .await
            .cloned()
    }

    /// Returns the logged-in user.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::SignInRequired`] if nobody is logged in.
    pub async fn require_viewer(&self) -> Result<Viewer, AppError> {
        self.viewer().await?.ok_or(AppError::SignInRequired)
    }

    /// Requires that the user has recently entered the password, if `act` is protected. Commands and jobs have no
    /// password to enter.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::ReauthenticationRequired`] if the user has to enter it again first.
    pub async fn require_recent_authentication(&self, act: SensitiveAct) -> Result<(), AppError> {
        match &self.caller {
            Caller::Browser { session, .. } if act.is_protected() => {
                accounts::reauthentication::require_recent(&self.state, session).await
            }
            Caller::Public => Err(AppError::SignInRequired),
            Caller::Browser { .. } | Caller::CommandLine | Caller::Job => Ok(()),
        }
    }

    /// Returns who acts, for [`policy::may`](crate::policy::may).
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be read.
    pub async fn actor(&self) -> Result<Actor, AppError> {
        match self.caller {
            Caller::Browser { .. } => {
                let viewer = self.viewer().await?;
                Ok(viewer.as_ref().map_or(Actor::Visitor, Actor::from))
            }
            Caller::Public => Ok(Actor::Visitor),
            Caller::CommandLine | Caller::Job => Ok(Actor::Operator),
        }
    }

    /// Records that what is read shows `topics`.
    pub(crate) fn reads(&self, topics: impl IntoIterator<Item = Topic>) {
        let mut read = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        read.extend(topics);
    }

    /// Returns the topics of everything that was read so far.
    #[must_use]
    pub fn topics(&self) -> Vec<Topic> {
        let read = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        read.iter().copied().collect()
    }

    /// Returns the name of the actor in the audit log: the username of the logged-in user, or a name that no username
    /// can be, because it contains a space.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::SignInRequired`] if nobody is logged in.
    pub(crate) async fn actor_name(&self) -> Result<String, AppError> {
        match self.caller {
            Caller::Browser { .. } => Ok(self.require_viewer().await?.username),
            Caller::Public => Err(AppError::SignInRequired),
            Caller::CommandLine => Ok(audit_log::COMMAND_LINE.to_owned()),
            Caller::Job => Ok("the site".to_owned()),
        }
    }

    /// Returns the session of the browser.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::SignInRequired`] outside a request of a browser.
    pub fn session(&self) -> Result<&Session, AppError> {
        match &self.caller {
            Caller::Browser { session, .. } => Ok(session),
            _ => Err(AppError::SignInRequired),
        }
    }

    /// Returns the information about the client.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::SignInRequired`] outside a request of a browser.
    pub fn client(&self) -> Result<&ClientInfo, AppError> {
        match &self.caller {
            Caller::Browser { client, .. } => Ok(client),
            _ => Err(AppError::SignInRequired),
        }
    }
}
