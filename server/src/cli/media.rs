//! The command that moves pictures to another place.

use domain::media::{
    self, Folder, StorageUrl, Store,
    storage_migration::{self, Moved},
};
use time::Duration;

use super::{CommandError, confirmed, existing};
use super::{plural::counted, progress::Progress};
use crate::config::{
    Config, MediaCommand,
    media::{open, probe},
};

/// The time after which unused files at the current place of the site are deleted.
const UNUSED: Duration = Duration::days(1);

/// Runs `command`.
///
/// # Errors
/// Returns an error if one of the places cannot be used or the pictures cannot be copied.
pub async fn run(config: &Config, command: MediaCommand) -> Result<(), CommandError> {
    let MediaCommand::Move {
        from,
        to,
        remove,
        yes,
    } = command;
    let from = from.unwrap_or_else(|| config.media.place.clone());
    if let StorageUrl::Folder(folder) = &from
        && !folder.exists()
    {
        return Err(unusable("--from", format!("{from} does not exist")));
    }
    let state = existing(config).await?;
    let (old, new) = stores(config, &from, &to).await?;
    let progress = Progress::shown();
    let moved = storage_migration::copy(&state.db, &old, &new, &|done, all| {
        progress.show("pictures", done, all);
    })
    .await;
    progress.finish();
    let moved = moved?;
    tell(&moved, &to);
    if config.media.place == to {
        // Files that were copied but have been deleted at the old place in the meantime are not referenced anywhere, so
        // they are scheduled for deletion.
        media::schedule_deletion_of_unnamed(state.db.writer(), &new, state.clock.now() + UNUSED).await?;
    } else {
        println!(
            "Set BROADSHEET_MEDIA_URL to the new place, restart the site, and run this command again with --from."
        );
    }
    if remove {
        return clear(&old, &from, moved.doubled, yes).await;
    }
    Ok(())
}

/// Opens the old and the new place. Returns an error if they are the same or the new one cannot be written to.
async fn stores(config: &Config, from: &StorageUrl, to: &StorageUrl) -> Result<(Store, Store), CommandError> {
    let keys = config.media.keys.as_ref();
    let old = async {
        let store = open(from, keys)?;
        store.reach().await?;
        Ok(store)
    };
    let old = old.await.map_err(|why: String| unusable("--from", why))?;
    let new = async {
        let store = open(to, keys)?;
        probe(to, &store).await?;
        Ok(store)
    };
    let new = new.await.map_err(|why: String| unusable("--to", why))?;
    if old.is_same(&new).await? {
        let why =
            "is where the pictures already are; without --from, they are copied from BROADSHEET_MEDIA_URL";
        return Err(unusable("--to", why.to_owned()));
    }
    Ok((old, new))
}

fn unusable(flag: &str, why: String) -> CommandError {
    CommandError::Unusable(format!("{flag}: {why}"))
}

fn tell(moved: &Moved, to: &StorageUrl) {
    for path in &moved.missing {
        eprintln!("The picture {path} is missing, but the database refers to it.");
    }
    println!(
        "{} in {to}; copied: {} ({}).",
        counted(moved.there, "picture file is", "picture files are"),
        moved.copied,
        counted(moved.bytes, "byte", "bytes")
    );
    if moved.late > 0 {
        println!("{} more were uploaded in the meantime.", moved.late);
    }
}

/// Deletes the pictures at `paths` from the old place, together with files that can be generated again. They exist at
/// the new place.
async fn clear(
    old: &Store,
    from: &StorageUrl,
    mut paths: Vec<String>,
    is_sure: bool,
) -> Result<(), CommandError> {
    let pictures = paths.len();
    paths.extend(old.list(Folder::REGENERATED).await?.into_keys());
    let question = format!(
        "This deletes {} in {from}. A server with this BROADSHEET_MEDIA_URL will no longer show pictures, nor will \
         browsers that were sent there in the last hour.",
        counted(paths.len(), "file", "files")
    );
    if !paths.is_empty() && !is_sure && !confirmed(&question)? {
        return Err(CommandError::Refused(
            "nothing was deleted; use --yes to delete without asking",
        ));
    }
    let progress = Progress::shown();
    let removed =
        storage_migration::remove(old, &paths, &|done, all| progress.show("deleting", done, all)).await;
    progress.finish();
    removed?;
    let left = old.list(Folder::LASTING).await?.len();
    println!(
        "{} deleted in {from}; {} left that no page uses.",
        counted(pictures, "file", "files"),
        counted(left, "is", "are")
    );
    Ok(())
}
