//! The versions of a post that are kept.

use std::collections::HashSet;

use time::{Date, Duration, OffsetDateTime};

/// The number of newest versions that are all kept.
const NEWEST: usize = 20;
/// How long one version of each day is kept; one of each month is kept after that.
const DAILY: Duration = Duration::days(30);
/// The maximum number of versions of a post that are kept, besides the present one.
pub(crate) const MOST: usize = 100;

/// A version that was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Replaced {
    /// The number.
    pub version: i64,
    /// The time at which it was saved.
    pub saved_at: OffsetDateTime,
}

/// Returns the numbers of those of `versions` that are not kept. The newest ones are kept, the last one of each day and
/// month before, and the first one.
pub(super) fn superfluous(mut versions: Vec<Replaced>, now: OffsetDateTime) -> Vec<i64> {
    versions.sort_by_key(|version| std::cmp::Reverse(version.version));
    let first = versions.last().copied();
    let mut seen: HashSet<Date> = HashSet::new();
    let (mut kept, mut superfluous) = (0, Vec::new());
    for (place, version) in versions.into_iter().enumerate() {
        let is_first = Some(version) == first;
        // The last place is that of the first version.
        let has_room = kept + 1 < MOST;
        let is_last_of_its_time = place < NEWEST || seen.insert(time_of(version.saved_at, now));
        if is_first || (has_room && is_last_of_its_time) {
            kept += 1;
        } else {
            superfluous.push(version.version);
        }
    }
    superfluous
}

/// Returns the day of `saved_at`, or the first day of its month if that is long ago.
fn time_of(saved_at: OffsetDateTime, now: OffsetDateTime) -> Date {
    let day = saved_at.date();
    if saved_at > now - DAILY {
        day
    } else {
        day.replace_day(1).unwrap_or(day)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-30 12:00 UTC);

    /// Returns the numbers that are kept of versions saved this number of hours before [`NOW`], oldest first.
    fn kept(hours: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let versions: Vec<Replaced> = (1..)
            .zip(hours)
            .map(|(version, hours)| Replaced {
                version,
                saved_at: NOW - Duration::hours(hours),
            })
            .collect();
        let superfluous = superfluous(versions.clone(), NOW);
        let numbers = versions.into_iter().map(|version| version.version);
        numbers.filter(|number| !superfluous.contains(number)).collect()
    }

    #[test]
    fn the_newest_versions_are_all_kept() {
        assert_eq!(kept((0..20).rev()), (1..=20).collect::<Vec<_>>());
    }

    #[test]
    fn one_version_of_each_day_is_kept_and_the_first() {
        // Four a day for ten days.
        let kept = kept((0..40).rev().map(|number| number * 6));
        assert_eq!(kept.first(), Some(&1));
        assert_eq!(kept.last(), Some(&40));
        assert!(kept.len() < 28, "{kept:?}");
        assert!((21..=40).all(|number| kept.contains(&number)), "{kept:?}");
    }

    #[test]
    fn one_version_of_each_month_is_kept_after_that() {
        // One a day for two years.
        let kept = kept((0..730).rev().map(|day| day * 24));
        assert!((40..=60).contains(&kept.len()), "{}", kept.len());
    }

    #[test]
    fn there_are_never_more_than_a_hundred_and_the_first_is_among_them() {
        // One a month for twenty years.
        let kept = kept((0..240).rev().map(|month| month * 24 * 31));
        assert_eq!(kept.len(), MOST);
        assert_eq!(kept.first(), Some(&1));
        assert_eq!(kept.last(), Some(&240));
    }
}
