//! The placeholder for an empty list.

use leptos::prelude::*;

/// The placeholder for an empty list, with a link to something that the visitor can do instead.
#[component]
pub fn EmptyList(
    /// The reason why the list is empty.
    #[prop(into)]
    text: String,
    /// The address of the link.
    path: &'static str,
    /// The text of the link.
    label: &'static str,
) -> impl IntoView {
    view! {
        <section class="empty">
            <p>{text}</p>
            <p>
                <a class="button" href=path>
                    {label}
                </a>
            </p>
        </section>
    }
}
