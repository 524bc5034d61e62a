//! Forms with their errors.

use std::collections::BTreeMap;

use leptos::{ev::SubmitEvent, form::FromFormData, html, prelude::*, reactive::actions::ActionAbortHandle};

use super::{flash_message::FlashContext, posted::Posted, summary::ErrorSummary, title::PageTitle};
use crate::{type_erasure::ErasedChildren, viewer::ViewerContext};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, Submission},
};

/// Makes the submission that this page answers, if it does, known to the form that it belongs to.
pub fn provide_submission() {
    let submission = SharedValue::new(use_context::<Submission>).into_inner();
    provide_context(StoredValue::new(submission));
}

/// The form that comes back with this page, if one does.
#[must_use]
pub fn submission() -> Option<Submission> {
    use_context::<StoredValue<Option<Submission>>>().and_then(|stored| stored.get_value())
}

/// Whether this page answers a form that comes back.
#[must_use]
pub fn has_submission() -> bool {
    submission().is_some()
}

/// What the fields of a form know of it.
#[derive(Clone, Copy)]
pub struct FormContext {
    problem: RwSignal<Option<AppError>>,
    typed: StoredValue<BTreeMap<String, String>>,
    /// Whether some of the problems have been mended since they were last told.
    is_mended: StoredValue<bool>,
}

impl FormContext {
    /// What the form at `path` begins with, known to its fields: nothing, or what was typed and refused.
    #[must_use]
    pub fn provide(path: &str) -> Self {
        let answered = use_context::<StoredValue<Option<Submission>>>();
        let submission = answered
            .and_then(|stored| stored.get_value())
            .filter(|it| it.path == path);
        let (typed, error) = submission.map_or_else(Default::default, |it| (it.typed, it.error));
        // Once it is on the page it is done with: whoever comes back here later finds an empty form.
        Effect::new(move |_| answered.inspect(|stored| stored.set_value(None)));
        let context = Self {
            problem: RwSignal::new(error),
            typed: StoredValue::new(typed),
            is_mended: StoredValue::new(false),
        };
        provide_context(context);
        context
    }

    /// What is wrong with the form, if something is.
    #[must_use]
    pub fn problem(self) -> RwSignal<Option<AppError>> {
        self.problem
    }

    /// Leaves only this of what was wrong, without taking anybody's focus to it.
    pub fn mend(self, left: Option<AppError>) {
        self.is_mended.set_value(true);
        self.problem.set(left);
    }

    /// Whether what is wrong has become less since this was last asked.
    pub(super) fn take_mended(self) -> bool {
        self.is_mended
            .try_update_value(std::mem::take)
            .unwrap_or_default()
    }

    /// The document's title while the form is on the page.
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

    /// What to say beside `field`.
    #[must_use]
    pub fn error_of(self, field: Field) -> Option<String> {
        self.problem.with(|problem| match problem {
            Some(AppError::Invalid(errors)) => errors.of(field).map(|error| error.text()),
            _ => None,
        })
    }

    /// What was typed into the field called `name`.
    #[must_use]
    pub fn typed(self, name: &str) -> Option<String> {
        self.typed.with_value(|typed| typed.get(name).cloned())
    }
}

/// A page's form: the summary of what is wrong, the heading, the fields, the button.
///
/// It posts to its own page and works without JavaScript; with it, it is checked before it is sent, and sent once
/// however often the button is pressed.
#[component]
pub fn Form<S>(
    /// What is called with the form.
    action: ServerAction<S>,
    /// The same check that the server makes.
    check: fn(&S) -> Result<(), FieldErrors>,
    /// The page's heading and title.
    heading: &'static str,
    /// What the button says.
    submit: &'static str,
    /// The button does what cannot be undone.
    #[prop(optional)]
    dangerous: bool,
    /// What to do when it is done and this page stays.
    #[prop(optional)]
    on_done: Option<Callback<()>>,
    /// What the page's address has after its path: the form comes back there.
    #[prop(optional, into)]
    query: String,
    /// Something of this form is being sent already: what is submitted meanwhile goes after it.
    #[prop(optional)]
    busy: Option<RwSignal<bool>>,
    /// Other buttons, after the first.
    #[prop(optional, into)]
    buttons: ViewFn,
    /// The fields.
    children: ErasedChildren,
) -> impl IntoView
where
    S: Posted,
{
    let context = FormContext::provide(S::PATH);
    let problem = context.problem();

    let node = NodeRef::<html::Form>::new();
    let flash = use_context::<FlashContext>();
    let viewer = use_context::<ViewerContext>();
    let version = action.version();
    Effect::new(move |before: Option<usize>| {
        let now = version.get();
        // The action may be older than this form, and its last answer meant for another.
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
                    // What was typed is done with; what is there by now comes with the page's new data.
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

    // A form that has left the page takes its answer with it: it must not lead anybody away from what they do by then.
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
            // The fields follow what has been sent first.
            request_animation_frame(move || {
                if let Some(form) = node.try_get_untracked().flatten() {
                    // A form that is not valid says so by itself.
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
        <PageTitle text=context.title(heading) />
        <ErrorSummary problem />
        <h1>{heading}</h1>
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
