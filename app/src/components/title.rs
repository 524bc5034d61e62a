//! The title of the document.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{http, scroll, site::use_site};

/// The title of the current page. It belongs to no component, so that it outlives each of them.
#[derive(Clone)]
struct CurrentTitle(ArcRwSignal<String>);

/// Provides the title, which [`PageTitle`] sets and [`DocumentTitle`] shows.
pub fn provide_title() {
    provide_context(CurrentTitle(ArcRwSignal::new(String::new())));
}

/// Sets the title of the document to `text` and the site's name, together with the content of the page.
#[component]
pub fn PageTitle(
    /// The title of the page; empty for the home page.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    if let Some(CurrentTitle(title)) = use_context() {
        title.set(text.get_untracked());
        Effect::new(move |before: Option<()>| {
            title.set(text.get());
            if before.is_none() {
                scroll::page_is_shown();
            }
        });
    }
}

/// The only `<title>`, placed after all components that set it.
///
/// It is the only use of `<Title>` of `leptos_meta`, which does not escape its text on the server, and which in the
/// browser keeps disposed signals when it is replaced.
#[component]
pub fn DocumentTitle() -> impl IntoView {
    use_context().map(|CurrentTitle(title)| {
        let site = use_site();
        let full = move || {
            let text = title.get();
            http::document_title(&if text.is_empty() {
                site.name.clone()
            } else {
                format!("{text} · {}", site.name)
            })
        };
        view! { <Title text=full /> }
    })
}
