//! What went wrong with a form, on top of it.

use leptos::{ev::MouseEvent, html::Div, prelude::*};

use super::{
    dismiss::{Dismiss, catch_up},
    focus,
    form::FormContext,
};
use crate::type_erasure::Erase;
use shared::{error::AppError, forms::FieldError, paths};

/// Every problem, each with a link to its field. It takes the focus when it appears.
#[component]
pub fn ErrorSummary(
    /// What is wrong, if something is.
    problem: RwSignal<Option<AppError>>,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    // Without JavaScript the attribute takes the focus; later summaries take it by themselves.
    let from_server = StoredValue::new(problem.read_untracked().is_some());
    let form = use_context::<FormContext>();
    // What stands beside the fields stays when the summary has been read.
    let is_dismissed = RwSignal::new(false);
    let on_dismiss = Callback::new(move |()| is_dismissed.set(true));
    catch_up(node, on_dismiss);
    Effect::new(move |_| {
        problem.track();
        if is_dismissed.get_untracked() {
            is_dismissed.set(false);
        }
    });
    Effect::new(move |_| {
        problem.track();
        // What the server has written has the focus already, and whoever reads it may have gone on to a field.
        let is_written = from_server.get_value();
        from_server.set_value(false);
        // Whoever has corrected something is still writing.
        let is_mended = form.is_some_and(FormContext::take_mended);
        if let Some(summary) = node.get().filter(|_| !is_written && !is_mended) {
            // Only an element that has left the page refuses the focus.
            let _ = summary.focus();
        }
    });

    move || {
        problem.get().filter(|_| !is_dismissed.get()).map(|error| {
            let lines = match &error {
                AppError::Invalid(errors) => errors
                    .iter()
                    .copied()
                    .map(|error| view! { <FieldLink error /> })
                    .collect_view()
                    .erased(),
                _ => view! {
                    <li>
                        <Explanation error=error.clone() />
                    </li>
                }
                .erased(),
            };
            view! {
                <div
                    class="summary"
                    role="alert"
                    tabindex="-1"
                    autofocus=from_server.get_value()
                    node_ref=node
                    aria-labelledby="summary"
                >
                    <h2 id="summary">"There is a problem"</h2>
                    <ul>{lines}</ul>
                    <Dismiss on_dismiss />
                </div>
            }
        })
    }
}

#[component]
fn FieldLink(error: FieldError) -> impl IntoView {
    let name = error.field.name();
    let focus = move |event: MouseEvent| {
        event.prevent_default();
        focus(name);
    };
    view! {
        <li>
            <a href=format!("#{name}") on:click=focus>
                {error.text()}
            </a>
        </li>
    }
}

/// What went wrong and what to do, in a form that stays on its page.
#[component]
pub fn Explanation(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    match error {
        AppError::SignInRequired => view! {
            <a href=paths::LOGIN target="_blank">
                "Log in in a new tab"
            </a>
            ", then send this again."
        }
        .erased(),
        AppError::Invalid(errors) => errors
            .iter()
            .map(|error| error.text() + ".")
            .collect::<Vec<_>>()
            .join(" ")
            .erased(),
        AppError::Gone => "This post has since been deleted. Save your text as a draft to keep it."
            .to_owned()
            .erased(),
        error if error.is_passing() => format!("{}. {}", error.title(), error.advice()).erased(),
        error => error.advice().erased(),
    }
}
