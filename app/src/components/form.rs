//! Forms and their errors.

use std::collections::BTreeMap;

use leptos::{ev::SubmitEvent, form::FromFormData, html, prelude::*, reactive::actions::ActionAbortHandle};

use super::{flash_message::FlashContext, posted::Posted, summary::ErrorSummary, title::PageTitle};
use crate::{type_erasure::ErasedChildren, viewer::ViewerContext};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, Submission},
};

/// Provides the rejected submission that this page answers, if any, to its form.
pub fn provide_submission() {
    let submission = SharedValue::new(use_context::<Submission>).into_inner();
    provide_context(StoredValue::new(submission));
}

/// Returns the rejected submission that this page answers, if any.
#[must_use]
pub fn submission() -> Option<Submission> {
    use_context::<StoredValue<Option<Submission>>>().and_then(|stored| stored.get_value())
}

/// Returns whether this page answers a rejected submission.
#[must_use]
pub fn has_submission() -> bool {
    submission().is_some()
}

/// The state of a form, shared with its fields.
#[derive(Clone, Copy)]
pub struct FormContext {
    problem: RwSignal<Option<AppError>>,
    typed: StoredValue<BTreeMap<String, String>>,
    /// Whether problems have been removed since the summary was last updated.
    is_mended: StoredValue<bool>,
}

impl FormContext {
    /// Provides the state of the form at `path`, initially that of a rejected submission, if any.
    #[must_use]
    pub fn provide(path: &str) -> Self {
        let answered = use_context::<StoredValue<Option<Submission>>>();
        let submission = answered
            .and_then(|stored| stored.get_value())
            .filter(|it| it.path == path);
        let (typed, error) = submission.map_or_else(Default::default, |it| (it.typed, it.error));
        // Discarded after the first use, so that a later visit in the client shows an empty form.
        Effect::new(move |_| answered.inspect(|stored| stored.set_value(None)));
        let context = Self {
            problem: RwSignal::new(error),
            typed: StoredValue::new(typed),
            is_mended: StoredValue::new(false),
        };
        provide_context(context);
        context
    }

    /// Returns the error of the form.
    #[must_use]
    pub fn problem(self) -> RwSignal<Option<AppError>> {
        self.problem
    }

    /// Reduces the error to `left` without moving the focus to the summary.
    pub fn mend(self, left: Option<AppError>) {
        self.is_mended.set_value(true);
        self.problem.set(left);
    }

    /// Returns whether [`mend`](Self::mend) was called since the last call.
    pub(super) fn take_mended(self) -> bool {
        self.is_mended
            .try_update_value(std::mem::take)
            .unwrap_or_default()
    }

    /// Returns the title of the document while the form is shown.
    #[must_use]
    pub fn title(self, heading: &'static str) -> Signal<String> {
        let problem = self.problem;
        Signal::derive(move || {
            if problem.read().is_some() {
                format!("Error: {heading}")
            } else {
                heading.to_owned()
            }
        })
    }

    /// Returns the message beside `field`.
    #[must_use]
    pub fn error_of(self, field: Field) -> Option<String> {
        self.problem.with(|problem| match problem {
            Some(AppError::Invalid(errors)) => errors.for_field(field).map(|error| error.message()),
            _ => None,
        })
    }

    /// Returns the problem of `field`, if any.
    #[must_use]
    pub fn problem_of(self, field: Field) -> Option<FieldProblem> {
        self.problem.with(|problem| match problem {
            Some(AppError::Invalid(errors)) => errors.for_field(field).map(|error| error.problem),
            _ => None,
        })
    }

    /// Returns whether the form answers a rejected submission.
    #[must_use]
    pub fn is_answer(self) -> bool {
        self.typed.with_value(|typed| !typed.is_empty())
    }

    /// Returns the value that was submitted for the field `name`.
    #[must_use]
    pub fn typed(self, name: &str) -> Option<String> {
        self.typed.with_value(|typed| typed.get(name).cloned())
    }
}

/// The main form of a page: the error summary, the heading, the fields and the buttons.
///
/// It posts to the page's own path and works without JavaScript. With JavaScript it is validated before it is sent,
/// and a second click while it is being sent has no effect.
#[component]
pub fn Form<S>(
    /// The server function.
    action: ServerAction<S>,
    /// The validation, the same as on the server.
    check: fn(&S) -> Result<(), FieldErrors>,
    /// The heading and title of the page.
    heading: &'static str,
    /// The label of the submit button.
    submit: &'static str,
    /// Whether the action cannot be undone.
    #[prop(optional)]
    dangerous: bool,
    /// Called on success if the server function does not redirect.
    #[prop(optional)]
    on_done: Option<Callback<()>>,
    /// The query of the page's URL, which is kept if the form is rejected.
    #[prop(optional, into)]
    query: String,
    /// Whether another request of this form is in flight; a submission waits for it.
    #[prop(optional)]
    busy: Option<RwSignal<bool>>,
    /// Additional buttons after the submit button.
    #[prop(optional, into)]
    buttons: ViewFn,
    /// The fields.
    children: ErasedChildren,
) -> impl IntoView
where
    S: Posted,
{
    let context = FormContext::provide(S::PATH);
    view! {
        <PageTitle text=context.title(heading) />
        <ErrorSummary problem=context.problem() />
        <h1>{heading}</h1>
        <PostedForm context action check submit dangerous on_done query busy buttons>
            {children.view()}
        </PostedForm>
    }
}

/// A form without a heading and without the summary of its errors.
#[component]
pub fn PostedForm<S>(
    /// The state of the form.
    context: FormContext,
    /// The server function.
    action: ServerAction<S>,
    /// The validation, the same as on the server.
    check: fn(&S) -> Result<(), FieldErrors>,
    /// The label of the submit button.
    submit: &'static str,
    /// Whether the action cannot be undone.
    dangerous: bool,
    /// Called on success. The form is emptied before.
    on_done: Option<Callback<()>>,
    /// The query of the address to which the form is posted.
    query: String,
    /// Whether another request of this form is in flight; a submission waits for it.
    busy: Option<RwSignal<bool>>,
    /// Additional buttons after the submit button.
    buttons: ViewFn,
    /// The fields.
    children: ErasedChildren,
) -> impl IntoView
where
    S: Posted,
{
    let problem = context.problem();
    let node = NodeRef::<html::Form>::new();
    let flash = use_context::<FlashContext>();
    let viewer = use_context::<ViewerContext>();
    let version = action.version();
    Effect::new(move |before: Option<usize>| {
        let now = version.get();
        // The action may be older than this form, with a result that belongs to an earlier one.
        if before.is_some_and(|before| before != now) {
            match (action.value().get_untracked(), on_done) {
                (Some(Err(error)), _) => {
                    if error == AppError::SignInRequired {
                        viewer.inspect(ViewerContext::check_again);
                    }
                    problem.set(Some(error));
                }
                (Some(Ok(())), Some(done)) => {
                    problem.set(None);
                    // Clears the fields; the current values come with the refetched data.
                    if let Some(form) = node.get_untracked() {
                        form.reset();
                    }
                    done.run(());
                }
                _ => {}
            }
        }
        now
    });

    // Aborts the request when the form leaves the page: its redirect must not interrupt what the visitor does next.
    let sent = StoredValue::new(None);
    on_cleanup(move || {
        if let Some(handle) = sent.try_update_value(Option::take).flatten() {
            ActionAbortHandle::abort(handle);
        }
    });
    let waits = RwSignal::new(false);
    Effect::new(move |_| {
        let is_free = busy.is_none_or(|busy| !busy.get());
        if is_free && waits.get_untracked() {
            waits.set(false);
            // Waits until the fields reflect the previous response.
            request_animation_frame(move || {
                if let Some(form) = node.try_get_untracked().flatten() {
                    // The browser reports problems of the form.
                    let _ = form.request_submit();
                }
            });
        }
    });
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if action.pending().get_untracked() {
            return;
        }
        if busy.is_some_and(|busy| busy.get_untracked()) {
            return waits.set(true);
        }
        flash.inspect(|flash| flash.clear());
        match S::from_event(&event).map(|input| check(&input).map(|()| input)) {
            Ok(Ok(input)) => sent.set_value(Some(action.dispatch(input))),
            Ok(Err(errors)) => problem.set(Some(errors.into())),
            Err(_) => problem.set(Some(AppError::Malformed)),
        }
    };
    view! {
        <form class="form" method="post" action=format!("{}{query}", S::PATH) novalidate on:submit=on_submit node_ref=node>
            {children.view()}
            <div class="form-buttons">
                <button
                    type="submit"
                    class="button"
                    class:button-danger=dangerous
                    aria-busy=move || (action.pending().get() || waits.get()).then_some("true")>
                    {submit}
                </button>
                {buttons.run()}
            </div>
        </form>
    }
}
