//! Decoding of JPEG, with the decoder that `image` uses as well. Through `image`, missing rows become grey without an
//! error, and CMYK samples are not accessible.

use image::{DynamicImage, GrayImage, RgbImage, metadata::Orientation};
use zune_jpeg::{
    JpegDecoder,
    errors::DecodeErrors,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::{colours::Colours, decoded::check, profile};
use crate::platform::digest;
use shared::forms::FieldProblem;

/// The end-of-image marker.
const EOI: [u8; 2] = [0xff, 0xd9];
/// The number of bytes that are appended in place of missing ones.
const STAND_IN: usize = 4096;
/// The maximum number of scans of a progressive image, each of which takes as long as decoding a whole image.
/// Encoders write about a dozen.
const SCANS_MAX: usize = 50;

/// Decodes the image in `file`, which must be stripped of all metadata except the colour profile and the orientation.
pub(super) fn decoded(mut file: Vec<u8>) -> Result<(DynamicImage, Orientation), FieldProblem> {
    let head = Head::read(&file)?;
    let pixels = whole(&mut file, &head)?;
    let (width, height) = (u32::from(head.width), u32::from(head.height));
    let mut image = match head.colours {
        ColorSpace::Luma => GrayImage::from_raw(width, height, pixels).map(DynamicImage::from),
        ColorSpace::RGB => RgbImage::from_raw(width, height, pixels).map(DynamicImage::from),
        colours => {
            let pixels = of_print(pixels, usize::from(head.width), colours, head.profile);
            return RgbImage::from_raw(width, height, pixels)
                .map(|image| (image.into(), head.orientation))
                .ok_or(FieldProblem::Broken);
        }
    }
    .ok_or(FieldProblem::Broken)?;
    if let Some(profile) = head.profile {
        profile::to_srgb(&mut image, Colours::Profile(profile));
    }
    Ok((image, head.orientation))
}

/// The headers of a file.
struct Head {
    width: u16,
    height: u16,
    /// The colour space of the decoded pixels.
    colours: ColorSpace,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
}

impl Head {
    fn read(file: &[u8]) -> Result<Self, FieldProblem> {
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options());
        decoder.decode_headers().map_err(|error| refused(&error))?;
        let info = decoder.info().ok_or(FieldProblem::Broken)?;
        let colours = match decoder.input_colorspace() {
            Some(ColorSpace::YCbCr | ColorSpace::RGB) => ColorSpace::RGB,
            Some(colours @ (ColorSpace::Luma | ColorSpace::CMYK | ColorSpace::YCCK)) => colours,
            _ => return Err(FieldProblem::Broken),
        };
        let pixels = u64::from(info.width) * u64::from(info.height);
        let bytes = pixels * u64::try_from(colours.num_components()).unwrap_or(u64::MAX);
        check(u32::from(info.width), u32::from(info.height), bytes)?;
        Ok(Self {
            width: info.width,
            height: info.height,
            colours,
            orientation: decoder
                .exif()
                .and_then(|exif| Orientation::from_exif_chunk(exif))
                .unwrap_or(Orientation::NoTransforms),
            profile: decoder.icc_profile(),
        })
    }
}

/// Strict, because otherwise undecodable data becomes grey.
fn options() -> DecoderOptions {
    DecoderOptions::default()
        .set_strict_mode(true)
        .jpeg_set_max_scans(SCANS_MAX)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
}

/// Returns the pixels of `file` if it contains all rows.
///
/// The decoder continues with zeros if a file ends too early. The file is therefore decoded twice, with different
/// bytes after its data and different initial contents of the buffer. The results are equal if neither was used.
fn whole(file: &mut Vec<u8>, head: &Head) -> Result<Vec<u8>, FieldProblem> {
    if file.ends_with(&EOI) {
        file.truncate(file.len() - EOI.len());
    }
    // An incomplete marker is not part of the data.
    while file.last() == Some(&0xff) {
        file.pop();
    }
    let end = file.len();
    // Pseudorandom bytes, never 0xff, which begins a marker.
    let stand_in = (1_u32..).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0] % 0xff);
    file.extend(stand_in.take(STAND_IN));
    file.extend(EOI);
    let with_stand_in = digest::sha256(pixels(file, head, 0xff)?);
    file.truncate(end);
    file.extend(EOI);
    let pixels = pixels(file, head, 0)?;
    if digest::sha256(&pixels) == with_stand_in {
        Ok(pixels)
    } else {
        Err(FieldProblem::Broken)
    }
}

/// Returns the pixels of `file`, with `unread` where the decoder writes none.
fn pixels(file: &[u8], head: &Head, unread: u8) -> Result<Vec<u8>, FieldProblem> {
    let options = options().jpeg_set_out_colorspace(head.colours);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(|error| refused(&error))?;
    let length = decoder.output_buffer_size().ok_or(FieldProblem::Broken)?;
    let mut pixels = vec![unread; length];
    decoder
        .decode_into(&mut pixels)
        .map_err(|error| refused(&error))?;
    Ok(pixels)
}

/// Converts rows of `width` CMYK or YCCK pixels to sRGB. CMYK samples and the K channel of YCCK are inverted: they are
/// the light that passes the ink. Without a usable profile, the light that passes each ink is multiplied.
fn of_print(mut pixels: Vec<u8>, width: usize, colours: ColorSpace, profile: Option<Vec<u8>>) -> Vec<u8> {
    for pixel in pixels.as_chunks_mut().0 {
        let [first, second, third, black] = *pixel;
        let [red, green, blue] = if colours == ColorSpace::YCCK {
            inks(first, second, third)
        } else {
            [first, second, third].map(|light| u8::MAX - light)
        };
        *pixel = [red, green, blue, u8::MAX - black];
    }
    let transform = profile.and_then(profile::of_inks);
    let mut inks = vec![0; width * 4];
    let mut row = vec![0; width * 3];
    let rows = pixels.len() / (width * 4).max(1);
    for number in 0..rows {
        if let Some(before) = pixels.get(number * inks.len()..(number + 1) * inks.len()) {
            inks.copy_from_slice(before);
        }
        if !profile::inks_to_srgb(transform.as_deref(), &inks, &mut row) {
            light(&inks, &mut row);
        }
        // The output is shorter than the input, so that it does not overwrite unread rows.
        if let Some(after) = pixels.get_mut(number * row.len()..(number + 1) * row.len()) {
            after.copy_from_slice(&row);
        }
    }
    pixels.truncate(rows * row.len());
    pixels
}

/// Converts the YCC part of a YCCK pixel to amounts of ink (ITU-T T.871, 7).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is within a byte"
)]
fn inks(brightness: u8, blue: u8, red: u8) -> [u8; 3] {
    let brightness = f32::from(brightness);
    let (blue, red) = (f32::from(blue) - 128.0, f32::from(red) - 128.0);
    [
        brightness + 1.402 * red,
        brightness - 0.344_136 * blue - 0.714_136 * red,
        brightness + 1.772 * blue,
    ]
    .map(|ink| ink.round().clamp(0.0, 255.0) as u8)
}

/// Writes the light that passes `inks` into `row`.
fn light(inks: &[u8], row: &mut [u8]) {
    for ([cyan, magenta, yellow, black], pixel) in inks.as_chunks().0.iter().zip(row.as_chunks_mut().0) {
        let through = |ink: u8| {
            let light = u16::from(u8::MAX - ink) * u16::from(u8::MAX - black);
            u8::try_from((light + 127) / 255).unwrap_or(u8::MAX)
        };
        *pixel = [*cyan, *magenta, *yellow].map(through);
    }
}

fn refused(error: &DecodeErrors) -> FieldProblem {
    tracing::debug!(%error, "a JPEG is refused");
    FieldProblem::Broken
}
