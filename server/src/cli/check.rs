//! The command that checks whether the site can run and says how to solve problems. It changes nothing permanently.

use std::path::Path;

use domain::{
    comments::{self, Drift},
    data::database_copy,
    mail::transport::Mailer,
    media::StorageUrl,
    platform::db::{postgres, snapshot},
};
use migration::{Migrator, MigratorTrait};
use rustix::fs::{Access, access, statvfs};
use serde_json::json;

use super::CommandError;
use super::plural::counted;
use crate::{application::mailer, config::Config};

mod listen;

/// The free disk space below which a warning is printed, in bytes.
const SPACE: u64 = 500_000_000;

/// The result of a check.
enum Finding {
    Fine(String),
    /// It works, but not permanently or not for everyone.
    Weak(String),
    /// The site cannot run in this state.
    Broken(String),
}

impl Finding {
    const fn label(&self) -> &'static str {
        match self {
            Self::Fine(_) => "ok",
            Self::Weak(_) => "warning",
            Self::Broken(_) => "error",
        }
    }

    fn message(&self) -> &str {
        match self {
            Self::Fine(text) | Self::Weak(text) | Self::Broken(text) => text,
        }
    }
}

/// Runs all checks, prints the results and returns an error if one of them failed. Counts all comments if `counts` is true.
///
/// # Errors
/// Returns [`CommandError::Refused`] if the site cannot run.
pub async fn run(config: &Config, as_json: bool, counts: bool) -> Result<(), CommandError> {
    let (database, schema) = database(config).await;
    let mut findings = vec![
        ("settings", settings(config)),
        ("address", listen::visitors(config).await),
        ("data folder", folder(&config.data_dir, "BROADSHEET_DATA_DIR")),
        ("disk", disk(&config.data_dir)),
        ("database", database),
        ("schema", schema),
        ("media", media(config).await),
        ("mail", mail(config).await),
        ("outgoing", outgoing(config)),
        ("backups", backups(config)),
    ];
    findings.extend(
        listen::monitoring(config)
            .await
            .map(|finding| ("metrics", finding)),
    );
    if counts {
        findings.push(("counts", comment_counts(config).await));
    }
    if as_json {
        let findings: Vec<_> = findings
            .iter()
            .map(|(what, finding)| json!({ "what": what, "how": finding.label(), "told": finding.message() }))
            .collect();
        println!("{:#}", json!(findings));
    } else {
        for (what, finding) in &findings {
            println!("{:<8} {what:<12} {}", finding.label(), finding.message());
        }
    }
    if findings
        .iter()
        .any(|(_, finding)| matches!(finding, Finding::Broken(_)))
    {
        return Err(CommandError::Refused("the site cannot run like this"));
    }
    Ok(())
}

fn settings(config: &Config) -> Finding {
    let origin = config.site_url.origin();
    if config.site_url.is_https() {
        Finding::Fine(format!("people reach the site at {origin}"))
    } else {
        Finding::Weak(format!(
            "people reach the site at {origin}: without https, passwords are sent unencrypted; set BROADSHEET_SITE_URL"
        ))
    }
}

fn outgoing(config: &Config) -> Finding {
    if config.outgoing_allow.is_empty() {
        return Finding::Fine("requests to other sites reach public addresses only".to_owned());
    }
    let networks: Vec<String> = config.outgoing_allow.iter().map(ToString::to_string).collect();
    let told = format!("requests to other sites also reach {}", networks.join(", "));
    if config.site_url.is_https() {
        Finding::Weak(format!(
            "{told}: users can make the site send requests to any server there; \
             unset BROADSHEET_OUTGOING_ALLOW unless they are meant to"
        ))
    } else {
        Finding::Fine(told)
    }
}

fn backups(config: &Config) -> Finding {
    match config.backup.every {
        _ if snapshot::file(config.database.url.expose()).is_none() => Finding::Weak(
            "only work with SQLite; back up PostgreSQL with pg_dump, and copy the pictures from where they are kept"
                .to_owned(),
        ),
        None => Finding::Weak(
            "no automatic backups; set BROADSHEET_BACKUP_EVERY=1d for one a day".to_owned(),
        ),
        Some(every) => match folder(&config.backup.folder, "BROADSHEET_BACKUP_DIR") {
            Finding::Fine(folder) => Finding::Fine(format!(
                "one every {}, keeping {} in {folder}",
                humantime::format_duration(every),
                config.backup.keep
            )),
            other => other,
        },
    }
}

/// Checks whether files can be written to `folder`, or to its nearest existing ancestor.
fn folder(folder: &Path, setting: &str) -> Finding {
    let shown = folder.display();
    let Some(there) = folder
        .ancestors()
        .find(|folder| folder.exists() || folder.as_os_str().is_empty())
    else {
        return Finding::Broken(format!("{setting}: there is no folder above {shown}"));
    };
    let there = if there.as_os_str().is_empty() {
        Path::new(".")
    } else {
        there
    };
    match access(there, Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) if there == folder => Finding::Fine(shown.to_string()),
        Ok(()) => Finding::Fine(format!("{shown} will be created at the first start")),
        Err(error) => Finding::Broken(format!("{setting}: cannot write to {}: {error}", there.display())),
    }
}

fn disk(folder: &Path) -> Finding {
    let there = folder
        .ancestors()
        .find(|folder| folder.exists())
        .unwrap_or(Path::new("."));
    match statvfs(there) {
        Ok(found) => {
            let free = found.f_bavail.saturating_mul(found.f_frsize);
            let told = format!("{} MB free", free / 1_000_000);
            if free < SPACE {
                Finding::Weak(format!(
                    "{told}: when the disk is full, nothing more can be written"
                ))
            } else {
                Finding::Fine(told)
            }
        }
        Err(error) => Finding::Weak(format!("cannot find out how much space is left: {error}")),
    }
}

/// Checks the database and its schema. A missing SQLite database is created at the first start.
async fn database(config: &Config) -> (Finding, Finding) {
    let unknown = |why: &str| Finding::Weak(why.to_owned());
    if let Some(file) = config.database.url.expose().strip_prefix("sqlite://") {
        let file = file.split('?').next().unwrap_or(file);
        if !Path::new(file).exists() {
            return (
                Finding::Fine(format!("{file} will be created at the first start")),
                Finding::Fine("will be created with it".to_owned()),
            );
        }
    }
    let db = match config.database.connect().await {
        Ok(db) => db,
        Err(error) => {
            return (
                Finding::Broken(format!("BROADSHEET_DATABASE_URL: cannot be opened: {error}")),
                unknown("unknown without the database"),
            );
        }
    };
    let opened = match postgres::is_superuser(&db).await {
        Ok(false) => Finding::Fine("can be opened".to_owned()),
        Ok(true) => Finding::Weak(
            "can be opened, but as a superuser, who can read and write the database server's files and run programs there; \
             set BROADSHEET_DATABASE_URL to a role that owns this database and nothing more"
                .to_owned(),
        ),
        Err(error) => Finding::Broken(format!("cannot be read: {error}")),
    };
    match database_copy::is_begun(&db).await {
        Ok(false) => {}
        Ok(true) => {
            let half = "is half copied; run `broadsheet db copy` to continue";
            return (opened, Finding::Broken(half.to_owned()));
        }
        Err(error) => return (opened, Finding::Broken(format!("cannot be read: {error}"))),
    }
    let applied = Migrator::get_pending_migrations_read_only(db.reader()).await;
    let schema = match applied.map(|pending| pending.len()) {
        Ok(0) => Finding::Fine("is up to date".to_owned()),
        Ok(steps) => Finding::Weak(format!(
            "is missing {}, applied at the next start; back up first",
            counted(steps, "migration", "migrations")
        )),
        Err(error) => Finding::Broken(format!(
            "is unknown to this version: {error}; use the version that wrote it, or a newer one"
        )),
    };
    (opened, schema)
}

/// Counts all comments, and compares with the stored numbers.
async fn comment_counts(config: &Config) -> Finding {
    let counted = async {
        let db = config.database.connect().await?;
        comments::drift(db.reader()).await
    };
    match counted.await {
        Ok(drift) if drift == Drift::default() => {
            Finding::Fine("the numbers of comments are right".to_owned())
        }
        Ok(Drift { posts, threads }) => Finding::Broken(format!(
            "the stored numbers of comments of {} and of replies of {} are wrong; importing any file counts them again",
            counted_of(posts, "post", "posts"),
            counted_of(threads, "thread", "threads"),
        )),
        Err(error) => Finding::Broken(format!("cannot be counted: {error}")),
    }
}

fn counted_of(number: i64, one: &str, many: &str) -> String {
    counted(usize::try_from(number).unwrap_or_default(), one, many)
}

async fn media(config: &Config) -> Finding {
    let place = &config.media.place;
    if let StorageUrl::Folder(path) = place {
        return folder(path, "BROADSHEET_MEDIA_URL");
    }
    let probed = async { config.media.probe(&config.media.open()?).await };
    match probed.await {
        Ok(()) => Finding::Fine(format!("{place} can be written to")),
        Err(error) => Finding::Broken(error.to_string()),
    }
}

async fn mail(config: &Config) -> Finding {
    let mailer: Mailer = match mailer(config) {
        Ok(mailer) => mailer,
        Err(error) => return Finding::Broken(error.to_string()),
    };
    if config.mail.smtp_url.is_none() {
        return Finding::Weak(
            "no mail server is set (BROADSHEET_SMTP_URL): nobody can choose a new password by email"
                .to_owned(),
        );
    }
    match mailer.reach().await {
        Ok(()) => {
            Finding::Fine("the mail server responds; run `broadsheet mail test` to send an email".to_owned())
        }
        Err(error) => Finding::Weak(format!(
            "the mail server does not respond: {error}; emails wait until it does"
        )),
    }
}
