//! A date.

use leptos::prelude::*;
use time::{
    OffsetDateTime,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:long] [year]");
const MINUTE: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");

/// The day of `at`; the minute in its title.
#[component]
pub fn Timestamp(
    /// In UTC.
    at: OffsetDateTime,
    /// Shows the minute as well.
    #[prop(optional)]
    minutes: bool,
) -> impl IntoView {
    let shown = if minutes { MINUTE } else { DAY };
    view! {
        <time datetime=at.format(&Rfc3339).unwrap_or_default() title=at.format(MINUTE).unwrap_or_default()>
            {at.format(shown).unwrap_or_default()}
        </time>
    }
}
