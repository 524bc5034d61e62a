//! The document's title.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::http;

/// The name of the site, and the title of its first page.
pub const SITE: &str = "Broadsheet";

/// Sets the document's title: `text`, then the site's name.
///
/// leptos_meta's `<Title>` writes its text unescaped on the server, so nothing but this component uses it.
#[component]
pub fn PageTitle(
    /// The page's own title; empty for the first page.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let title = move || {
        let text = text.get();
        http::document_title(&if text.is_empty() {
            SITE.to_owned()
        } else {
            format!("{text} · {SITE}")
        })
    };
    view! { <Title text=title /> }
}
