//! The commands that back up the site and restore it.

use domain::platform::clock::Clock;
use serde_json::json;

use super::{CommandError, existing, shown};
use super::{plural::counted, progress::Progress};
use crate::{
    config::{BackupArguments, Config, RestoreArguments},
    ops::backup,
};

/// Writes a backup of the site into a file.
///
/// # Errors
/// Returns an error if the site cannot be read or the backup cannot be written.
pub async fn take(config: &Config, arguments: BackupArguments) -> Result<(), CommandError> {
    let state = existing(config).await?;
    let target = arguments
        .file
        .unwrap_or_else(|| backup::file(&config.backup.folder, Clock::default().now()));
    let taken = backup::take(&state, config.database.url.expose(), &target, &Progress::shown()).await?;
    let manifest = &taken.manifest;
    for path in &manifest.missing {
        eprintln!("The picture {path} is missing, but the database refers to it.");
    }
    if arguments.json {
        let told = json!({
            "file": taken.path,
            "bytes": taken.bytes,
            "taken_at": shown(manifest.taken_at),
            "people": manifest.people,
            "posts": manifest.posts,
            "pictures": manifest.files.len() - 1,
            "missing": manifest.missing,
        });
        println!("{told:#}");
    } else {
        println!(
            "{} contains {}, {} and {} ({}).",
            taken.path.display(),
            counted(manifest.people, "person", "people"),
            counted(manifest.posts, "post", "posts"),
            counted(manifest.files.len() - 1, "picture file", "picture files"),
            counted(taken.bytes, "byte", "bytes")
        );
    }
    Ok(())
}

/// Replaces the site by a backup.
///
/// # Errors
/// Returns an error if the backup cannot be restored. In this case, nothing has changed.
pub async fn restore(config: &Config, arguments: RestoreArguments) -> Result<(), CommandError> {
    let restored = backup::restore(
        config.database.url.expose(),
        &config.media,
        &arguments.file,
        arguments.force,
        &Progress::shown(),
    )
    .await?;
    let manifest = &restored.manifest;
    println!(
        "The site has been restored as it was on {}: {}, {}. Everybody has to log in again.",
        shown(manifest.taken_at),
        counted(restored.people, "person", "people"),
        counted(restored.posts, "post", "posts")
    );
    if restored.held > 0 {
        println!(
            "{} that had not been done by then will not be done by themselves, because most may have been done since. \
             `broadsheet jobs` lists them, and `broadsheet jobs release` has them done.",
            counted(restored.held, "job", "jobs")
        );
    }
    if let Some(kept) = restored.kept {
        println!(
            "The previous database is now {}. Delete it when everything works.",
            kept.display()
        );
    }
    Ok(())
}
