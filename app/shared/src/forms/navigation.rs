//! The form of the navigation.

use std::cmp::Ordering;

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
        let mut value = |setting: Setting, rows: &[NavRow], has_headings: bool| {
            let value = match wrong_row(rows, has_headings) {
                Some(problem) => Err(problem),
                None => setting.parse(&write(&arranged(rows))),
            };
            errors.take(setting.field(), value)
        };
        let bar = value(Setting::Navigation, &self.navigation, false);
        let footer = value(Setting::FooterLinks, &self.footer_links, true);
        match (bar, footer) {
            (Some(bar), Some(footer)) => Ok(SettingsChange {
                values: [(Setting::Navigation, bar), (Setting::FooterLinks, footer)].into(),
                base: Some(self.base.clone()),
            }),
            _ => Err(errors),
        }
    }
}

impl NavRow {
    fn is_empty(&self) -> bool {
        self.label.trim().is_empty() && self.address.trim().is_empty()
    }

    fn entry(&self) -> NavEntry {
        NavEntry {
            // A line break or a bar would end the label.
            label: self.label.replace(['|', '\n', '\r'], " ").trim().to_owned(),
            address: self.address.trim().to_owned(),
        }
    }

    /// Returns the place of the row with this `number`, by which it is ordered. A row that was given the place of another
    /// takes it: it comes before that row if it moves up, and after it if it moves down.
    fn order(&self, number: u32) -> (f64, Ordering) {
        let number = f64::from(number);
        let place: f64 = self.place.trim().parse().unwrap_or(number);
        (place, place.total_cmp(&number))
    }
}

/// Returns the problem of the first row that is not an entry.
fn wrong_row(rows: &[NavRow], has_headings: bool) -> Option<FieldProblem> {
    let rows = (1..).zip(rows).filter(|(_, row)| !row.is_empty());
    let mut problems = rows.filter_map(|(number, row)| problem_of(number, &row.entry(), has_headings));
    problems.next()
}

/// Returns the entries of `rows` in the order of their places. A row whose place is no number stays where it is.
fn arranged(rows: &[NavRow]) -> Vec<NavEntry> {
    let rows = (1_u32..).zip(rows).filter(|(_, row)| !row.is_empty());
    let mut placed: Vec<((f64, Ordering), NavEntry)> = rows
        .map(|(number, row)| (row.order(number), row.entry()))
        .collect();
    placed.sort_by(|((one, moves), _), ((other, others), _)| one.total_cmp(other).then(moves.cmp(others)));
    placed.into_iter().map(|(_, entry)| entry).collect()
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
    let numbered = (1..).zip(&entries);
    let mut problems = numbered.filter_map(|(number, entry)| problem_of(number, entry, has_headings));
    match problems.next() {
        Some(problem) => Err(problem),
        None => Ok(write(&entries)),
    }
}

/// Returns the problem of the entry with this `number`, if it has one.
fn problem_of(number: usize, entry: &NavEntry, has_headings: bool) -> Option<FieldProblem> {
    let length = entry.label.chars().count();
    let is_heading = has_headings && entry.address.is_empty();
    if length == 0 || length > LABEL_MAX || entry.label.chars().any(char::is_control) {
        Some(FieldProblem::EntryLabel(number))
    } else if !is_heading && !is_address(&entry.address) {
        Some(FieldProblem::EntryAddress(number))
    } else {
        None
    }
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
    fn a_row_takes_the_place_that_it_is_given() {
        let arranged = |places: [&str; 4]| {
            let labels = ["A", "B", "C", "D"];
            let rows = labels.into_iter().zip(places);
            let stored = value(rows.map(|(label, place)| row(place, label, "/x")).collect());
            stored.map(|stored| stored.replace([' ', '|', '/', 'x', '\n'], ""))
        };
        for (places, expected) in [
            (["1", "2", "3", "4"], "ABCD"),
            (["1", "2", "3", "1"], "DABC"),
            (["1", "2", "2", "4"], "ACBD"),
            (["2", "2", "3", "4"], "BACD"),
            (["4", "2", "3", "4"], "BCDA"),
            (["2", "1", "3", "4"], "BACD"),
            (["1", "x", "", "0"], "DABC"),
        ] {
            assert_eq!(arranged(places).as_deref(), Ok(expected), "{places:?}");
        }
    }

    #[test]
    fn the_number_of_a_row_is_the_one_that_is_shown() {
        let rows = vec![
            row("9", "Home", "/"),
            row("2", "", ""),
            row("1", "About", "about"),
        ];
        let expected = FieldErrors::one(Setting::Navigation.field(), FieldProblem::EntryAddress(3));
        assert_eq!(value(rows), Err(expected));
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
