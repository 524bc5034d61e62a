//! Buttons that submit a form.

use leptos::{form::ActionForm, prelude::*, server_fn::ServerFn};

use super::{dismiss::Dismiss, flash_message::FlashContext, focus, posted::Posted, summary::Explanation};
use shared::error::AppError;

/// A button that posts an optional field. It works without JavaScript.
#[component]
pub fn PostButton<S>(
    /// The server function.
    action: ServerAction<S>,
    /// The label of the button.
    label: &'static str,
    /// The accessible name of the button, if its label is ambiguous.
    #[prop(optional, into)]
    description: Option<String>,
    /// Whether the action cannot be undone by another click.
    #[prop(optional)]
    dangerous: bool,
    /// The name and value of a hidden field.
    #[prop(optional)]
    field: Option<(&'static str, String)>,
    /// The version of what the button acts on.
    #[prop(optional_no_strip)]
    version: Option<i64>,
) -> impl IntoView
where
    S: Posted,
{
    view! {
        <ActionForm action attr:class="post-button">
            {field.map(|(name, value)| view! { <input type="hidden" name=name value=value /> })}
            {version.map(|version| view! { <input type="hidden" name="version" value=version.to_string() /> })}
            <button
                type="submit"
                class="button"
                class:button-quiet=!dangerous
                class:button-danger=dangerous
                aria-label=description
            >
                {label}
            </button>
        </ActionForm>
    }
}

/// Calls `done` and shows the flash message when `action` succeeds without a redirect, and sets `problem` when it
/// fails.
pub fn on_answer<S>(action: ServerAction<S>, problem: RwSignal<Option<AppError>>, done: impl Fn() + 'static)
where
    S: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    let flash = use_context::<FlashContext>();
    let version = action.version();
    Effect::new(move |before: Option<usize>| {
        let now = version.get();
        if before.is_some_and(|before| before != now) {
            match action.value().get_untracked() {
                Some(Ok(())) => {
                    problem.set(None);
                    flash.inspect(|flash| flash.check());
                    done();
                    // The button may have disappeared, so the focus moves to the top of the page.
                    focus("main");
                }
                Some(Err(error)) => {
                    flash.inspect(|flash| flash.clear());
                    problem.set(Some(error));
                }
                None => {}
            }
        }
        now
    });
}

/// Returns a signal with the error of the last result of `action`.
pub fn problem_of<S>(action: ServerAction<S>) -> RwSignal<Option<AppError>>
where
    S: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    let problem = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(Err(error)) = action.value().get() {
            problem.set(Some(error));
        }
    });
    problem
}

/// The error of a failed button.
#[component]
pub fn ActionProblem(
    /// The error, if any.
    problem: RwSignal<Option<AppError>>,
) -> impl IntoView {
    let is_shown = Memo::new(move |_| problem.read().is_some());
    let on_dismiss = Callback::new(move |()| problem.set(None));
    view! {
        <div class="action-problem">
            <div role="alert">{move || problem.get().map(|error| view! { <p><Explanation error /></p> })}</div>
            {move || is_shown.get().then(|| view! { <Dismiss on_dismiss /> })}
        </div>
    }
}
