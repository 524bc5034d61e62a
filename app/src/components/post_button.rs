//! A button that changes something by itself.

use leptos::{form::ActionForm, prelude::*, server_fn::ServerFn};

use super::{dismiss::Dismiss, flash_message::FlashContext, focus, posted::Posted, summary::Explanation};
use shared::error::AppError;

/// A button that posts, with `value` under `name` if it has one; it works without JavaScript.
#[component]
pub fn PostButton<S>(
    /// What is called.
    action: ServerAction<S>,
    /// What the button says.
    label: &'static str,
    /// What it says to whoever does not see what stands beside it.
    #[prop(optional, into)]
    description: Option<String>,
    /// The button does what is not undone by another click.
    #[prop(optional)]
    dangerous: bool,
    /// A field that goes with it.
    #[prop(optional)]
    field: Option<(&'static str, String)>,
) -> impl IntoView
where
    S: Posted,
{
    view! {
        <ActionForm action attr:class="post-button">
            {field.map(|(name, value)| view! { <input type="hidden" name=name value=value /> })}
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

/// Has `done` run and the answer's message shown whenever `action` has succeeded on a page that stays; `problem` tells why
/// it has not.
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
                    // The button may be gone with what it has changed: whoever uses the keyboard goes on from the top.
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

/// Why the last answer of `action` is none, if it is none.
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

/// Why a button of the page has not done what it says.
#[component]
pub fn ActionProblem(
    /// What went wrong, if something has.
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
