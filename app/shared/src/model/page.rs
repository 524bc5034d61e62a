//! Pagination.

use serde::{Deserialize, Serialize};

use super::position::Position;
use crate::error::AppError;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPage<T> {
    /// The items of the page.
    pub items: Vec<T>,
    /// The number of the page, from 1.
    pub number: u64,
    /// The number of pages, at least one.
    pub pages: u64,
    /// The number of items in the whole list.
    pub total: u64,
}

impl<T> ListPage<T> {
    /// Returns the page with each item converted by `convert`.
    #[must_use]
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> ListPage<U> {
        ListPage {
            items: self.items.into_iter().map(convert).collect(),
            number: self.number,
            pages: self.pages,
            total: self.total,
        }
    }
}

/// A page of a list that has neither a length nor numbers of pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysetPage<T> {
    /// The items of the page, newest first.
    pub items: Vec<T>,
    /// The position of the page with newer items, if there are any.
    pub newer: Option<Position>,
    /// The position of the page with older items, if there are any.
    pub older: Option<Position>,
}

/// Parses the page number of a query: 1 if there is none, `None` if it is not valid.
#[must_use]
pub fn number(query: Option<&str>) -> Option<u64> {
    match query {
        None | Some("") => Some(1),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().ok().filter(|number| *number >= 1)
        }
        Some(_) => None,
    }
}

/// Returns the number of pages of a list of `total` items, at least one.
#[must_use]
pub const fn count(total: u64, per_page: u64) -> u64 {
    let pages = total.div_ceil(if per_page == 0 { 1 } else { per_page });
    if pages == 0 { 1 } else { pages }
}

/// Returns the number of pages if `number` is one of them.
///
/// # Errors
///
/// Returns [`AppError::NoSuchPage`] if it is not.
pub fn count_with(number: u64, total: u64, per_page: u64) -> Result<u64, AppError> {
    let pages = count(total, per_page);
    if (1..=pages).contains(&number) {
        Ok(pages)
    } else {
        Err(AppError::NoSuchPage(pages))
    }
}

/// An entry of the pager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagerEntry {
    /// A link to this page.
    ListPage(u64),
    /// Omitted pages.
    Gap,
}

/// Returns the entries of the pager: the first and the last page, one page before and two after the current one, and
/// gaps between them.
#[must_use]
pub fn pager(current: u64, pages: u64) -> Vec<PagerEntry> {
    let near = current.saturating_sub(1)..=current.saturating_add(2);
    let mut shown: Vec<u64> = std::iter::once(1)
        .chain(near.filter(|page| (2..pages).contains(page)))
        .chain((pages > 1).then_some(pages))
        .collect();
    shown.dedup();

    let mut entries = Vec::with_capacity(shown.len() + 2);
    let mut last = 0;
    for page in shown {
        if page > last + 1 {
            entries.push(PagerEntry::Gap);
        }
        entries.push(PagerEntry::ListPage(page));
        last = page;
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(current: u64, pages: u64) -> String {
        let entries: Vec<String> = pager(current, pages)
            .into_iter()
            .map(|entry| match entry {
                PagerEntry::ListPage(page) if page == current => format!("[{page}]"),
                PagerEntry::ListPage(page) => page.to_string(),
                PagerEntry::Gap => "…".to_owned(),
            })
            .collect();
        entries.join(" ")
    }

    #[test]
    fn the_pager_shows_both_edges_and_one_before_and_two_after_the_current_page() {
        assert_eq!(drawn(1, 1), "[1]");
        assert_eq!(drawn(1, 2), "[1] 2");
        assert_eq!(drawn(2, 2), "1 [2]");
        assert_eq!(drawn(1, 9), "[1] 2 3 … 9");
        assert_eq!(drawn(2, 9), "1 [2] 3 4 … 9");
        assert_eq!(drawn(3, 9), "1 2 [3] 4 5 … 9");
        assert_eq!(drawn(5, 9), "1 … 4 [5] 6 7 … 9");
        assert_eq!(drawn(7, 9), "1 … 6 [7] 8 9");
        assert_eq!(drawn(9, 9), "1 … 8 [9]");
    }

    #[test]
    fn the_pager_is_short_however_long_the_list_is() {
        assert_eq!(
            drawn(500_000, u64::MAX),
            format!("1 … 499999 [500000] 500001 500002 … {}", u64::MAX)
        );
        assert!(pager(u64::MAX, u64::MAX).len() <= 7);
    }

    #[test]
    fn a_list_without_items_has_one_page() {
        assert_eq!(count(0, 5), 1);
        assert_eq!(count(5, 5), 1);
        assert_eq!(count(6, 5), 2);
    }

    #[test]
    fn what_is_no_page_number_is_none() {
        assert_eq!(number(None), Some(1));
        assert_eq!(number(Some("")), Some(1));
        assert_eq!(number(Some("7")), Some(7));
        for bad in ["0", "-1", "+1", "1.5", "a", "99999999999999999999999", "1 ", "１"] {
            assert_eq!(number(Some(bad)), None, "{bad:?}");
        }
    }
}
