//! Pictures at another place.

use app::backend::media::{
    Folder, Place, Store,
    moving::{self, Moved},
};

use super::{CommandError, confirmed, existing};
use crate::{
    config::{Config, MediaCommand, media},
    progress::Progress,
};

/// Does what was asked for.
///
/// # Errors
/// What went wrong, in a sentence.
pub async fn run(config: &Config, command: MediaCommand) -> Result<(), CommandError> {
    let MediaCommand::Move {
        from,
        to,
        remove,
        yes,
    } = command;
    let from = from.unwrap_or_else(|| config.media.place.clone());
    if from == to {
        return Err(CommandError::Unusable(
            "--from and --to are the same place; --from is the one of BROADSHEET_MEDIA_URL unless it is given".to_owned(),
        ));
    }
    if let Place::Folder(folder) = &from
        && !folder.exists()
    {
        return Err(CommandError::Unusable(format!("--from: {from} is not there")));
    }
    let state = existing(config).await?;
    let [old, new] = [
        open(config, "--from", &from).await?,
        open(config, "--to", &to).await?,
    ];
    let progress = Progress::shown();
    let moved = moving::copy(&state.db, &old, &new, &|done, all| {
        progress.show("pictures", done, all);
    })
    .await;
    progress.finish();
    let moved = moved?;
    tell(&moved, &to);
    if remove {
        return self::remove(&old, &from, moved.doubled, yes).await;
    }
    if config.media.place != to {
        println!("Set BROADSHEET_MEDIA_URL to it, start the site again, and run this once more with --from.");
    }
    Ok(())
}

/// The store at `place`, which was given by `flag` and takes files.
async fn open(config: &Config, flag: &str, place: &Place) -> Result<Store, CommandError> {
    let opened = async {
        let store = media::open(place, config.media.keys.as_ref())?;
        media::probe(place, &store).await?;
        Ok(store)
    };
    opened
        .await
        .map_err(|error: String| CommandError::Unusable(format!("{flag}: {error}")))
}

fn tell(moved: &Moved, to: &Place) {
    for path in &moved.missing {
        eprintln!("The picture {path} is missing; the database names it.");
    }
    println!(
        "{} files of pictures are in {to}: {} of them were copied ({} bytes).",
        moved.there, moved.copied, moved.bytes
    );
}

/// Deletes the pictures at `paths`, which are at the new place as well, and what can be drawn again.
async fn remove(
    old: &Store,
    from: &Place,
    mut paths: Vec<String>,
    is_sure: bool,
) -> Result<(), CommandError> {
    let question = format!(
        "This deletes {} files in {from}. A server that still has it in BROADSHEET_MEDIA_URL shows no pictures any more.",
        paths.len()
    );
    if paths.is_empty() || !is_sure && !confirmed(&question)? {
        return Err(CommandError::Refused(
            "nothing was deleted; --yes deletes without asking",
        ));
    }
    paths.extend(old.list(&[Folder::Cards]).await?.into_keys());
    let progress = Progress::shown();
    let removed = moving::remove(old, &paths, &|done, all| progress.show("deleting", done, all)).await;
    progress.finish();
    removed?;
    let left = old.list(&Folder::LASTING).await?.len();
    println!(
        "{} files deleted in {from}; {left} that no page uses are left.",
        paths.len()
    );
    Ok(())
}
