//! Segments of JPEG (ITU-T T.81, annex B).

use super::{Filter, PROFILE_MAX_BYTES};
use shared::forms::Problem;

/// End of image.
const EOI: u8 = 0xd9;
/// Start of scan: what follows the segment is compressed pixels.
const SOS: u8 = 0xda;
/// How each part of a colour profile begins (ICC.1, B.4): this, its number, and how many there are.
const PROFILE: &[u8] = b"ICC_PROFILE\0";
/// How many bytes come before a part of a colour profile.
const PROFILE_HEAD: usize = PROFILE.len() + 2;
/// A colour profile has at most this many parts.
const PROFILE_PARTS: usize = 255;

/// Keeps tables, frames and scans, what says how colours are stored, Exif data and the colour profile.
pub(super) fn strip(file: &mut Filter) -> Result<(), Problem> {
    // Start of image.
    file.keep(2);
    let (mut profile, mut parts) = (0, 0);
    // Between segments, there may be fill bytes.
    while let Some(start) = marker(file.rest(), |code| code != 0) {
        file.skip(start);
        let Some([_, code]) = file.rest().first_chunk().copied() else {
            break;
        };
        if code == EOI {
            file.keep(2);
            break;
        }
        if matches!(code, 0x01 | 0xd0..=0xd8) {
            // It stands alone, and means nothing here.
            file.skip(2);
            continue;
        }
        let Some(length) = file.rest().get(2..).and_then(|rest| rest.first_chunk()) else {
            break;
        };
        let whole = 2 + usize::from(u16::from_be_bytes(*length)).max(2);
        let content = file.rest().get(4..whole).unwrap_or_default();
        let is_kept = match code {
            0xe1 => content.starts_with(b"Exif\0\0"),
            0xe2 if content.starts_with(PROFILE) => {
                parts += 1;
                profile += content.len().saturating_sub(PROFILE_HEAD);
                if profile > PROFILE_MAX_BYTES || parts > PROFILE_PARTS {
                    return Err(Problem::ProfileTooLarge);
                }
                true
            }
            // Tables, frames and scans; what says how colours are stored.
            0xc0..=0xcf | SOS..=0xdf | 0xe0 | 0xee => true,
            _ => false,
        };
        file.take(whole, is_kept);
        if code == SOS {
            // Up to a marker that is none of those within a scan.
            let scan = marker(file.rest(), |code| !matches!(code, 0 | 0xd0..=0xd7));
            file.keep(scan.unwrap_or(usize::MAX));
        }
    }
    Ok(())
}

/// Returns where the next marker is whose code is `wanted`.
fn marker(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let is_wanted = |pair: &[u8]| matches!(pair, [0xff, code] if *code != 0xff && wanted(*code));
    bytes.windows(2).position(is_wanted)
}
