//! Blocks of GIF (<https://www.w3.org/Graphics/GIF/spec-gif89a.txt>).

use super::Filter;

/// `GIF89a` or `GIF87a`.
const SIGNATURE: usize = 6;
/// The size of the screen, and whether it has a palette.
const SCREEN: usize = 7;
/// The place and size of an image, and whether it has a palette, from its first byte on.
const IMAGE: usize = 10;
/// How an extension begins.
const EXTENSION: u8 = 0x21;
/// How an image begins.
const SEPARATOR: u8 = 0x2c;
/// How a file ends.
const TRAILER: u8 = 0x3b;
/// An extension that says which colour of the next image is transparent.
const CONTROL: u8 = 0xf9;

/// Keeps the first image, and what is needed to show it.
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
                // After the palette, one byte says how the blocks are compressed.
                let head = IMAGE + self::palette(image, IMAGE - 1) + 1;
                let length = head + length(image.get(head..).unwrap_or_default());
                file.keep(length);
                return;
            }
            _ => return,
        }
    }
}

/// Ends the image of a file that ends too early: its last block becomes as long as it is.
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
    // The empty block that ends the image.
    if position >= file.len() && file.last() != Some(&0) {
        file.push(0);
    }
    file.push(TRAILER);
}

/// Returns how many bytes the palette has of which the byte at `flags` tells.
fn palette(bytes: &[u8], flags: usize) -> usize {
    match bytes.get(flags) {
        Some(flags) if flags & 0x80 != 0 => 3 << ((flags & 7) + 1),
        _ => 0,
    }
}

/// Returns how many bytes the blocks have at the beginning of `bytes`, with the empty one that ends them.
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
