//! The interface of places for a site in which writing can be made to fail.

use std::{path::PathBuf, process::Command};

use serde_json::{Map, Value};

use crate::{program::stderr, site::Site};

/// A place for a site.
pub trait Place {
    /// Returns the program as it is started in this place.
    fn program(&self, settings: &[(&str, &str)]) -> Command;

    /// Returns the data folder, as seen by the test.
    fn data(&self) -> PathBuf;

    /// Makes the writes of `site` fail.
    fn refuse_writes(&self, site: &Site);

    /// Makes them succeed again.
    fn allow_writes(&self, site: &Site);

    /// Returns the first column of the result of `sql`. A separate program runs it, because other programs may not be
    /// able to access the place.
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
