use super::*;
use crate::pages::post::editor::local_draft::{Base, LocalDraft, key_prefix};
use shared::{
    forms::{Field, FieldErrors, FieldProblem},
    paths,
};

/// The choice between two versions.
mod choices;
/// Local drafts.
mod drafts;
/// Publishing.
mod publishing;
/// Saving to the site.
mod saving;

/// The author of all texts.
const AUTHOR: Option<i64> = Some(7);
/// Some time in 2026.
const START: f64 = 1_780_000_000_000.0;

/// An editor whose effects on the form are performed, as far as the machine gets to see them.
struct Page {
    machine: Machine,
    text: Text,
    now: f64,
    /// The delay of the timer.
    delay: Duration,
    /// All effects since the last call of [`Page::effects`].
    effects: Vec<Effect>,
}

impl Page {
    /// Opens the editor of `document` with the local drafts that were left.
    fn open(document: &EditorDocument, drafts: Vec<(String, LocalDraft)>) -> Self {
        let mut page = Self {
            machine: Machine::new(document, AUTHOR, document.target, None),
            text: Text::from_document(document),
            now: START,
            delay: Duration::ZERO,
            effects: Vec::new(),
        };
        let name = "own".to_owned();
        page.handle(Event::Mounted { name, drafts });
        page
    }

    /// Opens a draft with the content "On the site".
    fn open_draft() -> Self {
        Self::open(&document("On the site", draft(5, 1)), Vec::new())
    }

    fn handle(&mut self, event: Event) {
        let effects = self.machine.step(event, Some(self.text.clone()), self.now);
        for effect in &effects {
            match effect {
                Effect::ReplaceText(text) => self.text = text.clone(),
                Effect::StartTimer(delay) => self.delay = *delay,
                _ => {}
            }
        }
        self.effects.extend(effects);
    }

    /// Types `content` in place of the text.
    fn type_text(&mut self, content: &str) {
        self.text = text(content);
        self.handle(Event::Changed);
    }

    /// Lets `seconds` pass.
    fn wait(&mut self, seconds: f64) {
        self.now += seconds * 1_000.0;
    }

    /// Lets the timer elapse, which has to be running, and returns its delay.
    fn elapse(&mut self) -> Duration {
        assert!(self.machine.is_timer_running);
        let delay = self.delay;
        self.wait(delay.as_secs_f64());
        self.handle(Event::TimerElapsed);
        delay
    }

    /// Types `content` and lets it be sent.
    fn send(&mut self, content: &str) {
        self.type_text(content);
        self.elapse();
        assert_eq!(self.sent(), Some(content));
    }

    /// Answers a save with the version `version` of the draft 5.
    fn answer(&mut self, version: i64) {
        self.handle(Event::SaveAnswered(Ok(draft(5, version))));
    }

    fn refuse(&mut self, error: AppError) {
        self.handle(Event::SaveAnswered(Err(error)));
    }

    fn load(&mut self, target: DraftTarget, document: EditorDocument) {
        let document = Box::new(Ok(document));
        self.handle(Event::OtherLoaded { target, document });
    }

    /// Returns the content that is being sent.
    fn sent(&self) -> Option<&str> {
        self.machine
            .sending
            .as_ref()
            .map(|sent| sent.text.content.as_str())
    }

    /// Returns the effects since the last call.
    fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Returns the other version and its origin.
    fn other(&self) -> Option<(&str, &Origin)> {
        let other = self.machine.other.as_ref();
        other.map(|other| (other.text.content.as_str(), &other.origin))
    }

    /// Returns whether the local draft `key` was removed since the last call of [`Page::effects`], and not stored
    /// again.
    fn has_removed(&self, key: &str) -> bool {
        let about = |effect: &&Effect| match effect {
            Effect::RemoveDraft(it) | Effect::StoreDraft { key: it, .. } => it == key,
            _ => false,
        };
        matches!(
            self.effects.iter().rev().find(about),
            Some(Effect::RemoveDraft(_))
        )
    }

    /// Returns the content of the local draft `key`, if it was stored since the last call of [`Page::effects`].
    fn stored(&self, key: &str) -> Option<&str> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::StoreDraft { key: it, draft } if it == key => Some(draft.text.content.as_str()),
            _ => None,
        })
    }
}

fn text(content: &str) -> Text {
    Text {
        content: content.to_owned(),
        // The form shows the choice that a new text has.
        ..Text::from_document(&EditorDocument::default())
    }
}

/// Returns this version of the draft `id`.
fn draft(id: i64, version: i64) -> DraftTarget {
    DraftTarget {
        draft: Some(id),
        draft_version: version,
        ..DraftTarget::default()
    }
}

/// Returns the new text, which was never saved.
fn unsaved() -> DraftTarget {
    DraftTarget::default()
}

fn document(content: &str, target: DraftTarget) -> EditorDocument {
    EditorDocument {
        target,
        content: content.to_owned(),
        ..EditorDocument::default()
    }
}

/// Returns the local draft of a page that was left, with its key.
fn left(name: &str, content: &str, target: DraftTarget) -> (String, LocalDraft) {
    let draft = LocalDraft {
        text: text(content),
        base: Base::from(target),
        open_at: LEFT,
    };
    (key(target, name), draft)
}

/// Returns the key of the local draft `name` of `target`.
fn key(target: DraftTarget, name: &str) -> String {
    key_prefix(AUTHOR, target) + " " + name
}
