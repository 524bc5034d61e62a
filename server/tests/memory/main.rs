//! Tests how much memory responses use. The allocator of this test counts the memory of the whole process, so the test
//! has a process of its own.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at the first surprise"
)]

#[path = "../../../app/domain/tests/use_cases/bucket.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod bucket;
mod bucket_site;
#[path = "../http/config.rs"]
mod config;
#[path = "../../../app/domain/tests/use_cases/database.rs"]
mod database;
mod full_site;
#[path = "../http/persona.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod persona;

use axum::Router;
use peak_alloc::PeakAlloc;

use crate::bucket_site::picture_in_a_bucket;
use crate::full_site::{CODINGS, addresses, ask, full_site};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The maximum memory of a response to a visitor who is not logged in, until it has been sent, in bytes.
const PEAK_MAX: usize = 4 * 1024 * 1024;

#[tokio::test]
async fn no_answer_to_somebody_unknown_takes_much_memory() {
    let full = full_site().await;
    let mut peaks = Peaks::default();
    for path in addresses(&full) {
        peaks.of(&full.router, &path, || full.forget_pages()).await;
    }
    let bucket = picture_in_a_bucket().await;
    peaks.of(&bucket.router, &bucket.picture, || ()).await;
    assert!(peaks.answered > 60, "{}", peaks.answered);
    assert!(peaks.greedy.is_empty(), "{:#?}", peaks.greedy);
}

/// The memory that responses have used.
#[derive(Default)]
struct Peaks {
    /// The number of successful responses.
    answered: usize,
    /// The responses that used too much memory.
    greedy: Vec<String>,
}

impl Peaks {
    /// Requests `path` in each coding, after calling `forget`.
    async fn of(&mut self, router: &Router, path: &str, forget: impl Fn()) {
        for coding in CODINGS.iter().copied() {
            // The first response also initializes shared state of the process, so only the second one is measured.
            ask(router, path, coding).await;
            forget();
            ALLOCATOR.reset_peak_usage();
            let before = ALLOCATOR.current_usage();
            let answer = ask(router, path, coding).await;
            let peak = ALLOCATOR.peak_usage().saturating_sub(before);
            self.answered += usize::from(answer.status == 200);
            let told = format!(
                "{peak:>9} bytes for {:>8} as {coding:8} {} {path:.60}",
                answer.length, answer.status
            );
            println!("{told}");
            if peak > PEAK_MAX {
                self.greedy.push(told);
            }
        }
    }
}
