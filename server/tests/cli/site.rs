//! A running site, and people who use it over HTTP.

use std::{
    io::Cursor,
    net::TcpListener,
    os::unix::net::UnixDatagram,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use image::{ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;
use ureq::{Agent, http::Response};

use crate::program::program;

/// The default address of a site.
const ORIGIN: &str = "http://localhost:3000";

/// A site that notifies its supervisor of its state.
pub struct Site {
    pub process: Child,
    pub port: u16,
    socket: UnixDatagram,
}

impl Drop for Site {
    fn drop(&mut self) {
        // An error means that the process has already ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Site {
    /// Starts the site in `folder`, and waits until it is ready.
    pub fn start(folder: &TempDir, settings: &[(&str, &str)]) -> Self {
        Self::run(|settings| program(folder, settings), folder.path(), settings)
    }

    /// Starts the site with the command that `command` creates from the settings.
    pub fn run(
        command: impl FnOnce(&[(&str, &str)]) -> Command,
        folder: &Path,
        settings: &[(&str, &str)],
    ) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("notify-{number}"));
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let port = free_port();
        let listen = format!("127.0.0.1:{port}");
        let ours = [
            ("BROADSHEET_LISTEN", listen.as_str()),
            ("BROADSHEET_LIMITS", "off"),
            ("NOTIFY_SOCKET", path.to_str().unwrap()),
        ];
        let process = command(&[&ours, settings].concat())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let site = Self {
            process,
            port,
            socket,
        };
        assert!(site.told().contains("READY=1"));
        site
    }

    /// Returns the next notification to the supervisor.
    pub fn told(&self) -> String {
        let mut message = [0; 256];
        let length = self.socket.recv(&mut message).unwrap();
        String::from_utf8_lossy(message.get(..length).unwrap()).into_owned()
    }

    /// Requests a stop, and waits until the site has begun to stop.
    pub fn stop(&self) {
        self.signal("-TERM");
        assert!(self.told().contains("STOPPING=1"));
    }

    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill")
            .args([signal, &self.process.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Requests a stop, and waits until the program has exited successfully.
    pub fn end(mut self) {
        self.stop();
        assert_eq!(self.process.wait().unwrap().code(), Some(0));
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns a new visitor without cookies.
    pub fn visitor(&self) -> Person {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_mins(1)))
            .build();
        Person {
            agent: agent.into(),
            site: self.address(),
        }
    }

    /// Registers a user called `username`, and logs them in.
    pub fn member(&self, username: &str) -> Person {
        let person = self.visitor();
        person.register(username);
        person.log_in(username);
        person
    }
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn password_of(username: &str) -> String {
    format!("{username}-secret!")
}

/// A person whose browser keeps cookies.
#[derive(Clone)]
pub struct Person {
    agent: Agent,
    /// The address at which the person reaches the site.
    pub site: String,
}

/// A response of the site.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub retry_after: Option<String>,
    pub body: Vec<u8>,
}

impl Answer {
    fn of(response: Result<Response<ureq::Body>, ureq::Error>) -> Result<Self, ureq::Error> {
        let mut response = response?;
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned())
        };
        Ok(Self {
            status: response.status().as_u16(),
            location: header("location").unwrap_or_default(),
            retry_after: header("retry-after"),
            body: response.body_mut().read_to_vec()?,
        })
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Person {
    /// Returns the same browser, but at the address of another site.
    pub fn at(&self, site: &Site) -> Self {
        Self {
            agent: self.agent.clone(),
            site: site.address(),
        }
    }

    pub fn get(&self, path: &str) -> Result<Answer, ureq::Error> {
        let request = self.agent.get(format!("{}{path}", self.site));
        Answer::of(request.header("accept", "text/html").call())
    }

    /// Submits a form like a browser without JavaScript.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, ureq::Error> {
        let request = self.agent.post(format!("{}{path}", self.site));
        let request = request.header("accept", "text/html").header("origin", ORIGIN);
        Answer::of(request.send_form(fields.iter().copied()))
    }

    pub fn register(&self, username: &str) {
        let (email, password) = (format!("{username}@example.org"), password_of(username));
        let fields = [
            ("username", username),
            ("email", &email),
            ("password", &password),
            ("confirm_password", &password),
        ];
        let answer = self.post("/register", &fields).unwrap();
        assert_eq!(answer.status, 303, "{}", answer.text());
    }

    pub fn log_in(&self, username: &str) {
        let fields = [("login", username), ("password", &password_of(username))];
        let answer = self.post("/login", &fields).unwrap();
        assert_eq!(answer.location, "/", "{}", answer.text());
    }

    pub fn publish(&self, title: &str, content: &str) -> Result<Answer, ureq::Error> {
        self.post("/post/new", &[("title", title), ("content", content)])
    }

    /// Uploads `picture` as this person's profile picture.
    pub fn upload(&self, picture: &[u8]) -> Result<Answer, ureq::Error> {
        self.send_file("/account/picture", "picture", picture)
    }

    /// Uploads `file` in the field `field` of a form.
    pub fn send_file(&self, path: &str, field: &str, file: &[u8]) -> Result<Answer, ureq::Error> {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"me.png\"\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        let request = self.agent.post(format!("{}{path}", self.site));
        let request = request
            .header("accept", "text/html")
            .header("origin", ORIGIN)
            .header("content-type", "multipart/form-data; boundary=edge");
        Answer::of(request.send(&body))
    }
}

/// Returns a PNG picture.
pub fn png() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let image = RgbImage::from_pixel(300, 300, Rgb([200, 30, 90]));
    image.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}
