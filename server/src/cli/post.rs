//! The commands that list, show and change posts.

use std::{
    fs,
    io::{IsTerminal, Read, stdin},
    path::Path,
};

use domain::{
    Scope, accounts,
    posts::administration::{self, Change, Found},
};
use serde_json::{Value, json};
use shared::{error::AppError, forms::post::PostForm};

use super::{CommandError, existing, nobody, shown};
use crate::config::{Config, NewPostArguments, PostCommand, UpdatePostArguments};

/// Runs `command`.
///
/// # Errors
/// Returns an error if the site cannot be opened or the arguments are invalid.
pub async fn run(config: &Config, command: PostCommand) -> Result<(), CommandError> {
    let scope = Scope::command_line(existing(config).await?);
    match command {
        PostCommand::List { author, limit, json } => list(&scope, author, limit, json).await,
        PostCommand::Show { id, json } => show(&scope, id, json).await,
        PostCommand::Add(arguments) => add(&scope, arguments).await,
        PostCommand::Update(arguments) => update(&scope, arguments).await,
        PostCommand::Delete { id } => {
            let post = administration::delete(&scope, id)
                .await
                .map_err(|error| none(id, error))?;
            println!(
                "“{}” is in the trash of {}. To restore it, run `post restore {id}`.",
                printable(&post.title),
                post.author
            );
            Ok(())
        }
        PostCommand::Restore { id } => {
            let post = administration::restore(&scope, id)
                .await
                .map_err(|error| none(id, error))?;
            println!(
                "“{}” by {} has been restored.",
                printable(&post.title),
                post.author
            );
            Ok(())
        }
    }
}

async fn list(scope: &Scope, author: Option<String>, limit: u64, as_json: bool) -> Result<(), CommandError> {
    let author = match author {
        Some(name) => {
            let person = accounts::administration::find(scope, &name).await;
            Some(person.map_err(|error| nobody(&name, error))?.id)
        }
        None => None,
    };
    let posts = administration::list(scope, author, limit).await?;
    if as_json {
        let posts: Vec<Value> = posts.iter().map(to_json).collect();
        println!("{:#}", json!(posts));
        return Ok(());
    }
    for post in posts {
        let fate = match (&post.hidden_because, post.deleted_at) {
            (Some(_), _) => "  (hidden)",
            (None, Some(_)) => "  (in the trash)",
            (None, None) => "",
        };
        println!(
            "{:>8}  {}  {:<32}  {}{fate}",
            post.id,
            shown(post.created_at),
            post.author,
            printable(&post.title)
        );
    }
    Ok(())
}

async fn show(scope: &Scope, id: i64, as_json: bool) -> Result<(), CommandError> {
    let post = administration::find(scope, id)
        .await
        .map_err(|error| none(id, error))?;
    if as_json {
        let mut told = to_json(&post);
        if let Some(fields) = told.as_object_mut() {
            fields.insert("content".to_owned(), json!(post.content));
        }
        println!("{told:#}");
        return Ok(());
    }
    for (what, value) in [
        ("title", printable(&post.title)),
        ("author", post.author),
        ("published", shown(post.created_at)),
        ("changed", shown(post.updated_at)),
        ("deleted", post.deleted_at.map_or_else(|| "no".to_owned(), shown)),
        (
            "hidden",
            post.hidden_because
                .as_deref()
                .map_or_else(|| "no".to_owned(), printable),
        ),
    ] {
        println!("{what:<10}  {value}");
    }
    println!("\n{}", printable(&post.content));
    Ok(())
}

async fn add(scope: &Scope, arguments: NewPostArguments) -> Result<(), CommandError> {
    let author = &arguments.author;
    // The author is looked up before the text is read, so that nobody types a text in vain.
    accounts::administration::find(scope, author)
        .await
        .map_err(|error| nobody(author, error))?;
    let form = PostForm {
        title: arguments.title,
        tags: arguments.tags,
        content: read_text(arguments.file.as_deref())?,
        ..PostForm::default()
    };
    let failed = |error| match error {
        AppError::SignInRequired => CommandError::Wrong(format!("{author} is suspended")),
        AppError::Frozen => CommandError::Wrong(format!("the account of {author} is frozen")),
        error => nobody(author, error),
    };
    if arguments.draft {
        let title = form.title.trim().to_owned();
        let person = administration::add_draft(scope, author, form)
            .await
            .map_err(failed)?;
        println!(
            "“{}” has been saved as a draft of {}.",
            printable(&title),
            person.username
        );
    } else {
        let post = administration::add(scope, author, form).await.map_err(failed)?;
        println!(
            "“{}” by {} has been published as post {}.",
            printable(&post.title),
            post.author,
            post.id
        );
    }
    Ok(())
}

async fn update(scope: &Scope, arguments: UpdatePostArguments) -> Result<(), CommandError> {
    let id = arguments.id;
    if arguments.title.is_none() && arguments.tags.is_none() && arguments.file.is_none() {
        return Err(CommandError::Unusable(
            "nothing to change: use --title, --tags or --file".to_owned(),
        ));
    }
    // The post is looked up before the text is read, so that nobody types a text in vain.
    administration::find(scope, id)
        .await
        .map_err(|error| none(id, error))?;
    let change = Change {
        title: arguments.title,
        tags: arguments.tags,
        content: arguments
            .file
            .as_deref()
            .map(|file| read_text(Some(file)))
            .transpose()?,
    };
    let post = administration::update(scope, id, change)
        .await
        .map_err(|error| none(id, error))?;
    println!(
        "“{}” by {} has been changed.",
        printable(&post.title),
        post.author
    );
    Ok(())
}

/// Returns the text of `file`, or of standard input if it is `None` or `-`.
fn read_text(file: Option<&Path>) -> Result<String, CommandError> {
    let file = file.filter(|file| *file != Path::new("-"));
    let (name, bytes) = if let Some(file) = file {
        (file.display().to_string(), fs::read(file))
    } else {
        if stdin().is_terminal() {
            eprintln!("Type the text in Markdown. To finish, press Ctrl-D on an empty line.");
        }
        let mut bytes = Vec::new();
        let read = stdin().read_to_end(&mut bytes);
        ("standard input".to_owned(), read.map(|_| bytes))
    };
    let bytes = bytes.map_err(|error| CommandError::Unusable(format!("{name} cannot be read: {error}")))?;
    let text =
        String::from_utf8(bytes).map_err(|_| CommandError::Unusable(format!("{name} is not UTF-8 text")))?;
    let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']);
    Ok(text.to_owned())
}

/// Returns a text of another user without control characters, which could manipulate the terminal.
fn printable(text: &str) -> String {
    let is_harmless = |character: &char| matches!(character, '\n' | '\t') || !character.is_control();
    text.chars().filter(is_harmless).collect()
}

/// Returns a post as JSON.
fn to_json(post: &Found) -> Value {
    json!({
        "id": post.id,
        "title": post.title,
        "author": post.author,
        "created_at": shown(post.created_at),
        "updated_at": shown(post.updated_at),
        "deleted_at": post.deleted_at.map(shown),
        "hidden_because": post.hidden_because,
    })
}

fn none(id: i64, error: AppError) -> CommandError {
    match error {
        AppError::NotFound => CommandError::Wrong(format!("there is no post {id}")),
        AppError::Hidden => CommandError::Wrong(format!(
            "a moderator has hidden post {id}; a moderator can show it again on its page"
        )),
        AppError::Gone => CommandError::Wrong(format!(
            "post {id} is in the trash; to restore it, run `post restore {id}`"
        )),
        AppError::Conflict => CommandError::Wrong(format!(
            "the author of post {id} has started to change it; their changes are kept, and nothing was changed"
        )),
        AppError::SignInRequired => CommandError::Wrong(format!("the author of post {id} is suspended")),
        AppError::Frozen => CommandError::Wrong(format!("the account of the author of post {id} is frozen")),
        error => error.into(),
    }
}
