//! A budget for the growth of texts during an import.

/// The kind of loss of something that would have made a text too long.
pub(super) const TOO_LONG: &str =
    "part from elsewhere in the file left out, because the text would become too long";

/// The maximum number of bytes by which a text may grow when the objects it refers to are inserted. It is more than
/// twice the maximum size of a text.
const TEXT_GROWTH_MAX: usize = 4 * 1024 * 1024;
/// The number of bytes by which all texts of a file may grow, in addition to twice the size of the file. It is limited
/// because a single object may be referred to by each of a million texts.
const GROWTH: usize = 64 * 1024 * 1024;

/// The number of bytes by which texts may still grow.
#[derive(Debug)]
pub(super) struct GrowthBudget {
    text: usize,
    file: usize,
}

impl GrowthBudget {
    /// Returns the budget for the texts of a file of `length` bytes.
    pub(super) const fn new(length: usize) -> Self {
        Self {
            text: TEXT_GROWTH_MAX,
            file: length.saturating_mul(2).saturating_add(GROWTH),
        }
    }

    /// Resets the budget of a single text, for the next one.
    pub(super) const fn begin_text(&mut self) {
        self.text = TEXT_GROWTH_MAX;
    }

    /// Takes `bytes` from the budget. Returns whether there were enough. At least one byte is taken, because a lookup
    /// takes time even if it inserts nothing.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        let bytes = bytes.max(1);
        let is_there = bytes <= self.text.min(self.file);
        if is_there {
            self.text -= bytes;
            self.file -= bytes;
        }
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_its_budget_and_all_of_them_together_have_theirs() {
        let mut growth = GrowthBudget::new(0);
        for _ in 0..GROWTH / TEXT_GROWTH_MAX {
            growth.begin_text();
            assert!(growth.take(TEXT_GROWTH_MAX - 1) && growth.take(0) && !growth.take(0));
        }
        growth.begin_text();
        assert!(!growth.take(1));
    }
}
