//! Uploading a cover without leaving the editor.

use leptos::{html::Input, prelude::*};
use send_wrapper::SendWrapper;

use super::{options, state::EditorState};
use crate::{
    components::{
        summary::Explanation,
        upload::{check_picture, transfer::Transfer},
    },
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, picture::PICTURE_TYPES, post::DetailsForm},
    model::media::InlineImage,
    paths,
};

/// The state of an upload.
#[derive(Clone, Copy)]
struct State {
    editor: EditorState,
    chooser: NodeRef<Input>,
    percent: RwSignal<Option<f64>>,
    problem: RwSignal<Option<AppError>>,
    transfer: StoredValue<Option<SendWrapper<Transfer>>>,
}

impl State {
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
        let file = chooser.files().and_then(|files| files.get(0));
        let Some(file) = file else { return };
        if let Err(problem) = check_picture(&file) {
            self.problem
                .set(Some(FieldErrors::one(Field::Image, problem).into()));
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
        // Allows the same file to be chosen again.
        chooser.set_value("");
    }

    fn arrive(self, answer: Result<String, AppError>) {
        self.percent.set(None);
        match answer.and_then(|body| InlineImage::answered(&body).ok_or(AppError::Internal)) {
            Ok(image) => {
                let Some(fields) = self.editor.option_fields() else {
                    return;
                };
                let details = DetailsForm {
                    cover: paths::image(&image),
                    ..options::read(Some(fields.clone()))
                };
                options::write(&fields, &details);
                self.editor.changes.update(|changes| *changes += 1);
            }
            Err(error) => self.problem.set(Some(error)),
        }
    }
}

/// The button that uploads a cover and enters its address, and the cover that is chosen.
#[component]
pub(super) fn CoverUpload(
    editor: EditorState,
    /// The cover that is chosen initially.
    chosen: Option<InlineImage>,
) -> impl IntoView {
    // Until it is mounted, the view must be the same as on the server, which has no fields to read.
    let is_mounted = RwSignal::new(false);
    Effect::new(move |_| is_mounted.set(true));
    let state = State {
        editor,
        chooser: NodeRef::new(),
        percent: RwSignal::new(None),
        problem: RwSignal::new(None),
        transfer: StoredValue::new(None),
    };
    on_cleanup(move || {
        let _ = state.transfer.try_set_value(None);
    });
    view! {
        <div class="cover-upload scripting">
            <button type="button" class="button button-quiet" on:click=move |_| state.choose()>
                "Upload a cover"
            </button>
            <input
                type="file"
                accept=PICTURE_TYPES
                hidden
                node_ref=state.chooser
                on:change=move |_| state.chosen()
            />
        </div>
        <p class="no-scripting">
            <a href=paths::NEW_IMAGE target="_blank">
                "Upload a cover"
            </a>
            " (in a new tab)"
        </p>
        <div role="status">
            {move || { if is_mounted.get() { shown(state) } else { picture(chosen.as_ref()) } }}
        </div>
    }
    .erased()
}

/// Returns the progress of the upload, its problem, or else the cover that is chosen.
fn shown(state: State) -> AnyView {
    state.editor.changes.track();
    let fields = state.editor.option_fields();
    if let Some(percent) = state.percent.get() {
        return format!("{percent:.0}% sent").erased();
    }
    if let Some(error) = state.problem.get() {
        return view! { <p class="field-error"><Explanation error /></p> }.erased();
    }
    picture(options::read(fields).cover_image().as_ref())
}

/// Returns the cover. Empty without one.
fn picture(cover: Option<&InlineImage>) -> AnyView {
    let picture = cover.map(|image| {
        let source = paths::image(image);
        view! { <img class="cover-chosen" src=source alt="The cover" width=image.width height=image.height /> }
    });
    picture.erased()
}
