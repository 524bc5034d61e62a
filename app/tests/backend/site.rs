//! A site of its own for each test.

use std::sync::Arc;

use app::{
    backend::{
        AppState, Ctx, SiteSettings, account, clock::Clock, db::Db, password::Hasher, session::DbSessionStore,
    },
    forms::{
        Form,
        account::{LoginForm, RegisterForm},
    },
    model::account::Viewer,
};
use migration::{Migrator, MigratorTrait};
use tempfile::TempDir;
use tower_sessions::Session;

/// An empty site; its database goes when it is dropped.
pub struct Site {
    pub state: AppState,
    pub store: Arc<DbSessionStore>,
    pub folder: TempDir,
}

impl Site {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&format!(
            "sqlite://{}",
            folder.path().join("test.sqlite3").display()
        ))
        .await
        .unwrap();
        Migrator::up(db.writer(), None).await.unwrap();
        let clock = Clock::default();
        let store = Arc::new(DbSessionStore::new(db.clone(), clock.clone()));
        let settings = Arc::new(SiteSettings { posts_per_page: 5 });
        let state = AppState {
            db,
            hasher: Hasher::new(2).unwrap(),
            clock,
            settings,
        };
        Self { state, store, folder }
    }

    /// A request by somebody who has never been here.
    pub fn visitor(&self) -> Ctx {
        Ctx::new(self.state.clone(), Session::new(None, self.store.clone(), None))
    }

    /// The next request with the session that `before` left behind.
    pub async fn again(&self, before: &Ctx) -> Ctx {
        before.session.save().await.unwrap();
        Ctx::new(
            self.state.clone(),
            Session::new(before.session.id(), self.store.clone(), None),
        )
    }

    /// Makes an account called `username`, whose password is `username` and eight more characters.
    pub async fn register(&self, username: &str) {
        account::register(&self.visitor(), registration(username).validate().unwrap())
            .await
            .unwrap();
    }

    /// A member called `username`.
    pub async fn member(&self, username: &str) -> Viewer {
        self.register(username).await;
        let ctx = self.visitor();
        account::log_in(&ctx, login(username).validate().unwrap())
            .await
            .unwrap();
        ctx.viewer().await.unwrap().unwrap()
    }
}

pub fn registration(username: &str) -> RegisterForm {
    let password = format!("{}-secret!", username.to_lowercase()).as_str().into();
    RegisterForm {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        confirm_password: Clone::clone(&password),
        password,
    }
}

pub fn login(name: &str) -> LoginForm {
    let username = name.split('@').next().unwrap().to_lowercase();
    LoginForm {
        login: name.to_owned(),
        password: format!("{username}-secret!").as_str().into(),
        ..LoginForm::default()
    }
}
