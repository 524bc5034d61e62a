//! The choice of the theme.

use leptos::{ev::SubmitEvent, prelude::*, wasm_bindgen::JsCast};
use leptos_router::hooks::use_location;

use crate::{http, theme::Theme};
use shared::paths;

/// The buttons that set the theme. Without JavaScript the form redirects back to the current page.
#[component]
pub fn ThemeChoice() -> impl IntoView {
    let location = use_location();
    let chosen = RwSignal::new(http::theme());
    let here = move || {
        let (path, search) = (location.pathname.get(), location.search.get());
        if search.is_empty() {
            path
        } else {
            format!("{path}?{search}")
        }
    };
    let choose = move |event: SubmitEvent| {
        let button = event.submitter();
        let name =
            button.and_then(|button| button.dyn_into::<web_sys::Element>().ok()?.get_attribute("value"));
        if let Some(theme) = name.and_then(|name| Theme::named(&name)) {
            event.prevent_default();
            http::set_theme(theme);
            chosen.set(theme);
        }
    };
    let buttons = Theme::ALL.map(|theme| {
        view! {
            <button
                type="submit"
                class="theme-button"
                name="theme"
                value=theme.name()
                aria-pressed=move || (chosen.get() == theme).to_string()
            >
                {theme.label()}
            </button>
        }
    });
    view! {
        <form class="theme" method="post" action=paths::THEME on:submit=choose>
            <input type="hidden" name="back" value=here />
            // Not a fieldset, because browsers lay out legends differently.
            <div class="theme-choice" role="group" aria-labelledby="theme">
                <span id="theme" class="theme-label">
                    "Theme"
                </span>
                {buttons.into_iter().collect_view()}
            </div>
        </form>
    }
}
