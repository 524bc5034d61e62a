use std::time::Duration;

use super::Status;
use crate::pages::post::editor::{
    local_draft::LocalDraft,
    text::{Other, Text},
};
use shared::{
    error::AppError,
    model::post::{DraftTarget, EditorDocument},
};

/// Something that autosave reacts to.
#[derive(Debug)]
pub(in crate::pages::post::editor) enum Event {
    /// The form was mounted.
    Mounted {
        /// A unique name for the local draft of this editor.
        name: String,
        /// The local drafts that earlier pages have left.
        drafts: Vec<(String, LocalDraft)>,
    },
    /// The text was changed.
    Changed,
    /// The timer elapsed.
    TimerElapsed,
    /// The connection came back.
    Online,
    /// The user asked to save.
    SaveRequested,
    /// The site answered to [`Effect::Send`], on success with the post and draft and their new versions.
    SaveAnswered(Result<DraftTarget, AppError>),
    /// The form shows another error, or none.
    ProblemChanged {
        /// Whether publishing met a conflict.
        is_conflict: bool,
    },
    /// The site answered to [`Effect::LoadOther`].
    OtherLoaded {
        target: DraftTarget,
        document: Box<Result<EditorDocument, AppError>>,
    },
    /// The user chose the text in the form.
    MineKept,
    /// The user chose the other version.
    OtherTaken {
        /// A unique name for a local draft with the text in the form.
        name: String,
    },
    /// The user accepted the restored local draft.
    RestoredKept,
    /// The user discarded the restored local draft.
    RestoredDiscarded,
    /// The text is being published.
    PublishingBegan,
    /// The text was not published.
    PublishingFailed,
    /// The text was published.
    Published,
    /// The browser stored a local draft, or refused to.
    DraftStored { key: String, is_stored: bool },
    /// The answer to [`Effect::FindDrafts`], oldest first.
    DraftsFound(Vec<(String, LocalDraft)>),
    /// Some time has passed, and the page is still open.
    StillOpen,
    /// The page was hidden and may be discarded.
    Hidden,
    /// The page was left.
    Left,
}

/// Something that autosave does.
#[derive(Debug, PartialEq)]
pub(in crate::pages::post::editor) enum Effect {
    /// Saves a text to the site and reports [`Event::SaveAnswered`].
    Send(Sent),
    /// Loads the version on the site and reports [`Event::OtherLoaded`].
    LoadOther(DraftTarget),
    /// Starts the timer, which replaces a running one and reports [`Event::TimerElapsed`].
    StartTimer(Duration),
    /// Stops the timer.
    StopTimer,
    /// Stores a local draft and reports [`Event::DraftStored`].
    StoreDraft { key: String, draft: LocalDraft },
    /// Stores a local draft and then removes the one that it was made from.
    MoveDraft {
        from: String,
        to: String,
        draft: LocalDraft,
    },
    /// Sets the last time at which the editor of a local draft was open, if the draft exists.
    SetDraftOpenAt { key: String, at: f64 },
    /// Removes a local draft.
    RemoveDraft(String),
    /// Finds the local drafts that earlier pages have left, by a prefix of their keys, and reports
    /// [`Event::DraftsFound`].
    FindDrafts(String),
    /// Replaces the text in the form.
    ReplaceText(Text),
    /// Makes the fields read-only or editable.
    LockFields(bool),
    /// Focuses the text.
    FocusText,
    /// Focuses the choice between two versions.
    FocusOther,
    /// Puts the post and draft with their versions into the form.
    SetTarget(DraftTarget),
    /// Shows another version of the text to choose from, or none.
    SetOther(Option<Other>),
    /// Shows the save status.
    SetStatus(Status),
    /// Shows whether the browser has stored the local draft.
    SetStored(bool),
    /// Shows or hides that a local draft was restored.
    SetRestored(bool),
    /// Shows an error of the form, or none.
    SetProblem(Option<AppError>),
    /// Removes errors of the form that no longer apply.
    ClearResolvedErrors,
    /// Shows the path of the text in the address bar.
    ShowAddress(String),
}

/// A text that is being saved to the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages::post::editor) struct Sent {
    /// The storage key of its local draft.
    pub key: String,
    /// The post and draft that it is saved to.
    pub target: DraftTarget,
    pub text: Text,
}
