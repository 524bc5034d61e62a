//! Another text than the one in the form: both are shown, and whoever wrote them chooses.

use leptos::prelude::*;

use super::{
    desk::{Desk, Origin, Other},
    keeper::Keeper,
};
use crate::components::{text_area::escaped, timestamp::Timestamp};

/// The other text, if there is one, and the choice.
#[component]
pub(super) fn OtherText(desk: Desk, keeper: Keeper) -> impl IntoView {
    move || {
        desk.other.get().map(|Other { manuscript, origin }| {
            let (heading, mine, theirs) = match origin {
                Origin::Site => (
                    "This was changed elsewhere",
                    "Keep what is below",
                    "Use this text instead",
                ),
                Origin::Browser => (
                    "This browser has kept another text",
                    "Throw it away",
                    "Use this text instead",
                ),
            };
            view! {
                <section class="other-text" aria-labelledby="other-text">
                    <h2 id="other-text">{heading}</h2>
                    {manuscript
                        .saved_at
                        .map(|at| view! { <p class="other-text-saved">"Saved " <Timestamp at minutes=true /></p> })}
                    <p class="other-text-title">{manuscript.title.clone()}</p>
                    <textarea
                        readonly
                        rows="8"
                        aria-label="The other text"
                        inner_html=escaped(&manuscript.content)
                    ></textarea>
                    <p class="no-scripting">"Publish or save to keep what is in the form below instead."</p>
                    <div class="form-buttons scripting">
                        <button type="button" class="button button-quiet" on:click=move |_| keeper.keep_mine()>
                            {mine}
                        </button>
                        <button type="button" class="button button-quiet" on:click=move |_| keeper.take_other()>
                            {theirs}
                        </button>
                    </div>
                </section>
            }
        })
    }
}
