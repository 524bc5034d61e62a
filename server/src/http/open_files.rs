//! How many files and connections the system lets the program have at once.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{config::Config, ops::metrics};

/// More than all connections, files and the database take together.
const WANTED: u64 = 65_536;
/// The program itself has so many file descriptors: its log, its lock, its listeners, what its threads are woken by; and mails,
/// backups and uploads that are on their way.
const OF_PROGRAM: u64 = 24;
/// Each connection to the database: an SQLite database is two files.
const OF_DATABASE: u64 = 2;
/// Each visitor: the connection, and a picture that is sent on it.
const OF_VISITOR: u64 = 2;
/// So many connections are open at one time, however few descriptors there are.
const LEAST: usize = 4;

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
        tracing::warn!(%error, "the limit of open files cannot be raised: fewer visitors can be connected at once");
    }
}

/// How many visitors may be connected at one time: as many as `config` wants, or as many as there are file descriptors for
/// after the database, pictures and monitoring have theirs. Says so in the log.
pub(crate) fn connections(config: &Config) -> usize {
    let wanted = config.network.connections;
    let Some(descriptors) = getrlimit(Resource::Nofile).current else {
        tracing::info!(
            connections = wanted,
            "maximum number of visitors connected at once"
        );
        return wanted;
    };
    let monitoring = config.metrics_listen.map_or(0, |_| metrics::CONNECTIONS as u64);
    let of_database = u64::from(config.database.pool.connections);
    let connections = for_visitors(descriptors, of_database, monitoring).min(wanted);
    if connections < wanted {
        tracing::warn!(
            connections,
            wanted,
            descriptors,
            "the limit of open files is too low for the wanted number of visitors: raise it (`ulimit -n`, LimitNOFILE)"
        );
    } else {
        tracing::info!(
            connections,
            descriptors,
            "maximum number of visitors connected at once"
        );
    }
    connections
}

/// How many connections of visitors so many file `descriptors` suffice for.
fn for_visitors(descriptors: u64, of_database: u64, of_monitoring: u64) -> usize {
    // One more writes, one more changes the schema or listens.
    let kept = OF_PROGRAM + OF_DATABASE * (of_database + 2) + of_monitoring;
    let connections = descriptors.saturating_sub(kept) / OF_VISITOR;
    usize::try_from(connections).unwrap_or(usize::MAX).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_kept_back_for_everything_but_visitors() {
        for (descriptors, of_database, of_monitoring, connections) in [
            (65_536, 8, 8, 32_742),
            (1_024, 8, 0, 490),
            (64, 8, 0, 10),
            (64, 8, 8, 6),
            (16, 8, 0, 4),
        ] {
            let found = for_visitors(descriptors, of_database, of_monitoring);
            assert_eq!(found, connections, "{descriptors}");
        }
    }
}
