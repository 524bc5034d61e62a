//! How far long work is: a bar on a terminal, lines elsewhere, on standard error.

use std::{
    io::{IsTerminal, stderr},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// Elsewhere than on a terminal, a line at most so often about the same work.
const LINES: Duration = Duration::from_secs(5);

/// Shows how far some work is.
#[derive(Debug)]
pub enum Progress {
    /// A bar.
    Bar(ProgressBar),
    /// Lines; the last one, and when it was printed.
    Lines(Mutex<Option<(String, Instant)>>),
    /// Nobody looks.
    Nothing,
}

impl Progress {
    /// For whoever has called the program.
    #[must_use]
    pub fn shown() -> Self {
        if !stderr().is_terminal() {
            return Self::Lines(Mutex::default());
        }
        let style = ProgressStyle::with_template("{msg:>20} {wide_bar} {pos}/{len} {eta}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Self::Bar(ProgressBar::new(0).with_style(style))
    }

    /// Says that `done` of `all` are ready of what is called `what`.
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

    /// Says that `done` are ready of what is called `what`, of which nobody knows how many there are.
    pub fn count(&self, what: &str, done: usize) {
        match self {
            Self::Bar(bar) => {
                bar.set_message(format!("{done} {what}"));
                bar.tick();
            }
            Self::Lines(_) | Self::Nothing => {}
        }
    }

    /// Says what is being done, of which nobody knows how long it takes.
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

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
