//! How many files and connections the system lets the program have at once.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More than all connections, files and the database take together.
const WANTED: u64 = 65_536;

/// Asks for as many as there may be: what a shell gives by default is fewer than a busy site has visitors.
pub fn raise() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(WANTED, |maximum| maximum.min(WANTED));
    if current.is_none_or(|current| current >= wanted) {
        return;
    }
    let raised = Rlimit {
        current: Some(wanted),
        maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "fewer visitors can be connected at once than there could be");
    }
}
