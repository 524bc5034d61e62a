use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{
    Autosave,
    machine::{Effect, Event, Sent, after_leaving},
};
use crate::{
    api,
    components::{focus, show_address},
    pages::post::editor::local_draft,
};
use shared::model::post::DraftTarget;

impl Autosave {
    /// Performs `effect`.
    pub(super) fn perform(self, effect: Effect) {
        match effect {
            Effect::Send(sent) => self.send(sent),
            Effect::LoadOther(target) => self.load_other(target),
            Effect::StartTimer(delay) => self.start_timer(delay),
            Effect::StopTimer => self.stop_timer(),
            Effect::StoreDraft { key, draft } => {
                let is_stored = local_draft::write(&key, &draft);
                self.step(Event::DraftStored { key, is_stored });
            }
            Effect::MoveDraft { from, to, draft } => {
                if local_draft::write(&to, &draft) {
                    local_draft::remove(&from);
                }
            }
            Effect::SetDraftOpenAt { key, at } => local_draft::set_open_at(&key, at),
            Effect::RemoveDraft(key) => local_draft::remove(&key),
            Effect::FindDrafts(prefix) => self.step(Event::DraftsFound(local_draft::find_left(&prefix))),
            Effect::ReplaceText(text) => self.editor.replace(&text),
            Effect::LockFields(is_locked) => self.editor.lock(is_locked),
            Effect::FocusText => self.editor.focus_text(),
            Effect::FocusOther => focus("other-text"),
            Effect::SetTarget(target) => self.editor.target.set(target),
            Effect::SetOther(other) => self.editor.other.set(other),
            Effect::SetStatus(status) => self.status.set(status),
            Effect::SetStored(is_stored) => self.is_stored.set(is_stored),
            Effect::SetRestored(is_restored) => self.is_restored.set(is_restored),
            Effect::SetProblem(problem) => self.editor.problem.set(problem),
            Effect::ClearResolvedErrors => self.editor.clear_resolved_errors(),
            Effect::ShowAddress(path) => show_address(&path),
        }
    }

    fn send(self, sent: Sent) {
        self.is_saving.set(true);
        let form = self.editor.form_with(sent.text.clone(), sent.target);
        spawn_local(async move {
            let answer = api::post::save_draft(form).await;
            // The page may have been left in the meantime.
            if self.is_saving.try_set(false).is_some() {
                let stored = local_draft::read(&sent.key).map(|draft| draft.text);
                let effect = after_leaving(sent, answer.is_ok(), stored.as_ref());
                return effect.into_iter().for_each(|effect| self.perform(effect));
            }
            self.handle(Event::SaveAnswered(answer.map(|saved| saved.target)));
        });
    }

    fn load_other(self, target: DraftTarget) {
        spawn_local(async move {
            let document = match (target.post, target.draft) {
                (Some(post), _) => api::post::open_post(post).await,
                (None, Some(draft)) => api::post::open_draft(draft).await,
                (None, None) => return,
            };
            let document = Box::new(document);
            self.handle(Event::OtherLoaded { target, document });
        });
    }

    fn start_timer(self, delay: Duration) {
        self.stop_timer();
        let handle = set_timeout_with_handle(move || self.handle(Event::TimerElapsed), delay).ok();
        self.timer.set_value(handle);
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}
