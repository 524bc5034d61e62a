//! Placeholders for loading content.

use leptos::prelude::*;

/// Grey lines for content that takes long to load. They appear with a delay (`style/skeleton.css`), so usually not at
/// all.
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
