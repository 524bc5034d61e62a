//! JPEG segments (ITU-T T.81, annex B).

use super::{Filter, PROFILE_MAX_BYTES};
use shared::forms::FieldProblem;

/// The end-of-image marker.
const EOI: u8 = 0xd9;
/// The start-of-scan marker, whose segment is followed by compressed pixels.
const SOS: u8 = 0xda;
/// The identifier of a colour profile segment (ICC.1, B.4), followed by the number of the part and the number of
/// parts.
const PROFILE: &[u8] = b"ICC_PROFILE\0";
/// The length of the header of a colour profile part.
const PROFILE_HEAD: usize = PROFILE.len() + 2;
/// The maximum number of colour profile parts.
const PROFILE_PARTS: usize = 255;

/// Keeps tables, frames, scans, the colour encoding, Exif data and the colour profile.
pub(super) fn strip(file: &mut Filter) -> Result<(), FieldProblem> {
    // The start-of-image marker.
    file.keep(2);
    let (mut profile, mut parts) = (0, 0);
    // There may be fill bytes between segments.
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
            // A marker without a segment, which has no meaning here.
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
                    return Err(FieldProblem::ProfileTooLarge);
                }
                true
            }
            // Tables, frames, scans and the colour encoding.
            0xc0..=0xcf | SOS..=0xdf | 0xe0 | 0xee => true,
            _ => false,
        };
        file.take(whole, is_kept);
        if code == SOS {
            // The scan ends at the first marker that is neither a stuffed byte nor a restart marker.
            let scan = marker(file.rest(), |code| !matches!(code, 0 | 0xd0..=0xd7));
            file.keep(scan.unwrap_or(usize::MAX));
        }
    }
    Ok(())
}

/// Returns the position of the next marker whose code is `wanted`.
fn marker(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let is_wanted = |pair: &[u8]| matches!(pair, [0xff, code] if *code != 0xff && wanted(*code));
    bytes.windows(2).position(is_wanted)
}
