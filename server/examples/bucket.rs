//! An S3 server with one bucket, for tests in a browser: `bucket ADDRESS:PORT FOLDER`.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "../../app/tests/backend/bucket.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod bucket;

use std::{env, path::Path, thread};

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let [_, address, folder] = &arguments[..] else {
        panic!("bucket ADDRESS:PORT FOLDER")
    };
    let _server = bucket::Server::at(Path::new(folder), address.parse().unwrap());
    loop {
        thread::park();
    }
}
