//! The form of the navigation.

use serde::{Deserialize, Serialize};

use super::{FieldErrors, FieldProblem, Form, site::SettingsChange};
use crate::{
    model::{
        navigation::{NavEntry, read, write},
        site::Setting,
    },
    paths,
};

/// The maximum number of entries in the navigation bar.
pub const BAR_MAX: usize = 8;
/// The maximum number of lines in the footer.
pub const FOOTER_MAX: usize = 30;
/// The maximum length of a label in characters.
pub const LABEL_MAX: usize = 40;
/// The maximum length of an address in bytes.
pub const ADDRESS_MAX: usize = 500;

/// A row of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NavRow {
    /// The place among the rows, as typed.
    pub place: String,
    /// The label; a row without label and address is left out.
    pub label: String,
    /// The address.
    pub address: String,
}

/// The form of the navigation bar and of the links in the footer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NavigationForm {
    /// The rows of the navigation bar.
    pub navigation: Vec<NavRow>,
    /// The rows of the footer.
    pub footer_links: Vec<NavRow>,
    /// The summary of the values that were shown in the form.
    pub base: String,
}

impl Form for NavigationForm {
    type Valid = SettingsChange;

    fn validate(&self) -> Result<SettingsChange, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut value = |setting: Setting, rows: &[NavRow]| {
            errors.take(setting.field(), setting.parse(&write(&arranged(rows))))
        };
        let bar = value(Setting::Navigation, &self.navigation);
        let footer = value(Setting::FooterLinks, &self.footer_links);
        match (bar, footer) {
            (Some(bar), Some(footer)) => Ok(SettingsChange {
                values: [(Setting::Navigation, bar), (Setting::FooterLinks, footer)].into(),
                base: Some(self.base.clone()),
            }),
            _ => Err(errors),
        }
    }
}

/// Returns the entries of `rows` in the order of their places. A row whose place is no number stays where it is.
fn arranged(rows: &[NavRow]) -> Vec<NavEntry> {
    let mut placed: Vec<(f64, &NavRow)> = (1_u32..)
        .zip(rows)
        .filter(|(_, row)| !row.label.trim().is_empty() || !row.address.trim().is_empty())
        .map(|(number, row)| (row.place.trim().parse().unwrap_or_else(|_| number.into()), row))
        .collect();
    placed.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let entry = |(_, row): (f64, &NavRow)| NavEntry {
        // A line break or a bar would end the label.
        label: row.label.replace(['|', '\n', '\r'], " ").trim().to_owned(),
        address: row.address.trim().to_owned(),
    };
    placed.into_iter().map(entry).collect()
}

/// Returns the navigation bar in the form in which it is stored.
pub(super) fn bar(text: &str) -> Result<String, FieldProblem> {
    checked(text, BAR_MAX, false)
}

/// Returns the links of the footer in the form in which they are stored.
pub(super) fn footer(text: &str) -> Result<String, FieldProblem> {
    checked(text, FOOTER_MAX, true)
}

fn checked(text: &str, most: usize, has_headings: bool) -> Result<String, FieldProblem> {
    let entries = read(text);
    if entries.len() > most {
        return Err(FieldProblem::TooManyEntries(most));
    }
    for (number, entry) in (1..).zip(&entries) {
        let length = entry.label.chars().count();
        if length == 0 || length > LABEL_MAX || entry.label.chars().any(char::is_control) {
            return Err(FieldProblem::EntryLabel(number));
        }
        let is_heading = has_headings && entry.address.is_empty();
        if !is_heading && !is_address(&entry.address) {
            return Err(FieldProblem::EntryAddress(number));
        }
    }
    Ok(write(&entries))
}

/// Returns whether `address` is a path of this site or an `http` or `https` URL.
fn is_address(address: &str) -> bool {
    let is_url = ["https://", "http://"].into_iter().any(|scheme| {
        let rest = address.strip_prefix(scheme);
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
    });
    let is_plain = address
        .chars()
        .all(|character| !character.is_whitespace() && !character.is_control());
    address.len() <= ADDRESS_MAX && is_plain && (is_url || paths::local(address).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(place: &str, label: &str, address: &str) -> NavRow {
        NavRow {
            place: place.to_owned(),
            label: label.to_owned(),
            address: address.to_owned(),
        }
    }

    fn value(rows: Vec<NavRow>) -> Result<String, FieldErrors> {
        let form = NavigationForm {
            navigation: rows,
            ..NavigationForm::default()
        };
        let change = form.validate()?;
        Ok(change
            .values
            .get(&Setting::Navigation)
            .cloned()
            .unwrap_or_default())
    }

    #[test]
    fn rows_are_arranged_by_their_places_and_empty_ones_left_out() {
        let rows = vec![
            row("3", "Explore", "/explore"),
            row("1", " Home ", "/"),
            row("", "", ""),
            row("1.5", "Shop", "https://shop.example/a"),
        ];
        let stored = "Home | /\nShop | https://shop.example/a\nExplore | /explore";
        assert_eq!(value(rows).as_deref(), Ok(stored));
    }

    #[test]
    fn a_row_that_leads_nowhere_is_refused_with_its_number() {
        for (bad, problem) in [
            (row("2", "", "/x"), FieldProblem::EntryLabel(2)),
            (
                row("2", &"x".repeat(LABEL_MAX + 1), "/x"),
                FieldProblem::EntryLabel(2),
            ),
            (row("2", "X", ""), FieldProblem::EntryAddress(2)),
            (row("2", "X", "about"), FieldProblem::EntryAddress(2)),
            (
                row("2", "X", "javascript:alert(1)"),
                FieldProblem::EntryAddress(2),
            ),
            (row("2", "X", "//evil.example"), FieldProblem::EntryAddress(2)),
            (row("2", "X", "https://"), FieldProblem::EntryAddress(2)),
            (row("2", "X", "https://a b"), FieldProblem::EntryAddress(2)),
        ] {
            let refused = value(vec![row("1", "Home", "/"), bad.clone()]);
            let expected = FieldErrors::one(Setting::Navigation.field(), problem);
            assert_eq!(refused, Err(expected), "{bad:?}");
        }
        let many = vec![row("", "Home", "/"); BAR_MAX + 1];
        let expected = FieldErrors::one(Setting::Navigation.field(), FieldProblem::TooManyEntries(BAR_MAX));
        assert_eq!(value(many), Err(expected));
    }

    #[test]
    fn the_footer_may_have_headings() {
        let text = "Company\nImprint | /imprint";
        assert_eq!(Setting::FooterLinks.parse(text).as_deref(), Ok(text));
        assert!(Setting::Navigation.parse(text).is_err());
    }
}
