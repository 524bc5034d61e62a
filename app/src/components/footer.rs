//! The line below every page.

use leptos::prelude::*;

use super::theme_choice::ThemeChoice;
use shared::paths;
use shared::site::SITE;

/// What this is, and where to read about it.
#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <p>
                {SITE} ", a publication by many writers. " <a href=paths::ABOUT>"About this site"</a>
            </p>
            <ThemeChoice />
        </footer>
    }
}
