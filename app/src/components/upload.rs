//! File uploads with progress. Without JavaScript it is a plain form.

use leptos::{ev, html::Input, prelude::*};
use send_wrapper::SendWrapper;
use web_sys::{DragEvent, File, Url};

use super::{
    flash_message::FlashContext,
    form::FormContext,
    summary::ErrorSummary,
    text_field::{FieldMessages, field_messages},
    title::PageTitle,
};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, FieldProblem,
        picture::{PICTURE_MAX_MEGABYTES, PICTURE_TYPES},
    },
};

/// Sending a file.
pub mod transfer;

use transfer::Transfer;

/// The progress of an upload.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Progress {
    /// No upload is in progress.
    Idle,
    /// The percentage that has been sent.
    Sending(f64),
    /// The upload failed and can be retried.
    Failed,
}

/// The state of an upload form.
#[derive(Clone, Copy)]
struct State {
    field: Field,
    path: &'static str,
    check: fn(&File) -> Result<(), FieldProblem>,
    on_done: Callback<String>,
    problem: RwSignal<Option<AppError>>,
    flash: Option<FlashContext>,
    input: NodeRef<Input>,
    preview: RwSignal<Option<String>>,
    progress: RwSignal<Progress>,
    over: RwSignal<bool>,
    /// The request in flight.
    transfer: StoredValue<Option<SendWrapper<Transfer>>>,
}

impl State {
    fn file(self) -> Option<File> {
        self.input.get_untracked()?.files()?.get(0)
    }

    fn refuse(self, problem: FieldProblem) {
        self.problem
            .set(Some(FieldErrors::one(self.field, problem).into()));
    }

    /// Shows a preview of `file`, or none.
    fn show(self, file: Option<File>) {
        let shown = file.and_then(|file| Url::create_object_url_with_blob(&file).ok());
        let before = self
            .preview
            .try_update(|preview| std::mem::replace(preview, shown))
            .flatten();
        if let Some(before) = before {
            // Revoking an unknown URL has no effect.
            let _ = Url::revoke_object_url(&before);
        }
    }

    fn choose(self) {
        self.stop();
        self.problem.set(None);
        let file = self.file();
        let refused = file.as_ref().and_then(|file| (self.check)(file).err());
        if let Some(problem) = refused {
            self.refuse(problem);
        }
        self.show(file.filter(|_| refused.is_none()));
    }

    /// Reports a file that the browser cannot display.
    fn find_broken(self) {
        self.show(None);
        self.refuse(FieldProblem::Broken);
    }

    fn drop_file(self, event: &DragEvent) {
        event.prevent_default();
        self.over.set(false);
        let files = event.data_transfer().and_then(|dropped| dropped.files());
        if let (Some(input), Some(files)) = (self.input.get_untracked(), files)
            && files.length() > 0
        {
            input.set_files(Some(&files));
            self.choose();
        }
    }

    fn send(self, event: &ev::SubmitEvent) {
        event.prevent_default();
        if matches!(self.progress.get_untracked(), Progress::Sending(_)) {
            return;
        }
        let file = self.file().ok_or(FieldProblem::Required);
        let file = match file.and_then(|file| (self.check)(&file).map(|()| file)) {
            Ok(file) => file,
            Err(problem) => return self.refuse(problem),
        };
        self.problem.set(None);
        self.flash.inspect(|flash| flash.clear());
        self.progress.set(Progress::Sending(0.0));
        let on_progress = move |percent| {
            // The page may have been left.
            let _ = self.progress.try_set(Progress::Sending(percent));
        };
        let on_end = move |answer| self.arrive(answer);
        match Transfer::start(
            self.path,
            self.field.name(),
            &file,
            Box::new(on_progress),
            Box::new(on_end),
        ) {
            Some(started) => self.transfer.set_value(Some(SendWrapper::new(started))),
            None => self.arrive(Err(AppError::Unreachable)),
        }
    }

    fn arrive(self, answer: Result<String, AppError>) {
        match answer {
            Ok(body) => {
                self.progress.set(Progress::Idle);
                if let Some(input) = self.input.get_untracked() {
                    input.set_value("");
                }
                self.show(None);
                self.on_done.run(body);
            }
            Err(error) => {
                self.progress.set(if error.is_passing() {
                    Progress::Failed
                } else {
                    Progress::Idle
                });
                self.problem.set(Some(error));
            }
        }
    }

    /// Aborts the request and releases the memory of the preview.
    fn leave(self) {
        self.give_up();
        if let Some(shown) = self.preview.try_get_untracked().flatten() {
            let _ = Url::revoke_object_url(&shown);
        }
    }

    /// Aborts the request and updates the page.
    fn stop(self) {
        self.give_up();
        let _ = self.progress.try_set(Progress::Idle);
    }

    /// Aborts the request. The signals may be disposed, so they are not updated.
    fn give_up(self) {
        let _ = self.transfer.try_set_value(None);
    }
}

/// The main form of a page for one file: selection or drag and drop, preview, progress bar, cancellation and retry.
#[component]
pub fn Upload(
    /// The field, whose name is the name of the file in the request.
    field: Field,
    /// The path that it is sent to, which is the page's own.
    path: &'static str,
    /// The validation, as far as the browser can do it.
    check: fn(&File) -> Result<(), FieldProblem>,
    /// The `accept` attribute of the input.
    accept: &'static str,
    /// The heading and title of the page.
    heading: &'static str,
    /// The label of the submit button.
    submit: &'static str,
    /// The hint.
    #[prop(into)]
    hint: String,
    /// Called with the response body on success.
    on_done: Callback<String>,
) -> impl IntoView {
    let context = FormContext::provide(path);
    let state = State {
        field,
        path,
        check,
        on_done,
        problem: context.problem(),
        flash: use_context(),
        input: NodeRef::new(),
        preview: RwSignal::new(None),
        progress: RwSignal::new(Progress::Idle),
        over: RwSignal::new(false),
        transfer: StoredValue::new(None),
    };
    // A file may have been selected before hydration.
    Effect::new(move |_| {
        if state.file().is_some() {
            state.choose();
        }
    });
    on_cleanup(move || state.leave());
    let busy = move || matches!(state.progress.get(), Progress::Sending(_)).then_some("true");
    let label = move || {
        if state.progress.get() == Progress::Failed {
            "Try again"
        } else {
            submit
        }
    };

    view! {
        <PageTitle text=context.title(heading) />
        <ErrorSummary problem=state.problem />
        <h1>{heading}</h1>
        <form
            class="form upload"
            method="post"
            action=path
            enctype="multipart/form-data"
            novalidate
            on:submit=move |event| state.send(&event)
        >
            <Zone state accept hint />
            <Bar state />
            <button type="submit" class="button" aria-busy=busy>
                {label}
            </button>
        </form>
    }
}

/// The drop zone with the file input and the preview.
#[component]
fn Zone(state: State, accept: &'static str, hint: String) -> impl IntoView {
    let (error, described_by) = field_messages(state.field, true);
    let name = state.field.name();
    view! {
        <div
            class="field upload-zone"
            class:upload-over=move || state.over.get()
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                state.over.set(true);
            }
            on:dragleave=move |_| state.over.set(false)
            on:drop=move |event| state.drop_file(&event)
        >
            <label for=name>{state.field.label()}</label>
            <FieldMessages field=state.field hint=Some(hint) error />
            <input
                id=name
                name=name
                type="file"
                accept=accept
                required
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=described_by
                node_ref=state.input
                on:change=move |_| state.choose()
            />
            {move || {
                state
                    .preview
                    .get()
                    .map(|src| {
                        view! {
                            <img
                                class="upload-preview"
                                src=src
                                alt="Chosen picture"
                                width="256"
                                height="256"
                                on:error=move |_| state.find_broken()
                            />
                        }
                    })
            }}
        </div>
    }
}

/// The progress bar and the cancel button. The elements are kept while the percentage changes, so that clicks reach
/// the button.
#[component]
fn Bar(state: State) -> impl IntoView {
    let percent = Memo::new(move |_| match state.progress.get() {
        Progress::Sending(percent) => Some(percent),
        _ => None,
    });
    let sending = Memo::new(move |_| percent.read().is_some());
    let sent = move || percent.get().unwrap_or_default();
    let arrived = move || sent() >= 100.0;
    move || {
        sending.get().then(|| {
            view! {
                <div class="upload-progress">
                    <progress max="100" value=sent aria-label="Uploaded"></progress>
                    <span class="upload-percent">{move || format!("{:.0}%", sent())}</span>
                    // Nothing is left to abort once everything is sent.
                    <button
                        type="button"
                        class="button button-quiet"
                        hidden=arrived
                        on:click=move |_| state.stop()
                    >
                        "Cancel"
                    </button>
                </div>
            }
        })
    }
}

/// Validates a file as far as the browser can.
///
/// # Errors
///
/// Returns the problem of the file.
pub fn check_picture(file: &File) -> Result<(), FieldProblem> {
    if file.size() > megabytes(PICTURE_MAX_MEGABYTES) {
        Err(FieldProblem::TooManyMegabytes(PICTURE_MAX_MEGABYTES))
    } else if !file.type_().is_empty() && !PICTURE_TYPES.split(',').any(|known| known == file.type_()) {
        Err(FieldProblem::NotAPicture)
    } else {
        Ok(())
    }
}

fn megabytes(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, |number| f64::from(number) * 1e6)
}
