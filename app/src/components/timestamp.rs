//! A date.

use leptos::{prelude::*, wasm_bindgen::JsValue};
use time::{
    Duration, OffsetDateTime, UtcOffset,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:long] [year]");
const MINUTE: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute]");

/// The day of `at`; the minute in its title. In UTC until the browser tells where its reader is.
#[component]
pub fn Timestamp(
    /// In UTC.
    at: OffsetDateTime,
    /// Shows the minute as well.
    #[prop(optional)]
    minutes: bool,
) -> impl IntoView {
    let shown = RwSignal::new(at);
    Effect::new(move |_| {
        let here = at.to_offset(offset_at(at));
        if !here.offset().is_utc() {
            shown.set(here);
        }
    });
    let text = move || {
        if minutes {
            minute(shown.get())
        } else {
            shown.get().format(DAY).unwrap_or_default()
        }
    };
    view! {
        <time datetime=at.format(&Rfc3339).unwrap_or_default() title=move || minute(shown.get())>
            {text}
        </time>
    }
}

fn minute(at: OffsetDateTime) -> String {
    let zone = if at.offset().is_utc() { " UTC" } else { "" };
    at.format(MINUTE).unwrap_or_default() + zone
}

/// How far the clocks where the browser is were from UTC then.
fn offset_at(at: OffsetDateTime) -> UtcOffset {
    let then = at.format(&Rfc3339).unwrap_or_default();
    // In minutes that have to be added to reach UTC; not a number for a date that the browser does not know.
    let west = js_sys::Date::new(&JsValue::from_str(&then)).get_timezone_offset();
    let east = if west.is_finite() { -west * 60.0 } else { 0.0 };
    i32::try_from(Duration::seconds_f64(east).whole_seconds())
        .ok()
        .and_then(|seconds| UtcOffset::from_whole_seconds(seconds).ok())
        .unwrap_or(UtcOffset::UTC)
}
