//! Measures the memory and file descriptors of a running program (Linux).

use std::fs;

use crate::site::Site;

/// Returns the current memory of the site, in bytes.
pub fn memory(site: &Site) -> usize {
    status(site, "VmRSS:")
}

/// Returns the peak memory of the site, in bytes.
pub fn peak_memory(site: &Site) -> usize {
    status(site, "VmHWM:")
}

/// Returns the number of files and sockets that the site has open.
pub fn descriptors(site: &Site) -> usize {
    fs::read_dir(format!("/proc/{}/fd", site.process.id()))
        .unwrap()
        .count()
}

fn status(site: &Site, name: &str) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", site.process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    let kilobytes: usize = line.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes * 1024
}
