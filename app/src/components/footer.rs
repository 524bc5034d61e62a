//! The footer.

use leptos::prelude::*;

use super::theme_choice::ThemeChoice;
use shared::paths;
use shared::site::SITE;

/// The footer of every page.
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
