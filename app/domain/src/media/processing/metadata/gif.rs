//! GIF blocks (<https://www.w3.org/Graphics/GIF/spec-gif89a.txt>).

use super::Filter;

/// The length of the signature, `GIF89a` or `GIF87a`.
const SIGNATURE: usize = 6;
/// The length of the logical screen descriptor.
const SCREEN: usize = 7;
/// The length of an image descriptor, including its separator.
const IMAGE: usize = 10;
/// The introducer of an extension.
const EXTENSION: u8 = 0x21;
/// The separator before an image.
const SEPARATOR: u8 = 0x2c;
/// The trailer of a file.
const TRAILER: u8 = 0x3b;
/// The label of the graphic control extension, which defines the transparent colour of the next image.
const CONTROL: u8 = 0xf9;

/// Keeps the first image and what is needed to decode it.
pub(super) fn strip(file: &mut Filter) {
    file.keep(SIGNATURE);
    let palette = palette(file.rest(), 4);
    file.keep(SCREEN + palette);
    loop {
        match file.rest() {
            [EXTENSION, label, blocks @ ..] => {
                let is_kept = *label == CONTROL;
                let length = 2 + length(blocks);
                file.take(length, is_kept);
            }
            image @ [SEPARATOR, ..] => {
                // The byte after the palette is the LZW code size.
                let head = IMAGE + self::palette(image, IMAGE - 1) + 1;
                let length = head + length(image.get(head..).unwrap_or_default());
                file.keep(length);
                return;
            }
            _ => return,
        }
    }
}

/// Completes the image of a truncated file: shortens its last block and appends the terminators.
pub(super) fn end(file: &mut Vec<u8>) {
    let mut position = SIGNATURE + SCREEN + palette(file.get(SIGNATURE..).unwrap_or_default(), 4);
    loop {
        match file.get(position..).unwrap_or_default() {
            [EXTENSION, _, blocks @ ..] => position += 2 + length(blocks),
            image @ [SEPARATOR, ..] => {
                position += IMAGE + palette(image, IMAGE - 1) + 1;
                break;
            }
            _ => return,
        }
    }
    while let Some(size) = file.get(position).copied() {
        let left = file.len() - position - 1;
        if let Ok(left) = u8::try_from(left)
            && left < size
            && let Some(written) = file.get_mut(position)
        {
            *written = left;
        }
        position += 1 + usize::from(size);
        if size == 0 {
            break;
        }
    }
    // The block terminator.
    if position >= file.len() && file.last() != Some(&0) {
        file.push(0);
    }
    file.push(TRAILER);
}

/// Returns the length in bytes of the palette that the packed field at `flags` describes.
fn palette(bytes: &[u8], flags: usize) -> usize {
    match bytes.get(flags) {
        Some(flags) if flags & 0x80 != 0 => 3 << ((flags & 7) + 1),
        _ => 0,
    }
}

/// Returns the total length of the sub-blocks at the beginning of `bytes`, including the block terminator.
fn length(bytes: &[u8]) -> usize {
    let mut end = 0;
    while let Some(block) = bytes.get(end) {
        end += 1 + usize::from(*block);
        if *block == 0 {
            break;
        }
    }
    end
}
