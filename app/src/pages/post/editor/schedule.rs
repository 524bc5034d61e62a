//! Publishing a text later.

use leptos::{html, prelude::*, wasm_bindgen::JsValue};

use super::{
    options::{folded, line},
    state::EditorState,
};
use crate::{
    components::{form::FormContext, timestamp::Timestamp},
    site::use_site,
    type_erasure::Erase,
};
use shared::{
    forms::{
        Field,
        post::{Intent, SCHEDULE_MAX_DAYS},
    },
    model::post::Schedule,
    paths,
};

/// The fields.
const FIELDS: &[Field] = &[Field::PublishAt, Field::TimeZone];

/// The fields for the time at which the text is published, folded unless one is chosen or refused.
#[component]
pub(super) fn ScheduleFields(
    editor: EditorState,
    /// The time that is chosen already.
    schedule: Option<Schedule>,
) -> impl IntoView {
    let is_scheduled = schedule.is_some();
    let zone = NodeRef::<html::Input>::new();
    let (clock, time_zone) = match &schedule {
        Some(schedule) => (schedule.clock.clone(), schedule.time_zone.clone()),
        None => (String::new(), use_site().time_zone.clone()),
    };
    let scheduled_at = clock.clone();
    let is_answer = use_context::<FormContext>().is_some_and(FormContext::is_answer);
    let (is_free, default) = (!is_scheduled && !is_answer, time_zone.clone());
    Effect::new(move |_| {
        // Somebody may have typed another one before the client was loaded.
        let input = zone.get().filter(|input| is_free && input.value() == default);
        if let (Some(input), Some(here)) = (input, local_time_zone()) {
            input.set_value(&here);
        }
    });
    let is_update = editor.target.get_untracked().post.is_some();
    let label = if is_update {
        "Publish the changes later"
    } else {
        "Publish later"
    };
    let fields = vec![
        schedule.map(|schedule| view! { <Status schedule /> }).erased(),
        view! { <input type="hidden" name="scheduled_at" value=scheduled_at /> }.erased(),
        line(
            Field::PublishAt,
            "datetime-local",
            format!("In the next {SCHEDULE_MAX_DAYS} days, such as 2026-12-31 18:00."),
            clock,
            NodeRef::new(),
        ),
        line(
            Field::TimeZone,
            "text",
            "Where it is that time: a place such as Europe/Berlin, or UTC.".to_owned(),
            time_zone,
            zone,
        ),
        view! {
            <button type="submit" class="button button-quiet" name=Intent::FIELD value=Intent::Schedule.name()>
                "Schedule"
            </button>
        }
        .erased(),
    ];
    folded(
        label,
        is_scheduled,
        FIELDS,
        view! { <div>{fields}</div> }.erased(),
    )
}

/// When the draft is to be published, or why it was not.
#[component]
fn Status(schedule: Schedule) -> impl IntoView {
    let Schedule { at, problem, .. } = schedule;
    let text = match problem {
        None => view! {
            "This draft is going to be published on "
            <Timestamp at minutes=true />
            ", also if you save it again. "
        }
        .erased(),
        Some(problem) => view! {
            "This draft was not published on "
            <Timestamp at minutes=true />
            ". "
            {problem.message()}
            " Publish it now, or choose another time. "
        }
        .erased(),
    };
    view! {
        <p class="notice">
            {text} <a href=paths::ACCOUNT_DRAFTS>"Unschedule it in your drafts"</a> "."
        </p>
    }
}

/// Returns the name of the browser's time zone.
fn local_time_zone() -> Option<String> {
    let options = js_sys::Intl::DateTimeFormat::default().resolved_options();
    let name = js_sys::Reflect::get(&options, &JsValue::from_str("timeZone")).ok()?;
    name.as_string()
}
