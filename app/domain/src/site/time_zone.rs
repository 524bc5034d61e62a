//! Time zones, for dates in browsers without JavaScript.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, Offset, TimeZone},
};
use time::{Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// Returns whether there is a time zone called `name`.
#[must_use]
pub fn exists(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// Returns the names of all time zones.
#[must_use]
pub fn names() -> Vec<String> {
    let names = jiff::tz::db().available();
    names.map(|name| name.as_str().to_owned()).collect()
}

/// Returns `at` in the time zone called `name`, and the abbreviation of the time zone at that time, such as `CEST`. An
/// unknown time zone is UTC.
#[must_use]
pub fn local(at: OffsetDateTime, name: &str) -> (OffsetDateTime, String) {
    let in_zone = || {
        let zone = TimeZone::get(name).ok()?;
        let found = zone.to_offset_info(Timestamp::from_second(at.unix_timestamp()).ok()?);
        let offset = UtcOffset::from_whole_seconds(found.offset().seconds()).ok()?;
        Some((at.to_offset(offset), found.abbreviation().to_owned()))
    };
    in_zone().unwrap_or_else(|| (at.to_offset(UtcOffset::UTC), "UTC".to_owned()))
}

/// Returns the instant at which a clock in the time zone called `name` shows `clock`. An unknown time zone is UTC.
#[must_use]
pub fn instant(clock: PrimitiveDateTime, name: &str) -> OffsetDateTime {
    let in_zone = || {
        let zone = TimeZone::get(name).ok()?;
        // A time that a clock shows twice or never, when it is put forward or back, is taken as iCalendar does.
        let found = zone.to_ambiguous_timestamp(civil(clock)?).compatible().ok()?;
        OffsetDateTime::from_unix_timestamp(found.as_second()).ok()
    };
    in_zone().unwrap_or_else(|| clock.assume_utc())
}

/// A change of the clocks in a time zone, because of which they do not show a time, or show it twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockChange {
    /// Whether the clocks are put forward.
    pub is_forward: bool,
    /// The first time that they do not show or show twice.
    pub from: PrimitiveDateTime,
    /// The first time after those.
    pub to: PrimitiveDateTime,
}

/// Returns the only instant at which a clock in the time zone called `name` shows `clock`. An unknown time zone is UTC.
///
/// # Errors
///
/// Returns the change of the clocks if there is no such instant, or if there are two.
pub fn only_instant(clock: PrimitiveDateTime, name: &str) -> Result<OffsetDateTime, ClockChange> {
    match change_at(clock, name) {
        Some(change) => Err(change),
        None => Ok(instant(clock, name)),
    }
}

/// Returns the change of the clocks in the time zone called `name` because of which they do not show `clock`, or show it
/// twice.
fn change_at(clock: PrimitiveDateTime, name: &str) -> Option<ClockChange> {
    let zone = TimeZone::get(name).ok()?;
    let (before, after) = match zone.to_ambiguous_timestamp(civil(clock)?).offset() {
        AmbiguousOffset::Unambiguous { .. } => return None,
        AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => (before, after),
    };
    // No time zone is two days away from UTC.
    let long_before =
        Timestamp::from_second((clock.assume_utc() - Duration::days(2)).unix_timestamp()).ok()?;
    let mut following = zone.following(long_before).map(|change| change.timestamp());
    let at = following.find(|at| {
        let shown = |offset: Offset| offset.to_datetime(*at);
        let (old, new) = (shown(before), shown(after));
        let wanted = civil(clock);
        wanted.is_some_and(|wanted| wanted >= old.min(new) && wanted < old.max(new))
    })?;
    let read = |offset: Offset| {
        let shown = OffsetDateTime::from_unix_timestamp(at.as_second() + i64::from(offset.seconds())).ok()?;
        Some(PrimitiveDateTime::new(shown.date(), shown.time()))
    };
    let (old, new) = (read(before)?, read(after)?);
    Some(ClockChange {
        is_forward: new > old,
        from: old.min(new),
        to: old.max(new),
    })
}

/// Returns `clock` as the library of time zones has it.
fn civil(clock: PrimitiveDateTime) -> Option<DateTime> {
    let (date, time) = (clock.date(), clock.time());
    let day = i8::try_from(date.day()).ok()?;
    let month = i8::try_from(u8::from(date.month())).ok()?;
    let year = i16::try_from(date.year()).ok()?;
    let (hour, minute) = (i8::try_from(time.hour()).ok()?, i8::try_from(time.minute()).ok()?);
    DateTime::new(year, month, day, hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_time_is_shown_as_a_clock_in_the_time_zone_shows_it() {
        for (at, zone, expected, abbreviation) in [
            (
                datetime!(2026-07-01 22:30 UTC),
                "Europe/Berlin",
                datetime!(2026-07-02 00:30 +2),
                "CEST",
            ),
            (
                datetime!(2026-12-01 22:30 UTC),
                "Europe/Berlin",
                datetime!(2026-12-01 23:30 +1),
                "CET",
            ),
            (
                datetime!(2026-12-01 22:30 UTC),
                "Asia/Kolkata",
                datetime!(2026-12-02 04:00 +5:30),
                "IST",
            ),
            (
                datetime!(2026-12-01 22:30 UTC),
                "UTC",
                datetime!(2026-12-01 22:30 UTC),
                "UTC",
            ),
            (
                datetime!(2026-12-01 22:30 UTC),
                "Mars/Olympus",
                datetime!(2026-12-01 22:30 UTC),
                "UTC",
            ),
        ] {
            let (local, found) = local(at, zone);
            assert_eq!(
                (local.date(), local.time()),
                (expected.date(), expected.time()),
                "{zone}"
            );
            assert_eq!(found, abbreviation, "{zone}");
        }
    }

    #[test]
    fn a_clock_shows_a_time_at_its_instant() {
        for (clock, zone, expected) in [
            (
                datetime!(2026-07-02 00:00),
                "Europe/Berlin",
                datetime!(2026-07-01 22:00 UTC),
            ),
            (
                datetime!(2026-12-02 00:00),
                "America/New_York",
                datetime!(2026-12-02 05:00 UTC),
            ),
            // The clock is put forward from 2 to 3 o'clock.
            (
                datetime!(2026-03-29 02:30),
                "Europe/Berlin",
                datetime!(2026-03-29 01:30 UTC),
            ),
            (
                datetime!(2026-12-02 00:00),
                "Mars/Olympus",
                datetime!(2026-12-02 00:00 UTC),
            ),
        ] {
            assert_eq!(instant(clock, zone), expected, "{zone}");
        }
    }

    #[test]
    fn a_time_that_clocks_skip_or_show_twice_is_refused_with_the_change() {
        for (clock, zone, is_forward, from, to) in [
            (
                datetime!(2027-03-28 02:30),
                "Europe/Berlin",
                true,
                datetime!(2027-03-28 02:00),
                datetime!(2027-03-28 03:00),
            ),
            (
                datetime!(2027-10-31 02:00),
                "Europe/Berlin",
                false,
                datetime!(2027-10-31 02:00),
                datetime!(2027-10-31 03:00),
            ),
            (
                datetime!(2027-04-04 01:45),
                "Australia/Lord_Howe",
                false,
                datetime!(2027-04-04 01:30),
                datetime!(2027-04-04 02:00),
            ),
            // The end of a day on which the clocks skip midnight.
            (
                datetime!(2026-09-06 00:10),
                "America/Santiago",
                true,
                datetime!(2026-09-06 00:00),
                datetime!(2026-09-06 01:00),
            ),
        ] {
            let change = ClockChange { is_forward, from, to };
            assert_eq!(only_instant(clock, zone), Err(change), "{clock} {zone}");
        }
        for clock in [
            datetime!(2027-03-28 01:59),
            datetime!(2027-03-28 03:00),
            datetime!(2027-10-31 03:00),
        ] {
            assert_eq!(
                only_instant(clock, "Europe/Berlin"),
                Ok(instant(clock, "Europe/Berlin")),
                "{clock}"
            );
        }
    }

    #[test]
    fn every_named_time_zone_exists() {
        let names = names();
        assert!(names.len() > 300 && names.iter().all(|name| exists(name)));
        assert!(!exists("Mars/Olympus"));
    }
}
