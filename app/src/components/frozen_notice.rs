//! The notice to users whose account is frozen.

use leptos::prelude::*;

use shared::paths;

/// Says that the viewer cannot publish anything, with a link to the reason.
#[component]
pub fn FrozenNotice() -> impl IntoView {
    view! {
        <p class="notice">
            "Your account is frozen, so you cannot publish or comment for now. "
            <a href=paths::ACCOUNT>"Read until when, and why"</a>
        </p>
    }
}
