//! Work that is done for several things at the same time.

use std::{
    num::NonZero,
    sync::Mutex,
    thread::{available_parallelism, scope},
};

/// Does `work` for each of the `items`, one more at a time than there are processors; returns the results in the same order.
pub fn at_once<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let workers = 1 + available_parallelism().map_or(1, NonZero::get);
    let results: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let rest = Mutex::new(items.into_iter().enumerate());
    scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                // The lock is not held while the work is done.
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
