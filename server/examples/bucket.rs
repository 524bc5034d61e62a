//! An S3 server with one bucket, for tests in a browser: `bucket ADDRESS:PORT FOLDER`.
#[path = "../../app/domain/tests/use_cases/bucket.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "it is a test's: other tests use the rest, and may stop at the first surprise"
)]
mod bucket;

use std::{env, error::Error, path::Path, thread};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().collect();
    let [_, address, folder] = &arguments[..] else {
        return Err("bucket ADDRESS:PORT FOLDER".into());
    };
    let _server = bucket::Server::at(Path::new(folder), address.parse()?);
    loop {
        thread::park();
    }
}
