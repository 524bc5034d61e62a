//! The choice between two versions of the text.

use leptos::prelude::*;

use super::{
    autosave::{Autosave, Event},
    state::EditorState,
    text::{Origin, Other, Text},
};
use crate::{
    components::{text_area::escaped, timestamp::Timestamp},
    type_erasure::Erase,
};
use shared::forms::{Field, post::DetailsForm};

/// The other version, if there is one, and the buttons to choose.
#[component]
pub(super) fn OtherText(
    editor: EditorState,
    autosave: Autosave,
    /// Whether the text is being published, which may lead to another choice.
    pending: Signal<bool>,
) -> impl IntoView {
    let choice = move |keep: &'static str| {
        view! {
            <button
                type="button"
                class="button button-quiet"
                disabled=pending
                on:click=move |_| autosave.handle(Event::MineKept)
            >
                {keep}
            </button>
        }
    };
    let use_it = move || {
        view! {
            <button
                type="button"
                class="button button-quiet"
                disabled=pending
                on:click=move |_| autosave.take_other()
            >
                "Use this text instead"
            </button>
        }
    };
    move || {
        editor.other.get().map(|other| {
            let (heading, keep) = match other.origin {
                Origin::Site => ("This was changed elsewhere", "Keep the text below"),
                Origin::Gone => (
                    "This draft no longer exists",
                    "Keep the text below as a new draft",
                ),
                Origin::Browser(_) => ("This browser has kept a different text", "Discard this text"),
            };
            let is_there = other.origin != Origin::Gone;
            view! {
                <section class="other-text" aria-labelledby="other-text">
                    <h2 id="other-text" tabindex="-1">{heading}</h2>
                    {if is_there {
                        view! { <Shown other /> }.erased()
                    } else {
                        view! {
                            <p>
                                "It was published or discarded elsewhere. If you publish the text below, it will be a new post."
                            </p>
                        }
                            .erased()
                    }}
                    <p class="no-scripting">"To keep the text in the form below, publish or save it."</p>
                    <div class="form-buttons scripting">{choice(keep)} {is_there.then(use_it)}</div>
                </section>
            }
        })
    }
}

#[component]
fn Shown(other: Other) -> impl IntoView {
    let Text {
        title,
        tags,
        content,
        change_note,
        details,
    } = other.text;
    let details = DetailsForm::FIELDS.iter().filter_map(|field| {
        let value = details.value(*field).filter(|value| !value.is_empty());
        value.map(|value| view! { <p class="other-text-saved">{field.label()} ": " {value.to_owned()}</p> })
    });
    let details = details.collect_view();
    let more = match other.more {
        0 => None,
        1 => Some("There is one more after this.".to_owned()),
        more => Some(format!("There are {more} more after this.")),
    };
    view! {
        {more.map(|more| view! { <p class="other-text-saved">{more}</p> })}
        {other
            .saved_at
            .map(|at| view! { <p class="other-text-saved">"Saved " <Timestamp at minutes=true /></p> })}
        <p class="other-text-title">{title}</p>
        {(!tags.is_empty()).then(|| view! { <p class="other-text-saved">"Tags: " {tags}</p> })}
        {(!change_note.is_empty())
            .then(|| view! { <p class="other-text-saved">{Field::ChangeNote.label()} ": " {change_note}</p> })}
        {details}
        <textarea
            readonly
            rows="8"
            aria-label="The other text"
            inner_html=escaped(&content)
        ></textarea>
    }
}
