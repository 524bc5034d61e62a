//! Dates.

use leptos::prelude::*;
use time::{
    OffsetDateTime,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};

use crate::http;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:long] [year]");
const MINUTE: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute]");

/// The date of `at`, with the time in the tooltip. In the time zone of the site until `scripts/clock.js` converts it to the local time.
#[component]
pub fn Timestamp(
    /// The time in UTC.
    at: OffsetDateTime,
    /// Whether to show the time as well.
    #[prop(optional)]
    minutes: bool,
    /// The class of the element.
    #[prop(optional)]
    class: Option<&'static str>,
) -> impl IntoView {
    let (local, zone) = http::local(at);
    let minute = format!("{} {zone}", local.format(MINUTE).unwrap_or_default());
    let (shown, text) = if minutes {
        ("minute", minute.clone())
    } else {
        ("day", local.format(DAY).unwrap_or_default())
    };
    view! {
        <time class=class datetime=at.format(&Rfc3339).unwrap_or_default() title=minute data-shown=shown>
            {text}
        </time>
    }
}
