//! How much longer texts may become than the file has them.

/// The kind of loss where something would have made a text too long.
pub(super) const TOO_LONG: &str =
    "part from elsewhere in the file left out, because the text would become too long";

/// One text may grow by so many bytes when what it refers to is put into it: more than twice as much as a text may have here.
const TEXT_GROWTH_MAX: usize = 4 * 1024 * 1024;
/// All texts of a file may grow by so many bytes, and by twice the length of the file: something that is written once may be
/// referred to by each of a million texts.
const GROWTH: usize = 64 * 1024 * 1024;

/// The bytes by which texts may still grow.
#[derive(Debug)]
pub(super) struct UploadPermit {
    text: usize,
    file: usize,
}

impl UploadPermit {
    /// Returns the room for the texts of a file of `length` bytes.
    pub(super) const fn new(length: usize) -> Self {
        Self {
            text: TEXT_GROWTH_MAX,
            file: length.saturating_mul(2).saturating_add(GROWTH),
        }
    }

    /// Begins with the next text.
    pub(super) const fn begin_text(&mut self) {
        self.text = TEXT_GROWTH_MAX;
    }

    /// Takes `bytes`, and returns whether there were so many. Nothing is free: looking something up takes time as well.
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
    fn each_text_has_its_room_and_all_of_them_together_have_theirs() {
        let mut room = UploadPermit::new(0);
        for _ in 0..GROWTH / TEXT_GROWTH_MAX {
            room.begin_text();
            assert!(room.take(TEXT_GROWTH_MAX - 1) && room.take(0) && !room.take(0));
        }
        room.begin_text();
        assert!(!room.take(1));
    }
}
