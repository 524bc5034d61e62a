//! The button that dismisses a message.

use leptos::{html::Div, prelude::*};

use super::focus;

/// A button that dismisses the message in its parent element. Not shown without JavaScript, where the next page does
/// not repeat the message.
#[component]
pub fn Dismiss(
    /// Called when the message is dismissed.
    on_dismiss: Callback<()>,
) -> impl IntoView {
    let dismiss = move |_| {
        on_dismiss.run(());
        // The button disappears, so the focus moves to the top of the page.
        focus("main");
    };
    view! { <button type="button" class="dismiss scripting" aria-label="Dismiss" on:click=dismiss></button> }
}

/// Dismisses a message that `scripts/start.js` has hidden before hydration.
pub(super) fn catch_up(node: NodeRef<Div>, on_dismiss: Callback<()>) {
    Effect::new(move |before: Option<()>| {
        if let (None, Some(element)) = (before, node.get_untracked())
            && element.hidden()
        {
            element.set_hidden(false);
            on_dismiss.run(());
        }
    });
}
