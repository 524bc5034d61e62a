//! The notice of the site.

use leptos::prelude::*;

use crate::site::use_site;

/// The notice at the top of every page, if there is one.
#[component]
pub fn SiteNotice() -> impl IntoView {
    let notice = use_site().notice.clone();
    (!notice.is_empty()).then(|| {
        view! { <aside class="site-notice" aria-label="Notice" inner_html=notice></aside> }
    })
}
