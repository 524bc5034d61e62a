//! PNG chunks (<https://www.w3.org/TR/png-3/#5DataRep>).

use fdeflate::BoundedDecompressionError;

use super::{EXIF_MAX, Filter, PROFILE_MAX_BYTES};
use shared::forms::FieldProblem;

/// The length of the signature.
const SIGNATURE: usize = 8;
/// The length of a chunk's header: the length and type fields.
const HEAD: usize = 8;
/// The length of a chunk's CRC.
const TAIL: usize = 4;
/// A complete `IEND` chunk.
const END: [u8; HEAD + TAIL] = *b"\0\0\0\0IEND\xae\x42\x60\x82";
/// The maximum length of a profile's name, including the null separator.
const NAME_MAX: usize = 80;

/// Keeps critical chunks, those about colours, and Exif data.
pub(super) fn strip(file: &mut Filter) -> Result<(), FieldProblem> {
    file.keep(SIGNATURE);
    let mut has_profile = false;
    while let Some((length, kind)) = head(file.rest()) {
        let content = file.rest().get(HEAD..HEAD.saturating_add(length));
        let is_kept = match &kind {
            // Decoders use the first one.
            b"iCCP" => match content {
                Some(content) if !has_profile => {
                    has_profile = true;
                    is_profile(content)?
                }
                _ => false,
            },
            b"eXIf" => content.is_some_and(|exif| exif.len() <= EXIF_MAX),
            b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"cICP" | b"sBIT" => true,
            [first, ..] => first.is_ascii_uppercase(),
        };
        file.take(length.saturating_add(HEAD + TAIL), is_kept);
        if &kind == b"IEND" {
            break;
        }
    }
    Ok(())
}

/// The chunks of a file about its colour space, except the profile.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::media::processing) struct ColourChunks {
    /// Primaries, transfer function, matrix and range (`cICP`).
    pub code: Option<[u8; 4]>,
    /// Whether there is an `sRGB` chunk.
    pub is_srgb: bool,
    /// The gamma (`gAMA`).
    pub gamma: Option<u32>,
    /// The x and y of white, red, green and blue (`cHRM`).
    pub chromaticities: Option<[u32; 8]>,
}

impl ColourChunks {
    /// Returns the colour chunks of `file`. The first chunk of each type counts.
    pub(in crate::media::processing) fn read(file: &[u8]) -> Self {
        let mut found = Self::default();
        let mut rest = file.get(SIGNATURE..).unwrap_or_default();
        while let Some((length, kind)) = head(rest) {
            let content = rest.get(HEAD..HEAD.saturating_add(length)).unwrap_or_default();
            match &kind {
                b"cICP" => found.code = found.code.or(content.first_chunk().copied()),
                b"sRGB" => found.is_srgb = true,
                b"gAMA" => found.gamma = found.gamma.or(numbers::<1>(content).map(|[gamma]| gamma)),
                b"cHRM" => found.chromaticities = found.chromaticities.or(numbers(content)),
                b"IDAT" => break,
                _ => {}
            }
            let next = length.saturating_add(HEAD + TAIL);
            rest = rest.get(next..).unwrap_or_default();
        }
        found
    }
}

fn numbers<const COUNT: usize>(content: &[u8]) -> Option<[u32; COUNT]> {
    let numbers = content.as_chunks().0.first_chunk::<COUNT>()?;
    Some(numbers.map(u32::from_be_bytes))
}

/// Completes a truncated file: an incomplete `IDAT` chunk is shortened, any other incomplete chunk is removed, and
/// `IEND` is appended.
pub(super) fn end(file: &mut Vec<u8>) {
    let mut position = SIGNATURE;
    while let Some((length, kind)) = head(file.get(position..).unwrap_or_default()) {
        let next = position.saturating_add(length).saturating_add(HEAD + TAIL);
        if next <= file.len() {
            if &kind == b"IEND" {
                return;
            }
            position = next;
            continue;
        }
        if &kind == b"IDAT" {
            let start = position + HEAD;
            file.truncate(start.saturating_add(length));
            let length = u32::try_from(file.len() - start).unwrap_or(u32::MAX);
            if let Some(written) = file.get_mut(position..position + 4) {
                written.copy_from_slice(&length.to_be_bytes());
            }
            let checksum = crc32fast::hash(file.get(position + 4..).unwrap_or_default());
            file.extend(checksum.to_be_bytes());
            position = file.len();
        }
        break;
    }
    file.truncate(position);
    file.extend(END);
}

fn head(chunk: &[u8]) -> Option<(usize, [u8; 4])> {
    let length = u32::from_be_bytes(*chunk.first_chunk()?);
    let kind = *chunk.get(4..)?.first_chunk()?;
    Some((usize::try_from(length).ok()?, kind))
}

/// Returns whether the content of an `iCCP` chunk is a colour profile that can be decompressed.
fn is_profile(content: &[u8]) -> Result<bool, FieldProblem> {
    // Deflate makes incompressible data slightly longer.
    if content.len() > 2 * PROFILE_MAX_BYTES {
        return Err(FieldProblem::ProfileTooLarge);
    }
    let name = content.iter().take(NAME_MAX).position(|byte| *byte == 0);
    let after_name = name.and_then(|end| content.get(end + 1..));
    // Zero is deflate, the only compression method.
    let Some([0, compressed @ ..]) = after_name else {
        return Ok(false);
    };
    match fdeflate::decompress_to_vec_bounded(compressed, PROFILE_MAX_BYTES + 1) {
        Ok(profile) if profile.len() <= PROFILE_MAX_BYTES => Ok(true),
        Ok(_) | Err(BoundedDecompressionError::OutputTooLarge { .. }) => Err(FieldProblem::ProfileTooLarge),
        Err(BoundedDecompressionError::DecompressionError { .. }) => Ok(false),
    }
}
