//! The icon of the site.

use image::{
    DynamicImage, ImageFormat, Rgba, RgbaImage,
    codecs::png::{CompressionType, FilterType as RowFilter, PngEncoder},
    imageops::{self, FilterType},
};

use super::{encode_all, upright_square};
use shared::{forms::FieldProblem, model::site_image::IconFile};

/// The background of an icon that may not be transparent: `--paper` of the light theme in `style/theme.css`.
const PAPER: Rgba<u8> = Rgba([0xfb, 0xfa, 0xf6, 0xff]);
/// The share of a maskable icon that is always seen, in percent (W3C, Web Application Manifest, icon masks).
const SAFE_ZONE: u32 = 80;

/// Makes the files of the site's icon of the image in `bytes`, in the order of [`IconFile::ALL`]. It is cropped to a
/// square from the middle, and nothing but the visible pixels is kept.
///
/// # Errors
///
/// Returns the problem of the image. A decoder may also panic, which the caller treats as [`FieldProblem::Broken`].
pub(crate) fn icon(bytes: Vec<u8>, format: ImageFormat) -> Result<Vec<Vec<u8>>, FieldProblem> {
    let square = upright_square(bytes, format)?;
    let scaled = |side: u32| square.resize_exact(side, side, FilterType::Lanczos3).to_rgba8();
    let files = IconFile::ALL.map(|file| {
        let pixels = file.pixels();
        DynamicImage::from(match file {
            IconFile::Favicon | IconFile::Small | IconFile::Large => scaled(pixels),
            IconFile::Touch => on_background(&scaled(pixels), pixels),
            IconFile::Maskable => on_background(&scaled(pixels * SAFE_ZONE / 100), pixels),
        })
    });
    encode_all(&files, png)
}

/// Returns `image` in the middle of an opaque square.
///
/// An opaque image continues in the colour of its corner, so that no edge is seen.
fn on_background(image: &RgbaImage, side: u32) -> RgbaImage {
    let corner = image.get_pixel_checked(0, 0).copied();
    let is_opaque = |pixel: &Rgba<u8>| pixel.0.last() == Some(&u8::MAX);
    let background = corner.filter(is_opaque).unwrap_or(PAPER);
    let mut square = RgbaImage::from_pixel(side, side, background);
    let margin = i64::from((side - image.width()) / 2);
    imageops::overlay(&mut square, image, margin, margin);
    square
}

fn png(image: &DynamicImage) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, RowFilter::Adaptive);
    image.write_with_encoder(encoder)?;
    Ok(bytes)
}
