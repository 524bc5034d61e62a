//! The commands that list, show and change user accounts.

use std::io::{IsTerminal, stdin};

use domain::{
    Scope,
    accounts::administration::{self, Change},
    platform::entity::user,
};
use serde_json::{Value, json};
use shared::{
    error::AppError,
    forms::{Form, Secret, account::RegisterForm, recovery::ResetForm},
    model::account::since,
};

use super::plural::counted;
use super::{CommandError, confirmed, existing, nobody, shown};
use crate::config::{Config, NewUserArguments, UpdateUserArguments, UserCommand};

/// The maximum number of people in a list.
const LISTED: u64 = 1_000;

/// Runs `command`.
///
/// # Errors
/// Returns an error if the site cannot be opened, there is no such user, or the arguments are invalid.
pub async fn run(config: &Config, command: UserCommand) -> Result<(), CommandError> {
    let scope = Scope::command_line(existing(config).await?);
    match command {
        UserCommand::List { name, json } => list(&scope, &name, json).await,
        UserCommand::Show { name, json } => show(&scope, &name, json).await,
        UserCommand::Add(arguments) => add(&scope, arguments).await,
        UserCommand::Update(arguments) => update(&scope, arguments).await,
        UserCommand::SetPassword { name } => set_password(&scope, &name).await,
        UserCommand::Promote { name, role } => {
            let person = administration::set_role(&scope, &name, role)
                .await
                .map_err(|error| nobody(&name, error))?;
            println!("{} is now {}.", person.username, role.words());
            Ok(())
        }
        UserCommand::Delete { name, yes } => delete(&scope, &name, yes).await,
    }
}

async fn list(scope: &Scope, begin: &str, as_json: bool) -> Result<(), CommandError> {
    let people = administration::list(scope, begin, LISTED).await?;
    if as_json {
        let people: Vec<Value> = people.iter().map(to_json).collect();
        println!("{:#}", json!(people));
        return Ok(());
    }
    for person in &people {
        println!(
            "{:<32}  {:<13}  {:>12}  {}",
            person.username,
            person.role.name(),
            counted(person.post_count, "post", "posts"),
            person.email
        );
    }
    if people.len() as u64 == LISTED {
        eprintln!("These are the first {LISTED}. To see others, give the start of a name.");
    }
    Ok(())
}

async fn show(scope: &Scope, name: &str, as_json: bool) -> Result<(), CommandError> {
    let person = administration::find(scope, name)
        .await
        .map_err(|error| nobody(name, error))?;
    if as_json {
        println!("{:#}", to_json(&person));
        return Ok(());
    }
    let or_never = |at: Option<_>| at.map_or_else(|| "never".to_owned(), shown);
    for (what, value) in [
        ("name", person.username.clone()),
        ("shown as", person.shown_name().to_owned()),
        ("email", person.email.clone()),
        ("confirmed", or_never(person.email_confirmed_at)),
        ("role", person.role.name().to_owned()),
        (
            "registered",
            since(person.created_at).map_or_else(|| "unknown".to_owned(), shown),
        ),
        ("last seen", or_never(person.last_seen_at)),
        ("posts", person.post_count.to_string()),
        ("about", person.about.replace('\n', " ")),
    ] {
        println!("{what:<10}  {value}");
    }
    Ok(())
}

/// Returns a person as JSON.
fn to_json(person: &user::Model) -> Value {
    json!({
        "id": person.id,
        "username": person.username,
        "display_name": person.display_name,
        "email": person.email,
        "email_confirmed_at": person.email_confirmed_at.map(shown),
        "role": person.role.name(),
        "created_at": shown(person.created_at),
        "last_seen_at": person.last_seen_at.map(shown),
        "posts": person.post_count,
        "about": person.about,
    })
}

async fn add(scope: &Scope, arguments: NewUserArguments) -> Result<(), CommandError> {
    let (password, confirm_password) = asked()?;
    let form = RegisterForm {
        username: arguments.name,
        email: arguments.email,
        password,
        confirm_password,
    };
    let account = form.validate().map_err(AppError::from)?;
    let name = account.username.as_str().to_owned();
    administration::add(scope, account, arguments.role, arguments.display_name.as_deref()).await?;
    println!("{name} can now log in, and is {}.", arguments.role.words());
    Ok(())
}

async fn set_password(scope: &Scope, name: &str) -> Result<(), CommandError> {
    // The user is looked up before the password is read, so that nobody types a password in vain.
    administration::find(scope, name)
        .await
        .map_err(|error| nobody(name, error))?;
    let (new_password, confirm_password) = asked()?;
    let form = ResetForm {
        new_password,
        confirm_password,
    };
    let password = form.validate().map_err(AppError::from)?;
    let person = administration::set_password(scope, name, password).await?;
    println!(
        "{} has a new password. All their sessions have ended, and they have been told by email.",
        person.username
    );
    Ok(())
}

async fn delete(scope: &Scope, name: &str, is_sure: bool) -> Result<(), CommandError> {
    let person = administration::find(scope, name)
        .await
        .map_err(|error| nobody(name, error))?;
    let question = format!(
        "This permanently deletes {} ({}) with {}.",
        person.username,
        person.email,
        counted(person.post_count, "post", "posts")
    );
    if !is_sure && !confirmed(&question)? {
        return Err(CommandError::Refused(
            "nothing was deleted; use --yes to delete without asking",
        ));
    }
    administration::delete(scope, name).await?;
    println!("{} has been deleted.", person.username);
    Ok(())
}

async fn update(scope: &Scope, arguments: UpdateUserArguments) -> Result<(), CommandError> {
    let is_given = [
        &arguments.username,
        &arguments.email,
        &arguments.display_name,
        &arguments.about,
    ];
    if is_given.iter().all(|option| option.is_none()) {
        return Err(CommandError::Unusable(
            "nothing to change: use --name, --email, --display-name or --about".to_owned(),
        ));
    }
    let name = &arguments.name;
    let before = administration::find(scope, name)
        .await
        .map_err(|error| nobody(name, error))?;
    let change = Change {
        username: arguments.username,
        email: arguments.email,
        display_name: arguments.display_name,
        about: arguments.about,
    };
    let person = administration::update(scope, name, change)
        .await
        .map_err(|error| nobody(name, error))?;
    if person.username == before.username {
        println!("The account of {} has been changed.", person.username);
    } else {
        println!("{} is now called {}.", before.username, person.username);
    }
    if person.email_key != before.email_key {
        println!(
            "Emails now go to {}. An email to {} says so.",
            person.email, before.email
        );
    }
    Ok(())
}

/// Reads a password and its repetition from the terminal without showing them. If standard input is not a terminal, one
/// line serves as both.
fn asked() -> Result<(Secret, Secret), CommandError> {
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin().read_line(&mut line).map_err(CommandError::Terminal)?;
        let password = Secret::from(line.trim_end_matches(['\n', '\r']));
        return Ok((password.clone(), password));
    }
    let ask = |question| rpassword::prompt_password(question).map_err(CommandError::Terminal);
    Ok((
        Secret::from(ask("Password: ")?.as_str()),
        Secret::from(ask("Repeat password: ")?.as_str()),
    ))
}
