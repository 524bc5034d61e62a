//! A site of its own for each test, and people who use it.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{
        HeaderMap, Method, Request, StatusCode,
        header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE},
    },
};
use scraper::{Html, Selector};
use sea_orm::ConnectionTrait;
use server::{application::Application, config::Config};
use tempfile::TempDir;
use tower::ServiceExt;

/// What a browser sends when it asks for a page.
const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A running site.
pub struct Site {
    router: Router,
    folder: TempDir,
}

impl Site {
    pub async fn new() -> Self {
        Self::at("http://localhost:3000").await
    }

    /// A site that people reach at `url`.
    pub async fn at(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let application = Application::build(&config(url, folder.path())).await.unwrap();
        Self {
            router: application.router(),
            folder,
        }
    }

    /// Starts a site that keeps its files in `data`.
    pub async fn in_folder(data: &Path) {
        Application::build(&config("http://localhost:3000", data))
            .await
            .unwrap();
    }

    /// Has every request with a session fail, as if the database were away.
    pub async fn break_sessions(&self) {
        let url = format!("sqlite://{}", self.folder.path().join("test.sqlite3").display());
        let db = app::backend::db::Db::connect(&url).await.unwrap();
        db.writer()
            .execute_unprepared("DROP TABLE sessions")
            .await
            .unwrap();
    }

    /// Somebody who has never been here.
    pub fn visitor(&self) -> Persona {
        Persona {
            router: self.router.clone(),
            cookies: Arc::default(),
        }
    }

    /// Somebody with an account called `username`, signed in.
    pub async fn member(&self, username: &str) -> Persona {
        let persona = self.visitor();
        persona.register(username).await;
        persona.log_in(username).await.redirects_to("/");
        persona
    }
}

fn config(url: &str, data: &Path) -> Config {
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        site_url: url.parse().unwrap(),
        data_dir: data.to_owned(),
        database_url: format!("sqlite://{}", data.join("test.sqlite3").display()),
        posts_per_page: 5,
        log: "warn".to_owned(),
    }
}

/// Somebody with a browser that keeps cookies and runs no JavaScript.
#[derive(Clone)]
pub struct Persona {
    router: Router,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
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

    /// A request as this person's browser sends it, to be changed by the test.
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

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
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

    /// The value of a cookie that this person's browser keeps.
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

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// The page as a browser parses it.
    pub fn page(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// The text of every element that `selector` finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.page()
            .select(&selector)
            .map(|element| element.text().collect::<String>().trim().to_owned())
            .collect()
    }

    /// The text of the first element that `selector` finds.
    pub fn text(&self, selector: &str) -> String {
        self.texts(selector)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no {selector} in {}", self.body))
    }

    /// An attribute of every element that `selector` finds and that has it.
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

    /// The `Set-Cookie` header that begins with `prefix`.
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
