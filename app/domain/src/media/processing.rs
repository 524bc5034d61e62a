//! A picture made anew: read within limits, upright, cut to a square, small, and without anything that was hidden in the
//! file.

use image::{
    DynamicImage, ExtendedColorType, ImageFormat,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
    imageops::FilterType,
};

use self::decoded::decoded;
use shared::{
    forms::{
        Problem,
        picture::{IMAGE_MAX_HEIGHT, IMAGE_MAX_WIDTH},
    },
    model::media::PictureSize,
};

/// What says which colours the numbers of a picture mean.
mod colours;
/// Pixels of a file, within limits.
mod decoded;
/// Pixels of JPEG.
mod jpeg;
/// Metadata, which is taken out of a file before it is decoded.
mod metadata;
/// Colour profiles, by which pixels become sRGB.
mod profile;

/// A picture with more than this on its shorter side is first averaged, which is quick, then scaled with care.
const CARE: u32 = 1024;
/// Of JPEG, 1 to 100.
const QUALITY: u8 = 85;

/// A person's picture in both sizes.
#[derive(Debug, Clone)]
pub(crate) struct Squares {
    /// The ending of their names.
    pub kind: &'static str,
    /// Their content, in the order of [`PictureSize::ALL`].
    pub files: Vec<Vec<u8>>,
}

/// What format `bytes` are in, told by themselves: their name and what the browser says of them do not count.
///
/// # Errors
/// [`Problem::NotAPicture`] for any but JPEG, PNG, WebP and GIF.
pub(crate) fn format(bytes: &[u8]) -> Result<ImageFormat, Problem> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif)) => {
            Ok(format)
        }
        _ => Err(Problem::NotAPicture),
    }
}

/// Both squares of the picture in `bytes`, of which nothing is kept but what can be seen.
///
/// # Errors
/// What is wrong with it. A decoder may panic as well: the caller takes that for [`Problem::Broken`].
pub(crate) fn squares(bytes: Vec<u8>, format: ImageFormat) -> Result<Squares, Problem> {
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

/// A picture for a text: upright, and no larger than it is shown.
#[derive(Debug, Clone)]
pub(crate) struct Scaled {
    /// The ending of its name.
    pub kind: &'static str,
    /// Its content.
    pub file: Vec<u8>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// The picture in `bytes` for a text; of a moving one, its first moment.
///
/// # Errors
/// What is wrong with it. A decoder may panic as well: the caller takes that for [`Problem::Broken`].
pub(crate) fn scaled(bytes: Vec<u8>, format: ImageFormat) -> Result<Scaled, Problem> {
    let (mut image, orientation) = decoded(bytes, format)?;
    image.apply_orientation(orientation);
    if image.width() > IMAGE_MAX_WIDTH || image.height() > IMAGE_MAX_HEIGHT {
        image = image.resize(IMAGE_MAX_WIDTH, IMAGE_MAX_HEIGHT, FilterType::CatmullRom);
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
    let file = files.pop().ok_or(Problem::Broken)?;
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

fn upright_square(bytes: Vec<u8>, format: ImageFormat) -> Result<DynamicImage, Problem> {
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
) -> Result<Vec<Vec<u8>>, Problem> {
    images
        .iter()
        .map(|image| {
            encode(image).map_err(|error| {
                tracing::error!(%error, "a picture cannot be written");
                Problem::Broken
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
