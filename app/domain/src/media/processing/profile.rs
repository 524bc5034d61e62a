//! Colour profiles (ICC.1). Images are stored without a profile, which browsers treat as sRGB, so pixels are
//! converted to sRGB.
//!
//! A profile that is broken or made for another kind of image is ignored, as browsers do.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use image::DynamicImage;
use moxcms::{
    CmsError, ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformExecutor,
    TransformOptions,
};

use super::colours::Colours;

/// The position of a profile's tag count, and the length of an entry of the tag table.
const TAGS: usize = 128;
const TAG: usize = 12;
/// The tags that are needed to convert to sRGB. All others are descriptions or for the opposite direction.
const NEEDED: &[&[u8; 4]] = &[
    b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"chad", b"A2B0", b"A2B1",
];

/// Converts `image` from `colours` to sRGB.
pub(super) fn to_srgb(image: &mut DynamicImage, colours: Colours) {
    // The profile is untrusted input: a panic in the library must not make the upload fail.
    let turned = catch_unwind(AssertUnwindSafe(|| turn(image, &colours.profile()?)));
    if let Ok(Err(error)) = turned {
        tracing::debug!(%error, "a colour profile is ignored");
    }
}

/// Returns the transform from CMYK to sRGB of a printer's `profile`.
pub(super) fn of_inks(profile: Vec<u8>) -> Option<Arc<Transform8BitExecutor>> {
    let made = catch_unwind(|| {
        let profile = read(profile)?;
        if profile.color_space != DataColorSpace::Cmyk {
            return Err(CmsError::InvalidProfile);
        }
        profile.create_transform_8bit(Layout::Rgba, &ColorProfile::new_srgb(), Layout::Rgb, options())
    });
    made.ok()?.ok()
}

/// Converts `inks` to the sRGB pixels of `row`. Returns `false` if `transform` is missing or fails.
pub(super) fn inks_to_srgb(transform: Option<&Transform8BitExecutor>, inks: &[u8], row: &mut [u8]) -> bool {
    let turned = catch_unwind(AssertUnwindSafe(|| {
        transform.is_some_and(|transform| transform.transform(inks, row).is_ok())
    }));
    turned.unwrap_or(false)
}

fn turn(image: &mut DynamicImage, profile: &ColorProfile) -> Result<(), CmsError> {
    let srgb = ColorProfile::new_srgb();
    let eight = |layout| profile.create_transform_8bit(layout, &srgb, layout, options());
    let sixteen = |layout| profile.create_transform_16bit(layout, &srgb, layout, options());
    let width = usize::try_from(image.width()).unwrap_or_default();
    let is_colour = profile.color_space == DataColorSpace::Rgb;
    match image {
        DynamicImage::ImageRgb8(image) if is_colour => rows(image, width * 3, &*eight(Layout::Rgb)?),
        DynamicImage::ImageRgba8(image) if is_colour => rows(image, width * 4, &*eight(Layout::Rgba)?),
        DynamicImage::ImageRgb16(image) if is_colour => rows(image, width * 3, &*sixteen(Layout::Rgb)?),
        DynamicImage::ImageRgba16(image) if is_colour => rows(image, width * 4, &*sixteen(Layout::Rgba)?),
        DynamicImage::ImageLuma8(image) => greys8(image, 1, &shades(profile)?),
        DynamicImage::ImageLumaA8(image) => greys8(image, 2, &shades(profile)?),
        DynamicImage::ImageLuma16(image) => greys16(image, 1, &shades(profile)?),
        DynamicImage::ImageLumaA16(image) => greys16(image, 2, &shades(profile)?),
        _ => Err(CmsError::InvalidProfile),
    }
}

/// Parses a profile without the tags that are not needed, which may be crafted to be slow to parse.
pub(super) fn read(mut profile: Vec<u8>) -> Result<ColorProfile, CmsError> {
    let (_, tags) = profile
        .split_at_mut_checked(TAGS)
        .ok_or(CmsError::InvalidProfile)?;
    let (count, entries) = tags.split_first_chunk_mut().ok_or(CmsError::InvalidProfile)?;
    let count = usize::try_from(u32::from_be_bytes(*count)).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for entry in entries.chunks_exact_mut(TAG).take(count) {
        if let Some(name) = entry.first_chunk_mut() {
            if NEEDED.contains(&&*name) && !found.contains(name) {
                found.push(*name);
            } else {
                *name = [0; 4];
            }
        }
    }
    ColorProfile::new_from_slice(&profile)
}

fn options() -> TransformOptions {
    TransformOptions {
        // A named transfer function overrides the curves and may be HDR.
        allow_use_cicp_transfer: false,
        ..TransformOptions::default()
    }
}

fn rows<T: Copy + Default>(
    samples: &mut [T],
    length: usize,
    transform: &(dyn TransformExecutor<T> + Send + Sync),
) -> Result<(), CmsError> {
    let mut before = vec![T::default(); length];
    for row in samples.chunks_exact_mut(length.max(1)) {
        before.copy_from_slice(row);
        transform.transform(&before, row)?;
    }
    Ok(())
}

/// Returns the sRGB value of each 16-bit grey level, by a grey profile or by an RGB profile with equal channels.
fn shades(profile: &ColorProfile) -> Result<Vec<u16>, CmsError> {
    let (layout, parts) = match profile.color_space {
        DataColorSpace::Gray => (Layout::Gray, 1),
        DataColorSpace::Rgb => (Layout::Rgb, 3),
        _ => return Err(CmsError::InvalidProfile),
    };
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_16bit(layout, &srgb, Layout::Rgb, options())?;
    let greys: Vec<u16> = (0..=u16::MAX)
        .flat_map(|grey| std::iter::repeat_n(grey, parts))
        .collect();
    let mut colours = vec![0; (usize::from(u16::MAX) + 1) * 3];
    transform.transform(&greys, &mut colours)?;
    // The green channel, to which eyes are most sensitive; equal channels stay nearly equal.
    Ok(colours.into_iter().skip(1).step_by(3).collect())
}

/// Maps the grey channel of pixels with `samples` channels of 8 bits.
fn greys8(image: &mut [u8], samples: usize, shades: &[u16]) -> Result<(), CmsError> {
    for grey in image.iter_mut().step_by(samples) {
        let shade = shades
            .get(usize::from(*grey) * 257)
            .ok_or(CmsError::InvalidProfile)?;
        *grey = u8::try_from((u32::from(*shade) + 128) / 257).unwrap_or(u8::MAX);
    }
    Ok(())
}

/// Maps the grey channel of pixels with `samples` channels of 16 bits.
fn greys16(image: &mut [u16], samples: usize, shades: &[u16]) -> Result<(), CmsError> {
    for grey in image.iter_mut().step_by(samples) {
        *grey = *shades.get(usize::from(*grey)).ok_or(CmsError::InvalidProfile)?;
    }
    Ok(())
}
