//! Fill a site with content to try it with.

use std::io::{self, BufRead, IsTerminal, Write};

use app::{
    backend::demo::{self, Size, Step},
    error::AppError,
};
use indicatif::{ProgressBar, ProgressStyle};

use super::CommandError;
use crate::{
    application::state,
    config::{Config, DemoArguments},
};

/// Fills the site.
///
/// # Errors
/// What went wrong, in a sentence. What was made until then stays.
pub async fn run(config: &Config, arguments: DemoArguments) -> Result<(), CommandError> {
    let state = state(config).await?;
    if !demo::is_empty(&state).await? && !arguments.yes && !confirmed()? {
        return Err(CommandError::Refused(
            "this site has members already; --yes adds demo content to it all the same",
        ));
    }
    let size = Size {
        users: arguments.users,
        posts: arguments.posts,
        seed: arguments.seed,
    };
    let progress = Progress::new(&size);
    let password = demo::fill(&state, size, |step| progress.show(step)).await;
    progress.finish();
    let password = password.map_err(|error| match error {
        AppError::Conflict => {
            CommandError::Refused("this site has these demo people already; another --seed makes others")
        }
        error => error.into(),
    })?;
    println!("{} people and {} posts are there.", size.users, size.posts);
    if size.users > 0 {
        println!(
            "Each of these people logs in with the password {}",
            password.expose()
        );
    }
    Ok(())
}

/// Asks on a terminal; elsewhere the answer is no.
fn confirmed() -> Result<bool, CommandError> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("This site has members already. Add demo content to it? [y/N] ");
    io::stdout().flush().map_err(CommandError::Terminal)?;
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(CommandError::Terminal)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// A bar on a terminal, lines elsewhere.
struct Progress {
    bar: Option<ProgressBar>,
    users: usize,
    posts: usize,
}

impl Progress {
    fn new(size: &Size) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new((size.users + size.posts) as u64);
            let style = ProgressStyle::with_template("{msg:>9} {wide_bar} {pos}/{len} {eta}");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self {
            bar,
            users: size.users,
            posts: size.posts,
        }
    }

    fn show(&self, step: Step) {
        match (&self.bar, step) {
            (Some(bar), Step::Users(done)) => {
                bar.set_message("people");
                bar.set_position(done as u64);
            }
            (Some(bar), Step::Posts(done)) => {
                bar.set_message("posts");
                bar.set_position((self.users + done) as u64);
            }
            (Some(bar), Step::Counting) => bar.set_message("counting"),
            (None, Step::Users(done)) if done == self.users => eprintln!("{done} people"),
            (None, Step::Users(_)) => {}
            (None, Step::Posts(done)) => eprintln!("{done} of {} posts", self.posts),
            (None, Step::Counting) => eprintln!("counting"),
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
