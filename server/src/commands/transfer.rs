//! Sites and people's data, out and in.

use app::backend::{
    account::administration,
    demo,
    transfer::{export::Scope, import::Counted},
};
use serde_json::json;

use super::{CommandError, confirmed, existing, existing_or_new, nobody};
use crate::{
    config::{Config, ExportArguments, ImportArguments},
    progress::Progress,
    transfer,
};

/// Writes the site, or what belongs to one person, into a file.
///
/// # Errors
/// What prevents it, in a sentence.
pub async fn export(config: &Config, arguments: ExportArguments) -> Result<(), CommandError> {
    let state = existing(config).await?;
    let scope = match &arguments.user {
        Some(name) => {
            let person = administration::find(&state, name).await;
            Scope::Person(person.map_err(|error| nobody(name, error))?.id)
        }
        None => Scope::Site,
    };
    let exported = transfer::export(&state, scope, &arguments.file, &Progress::shown()).await?;
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
        "{} has {} people, {} posts, {} drafts and {} files of pictures.",
        arguments.file.display(),
        exported.people,
        exported.posts,
        exported.drafts,
        exported.pictures
    );
    if scope == Scope::Site {
        println!("It holds addresses and the hashes of passwords: keep it as safe as the database.");
    }
    Ok(())
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
        &Progress::shown(),
    )
    .await?;
    if arguments.json {
        let counted = |counted: Counted| json!({ "added": counted.added, "there": counted.there, "left_out": counted.left_out });
        let told = json!({
            "people": counted(imported.people),
            "posts": counted(imported.posts),
            "drafts": counted(imported.drafts),
            "pictures": imported.pictures,
            "pictures_elsewhere": imported.elsewhere,
        });
        println!("{told:#}");
        return Ok(());
    }
    for (what, counted) in [
        ("people", imported.people),
        ("posts", imported.posts),
        ("drafts", imported.drafts),
    ] {
        println!("{} {what} added, {} there already.", counted.added, counted.there);
        if counted.left_out > 0 {
            println!(
                "{} {what} left out: their authors are not in the file.",
                counted.left_out
            );
        }
    }
    println!("{} files of pictures added.", imported.pictures);
    if imported.elsewhere > 0 {
        println!(
            "{} pictures in the texts are still where they were; they are shown from there.",
            imported.elsewhere
        );
    }
    Ok(())
}
