//! The note to new members that links are shown as text.

use leptos::prelude::*;

use shared::paths;

/// Says below a text of the viewer that its links are shown as text, with a link to the reason.
#[component]
pub fn PlainLinks() -> impl IntoView {
    view! {
        <p class="plain-links">
            "Links are shown as text because your account is new. " <a href=format!("{}#trust", paths::ACCOUNT)>"What this means"</a>
        </p>
    }
}
