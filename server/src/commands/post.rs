//! The posts of the site.

use app::{
    backend::{
        AppState, account,
        post::administration::{self, Found},
    },
    error::AppError,
};
use serde_json::{Value, json};

use super::{CommandError, existing, nobody, shown};
use crate::config::{Config, PostCommand};

/// Does what was asked for.
///
/// # Errors
/// What went wrong, in a sentence.
pub async fn run(config: &Config, command: PostCommand) -> Result<(), CommandError> {
    let state = existing(config).await?;
    match command {
        PostCommand::List { author, limit, json } => list(&state, author, limit, json).await,
        PostCommand::Show { id, json } => show(&state, id, json).await,
        PostCommand::Delete { id } => {
            let post = administration::delete(&state, id)
                .await
                .map_err(|error| none(id, error))?;
            println!(
                "“{}” is in the trash of {}; `post restore {id}` brings it back.",
                printable(&post.title),
                post.author
            );
            Ok(())
        }
        PostCommand::Restore { id } => {
            let post = administration::restore(&state, id)
                .await
                .map_err(|error| none(id, error))?;
            println!("“{}” by {} is back.", printable(&post.title), post.author);
            Ok(())
        }
    }
}

async fn list(
    state: &AppState,
    author: Option<String>,
    limit: u64,
    as_json: bool,
) -> Result<(), CommandError> {
    let author = match author {
        Some(name) => {
            let person = account::administration::find(state, &name).await;
            Some(person.map_err(|error| nobody(&name, error))?.id)
        }
        None => None,
    };
    let posts = administration::list(state, author, limit).await?;
    if as_json {
        let posts: Vec<Value> = posts.iter().map(told).collect();
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

async fn show(state: &AppState, id: i64, as_json: bool) -> Result<(), CommandError> {
    let post = administration::find(state, id)
        .await
        .map_err(|error| none(id, error))?;
    if as_json {
        let mut told = told(&post);
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

/// A text of somebody else, without what would steer the terminal.
fn printable(text: &str) -> String {
    let is_harmless = |character: &char| matches!(character, '\n' | '\t') || !character.is_control();
    text.chars().filter(is_harmless).collect()
}

/// A post for a program.
fn told(post: &Found) -> Value {
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
            "a moderator has hidden post {id}; on its own page a moderator shows it again"
        )),
        error => error.into(),
    }
}
