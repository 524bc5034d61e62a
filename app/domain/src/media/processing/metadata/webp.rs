//! WebP chunks (<https://developers.google.com/speed/webp/docs/riff_container>).

use super::{EXIF_MAX, Filter, PROFILE_MAX_BYTES};
use shared::forms::FieldProblem;

/// The length of the file header: `RIFF`, the size of the rest and `WEBP`.
const FILE_HEAD: usize = 12;
/// The length of a chunk's header: the type and the size.
const HEAD: usize = 8;
/// The length of a frame's header, before its own chunks.
const FRAME_HEAD: usize = 16;
/// The position of the flags of the extended format; below, the flags about metadata.
const FLAGS: usize = FILE_HEAD + HEAD;
const HAS_PROFILE: u8 = 0x20;
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

/// Keeps the image or the first frame of an animation, the colour profile and Exif data.
pub(super) fn strip(file: &mut Filter) -> Result<(), FieldProblem> {
    // Data after the size in the file header is not part of the file.
    if let Some(size) = file.rest().get(4..).and_then(|rest| rest.first_chunk()) {
        let size = usize::try_from(u32::from_le_bytes(*size)).unwrap_or(usize::MAX);
        file.limit(size.saturating_add(HEAD));
    }
    file.keep(FILE_HEAD);
    let mut has_frame = false;
    let mut dropped = HAS_PROFILE | HAS_EXIF | HAS_XMP;
    while let Some((kind, length)) = head(file.rest()) {
        let content = file.rest().get(HEAD..HEAD.saturating_add(length));
        let is_kept = match &kind {
            b"VP8X" | b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" => true,
            b"ANMF" if has_frame => false,
            b"ANMF" => {
                has_frame = true;
                if !content.is_some_and(is_frame) {
                    return Err(FieldProblem::Broken);
                }
                true
            }
            b"ICCP" if length > PROFILE_MAX_BYTES => return Err(FieldProblem::ProfileTooLarge),
            b"ICCP" => is_new(&mut dropped, HAS_PROFILE) && content.is_some(),
            b"EXIF" => content.is_some_and(|exif| exif.len() <= EXIF_MAX) && is_new(&mut dropped, HAS_EXIF),
            _ => false,
        };
        file.take(length.saturating_add(length % 2).saturating_add(HEAD), is_kept);
    }
    describe(file.kept_mut(), dropped);
    Ok(())
}

fn head(chunk: &[u8]) -> Option<([u8; 4], usize)> {
    let kind = *chunk.first_chunk()?;
    let length = u32::from_le_bytes(*chunk.get(4..)?.first_chunk()?);
    Some((kind, usize::try_from(length).ok()?))
}

/// Returns whether the metadata of `flag` was `dropped` so far, and marks it as kept.
fn is_new(dropped: &mut u8, flag: u8) -> bool {
    let was_dropped = *dropped & flag != 0;
    *dropped &= !flag;
    was_dropped
}

/// Returns whether a frame begins with image data. The decoder treats the first two chunks of a frame like those of
/// the file and allocates as much for metadata as its size field claims.
fn is_frame(frame: &[u8]) -> bool {
    let chunks = frame.get(FRAME_HEAD..).unwrap_or_default();
    let Some((kind, length)) = head(chunks) else {
        return false;
    };
    let next = length.saturating_add(length % 2).saturating_add(HEAD);
    let second = chunks.get(next..).and_then(head);
    matches!(&kind, b"VP8 " | b"VP8L" | b"ALPH")
        && !second.is_some_and(|(kind, _)| matches!(&kind, b"ICCP" | b"EXIF" | b"XMP "))
}

/// Updates the size and the flags of the header after the metadata of the flags in `dropped` was removed.
fn describe(file: &mut [u8], dropped: u8) {
    let length = u32::try_from(file.len().saturating_sub(HEAD)).unwrap_or(u32::MAX);
    if let Some(size) = file.get_mut(4..HEAD) {
        size.copy_from_slice(&length.to_le_bytes());
    }
    if file
        .get(FILE_HEAD..)
        .is_some_and(|first| first.starts_with(b"VP8X"))
        && let Some(flags) = file.get_mut(FLAGS)
    {
        *flags &= !dropped;
    }
}
