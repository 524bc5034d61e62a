//! Raises the limit of open files, and derives the maximum number of connections from it.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{config::Config, ops::metrics};

/// The desired limit. It exceeds what all connections, files and the database need together.
const WANTED: u64 = 65_536;
/// The file descriptors of the program itself: its log, its lock, its listeners and the wakers of its threads, and
/// those of mails, backups and uploads in progress.
const OF_PROGRAM: u64 = 24;
/// The file descriptors of each database connection: an SQLite database consists of two files.
const OF_DATABASE: u64 = 2;
/// The file descriptors of each visitor: the connection, and a picture that is sent on it.
const OF_VISITOR: u64 = 2;
/// The minimum number of connections, even if there are too few descriptors.
const LEAST: usize = 4;

/// Raises the soft limit, because the usual default of a shell is too low for a busy site.
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

/// Returns how many visitors can be connected at a time: the number in `config`, or fewer if there are not enough file
/// descriptors beside those for the database, pictures and monitoring. Logs the result.
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

/// Returns the number of visitors for which so many file `descriptors` suffice.
fn for_visitors(descriptors: u64, of_database: u64, of_monitoring: u64) -> usize {
    // The two additional connections are the one that writes, and the one that migrates the schema or listens.
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
