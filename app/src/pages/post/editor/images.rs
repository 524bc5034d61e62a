//! Inline images that are dropped, pasted or selected: uploaded with a progress bar and inserted at the cursor with
//! an alternative text.

use leptos::{
    ev::KeyboardEvent,
    html::{Dialog, Input},
    prelude::*,
};
use send_wrapper::SendWrapper;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, File, Url};

use super::{markup, state::EditorState};
use crate::{
    components::{
        is_composing,
        summary::Explanation,
        upload::{check_picture, transfer::Transfer},
    },
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    forms::{Field, FieldError, FieldErrors, picture::PICTURE_TYPES},
    model::media::InlineImage,
    paths,
};

/// The maximum length of an alternative text in characters.
const ALT_MAX: usize = 500;

/// The state of an image that is being inserted.
#[derive(Clone, Copy)]
pub(super) struct Images {
    editor: EditorState,
    dialog: NodeRef<Dialog>,
    chooser: NodeRef<Input>,
    alt: NodeRef<Input>,
    file: RwSignal<Option<SendWrapper<File>>>,
    /// The object URL of the preview.
    shown: RwSignal<Option<String>>,
    /// The selection in the text before the dialog was opened, which browsers may lose.
    selection: StoredValue<(usize, usize)>,
    percent: RwSignal<Option<f64>>,
    problem: RwSignal<Option<AppError>>,
    transfer: StoredValue<Option<SendWrapper<Transfer>>>,
}

impl Images {
    pub(super) fn new(editor: EditorState) -> Self {
        let images = Self {
            editor,
            dialog: NodeRef::new(),
            chooser: NodeRef::new(),
            alt: NodeRef::new(),
            file: RwSignal::new(None),
            shown: RwSignal::new(None),
            selection: StoredValue::new((0, 0)),
            percent: RwSignal::new(None),
            problem: RwSignal::new(None),
            transfer: StoredValue::new(None),
        };
        on_cleanup(move || {
            images.give_up();
            // The signal may be disposed with the page.
            if let Some(shown) = images.shown.try_get_untracked().flatten() {
                let _ = Url::revoke_object_url(&shown);
            }
        });
        images
    }

    /// Opens the file chooser.
    fn choose(self) {
        if let Some(chooser) = self.chooser.get_untracked() {
            chooser.click();
        }
    }

    fn chosen(self) {
        let Some(chooser) = self.chooser.get_untracked() else {
            return;
        };
        if let Some(file) = chooser.files().and_then(|files| files.get(0)) {
            self.ask(file);
        }
        // Allows the same file to be selected again.
        chooser.set_value("");
    }

    pub(super) fn dropped(self, event: &DragEvent) {
        if let Some(file) = event.data_transfer().as_ref().and_then(picture_in) {
            event.prevent_default();
            self.ask(file);
        }
    }

    pub(super) fn pasted(self, event: &ClipboardEvent) {
        let data = event.clipboard_data();
        // Office programs put an image of the text next to the text on the clipboard.
        let is_text = data
            .as_ref()
            .and_then(|data| data.get_data("text/plain").ok())
            .is_some_and(|text| !text.is_empty());
        if let Some(file) = data.as_ref().filter(|_| !is_text).and_then(picture_in) {
            event.prevent_default();
            self.ask(file);
        }
    }

    /// Asks for the alternative text of an image. Another image replaces it without clearing the text.
    fn ask(self, file: File) {
        self.stop();
        let refused = check_picture(&file).err();
        self.problem
            .set(refused.map(|problem| FieldErrors::one(Field::Image, problem).into()));
        self.show(Some(&file).filter(|_| refused.is_none()));
        self.file.set(Some(SendWrapper::new(file)));
        let Some(dialog) = self.dialog.get_untracked().filter(|dialog| !dialog.open()) else {
            return;
        };
        self.selection.set_value(self.editor.selection());
        if let Some(alt) = self.alt.get_untracked() {
            alt.set_value("");
        }
        // Fails only if the dialog is already open.
        let _ = dialog.show_modal();
    }

    /// Shows a preview of `file`, or none.
    fn show(self, file: Option<&File>) {
        let address = file.and_then(|file| Url::create_object_url_with_blob(file).ok());
        let before = self.shown.try_update(|shown| std::mem::replace(shown, address));
        if let Some(before) = before.flatten() {
            // Revoking an unknown URL has no effect.
            let _ = Url::revoke_object_url(&before);
        }
    }

    fn send(self) {
        let Some(file) = self.file.get_untracked() else {
            return;
        };
        if self.percent.get_untracked().is_some() || check_picture(&file).is_err() {
            return;
        }
        self.problem.set(None);
        self.percent.set(Some(0.0));
        let on_progress = move |percent| {
            // The page may have been left.
            let _ = self.percent.try_set(Some(percent));
        };
        let on_end = move |answer| self.arrive(answer);
        let name = Field::Image.name();
        match Transfer::start(
            paths::NEW_IMAGE,
            name,
            &file,
            Box::new(on_progress),
            Box::new(on_end),
        ) {
            Some(started) => self.transfer.set_value(Some(SendWrapper::new(started))),
            None => self.arrive(Err(AppError::Unreachable)),
        }
    }

    fn arrive(self, answer: Result<String, AppError>) {
        self.percent.set(None);
        let image = answer.and_then(|body| InlineImage::answered(&body).ok_or(AppError::Internal));
        match image {
            Ok(image) => {
                let alt = self
                    .alt
                    .get_untracked()
                    .map(|alt| alt.value())
                    .unwrap_or_default();
                let block = image.markdown(&plain(&alt));
                self.close();
                let (start, end) = self.selection.get_value();
                self.editor.select(start, end);
                self.editor
                    .edit(|text, start, end| markup::insert(text, start, end, &block));
                // The close event of the dialog comes later and restores this selection.
                self.selection.set_value(self.editor.selection());
            }
            Err(error) => self.problem.set(Some(error)),
        }
    }

    fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }

    /// Returns to the text after the dialog was closed.
    fn closed(self) {
        self.stop();
        self.show(None);
        let (start, end) = self.selection.get_value();
        self.editor.select(start, end);
    }

    /// Aborts the request and updates the page.
    fn stop(self) {
        self.give_up();
        self.percent.set(None);
    }

    fn give_up(self) {
        let _ = self.transfer.try_set_value(None);
    }
}

/// Returns the first image of a drop or paste.
fn picture_in(data: &DataTransfer) -> Option<File> {
    let files = data.files()?;
    (0..files.length())
        .filter_map(|index| files.get(index))
        .find(|file| file.type_().starts_with("image/"))
}

/// Returns an alternative text as a single line with its brackets escaped.
fn plain(alt: &str) -> String {
    alt.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('\\', "\\\\")
        .replace('[', "\\[")
        .replace(']', "\\]")
}

/// The toolbar button that selects an image.
#[component]
pub(super) fn ImageTool(images: Images) -> impl IntoView {
    view! {
        <button type="button" class="tool" title="Picture" data-tool="picture" on:click=move |_| images.choose()>
            "Picture"
        </button>
        <input
            type="file"
            class="visually-hidden"
            tabindex="-1"
            aria-hidden="true"
            accept=PICTURE_TYPES
            on:change=move |_| images.chosen()
            node_ref=images.chooser
        />
    }
}

/// The dialog that asks for the alternative text and shows the progress.
#[component]
pub(super) fn ImageDialog(images: Images) -> impl IntoView {
    // Not a form, because it is inside the form of the editor.
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !is_composing(&event) {
            event.prevent_default();
            images.send();
        }
    };
    let is_sending = move || images.percent.get().is_some();
    let label = move || {
        if images.problem.get().is_some_and(|error| error.is_passing()) {
            "Try again"
        } else {
            "Insert into text"
        }
    };
    view! {
        <dialog
            class="dialog"
            aria-labelledby="image-heading"
            node_ref=images.dialog
            on:close=move |_| images.closed()
        >
            <div class="form">
                <h2 id="image-heading">"Add a picture"</h2>
                {move || {
                    images
                        .shown
                        .get()
                        .map(|src| {
                            view! {
                                // Hides the preview if the browser cannot decode the image.
                                <img class="dialog-picture" src=src alt="Chosen picture" on:error=move |_| images.show(None) />
                            }
                        })
                }}
                <p class="dialog-file">{move || images.file.read().as_ref().map(|file| file.name())}</p>
                <div role="alert">
                    {move || {
                        images
                            .problem
                            .get()
                            .map(|error| match error {
                                AppError::Invalid(errors) => {
                                    let texts = errors.iter().map(FieldError::message).collect::<Vec<_>>();
                                    view! { <p class="field-error">{texts.join(". ")}</p> }.erased()
                                }
                                error => view! { <p class="field-error"><Explanation error /></p> }.erased(),
                            })
                    }}
                </div>
                <div class="field">
                    <label for="alt">"Description"</label>
                    <p class="field-hint" id="alt-hint">
                        "For people who cannot see it. Leave this empty if the picture is only decorative."
                    </p>
                    <input
                        id="alt"
                        type="text"
                        maxlength=ALT_MAX
                        aria-describedby="alt-hint"
                        node_ref=images.alt
                        on:keydown=on_key
                    />
                </div>
                {move || {
                    images
                        .percent
                        .get()
                        .map(|percent| {
                            view! { <progress max="100" value=percent aria-label="Uploading"></progress> }
                        })
                }}
                <div class="form-buttons">
                    <button
                        type="button"
                        class="button"
                        aria-busy=move || is_sending().then_some("true")
                        on:click=move |_| images.send()
                    >
                        {label}
                    </button>
                    <button type="button" class="button button-quiet" on:click=move |_| images.choose()>
                        "Choose another file"
                    </button>
                    <button type="button" class="button button-quiet" on:click=move |_| images.close()>
                        "Cancel"
                    </button>
                </div>
            </div>
        </dialog>
    }
}
