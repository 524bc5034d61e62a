//! Several servers with a shared database behind nginx.

use std::{
    fs,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    bucket::{KEY, SECRET, Server},
    database,
    site::{Person, Site, free_port},
    wait::until,
};

/// The number of servers.
const SERVERS: usize = 3;

/// Servers that share a database and pictures, behind one address.
pub struct Balanced {
    pub servers: Vec<Site>,
    folders: Vec<TempDir>,
    settings: Vec<(&'static str, String)>,
    balancer: Child,
    port: u16,
    _bucket: Server,
}

impl Drop for Balanced {
    fn drop(&mut self) {
        // An error means that the process has already ended.
        let _ = self.balancer.kill();
        let _ = self.balancer.wait();
    }
}

impl Balanced {
    pub fn start(more: &[(&'static str, &str)]) -> Self {
        let folders: Vec<TempDir> = (0..SERVERS).map(|_| tempfile::tempdir().unwrap()).collect();
        let shared = folders.first().unwrap().path();
        let bucket = Server::start(&shared.join("bucket"));
        let mut settings = vec![
            ("BROADSHEET_DATABASE_URL", database::url(shared)),
            ("BROADSHEET_MEDIA_URL", bucket.url("site")),
            ("BROADSHEET_MEDIA_ACCESS_KEY", KEY.to_owned()),
            ("BROADSHEET_MEDIA_SECRET_KEY", SECRET.to_owned()),
        ];
        settings.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let servers: Vec<Site> = folders
            .iter()
            .map(|folder| server(folder, &settings, free_port()))
            .collect();
        let port = free_port();
        let balancer = nginx(shared, port, &servers);
        let site = Self {
            servers,
            folders,
            settings,
            balancer,
            port,
            _bucket: bucket,
        };
        until("the balancer answers", || site.visitor().get("/").is_ok());
        site
    }

    /// Returns a new visitor, whose requests may be answered by any server.
    pub fn visitor(&self) -> Person {
        let mut person = self.servers.first().unwrap().visitor();
        person.site = format!("http://127.0.0.1:{}", self.port);
        person
    }

    /// Stops the servers one after the other, and replaces each by a new one.
    pub fn roll(&mut self) {
        for (place, folder) in self.folders.iter().enumerate() {
            let port = self.servers.get(place).unwrap().port;
            let new = || server(folder, &self.settings, port);
            self.servers.remove(place).end();
            self.servers.insert(place, new());
        }
    }

    /// Returns the URL of the shared database.
    pub fn database(&self) -> &str {
        &self.settings.first().unwrap().1
    }

    /// Returns the titles of all posts.
    pub fn titles(&self) -> Vec<String> {
        let url = self.database();
        let query = ["-qtAc", "SELECT title FROM posts"];
        let output = Command::new("psql").arg(url).args(query).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(ToOwned::to_owned).collect()
    }

    /// Returns the recipients of the mails that all servers have sent.
    pub fn recipients(&self) -> Vec<String> {
        let folders = self.folders.iter().map(|folder| folder.path().join("data/mail"));
        let mails = folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten();
        let texts = mails.map(|mail| fs::read_to_string(mail.unwrap().path()).unwrap());
        let recipient = |text: String| {
            let line = text.lines().find_map(|line| line.strip_prefix("To: "));
            line.unwrap().trim_matches(['<', '>', '\r']).to_owned()
        };
        texts.map(recipient).collect()
    }
}

fn server(folder: &TempDir, settings: &[(&'static str, String)], port: u16) -> Site {
    let listen = format!("127.0.0.1:{port}");
    let mut all: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    all.push(("BROADSHEET_LISTEN", &listen));
    let mut site = Site::start(folder, &all);
    site.port = port;
    site
}

/// Starts nginx with the configuration of `server/deploy/nginx.conf`, but without TLS and with several servers. A
/// server that failed recently is tried again, because otherwise none might be left during a quick roll.
fn nginx(folder: &std::path::Path, port: u16, servers: &[Site]) -> Child {
    let upstream: Vec<String> = servers
        .iter()
        .map(|site| format!("server 127.0.0.1:{} max_fails=0;\n", site.port))
        .collect();
    let upstream = upstream.concat();
    let paths: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.display()))
        .concat();
    let config = format!(
        "daemon off; master_process off; pid {0}/nginx.pid; error_log {0}/nginx.log;
         events {{}}
         http {{
             access_log off; {paths}
             upstream broadsheet {{ {upstream} keepalive 32; keepalive_timeout 60s; }}
             server {{
                 listen 127.0.0.1:{port};
                 location / {{
                     proxy_pass http://broadsheet;
                     proxy_http_version 1.1;
                     proxy_set_header Connection \"\";
                     proxy_set_header Host $host;
                     proxy_set_header X-Forwarded-For $remote_addr;
                 }}
             }}
         }}",
        folder.display()
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, config).unwrap();
    let mut command = Command::new("nginx");
    command
        .arg("-e")
        .arg(folder.join("nginx.log"))
        .arg("-c")
        .arg(file);
    command.stdout(Stdio::null()).spawn().unwrap()
}
