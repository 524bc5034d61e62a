//! How much memory answers take. The allocator of this test counts, so that it has a process of its own, and one test.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at the first surprise"
)]

#[path = "../http/config.rs"]
mod config;
#[path = "../../../app/tests/backend/database.rs"]
mod database;
mod full_site;
#[path = "../http/persona.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod persona;

use peak_alloc::PeakAlloc;

use crate::full_site::{CODINGS, addresses, ask, full_site};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// What an answer to somebody who is not logged in takes at most, at any moment until it has been sent.
const PEAK_MAX: usize = 4 * 1024 * 1024;

#[tokio::test]
async fn no_answer_to_somebody_unknown_takes_much_memory() {
    let full = full_site().await;
    let (mut greedy, mut answered) = (Vec::new(), 0);
    for path in addresses(&full) {
        for coding in CODINGS {
            // What is made once for the whole process is no part of an answer: the second one counts.
            ask(&full.router, &path, coding).await;
            full.forget_pages();
            ALLOCATOR.reset_peak_usage();
            let before = ALLOCATOR.current_usage();
            let answer = ask(&full.router, &path, coding).await;
            let peak = ALLOCATOR.peak_usage().saturating_sub(before);
            answered += usize::from(answer.status == 200);
            let told = format!(
                "{peak:>9} bytes for {:>8} as {coding:8} {} {path:.60}",
                answer.length, answer.status
            );
            println!("{told}");
            if peak > PEAK_MAX {
                greedy.push(told);
            }
        }
    }
    assert!(answered > 60, "{answered}");
    assert!(greedy.is_empty(), "{greedy:#?}");
}
