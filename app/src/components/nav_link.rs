//! Links of the navigation that administrators arrange.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::type_erasure::Erase;
use shared::{model::navigation::NavEntry, paths};

/// A link to a page of this site or to another site.
#[component]
pub fn NavLink(
    /// The entry.
    entry: NavEntry,
) -> impl IntoView {
    let NavEntry { label, address } = entry;
    if address.starts_with('/') {
        // Every path begins with that of the home page.
        let exact = address == paths::HOME;
        view! { <A href=address exact=exact>{label}</A> }.erased()
    } else {
        view! { <a href=address>{label}</a> }.erased()
    }
}
