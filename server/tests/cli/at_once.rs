//! Concurrent work on several items.

use std::{
    num::NonZero,
    sync::Mutex,
    thread::{available_parallelism, scope},
};

/// Calls `work` for each of the `items`, with one more thread than there are processors. Returns the results in the
/// order of the items.
pub fn at_once<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let workers = 1 + available_parallelism().map_or(1, NonZero::get);
    let results: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let rest = Mutex::new(items.into_iter().enumerate());
    scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                // The lock must not be held during the work.
                let next = || rest.lock().unwrap().next();
                while let Some((number, item)) = next() {
                    *results.get(number).unwrap().lock().unwrap() = Some(work(item));
                }
            });
        }
    });
    let done = results.into_iter().map(|result| result.into_inner().unwrap());
    done.map(Option::unwrap).collect()
}
