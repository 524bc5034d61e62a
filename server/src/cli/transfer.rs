//! The commands that export and import sites and the data of people.

use std::{fs, path::Path};

use domain::{
    Scope,
    accounts::administration,
    data::{demo, export::Selection},
    platform::db::{Db, snapshot},
};
use serde_json::json;
use tempfile::TempDir;

use super::{CommandError, confirmed, existing, existing_or_new, nobody};
use super::{plural::counted, progress::Progress};
use crate::{
    config::{Config, ExportArguments, ImportArguments},
    transfer::{self, TransferError},
};

mod summary;

/// Exports the site, or the data of one user, into a file.
///
/// # Errors
/// Returns an error if the site cannot be read or the file cannot be written.
pub async fn export(config: &Config, arguments: ExportArguments) -> Result<(), CommandError> {
    let scope = Scope::command_line(existing(config).await?);
    if arguments.file.exists() {
        return Err(TransferError::There(arguments.file).into());
    }
    let selection = match &arguments.user {
        Some(name) => {
            let person = administration::find(&scope, name).await;
            Selection::Person(person.map_err(|error| nobody(name, error))?.id)
        }
        None => Selection::Site,
    };
    let progress = Progress::shown();
    let (scope, _copy) = at_one_moment(config, scope, &arguments.file, &progress).await?;
    let exported = transfer::export(&scope, selection, &arguments.file, &progress).await?;
    if arguments.json {
        let told = json!({
            "file": arguments.file,
            "people": exported.people,
            "posts": exported.posts,
            "revisions": exported.revisions,
            "comments": exported.comments,
            "drafts": exported.drafts,
            "pages": exported.pages,
            "redirects": exported.redirects,
            "pictures": exported.pictures,
        });
        println!("{told:#}");
        return Ok(());
    }
    let of_site = match selection {
        Selection::Site => {
            let pages = counted(exported.pages, "page", "pages");
            format!(
                ", {pages}, {}",
                counted(exported.redirects, "redirect", "redirects")
            )
        }
        Selection::Person(_) => String::new(),
    };
    println!(
        "{} contains {}, {}, {}, {}, {}{of_site} and {}.",
        arguments.file.display(),
        counted(exported.people, "person", "people"),
        counted(exported.posts, "post", "posts"),
        counted(exported.revisions, "revision", "revisions"),
        counted(exported.comments, "comment", "comments"),
        counted(exported.drafts, "draft", "drafts"),
        counted(exported.pictures, "picture file", "picture files")
    );
    if selection == Selection::Site {
        println!("It contains email addresses and password hashes. Keep it as safe as the database.");
    }
    Ok(())
}

/// Returns a state that does not change during the export: for SQLite, on a copy of the database in a temporary folder
/// beside `target`, which is deleted when the second value is dropped. PostgreSQL is read as it is.
async fn at_one_moment(
    config: &Config,
    mut scope: Scope,
    target: &Path,
    progress: &Progress,
) -> Result<(Scope, Option<TempDir>), CommandError> {
    let Some(database) = snapshot::file(config.database.url.expose()) else {
        return Ok((scope, None));
    };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let made = fs::create_dir_all(folder)
        .and_then(|()| tempfile::Builder::new().prefix(".export-").tempdir_in(folder));
    let folder = made.map_err(|error| TransferError::File(target.to_owned(), error))?;
    let copy = folder.path().join("database.sqlite3");
    progress.step("copying the database");
    snapshot::take(&database, &copy).await?;
    scope.state.db = Db::connect(&format!("sqlite://{}", copy.display())).await?;
    Ok((scope, Some(folder)))
}

/// Imports files.
///
/// # Errors
/// Returns an error if a file cannot be read or the site cannot be changed.
pub async fn import(config: &Config, arguments: ImportArguments) -> Result<(), CommandError> {
    let scope = Scope::command_line(existing_or_new(config).await?);
    let question = "This site already has members. Existing content stays as it is.";
    let is_new = demo::is_empty(&scope).await?;
    if !is_new && !arguments.yes && !confirmed(question)? {
        return Err(CommandError::Refused(
            "this site already has members; use --yes to add to it anyway",
        ));
    }
    let imported = transfer::import(
        &scope,
        &arguments.files,
        is_new || arguments.trust,
        arguments.from.as_deref(),
        &Progress::shown(),
    )
    .await?;
    if arguments.json {
        println!("{:#}", summary::json(&imported));
    } else {
        println!("{}", summary::lines(&imported).join("\n"));
    }
    Ok(())
}
