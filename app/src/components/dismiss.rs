//! A button that takes a message away.

use leptos::{html::Div, prelude::*};

use super::focus;

/// A button that takes away the message in whose element it stands. Without JavaScript there is none: the next page does not
/// show the message again.
#[component]
pub fn Dismiss(
    /// Takes the message away.
    on_dismiss: Callback<()>,
) -> impl IntoView {
    let dismiss = move |_| {
        on_dismiss.run(());
        // The button has gone: whoever uses the keyboard goes on from the top.
        focus("main");
    };
    view! { <button type="button" class="dismiss scripting" aria-label="Dismiss" on:click=dismiss></button> }
}

/// Takes away what was dismissed in `node` before the client came: `scripts/start.js` has only hidden it.
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
