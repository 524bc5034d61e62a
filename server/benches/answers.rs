//! Measures the processor time of responses, on SQLite, for a site with the most expensive content that the limits
//! allow.
//!
//! `cargo bench -p server --bench answers` prints, for each public address, the mean of several uncached responses and
//! whether it is within the budget.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement may stop at the first surprise"
)]

#[path = "../tests/http/config.rs"]
mod config;
#[path = "../../app/domain/tests/use_cases/database.rs"]
mod database;
#[path = "../tests/memory/full_site.rs"]
mod full_site;
#[path = "../tests/http/persona.rs"]
#[expect(dead_code, reason = "tests use the rest")]
mod persona;

use full_site::{CODINGS, addresses, ask, full_site};

/// The number of requests per address.
const TIMES: u32 = 10;
/// The maximum processor time of a response, in milliseconds.
const BUDGET: f64 = 50.0;
/// The number of clock ticks per second in which the system counts processor time (`proc_pid_stat(5)`); Linux always
/// reports this number to programs.
const TICKS: f64 = 100.0;

/// Returns the processor time that this process has used on all processors, in milliseconds.
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The name of the program may contain any character, including spaces and parentheses.
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let times = fields.split_whitespace().skip(11).take(2);
    let ticks: f64 = times.map(|time| time.parse::<f64>().unwrap()).sum();
    ticks * 1_000.0 / TICKS
}

#[tokio::main]
async fn main() {
    let full = full_site().await;
    println!("| address | coding | status | bytes | CPU ms | budget |\n|:--|:--|--:|--:|--:|:--|");
    for path in addresses(&full) {
        for coding in CODINGS {
            let answer = ask(&full.router, &path, coding).await;
            let before = processor_time();
            for _ in 0..TIMES {
                full.forget_pages();
                ask(&full.router, &path, coding).await;
            }
            let took = (processor_time() - before) / f64::from(TIMES);
            let verdict = if took <= BUDGET { "within" } else { "ABOVE" };
            let (status, length) = (answer.status, answer.length);
            println!("| {path:.60} | {coding} | {status} | {length} | {took:.1} | {verdict} {BUDGET} |");
        }
    }
}
