//! The command that fills a site with sample content.

use domain::{
    Scope,
    data::demo::{self, Size, Step},
};
use shared::error::AppError;

use super::{CommandError, confirmed, existing_or_new};
use super::{plural::counted, progress::Progress};
use crate::config::{Config, DemoArguments};

/// Fills the site with sample users and posts.
///
/// # Errors
/// Returns an error if the site cannot be opened or the content cannot be created. Content that was created before the
/// error remains.
pub async fn run(config: &Config, arguments: DemoArguments) -> Result<(), CommandError> {
    let scope = Scope::command_line(existing_or_new(config).await?);
    if !demo::is_empty(&scope).await? && !arguments.yes && !confirmed("This site already has members.")? {
        return Err(CommandError::Refused(
            "this site already has members; use --yes to add sample content anyway",
        ));
    }
    let size = Size {
        users: arguments.users,
        posts: arguments.posts,
        seed: arguments.seed,
    };
    let progress = Progress::shown();
    let show = |step| match step {
        Step::Users(done) => progress.show("people", done, size.users),
        Step::Posts(done) => progress.show("posts", done, size.posts),
        Step::Counting => progress.step("counting"),
    };
    let password = demo::fill(&scope, size, show).await;
    progress.finish();
    let password = password.map_err(|error| match error {
        AppError::Conflict => CommandError::Refused(
            "this site already has these sample people; use another --seed to create others",
        ),
        error => error.into(),
    })?;
    println!(
        "Added {} and {}.",
        counted(size.users, "person", "people"),
        counted(size.posts, "post", "posts")
    );
    if size.users > 0 {
        println!("All of them log in with the password {}", password.expose());
    }
    Ok(())
}
