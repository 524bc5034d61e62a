//! Places for a site at which writing can be made to fail.

use std::{path::PathBuf, process::Command};

use serde_json::{Map, Value};

use crate::{program::stderr, site::Site};

/// A place for a site.
pub trait Place {
    /// The program there.
    fn program(&self, settings: &[(&str, &str)]) -> Command;

    /// The data folder, as this test sees it.
    fn data(&self) -> PathBuf;

    /// From now on, what `site` writes fails.
    fn refuse_writes(&self, site: &Site);

    /// It succeeds again.
    fn allow_writes(&self, site: &Site);

    /// The first column of what `sql` gives, by a program of its own, for others may not see the place.
    fn query(&self, sql: &str) -> Vec<String> {
        let mut command = self.program(&[]);
        let output = command
            .args(["shell", "--write", "--json", sql])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let rows: Vec<Map<String, Value>> = serde_json::from_slice(&output.stdout).unwrap();
        let firsts = rows
            .iter()
            .map(|row| row.values().next().unwrap().as_str().unwrap());
        firsts.map(ToOwned::to_owned).collect()
    }
}
