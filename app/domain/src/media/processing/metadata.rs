//! Removal of metadata from image files. Decoders keep metadata in memory, which may be far larger than the image
//! and, if compressed, far larger than the file.
//!
//! Before a file is decoded, its container is parsed once, and only the parts that are needed remain: pixels, colour
//! space and orientation. Nothing is allocated for that except a colour profile of at most [`PROFILE_MAX_BYTES`].

use image::ImageFormat;

use shared::forms::{FieldProblem, picture::PROFILE_MAX_BYTES};

/// GIF blocks.
mod gif;
/// JPEG segments.
mod jpeg;
/// PNG chunks.
pub(super) mod png;
/// WebP chunks.
mod webp;

/// The maximum size of Exif data in bytes; larger data is dropped.
const EXIF_MAX: usize = 1024 * 1024;

/// Removes all metadata from `bytes` that decoding does not need. A damaged file stays damaged and is refused by its
/// decoder.
///
/// # Errors
///
/// Returns [`FieldProblem::ProfileTooLarge`], or [`FieldProblem::Broken`] if a part would make the decoder allocate its claimed
/// size.
pub(super) fn strip(bytes: Vec<u8>, format: ImageFormat) -> Result<Vec<u8>, FieldProblem> {
    let mut file = Filter {
        bytes,
        position: 0,
        kept: 0,
    };
    match format {
        ImageFormat::Gif => gif::strip(&mut file),
        ImageFormat::Jpeg => jpeg::strip(&mut file)?,
        ImageFormat::Png => png::strip(&mut file)?,
        ImageFormat::WebP => webp::strip(&mut file)?,
        _ => return Err(FieldProblem::NotAPicture),
    }
    Ok(file.finish())
}

/// Completes a truncated PNG or GIF file after stripping, so that the decoder returns the rows that are present.
pub(super) fn end(file: &mut Vec<u8>, format: ImageFormat) {
    match format {
        ImageFormat::Gif => gif::end(file),
        ImageFormat::Png => png::end(file),
        _ => {}
    }
}

/// A file that is filtered in place from beginning to end.
struct Filter {
    bytes: Vec<u8>,
    position: usize,
    kept: usize,
}

impl Filter {
    /// Returns the unread part.
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// Returns the part that has been kept so far.
    fn kept_mut(&mut self) -> &mut [u8] {
        self.bytes.get_mut(..self.kept).unwrap_or_default()
    }

    /// Truncates the file to `length` bytes.
    fn limit(&mut self, length: usize) {
        self.bytes.truncate(length);
    }

    /// Keeps the next `length` bytes, or as many as there are.
    fn keep(&mut self, length: usize) {
        let end = self.position.saturating_add(length).min(self.bytes.len());
        self.bytes.copy_within(self.position..end, self.kept);
        self.kept += end - self.position;
        self.position = end;
    }

    /// Drops the next `length` bytes, or as many as there are.
    fn skip(&mut self, length: usize) {
        self.position = self.position.saturating_add(length).min(self.bytes.len());
    }

    /// Keeps or drops the next `length` bytes.
    fn take(&mut self, length: usize, is_kept: bool) {
        if is_kept {
            self.keep(length);
        } else {
            self.skip(length);
        }
    }

    /// Drops the unread part and returns what was kept.
    fn finish(mut self) -> Vec<u8> {
        self.bytes.truncate(self.kept);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, GenericImageView};

    use super::*;

    const FORMATS: &[ImageFormat] = &[
        ImageFormat::Gif,
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::WebP,
    ];

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let image = DynamicImage::new_rgb8(20, 10);
        image.write_to(&mut bytes, format).expect("a picture");
        bytes.into_inner()
    }

    #[test]
    fn a_file_without_metadata_stays_as_it_is() {
        for format in FORMATS.iter().copied() {
            let mut file = encoded(format);
            if format == ImageFormat::Gif {
                // The trailer is optional.
                file.pop();
            }
            assert_eq!(strip(file.clone(), format), Ok(file), "{format:?}");
        }
    }

    #[test]
    fn what_follows_the_picture_is_dropped() {
        for format in FORMATS.iter().copied() {
            let both = [encoded(format), vec![b'<'; 100_000]].concat();
            let stripped = strip(both, format).expect("a picture");
            assert!(stripped.len() < 1_000, "{format:?} {}", stripped.len());
            let image = image::load_from_memory_with_format(&stripped, format).expect("a picture");
            assert_eq!(image.dimensions(), (20, 10), "{format:?}");
        }
    }

    #[test]
    fn a_file_that_is_cut_or_changed_anywhere_gives_no_panic_and_nothing_longer() {
        for format in FORMATS.iter().copied() {
            let whole = encoded(format);
            for length in 0..whole.len() {
                let cut = whole.get(..length).unwrap_or_default().to_vec();
                if let Ok(stripped) = strip(cut, format) {
                    assert!(stripped.len() <= length, "{format:?} {length}");
                }
                for byte in [0, 1, 0x7f, 0xff] {
                    let mut changed = whole.clone();
                    changed[length] = byte;
                    if let Ok(stripped) = strip(changed, format) {
                        assert!(stripped.len() <= whole.len(), "{format:?} {length}");
                    }
                }
            }
        }
    }
}
