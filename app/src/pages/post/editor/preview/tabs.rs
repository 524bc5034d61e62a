//! The tabs of the editor on narrow screens.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::{Preview, Side};

/// The tabs that switch between the sides.
#[component]
pub(in crate::pages::post::editor) fn Tabs(preview: Preview) -> impl IntoView {
    let tabs = [
        (Side::Write, "Write", "write"),
        (Side::Preview, "Preview", "preview"),
    ];
    let nodes = [NodeRef::<html::Button>::new(), NodeRef::new()];
    let turn = move |event: KeyboardEvent| {
        if !matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            return;
        }
        let (side, [write, other]) = match preview.side.get_untracked() {
            Side::Write => (Side::Preview, nodes),
            Side::Preview => (Side::Write, nodes),
        };
        preview.show(side);
        let tab = if side == Side::Write { write } else { other };
        if let Some(tab) = tab.get_untracked() {
            // Does not fail for an element in the document.
            let _ = tab.focus();
        }
    };
    let tabs = tabs.into_iter().zip(nodes).map(|((side, label, id), node)| {
        let is_shown = move || preview.side.get() == side;
        view! {
            <button
                type="button"
                role="tab"
                class="tab"
                id=format!("tab-{id}")
                aria-controls=id
                aria-selected=move || is_shown().to_string()
                tabindex=move || if is_shown() { "0" } else { "-1" }
                on:click=move |_| preview.show(side)
                node_ref=node
            >
                {label}
            </button>
        }
    });
    view! {
        <div class="tabs" role="tablist" aria-label="Text" on:keydown=turn>
            {tabs.collect_view()}
        </div>
    }
}
