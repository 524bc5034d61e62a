//! Time zones, for dates in browsers without JavaScript.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

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
        let (date, time) = (clock.date(), clock.time());
        let day = i8::try_from(date.day()).ok()?;
        let month = i8::try_from(u8::from(date.month())).ok()?;
        let year = i16::try_from(date.year()).ok()?;
        let (hour, minute) = (i8::try_from(time.hour()).ok()?, i8::try_from(time.minute()).ok()?);
        let clock = DateTime::new(year, month, day, hour, minute, 0, 0).ok()?;
        // A time that a clock shows twice or never, when it is put forward or back, is taken as iCalendar does.
        let found = zone.to_ambiguous_timestamp(clock).compatible().ok()?;
        OffsetDateTime::from_unix_timestamp(found.as_second()).ok()
    };
    in_zone().unwrap_or_else(|| clock.assume_utc())
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
    fn every_named_time_zone_exists() {
        let names = names();
        assert!(names.len() > 300 && names.iter().all(|name| exists(name)));
        assert!(!exists("Mars/Olympus"));
    }
}
