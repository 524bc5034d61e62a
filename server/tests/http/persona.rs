//! A separate site for each test, and people who use it.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{
        HeaderMap, Method, Request, StatusCode,
        header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE},
    },
    response::Response,
};
use domain::{AppState, Scope, accounts::administration};
use mail_parser::MessageParser;
use scraper::{Html, Selector};
use sea_orm::ConnectionTrait;
use server::{application::Application, config::Config};
use shared::model::account::Role;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::{config::config, database};

/// The `Accept` header of a browser that requests a page.
const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A running site, which ends when it is dropped.
pub struct Site {
    application: Application,
    pub state: AppState,
    folder: TempDir,
}

impl Site {
    pub async fn new() -> Self {
        Self::at("http://localhost:3000").await
    }

    /// Starts a site with the public address `url`.
    pub async fn at(url: &str) -> Self {
        Self::with(url, |_| ()).await
    }

    /// Starts a site at `url` with changed settings.
    pub async fn with(url: &str, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(url, folder.path());
        change(&mut config);
        Self::of(Application::build(&config).await.unwrap(), folder)
    }

    /// Starts a site with additional routes.
    pub async fn and(more: Router) -> Self {
        Self::and_with(more, |_| ()).await
    }

    /// Starts a site with additional routes and changed settings.
    pub async fn and_with(more: Router, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config("http://localhost:3000", folder.path());
        change(&mut config);
        Self::of(Application::build_with(&config, more).await.unwrap(), folder)
    }

    pub fn of(application: Application, folder: TempDir) -> Self {
        Self {
            state: application.state().clone(),
            application,
            folder,
        }
    }

    /// Waits for the only mail to `recipient` about `subject`. Returns and deletes it.
    pub async fn mail(&self, recipient: &str, subject: &str) -> String {
        for _ in 0..500 {
            for path in self.mails() {
                let bytes = std::fs::read(&path).unwrap();
                let Some(mail) = MessageParser::default().parse(&bytes) else {
                    continue;
                };
                let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
                if to == Some(recipient) && mail.subject().is_some_and(|it| it.contains(subject)) {
                    std::fs::remove_file(path).unwrap();
                    return mail.body_text(0).unwrap().into_owned();
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("no mail to {recipient} about {subject}");
    }

    /// Returns the files to which mails were written.
    pub fn mails(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.folder.path().join("mail"));
        files.map_or_else(
            |_| Vec::new(),
            |files| files.map(|file| file.unwrap().path()).collect(),
        )
    }

    /// Returns the data folder of the site.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Registers and logs in a person with a role.
    pub async fn with_role(&self, name: &str, role: Role) -> Persona {
        let person = self.member(name).await;
        let operator = Scope::command_line(self.state.clone());
        administration::set_role(&operator, name, role).await.unwrap();
        person
    }

    /// Starts a site with the data folder `data`.
    pub async fn in_folder(data: &Path) {
        Application::build(&config("http://localhost:3000", data))
            .await
            .unwrap();
    }

    /// Makes every request with a session fail, as if the database were not available.
    pub async fn break_sessions(&self) {
        let url = database::url(self.folder.path());
        let db = domain::platform::db::Db::connect(&url).await.unwrap();
        db.writer()
            .execute_unprepared("DROP TABLE sessions")
            .await
            .unwrap();
    }

    /// Returns a new visitor without cookies.
    pub fn visitor(&self) -> Persona {
        self.visitor_from("127.0.0.1")
    }

    /// Returns a new visitor at this IP address.
    pub fn visitor_from(&self, address: &str) -> Persona {
        Persona {
            router: self.application.router(),
            cookies: Arc::default(),
            address: SocketAddr::new(address.parse().unwrap(), 40_000),
        }
    }

    /// Registers a user called `username`, and logs them in.
    pub async fn member(&self, username: &str) -> Persona {
        let persona = self.visitor();
        persona
            .register(username)
            .await
            .redirects_to(&format!("/login?name={username}"));
        persona.log_in(username).await.redirects_to("/");
        persona
    }
}

/// A person whose browser keeps cookies and does not run JavaScript.
#[derive(Clone)]
pub struct Persona {
    router: Router,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    address: SocketAddr,
}

impl Persona {
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .request(Method::POST, path)
            .header(ORIGIN, "http://localhost:3000")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    /// Returns a request of this person's browser, which the test can change.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self
            .cookies
            .lock()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost:3000")
            .header(ACCEPT, PAGE)
            .header(COOKIE, cookies.join("; "))
    }

    /// Uploads `file` with the form at `path`.
    pub async fn upload(&self, path: &str, file: &[u8]) -> Answer {
        self.send(self.upload_request(path, file)).await
    }

    /// Returns the request of an upload, which the test can change.
    pub fn upload_request(&self, path: &str, file: &[u8]) -> Request<Body> {
        let field = match path {
            "/post/image" => "image",
            "/admin/logo" => "logo",
            "/admin/icon" => "icon",
            _ => "picture",
        };
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"../../me.jpg\"\r\n\
             Content-Type: image/jpeg\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        self.request(Method::POST, path)
            .header(ORIGIN, "http://localhost:3000")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .body(Body::from(body))
            .unwrap()
    }

    /// Follows the link to this site in the text of a mail.
    pub async fn follow(&self, mail: &str) -> Answer {
        let link = mail.lines().find(|line| line.starts_with("http")).unwrap();
        let path = link.splitn(4, '/').nth(3).unwrap();
        self.get(&format!("/{path}")).await
    }

    /// Returns the response to a request, of which nothing has been read.
    pub async fn begin(&self, mut request: Request<Body>) -> Response {
        request.extensions_mut().insert(ConnectInfo(self.address));
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.begin(request).await;
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body.to_vec(),
        }
    }

    pub async fn register(&self, username: &str) -> Answer {
        let (email, password) = (format!("{username}@example.org"), format!("{username}-secret!"));
        let fields = [
            ("username", username),
            ("email", &email),
            ("password", &password),
            ("confirm_password", &password),
        ];
        self.post("/register", &fields).await
    }

    pub async fn log_in(&self, username: &str) -> Answer {
        let password = format!("{username}-secret!");
        self.post("/login", &[("login", username), ("password", &password)])
            .await
    }

    pub async fn publish(&self, title: &str, content: &str) -> String {
        let answer = self
            .post("/post/new", &[("title", title), ("content", content)])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.location()
    }

    /// Returns the value of a cookie that this person's browser has.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .lock()
            .unwrap()
            .insert(name.to_owned(), value.to_owned());
    }

    fn keep(&self, set_cookie: &str) {
        let (pair, attributes) = set_cookie.split_once(';').unwrap_or((set_cookie, ""));
        let (name, value) = pair.split_once('=').unwrap();
        let mut cookies = self.cookies.lock().unwrap();
        if attributes.contains("Max-Age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// A response.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Returns the page as a browser parses it.
    pub fn page(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// Returns the text of every element that `selector` matches.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.page()
            .select(&selector)
            .map(|element| element.text().collect::<String>().trim().to_owned())
            .collect()
    }

    /// Returns the text of the first element that `selector` matches.
    pub fn text(&self, selector: &str) -> String {
        self.texts(selector)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no {selector} in {}", self.body))
    }

    /// Returns the attribute `name` of every element that `selector` matches and that has it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.page()
            .select(&selector)
            .filter_map(|element| element.attr(name).map(str::to_owned))
            .collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns the `Set-Cookie` header that begins with `prefix`.
    pub fn set_cookie(&self, prefix: &str) -> String {
        let mut cookies = self
            .headers
            .get_all(SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap().to_owned());
        cookies
            .find(|cookie| cookie.starts_with(prefix))
            .unwrap_or_else(|| panic!("no cookie {prefix}"))
    }

    pub fn location(&self) -> String {
        self.headers
            .get(LOCATION)
            .expect("a location")
            .to_str()
            .unwrap()
            .to_owned()
    }

    #[track_caller]
    pub fn redirects_to(&self, location: &str) {
        assert!(self.status.is_redirection(), "{} {}", self.status, self.body);
        assert_eq!(self.location(), location);
    }
}
