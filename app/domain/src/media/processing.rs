//! Decoding, scaling and encoding of images: with limits, upright, and without any metadata of the uploaded file.

use image::{
    DynamicImage, ExtendedColorType, ImageFormat,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
    imageops::FilterType,
};

use self::decoded::decoded;
pub(crate) use self::icon::icon;
use shared::{
    forms::{
        FieldProblem,
        picture::{IMAGE_MAX_HEIGHT, IMAGE_MAX_WIDTH},
    },
    model::{
        media::PictureSize,
        site_image::{LOGO_DENSITY, LOGO_HEIGHT, LOGO_WIDTH},
    },
};

/// The colour spaces of images.
mod colours;
/// Decoding with limits.
mod decoded;
/// The icon of the site.
mod icon;
/// Decoding of JPEG.
mod jpeg;
/// Metadata, which is removed from a file before it is decoded.
mod metadata;
/// Conversion from colour profiles to sRGB.
mod profile;

/// The shorter side in pixels to which larger images are first reduced with a fast averaging filter, before the
/// slower filter is used.
const CARE: u32 = 1024;
/// The JPEG quality, from 1 to 100.
const QUALITY: u8 = 85;

/// An avatar in both sizes.
#[derive(Debug, Clone)]
pub(crate) struct Squares {
    /// The file extension.
    pub kind: &'static str,
    /// The contents of the files, in the order of [`PictureSize::ALL`].
    pub files: Vec<Vec<u8>>,
}

/// Detects the format of `bytes` by their content; the file name and the `Content-Type` are ignored.
///
/// # Errors
///
/// Returns [`FieldProblem::NotAPicture`] unless the format is JPEG, PNG, WebP or GIF.
pub(crate) fn format(bytes: &[u8]) -> Result<ImageFormat, FieldProblem> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif)) => {
            Ok(format)
        }
        _ => Err(FieldProblem::NotAPicture),
    }
}

/// Makes an avatar of the image in `bytes`. Nothing but the visible pixels is kept.
///
/// # Errors
///
/// Returns the problem of the image. A decoder may also panic, which the caller treats as [`FieldProblem::Broken`].
pub(crate) fn squares(bytes: Vec<u8>, format: ImageFormat) -> Result<Squares, FieldProblem> {
    let square = upright_square(bytes, format)?;
    let scaled: Vec<DynamicImage> = PictureSize::ALL
        .iter()
        .map(|size| square.resize_exact(size.pixels(), size.pixels(), FilterType::Lanczos3))
        .collect();

    let webp = encode_all(&scaled, webp)?;
    if square.color().has_alpha() && is_transparent(&square) {
        return Ok(Squares {
            kind: "webp",
            files: webp,
        });
    }
    let jpeg = encode_all(&scaled, jpeg)?;
    Ok(if size(&webp) < size(&jpeg) {
        Squares {
            kind: "webp",
            files: webp,
        }
    } else {
        Squares {
            kind: "jpg",
            files: jpeg,
        }
    })
}

/// An inline image: upright, and no larger than it is displayed.
#[derive(Debug, Clone)]
pub(crate) struct Scaled {
    /// The file extension.
    pub kind: &'static str,
    /// The content of the file.
    pub file: Vec<u8>,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
}

/// Makes an inline image of the image in `bytes`. Only the first frame of an animation is kept.
///
/// # Errors
///
/// Returns the problem of the image. A decoder may also panic, which the caller treats as [`FieldProblem::Broken`].
pub(crate) fn scaled(bytes: Vec<u8>, format: ImageFormat) -> Result<Scaled, FieldProblem> {
    fitted(bytes, format, IMAGE_MAX_WIDTH, IMAGE_MAX_HEIGHT)
}

/// Makes the logo of the site of the image in `bytes`, with enough pixels for screens with a high resolution.
///
/// # Errors
///
/// Returns the problem of the image. A decoder may also panic, which the caller treats as [`FieldProblem::Broken`].
pub(crate) fn logo(bytes: Vec<u8>, format: ImageFormat) -> Result<Scaled, FieldProblem> {
    fitted(
        bytes,
        format,
        LOGO_WIDTH * LOGO_DENSITY,
        LOGO_HEIGHT * LOGO_DENSITY,
    )
}

/// Scales the stored image in `bytes` down to `width` pixels, in the same format.
///
/// # Errors
///
/// Returns an error if the file is damaged. A decoder may also panic.
pub(crate) fn narrowed(bytes: Vec<u8>, width: u32) -> Result<Vec<u8>, FieldProblem> {
    let format = format(&bytes)?;
    let (image, _) = decoded(bytes, format)?;
    let height = u64::from(image.height()) * u64::from(width) / u64::from(image.width().max(1));
    let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
    let image = image.resize_exact(width, height, FilterType::CatmullRom);
    let encode = match format {
        ImageFormat::Jpeg => jpeg,
        _ => webp,
    };
    encode_all(&[image], encode)?.pop().ok_or(FieldProblem::Broken)
}

/// Returns the image in `bytes` upright and no larger than `max_width` and `max_height`.
fn fitted(
    bytes: Vec<u8>,
    format: ImageFormat,
    max_width: u32,
    max_height: u32,
) -> Result<Scaled, FieldProblem> {
    let (mut image, orientation) = decoded(bytes, format)?;
    image.apply_orientation(orientation);
    if image.width() > max_width || image.height() > max_height {
        image = image.resize(max_width, max_height, FilterType::CatmullRom);
    }
    let is_opaque = !(image.color().has_alpha() && is_transparent(&image));
    let images = [image];
    let mut kind = "webp";
    let mut files = encode_all(&images, webp)?;
    if is_opaque {
        let other = encode_all(&images, jpeg)?;
        if size(&other) < size(&files) {
            (kind, files) = ("jpg", other);
        }
    }
    let [image] = images;
    let file = files.pop().ok_or(FieldProblem::Broken)?;
    Ok(Scaled {
        kind,
        file,
        width: image.width(),
        height: image.height(),
    })
}

fn size(files: &[Vec<u8>]) -> usize {
    files.iter().map(Vec::len).sum()
}

fn upright_square(bytes: Vec<u8>, format: ImageFormat) -> Result<DynamicImage, FieldProblem> {
    let (image, orientation) = decoded(bytes, format)?;
    let (width, height) = (image.width(), image.height());
    let shorter = width.min(height);
    let image = if shorter > CARE {
        let scaled =
            |side: u32| u32::try_from(u64::from(side) * u64::from(CARE) / u64::from(shorter)).unwrap_or(CARE);
        image.thumbnail_exact(scaled(width), scaled(height))
    } else {
        image
    };
    let side = image.width().min(image.height());
    let (left, top) = ((image.width() - side) / 2, (image.height() - side) / 2);
    let mut square = image.crop_imm(left, top, side, side);
    square.apply_orientation(orientation);
    Ok(square)
}

fn is_transparent(image: &DynamicImage) -> bool {
    image
        .to_rgba8()
        .pixels()
        .any(|pixel| pixel.0.last() != Some(&u8::MAX))
}

fn encode_all(
    images: &[DynamicImage],
    encode: fn(&DynamicImage) -> image::ImageResult<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, FieldProblem> {
    images
        .iter()
        .map(|image| {
            encode(image).map_err(|error| {
                tracing::error!(%error, "a picture cannot be written");
                FieldProblem::Broken
            })
        })
        .collect()
}

fn jpeg(image: &DynamicImage) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&image.to_rgb8())?;
    Ok(bytes)
}

fn webp(image: &DynamicImage) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let (width, height) = (image.width(), image.height());
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    if image.color().has_alpha() {
        encoder.encode(&image.to_rgba8(), width, height, ExtendedColorType::Rgba8)?;
    } else {
        encoder.encode(&image.to_rgb8(), width, height, ExtendedColorType::Rgb8)?;
    }
    Ok(bytes)
}
