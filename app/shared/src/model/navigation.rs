//! The navigation that administrators arrange.
//!
//! It is stored as text with one entry per line: a label, and after a vertical bar the address that it leads to. In the
//! footer, a line without an address is the heading of the lines below it.

use serde::{Deserialize, Serialize};

/// An entry of the navigation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NavEntry {
    /// The label.
    pub label: String,
    /// A path of this site or a URL of another one; empty for a heading.
    pub address: String,
}

impl NavEntry {
    /// Returns whether the entry leads to another site.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        !self.address.starts_with('/')
    }
}

/// Returns the entries in the stored `text`.
#[must_use]
pub fn read(text: &str) -> Vec<NavEntry> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let (label, address) = line.split_once('|').unwrap_or((line, ""));
            NavEntry {
                label: label.trim().to_owned(),
                address: address.trim().to_owned(),
            }
        })
        .collect()
}

/// Returns the text that is stored for `entries`.
#[must_use]
pub fn write(entries: &[NavEntry]) -> String {
    let lines = entries.iter().map(|entry| match entry.address.as_str() {
        "" => entry.label.clone(),
        address => format!("{} | {address}", entry.label),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_as_they_were_written() {
        let text = "Home | /\nOur press | https://example.org/a|b\nMore";
        let entries = read(text);
        assert_eq!(entries.len(), 3);
        assert_eq!(entries[1].address, "https://example.org/a|b");
        assert_eq!(entries[2].address, "");
        assert_eq!(write(&entries), text);
        assert!(entries[1].is_outside() && !entries[0].is_outside());
    }
}
