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
