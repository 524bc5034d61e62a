//! Waits for asynchronous effects of a program.

use std::{
    io::{BufRead, BufReader, Read},
    sync::mpsc::channel,
    thread::{self, sleep},
    time::{Duration, Instant},
};

/// The time limit for any operation, also on slow machines.
pub const DEADLINE: Duration = Duration::from_mins(1);

/// Polls until `is_so` returns true.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < DEADLINE, "it is not so after a minute: {what}");
        sleep(Duration::from_millis(2));
    }
}

/// Returns the lines that a program writes to `output`, until it ends or writes nothing for [`DEADLINE`].
pub fn lines(output: impl Read + Send + 'static) -> impl Iterator<Item = String> {
    let output = BufReader::new(output);
    let (told, lines) = channel();
    thread::spawn(move || {
        output
            .lines()
            .map_while(Result::ok)
            .try_for_each(|line| told.send(line))
    });
    std::iter::from_fn(move || lines.recv_timeout(DEADLINE).ok())
}
