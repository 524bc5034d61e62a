//! Sites and people's data, out and in.

use std::{fs, path::Path};

use domain::{
    AppState,
    accounts::administration,
    data::{demo, export::Scope, import::Counted},
    platform::db::{Db, snapshot},
};
use serde_json::json;
use tempfile::TempDir;

use super::{CommandError, confirmed, existing, existing_or_new, nobody};
use crate::{
    config::{Config, ExportArguments, ImportArguments},
    plural::counted,
    progress::Progress,
    transfer::{self, Note, TransferError},
};

/// Writes the site, or what belongs to one person, into a file.
///
/// # Errors
/// What prevents it, in a sentence.
pub async fn export(config: &Config, arguments: ExportArguments) -> Result<(), CommandError> {
    let state = existing(config).await?;
    if arguments.file.exists() {
        return Err(TransferError::There(arguments.file).into());
    }
    let scope = match &arguments.user {
        Some(name) => {
            let person = administration::find(&state, name).await;
            Scope::Person(person.map_err(|error| nobody(name, error))?.id)
        }
        None => Scope::Site,
    };
    let progress = Progress::shown();
    let (state, _copy) = at_one_moment(config, state, &arguments.file, &progress).await?;
    let exported = transfer::export(&state, scope, &arguments.file, &progress).await?;
    if arguments.json {
        let told = json!({
            "file": arguments.file,
            "people": exported.people,
            "posts": exported.posts,
            "drafts": exported.drafts,
            "pictures": exported.pictures,
        });
        println!("{told:#}");
        return Ok(());
    }
    println!(
        "{} has {}, {}, {} and {}.",
        arguments.file.display(),
        counted(exported.people, "person", "people"),
        counted(exported.posts, "post", "posts"),
        counted(exported.drafts, "draft", "drafts"),
        counted(exported.pictures, "file of pictures", "files of pictures")
    );
    if scope == Scope::Site {
        println!("It holds addresses and the hashes of passwords: keep it as safe as the database.");
    }
    Ok(())
}

/// The site as it is now, whatever people do to it meanwhile: a copy of an SQLite database, beside `target`, which goes with the
/// second value. PostgreSQL is read as it goes on.
async fn at_one_moment(
    config: &Config,
    mut state: AppState,
    target: &Path,
    progress: &Progress,
) -> Result<(AppState, Option<TempDir>), CommandError> {
    let Some(database) = snapshot::file(config.database.url.expose()) else {
        return Ok((state, None));
    };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let made = fs::create_dir_all(folder)
        .and_then(|()| tempfile::Builder::new().prefix(".export-").tempdir_in(folder));
    let folder = made.map_err(|error| TransferError::File(target.to_owned(), error))?;
    let copy = folder.path().join("database.sqlite3");
    progress.say("copying the database");
    snapshot::take(&database, &copy).await?;
    state.db = Db::connect(&format!("sqlite://{}", copy.display())).await?;
    Ok((state, Some(folder)))
}

/// Brings a file in.
///
/// # Errors
/// What prevents it, in a sentence.
pub async fn import(config: &Config, arguments: ImportArguments) -> Result<(), CommandError> {
    let state = existing_or_new(config).await?;
    let question = "This site has members already. What is there stays as it is.";
    let is_new = demo::is_empty(&state).await?;
    if !is_new && !arguments.yes && !confirmed(question)? {
        return Err(CommandError::Refused(
            "this site has members already; --yes adds to it all the same",
        ));
    }
    let imported = transfer::import(
        &state,
        &arguments.file,
        is_new || arguments.trust,
        arguments.from.as_deref(),
        &Progress::shown(),
    )
    .await?;
    if arguments.json {
        let counted = |counted: &Counted| json!({ "added": counted.added, "there": counted.there, "left_out": counted.left_out });
        let refused = imported.posts.refused.iter();
        let refused: Vec<_> = refused
            .map(|(title, error)| json!({ "title": title, "reason": error.text() }))
            .collect();
        let told = json!({
            "people": counted(&imported.people),
            "posts": counted(&imported.posts),
            "posts_refused": refused,
            "drafts": counted(&imported.drafts),
            "pictures": imported.pictures,
            "pictures_elsewhere": imported.elsewhere,
            "flattened": imported.flattened,
            "renamed": imported
                .renamed
                .iter()
                .map(|person| json!({ "from": person.from, "to": person.to }))
                .collect::<Vec<_>>(),
            "passwords_left_out": imported.passwords_left_out,
            "notes": imported
                .notes
                .iter()
                .map(|note| json!({ "title": note.title, "what": note.what, "count": note.count }))
                .collect::<Vec<_>>(),
        });
        println!("{told:#}");
        return Ok(());
    }
    for (one, many, outcome) in [
        ("person", "people", imported.people),
        ("post", "posts", imported.posts),
        ("draft", "drafts", imported.drafts),
    ] {
        let added = counted(outcome.added, one, many);
        println!("{added} added, {} there already.", outcome.there);
        if outcome.left_out > 0 {
            let left_out = counted(outcome.left_out, one, many);
            println!("{left_out} left out: the author is not in the file.");
        }
        for (title, error) in outcome.refused {
            println!("“{title}” was not added. {}.", error.text());
        }
    }
    let pictures = counted(imported.pictures, "file of pictures", "files of pictures");
    println!("{pictures} added.");
    if imported.elsewhere > 0 {
        let pictures = counted(
            imported.elsewhere,
            "picture in the texts is",
            "pictures in the texts are",
        );
        println!("{pictures} still at the old site, and shown from there.");
    }
    let renamed = imported.renamed.iter();
    let renamed: Vec<String> = renamed
        .map(|person| format!("{} is now {}", person.from, person.to))
        .collect();
    list(
        "people have another name than in the file, because theirs was taken:",
        &renamed,
    );
    list(
        "people choose another password by mail: theirs is kept in a way that this program does not check, or that costs too much:",
        &imported.passwords_left_out,
    );
    list(
        "texts were nested too deeply. Their words are all there; what was nested most deeply stands side by side:",
        &imported.flattened,
    );
    tell(&imported.notes);
    Ok(())
}

/// Says how many `items` there are of `what`, and names the first of them.
fn list(what: &str, items: &[String]) {
    const SHOWN: usize = 20;
    if items.is_empty() {
        return;
    }
    println!("{} {what}", items.len());
    for item in items.iter().take(SHOWN) {
        println!("  {item}");
    }
    if items.len() > SHOWN {
        println!("  and {} more; --json names all of them", items.len() - SHOWN);
    }
}

/// Tells what was changed or left out, each kind once, with the first of the titles.
fn tell(notes: &[Note]) {
    const SHOWN: usize = 5;
    let mut kinds: Vec<(&str, usize, Vec<&str>)> = Vec::new();
    for note in notes {
        let place = kinds.iter().position(|(what, ..)| *what == note.what);
        let place = place.unwrap_or_else(|| {
            kinds.push((&note.what, 0, Vec::new()));
            kinds.len() - 1
        });
        if let Some((_, count, titles)) = kinds.get_mut(place) {
            *count += note.count;
            if !note.title.is_empty() && titles.last() != Some(&note.title.as_str()) {
                titles.push(&note.title);
            }
        }
    }
    for (what, count, titles) in kinds {
        let shown: Vec<String> = titles
            .iter()
            .take(SHOWN)
            .map(|title| format!("“{title}”"))
            .collect();
        let more = match titles.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more; --json names all of them"),
        };
        let colon = if shown.is_empty() { "" } else { ": " };
        println!("{count} × {what}{colon}{}{more}", shown.join(", "));
    }
}
