//! Waiting for what a program does in its own time.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// How long anything may take, on whatever machine.
pub const DEADLINE: Duration = Duration::from_mins(1);

/// Asks again and again until it `is_so`.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < DEADLINE, "it is not so after a minute: {what}");
        sleep(Duration::from_millis(2));
    }
}
