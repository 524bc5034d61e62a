//! The error summary of a form.

use leptos::{ev::MouseEvent, html::Div, prelude::*};
use leptos_router::hooks::use_location;

use super::{
    dismiss::{Dismiss, catch_up},
    focus,
    form::FormContext,
};
use crate::type_erasure::Erase;
use shared::{error::AppError, forms::FieldError, paths};

/// All problems, each with a link to its field. It receives the focus when it appears.
#[component]
pub fn ErrorSummary(
    /// The error, if any.
    problem: RwSignal<Option<AppError>>,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    // The attribute focuses a summary rendered by the server, also without JavaScript.
    let from_server = StoredValue::new(problem.read_untracked().is_some());
    let form = use_context::<FormContext>();
    // Dismissing the summary keeps the messages beside the fields.
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
        // A summary rendered by the server already has the focus, which the visitor may have moved to a field.
        let is_written = from_server.get_value();
        from_server.set_value(false);
        // The visitor is typing, so the focus must not move.
        let is_mended = form.is_some_and(FormContext::take_mended);
        if let Some(summary) = node.get().filter(|_| !is_written && !is_mended) {
            // Fails only if the element has left the document.
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
                {error.message()}
            </a>
        </li>
    }
}

/// Returns the address of the page.
fn here() -> String {
    let location = use_location();
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    if search.is_empty() {
        path
    } else {
        format!("{path}?{search}")
    }
}

/// The explanation of an error in a form that stays on its page.
#[component]
pub fn Explanation(
    /// The error.
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
        AppError::ReauthenticationRequired => view! {
            <a href=paths::confirm_then(&here()) target="_blank">
                "Confirm your password in a new tab"
            </a>
            ", then send this again."
        }
        .erased(),
        AppError::Invalid(errors) => errors
            .iter()
            .map(|error| error.message() + ".")
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
