//! Decoding with limits: all rows must be present, and the pixels are converted to sRGB.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, metadata::Orientation};

use super::{
    colours::Colours,
    jpeg,
    metadata::{self, png::ColourChunks},
    profile,
};
use shared::forms::{
    FieldProblem,
    picture::{PICTURE_MAX_MEGAPIXELS, PICTURE_MAX_SIDE},
};

/// The maximum memory of a decoded image in bytes, which excludes the largest one at 16 bits per channel.
const MEMORY: u64 = 160 * 1024 * 1024;

/// Decodes the image in `bytes` and returns it with its orientation. Data after the end of the image is ignored; the
/// end marker may be missing, but no row.
pub(super) fn decoded(
    bytes: Vec<u8>,
    format: ImageFormat,
) -> Result<(DynamicImage, Orientation), FieldProblem> {
    let mut bytes = metadata::strip(bytes, format)?;
    if format == ImageFormat::Jpeg {
        return jpeg::decoded(bytes);
    }
    metadata::end(&mut bytes, format);
    let chunks = (format == ImageFormat::Png).then(|| ColourChunks::read(&bytes));
    let mut limits = Limits::default();
    limits.max_image_width = Some(PICTURE_MAX_SIDE);
    limits.max_image_height = Some(PICTURE_MAX_SIDE);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;

    let (width, height) = decoder.dimensions();
    check(width, height, decoder.total_bytes())?;
    let orientation = decoder.orientation().map_err(|error| refused(&error))?;
    let profile = decoder.icc_profile().map_err(|error| refused(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    let colours = match chunks {
        Some(chunks) => Colours::of_png(&chunks, profile),
        None => profile.map(Colours::Profile),
    };
    if let Some(colours) = colours {
        profile::to_srgb(&mut image, colours);
    }
    Ok((image, orientation))
}

/// Returns [`FieldProblem::TooManyPixels`] if the dimensions or the decoded size in `bytes` exceed the limits.
pub(super) fn check(width: u32, height: u32, bytes: u64) -> Result<(), FieldProblem> {
    let pixels = u64::from(width) * u64::from(height);
    if width > PICTURE_MAX_SIDE
        || height > PICTURE_MAX_SIDE
        || pixels > u64::from(PICTURE_MAX_MEGAPIXELS) * 1_000_000
        || bytes > MEMORY
    {
        return Err(FieldProblem::TooManyPixels);
    }
    Ok(())
}

fn refused(error: &image::ImageError) -> FieldProblem {
    match error {
        image::ImageError::Limits(_) => FieldProblem::TooManyPixels,
        _ => FieldProblem::Broken,
    }
}
