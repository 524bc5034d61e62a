//! The document's title.

use leptos::prelude::*;
use leptos_meta::Title;
use shared::site::SITE;

use crate::{http, scroll};

/// The title of the page that is shown. It belongs to no component, so that it outlives each of them.
#[derive(Clone)]
struct CurrentTitle(ArcRwSignal<String>);

/// Has the components below set the document's title by [`PageTitle`]; [`DocumentTitle`] shows it.
pub fn provide_title() {
    provide_context(CurrentTitle(ArcRwSignal::new(String::new())));
}

/// Sets the document's title: `text`, then the site's name. A page does so together with what is on it.
#[component]
pub fn PageTitle(
    /// The page's own title; empty for the first page.
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

/// The one `<title>`, after everything that may set it.
///
/// Nothing but this uses leptos_meta's `<Title>`: on the server it writes its text unescaped, and in the browser one that
/// is replaced in place stays behind with signals that are gone.
#[component]
pub fn DocumentTitle() -> impl IntoView {
    use_context().map(|CurrentTitle(title)| {
        let full = move || {
            let text = title.get();
            http::document_title(&if text.is_empty() {
                SITE.to_owned()
            } else {
                format!("{text} · {SITE}")
            })
        };
        view! { <Title text=full /> }
    })
}
