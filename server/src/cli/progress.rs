//! Shows the progress of long operations on standard error: a bar on a terminal, lines otherwise.

use std::{
    io::{IsTerminal, stderr},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// The minimum interval between two lines about the same operation when standard error is not a terminal.
const LINES: Duration = Duration::from_secs(5);

/// A display of the progress of an operation.
#[derive(Debug)]
pub enum Progress {
    /// A progress bar.
    Bar(ProgressBar),
    /// Lines; contains the last one and when it was printed.
    Lines(Mutex<Option<(String, Instant)>>),
    /// No output.
    Nothing,
}

impl Progress {
    /// Returns a display on standard error: a bar on a terminal, lines otherwise.
    #[must_use]
    pub fn shown() -> Self {
        if !stderr().is_terminal() {
            return Self::Lines(Mutex::default());
        }
        let style = ProgressStyle::with_template("{msg:>20} {wide_bar} {pos}/{len} {eta}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Self::Bar(ProgressBar::new(0).with_style(style))
    }

    /// Shows that `done` of `all` items called `what` are complete.
    pub fn show(&self, what: &str, done: usize, all: usize) {
        match self {
            Self::Bar(bar) => {
                bar.set_message(what.to_owned());
                bar.set_length(all as u64);
                bar.set_position(done as u64);
            }
            Self::Lines(last) => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                let is_due = match &*last {
                    Some((before, at)) => before != what || at.elapsed() > LINES,
                    None => true,
                };
                if is_due || done == all {
                    eprintln!("{done} of {all} {what}");
                    *last = Some((what.to_owned(), Instant::now()));
                }
            }
            Self::Nothing => {}
        }
    }

    /// Shows that `done` items called `what` are complete, if their total number is unknown.
    pub fn count(&self, what: &str, done: usize) {
        match self {
            Self::Bar(bar) => {
                bar.set_message(format!("{done} {what}"));
                bar.tick();
            }
            Self::Lines(_) | Self::Nothing => {}
        }
    }

    /// Shows which operation is in progress, if its duration is unknown.
    pub fn step(&self, what: &str) {
        match self {
            Self::Bar(bar) => {
                bar.set_message(what.to_owned());
                bar.tick();
            }
            Self::Lines(_) => eprintln!("{what}"),
            Self::Nothing => {}
        }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
