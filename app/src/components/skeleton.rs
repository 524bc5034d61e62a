//! What stands where text is going to be.

use leptos::prelude::*;

/// Grey lines for a page whose data takes long to come; until then, and that is almost always, nothing
/// (`style/skeleton.css`).
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" aria-busy="true">
            <p class="visually-hidden">"Loading"</p>
            <div class="skeleton-line"></div>
            <div class="skeleton-line"></div>
            <div class="skeleton-line"></div>
        </div>
    }
}
