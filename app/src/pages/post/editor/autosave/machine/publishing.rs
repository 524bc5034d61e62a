use super::{Effect, Machine, Phase};

impl Machine {
    /// Stops saving while the text is being published.
    pub(super) fn publishing_began(&mut self) {
        self.phase = Phase::Publishing;
        self.push(Effect::LockFields(true));
        self.stop_timer();
    }

    /// Resumes saving.
    pub(super) fn publishing_failed(&mut self) {
        self.phase = Phase::Editing;
        self.push(Effect::LockFields(false));
        self.changed();
    }

    /// Ends saving and removes the local draft.
    pub(super) fn published(&mut self) {
        self.phase = Phase::Published;
        self.stop_timer();
        self.remove_draft();
    }
}
