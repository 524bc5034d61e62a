//! A separate site for each test.

use std::{collections::BTreeMap, fs, net::IpAddr, process::Command, sync::Arc};

use crate::{bucket, database};
use domain::{
    AppState, ClientInfo, Reads, Scope, SiteSettings,
    accounts::{
        self,
        password::{Hasher, HashingCost},
        session_store::DbSessionStore,
    },
    jobs,
    mail::transport::Mailer,
    media::{Delivery, Media, Store},
    platform::{
        clock::Clock,
        db::Db,
        limit::{Limit, Limited, Rates},
        outgoing::{OutgoingClient, OutgoingSettings},
    },
    posts,
    site::values::fixed_by_flag,
};
use mail_parser::MessageParser;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseBackend};
use shared::{
    forms::{
        Form, Secret,
        account::{LoginForm, RegisterForm},
        post::PostForm,
    },
    model::{
        account::Viewer,
        post::DraftTarget,
        site::{RegistrationMode, Setting},
    },
};
use tempfile::TempDir;
use tower_cookies::Cookies;
use tower_sessions::{Session, session::Id};

/// An empty site. Its database is deleted when this is dropped.
pub struct Site {
    pub state: AppState,
    pub store: Arc<DbSessionStore>,
    pub folder: TempDir,
}

impl Site {
    pub async fn new() -> Self {
        Self::with(RegistrationMode::Open, Limited::unlimited()).await
    }

    /// Creates a site on which registering does not reveal whether an address has an account.
    pub async fn private() -> Self {
        Self::with(RegistrationMode::Private, Limited::unlimited()).await
    }

    pub async fn with(registration: RegistrationMode, limits: Limited<Rates>) -> Self {
        Self::build(registration, limits, None).await
    }

    /// Creates a site that stores its pictures in a folder of the bucket of `server`.
    pub async fn in_bucket(server: &bucket::Server) -> Self {
        let store = Store::open(&server.place("site"), Some(&bucket::keys())).unwrap();
        Self::build(RegistrationMode::Open, Limited::unlimited(), Some(store)).await
    }

    async fn build(registration: RegistrationMode, limits: Limited<Rates>, files: Option<Store>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = files.unwrap_or_else(|| Store::folder(&folder.path().join("media")).unwrap());
        let db = Db::connect(&database::migrated(folder.path())).await.unwrap();
        let clock = Clock::default();
        clock.stop();
        let store = Arc::new(DbSessionStore::new(db.clone(), clock.clone()));
        let from = "Broadsheet <post@example.org>".parse().unwrap();
        let fixed = match registration {
            RegistrationMode::Open => BTreeMap::new(),
            mode => fixed_by_flag([(Setting::Registration, mode.name())]),
        };
        let state = AppState {
            db,
            hasher: Hasher::new(HashingCost::LEAST, 2).unwrap(),
            settings: Arc::new(SiteSettings {
                site_url: "https://example.org".parse().unwrap(),
                websub_hub: None,
                fixed,
            }),
            site: Arc::default(),
            limits: Arc::new(limits.map(|name, rates| Limit::new(name, rates, &clock))),
            clock,
            mailer: Mailer::folder(folder.path().join("mail"), from),
            jobs: AppState::all_jobs(),
            reads: Arc::new(Reads::new(1)),
            media: Media::new(files, Delivery::Here).unwrap(),
            outgoing: OutgoingClient::new(OutgoingSettings::new(
                "https://example.org".parse().unwrap(),
                Vec::new(),
            )),
            schedule_changed: Arc::default(),
        };
        Self { state, store, folder }
    }

    /// Has passwords hashed as in production, not at the least cost.
    pub fn with_recommended_hashes(mut self) -> Self {
        self.state.hasher = Hasher::new(HashingCost::RECOMMENDED, 2).unwrap();
        self
    }

    pub fn is_postgres(&self) -> bool {
        self.state.db.reader().get_database_backend() == DatabaseBackend::Postgres
    }

    /// Returns the whole content of the database.
    pub fn stored(&self) -> Vec<u8> {
        let folder = self.folder.path();
        if self.is_postgres() {
            let dump = Command::new("pg_dump")
                .arg(database::url(folder))
                .output()
                .unwrap();
            assert!(dump.status.success());
            return dump.stdout;
        }
        let files = ["test.sqlite3", "test.sqlite3-wal"];
        files.map(|file| fs::read(folder.join(file)).unwrap()).concat()
    }

    /// Returns the scope of a command.
    pub fn command_line(&self) -> Scope {
        Scope::command_line(self.state.clone())
    }

    /// Returns the scope of the site's own work in the background.
    pub fn job(&self) -> Scope {
        Scope::job(self.state.clone())
    }

    /// Returns the scope of a request by a new visitor.
    pub fn visitor(&self) -> Scope {
        self.visitor_from("192.0.2.1")
    }

    /// Returns the scope of a request by a new visitor at this IP address.
    pub fn visitor_from(&self, address: &str) -> Scope {
        let address: IpAddr = address.parse().unwrap();
        let visitor = ClientInfo::new(address, "Firefox/144.0 (Linux)", Cookies::default(), true);
        self.with_session(None, visitor)
    }

    /// Returns the scope of a request with this session by this visitor.
    pub fn with_session(&self, id: Option<Id>, visitor: ClientInfo) -> Scope {
        Scope::browser(
            self.state.clone(),
            Session::new(id, self.store.clone(), None),
            visitor,
        )
    }

    /// Returns the scope of the next request with the session of `before`.
    pub async fn again(&self, before: &Scope) -> Scope {
        before.session().unwrap().save().await.unwrap();
        let client = before.client().unwrap().clone();
        self.with_session(before.session().unwrap().id(), client)
    }

    /// Logs in the user called `username`. Returns the scope of the next request.
    pub async fn signed_in(&self, username: &str) -> Scope {
        let scope = self.visitor();
        accounts::session::log_in(&scope, login(username).validate().unwrap())
            .await
            .unwrap();
        self.again(&scope).await
    }

    /// Sends all pending mails. Returns those that have been sent since the last call.
    pub async fn mails(&self) -> Vec<Mail> {
        while jobs::worker::run_due(&self.state).await.unwrap() > 0 {}
        let folder = self.folder.path().join("mail");
        let Ok(files) = fs::read_dir(&folder) else {
            return Vec::new();
        };
        let mut mails: Vec<Mail> = files
            .map(|file| {
                let path = file.unwrap().path();
                let bytes = fs::read(&path).unwrap();
                fs::remove_file(path).unwrap();
                Mail::parse(&bytes)
            })
            .collect();
        mails.sort_by(|one, other| (&one.to, &one.subject).cmp(&(&other.to, &other.subject)));
        mails
    }

    /// Returns the only mail that has been sent since the last call.
    pub async fn mail(&self) -> Mail {
        let mut mails = self.mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        mails.remove(0)
    }

    /// Registers a user called `username`, whose password is the username followed by eight more characters.
    pub async fn register(&self, username: &str) {
        accounts::register(&self.visitor(), registration(username).validate().unwrap())
            .await
            .unwrap();
    }

    /// Registers a member called `username`.
    pub async fn member(&self, username: &str) -> Viewer {
        self.register(username).await;
        let scope = self.visitor();
        accounts::session::log_in(&scope, login(username).validate().unwrap())
            .await
            .unwrap();
        scope.viewer().await.unwrap().unwrap()
    }

    /// Publishes a post called `title` by `author`. Returns its id.
    pub async fn publish(&self, author: &Viewer, title: &str) -> i64 {
        self.publish_about(author, title, "").await
    }

    /// Publishes a post with these tags.
    pub async fn publish_about(&self, author: &Viewer, title: &str, tags: &str) -> i64 {
        let form = PostForm {
            title: title.to_owned(),
            tags: tags.to_owned(),
            content: "text".to_owned(),
            ..PostForm::default()
        };
        let new = form.validate().unwrap();
        let published = posts::publish(&self.visitor(), author, DraftTarget::default(), new).await;
        published.unwrap().id
    }
}

/// A mail as its recipient sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Mail {
    fn parse(bytes: &[u8]) -> Self {
        let mail = MessageParser::default().parse(bytes).unwrap();
        let to = mail
            .to()
            .and_then(|to| to.first())
            .and_then(|to| to.address())
            .unwrap();
        Self {
            to: to.to_owned(),
            subject: mail.subject().unwrap().to_owned(),
            text: mail.body_text(0).unwrap().into_owned(),
            html: mail.body_html(0).unwrap().into_owned(),
        }
    }

    /// Returns the token of the link in it, which must be the same in both bodies.
    pub fn token(&self) -> Secret {
        let link = self
            .text
            .lines()
            .find(|line| line.starts_with("https://example.org/"))
            .unwrap_or_else(|| panic!("no link in {self:?}"));
        assert!(self.html.contains(&format!("\"{link}\"")), "{self:?}");
        Secret::from(link.rsplit('/').next().unwrap())
    }
}

/// Returns the number of migrations since the one with this name, including it.
pub fn migrations_since(name: &str) -> u32 {
    let all = Migrator::migrations();
    let first = all.iter().position(|migration| migration.name().ends_with(name));
    u32::try_from(all.len() - first.unwrap()).unwrap()
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
