//! Pictures of 16 × 16 pixels whose metadata is designed to use much memory or time.

use std::io::Cursor;

use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, codecs::gif::GifEncoder};

/// The size of metadata that is only long, in bytes.
const LONG: usize = 1_000_000;
/// More than the maximum size of a colour profile, in bytes.
const TOO_LONG: usize = 1_100_000;
/// The size of compressed metadata after inflation, in bytes.
const INFLATED: usize = 155_000_000;

/// A hostile picture.
pub struct Hostile {
    /// A description of its metadata.
    pub name: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// Whether it is rejected. Otherwise its metadata is dropped and the picture is accepted.
    pub is_refused: bool,
}

/// Returns one picture for each known way to hide large data in a small file.
pub fn all() -> Vec<Hostile> {
    let inflating = fdeflate::compress_to_vec(&vec![0; INFLATED]);
    let bomb = |prefix: &[u8]| [prefix, &inflating].concat();
    let xmp = jpeg_segment(0xe1, &extended_xmp());
    let pictures = [
        ("PNG iCCP", png_with(&chunk(b"iCCP", &bomb(b"p\0\0"))), true),
        ("PNG zTXt", png_with(&chunk(b"zTXt", &bomb(b"k\0\0"))), false),
        (
            "PNG iTXt",
            png_with(&chunk(b"iTXt", &bomb(b"XML:com.adobe.xmp\0\x01\0\0\0"))),
            false,
        ),
        ("PNG many tEXt", png_with(&many(&chunk(b"tEXt", b"k\0"))), false),
        (
            "PNG many iTXt",
            png_with(&many(&chunk(b"iTXt", b"k\0\0\0\0\0"))),
            false,
        ),
        (
            "PNG eXIf",
            png_with(&chunk(b"eXIf", &vec![b'M'; TOO_LONG])),
            false,
        ),
        ("JPEG ICC profile", jpeg_with(&jpeg_profile(TOO_LONG)), true),
        ("JPEG many extended XMP", jpeg_with(&many(&xmp)), false),
        (
            "JPEG many IPTC",
            jpeg_with(&many(&jpeg_segment(0xed, b"Photoshop 3.0\0x"))),
            false,
        ),
        (
            "JPEG many comments",
            jpeg_with(&many(&jpeg_segment(0xfe, b""))),
            false,
        ),
        (
            "WebP ICCP",
            small_webp_with(&[(*b"ICCP", &vec![0; TOO_LONG])]),
            true,
        ),
        (
            "WebP EXIF and XMP",
            small_webp_with(&[(*b"EXIF", &vec![b'M'; TOO_LONG]), (*b"XMP ", b"<x/>")]),
            false,
        ),
        ("WebP EXIF of 4 GB", webp_with_endless_exif(), false),
        (
            "GIF XMP",
            gif_with(&gif_extension(0xff, b"XMP DataXMP", &vec![b'x'; LONG])),
            false,
        ),
        (
            "GIF many comments",
            gif_with(&many(&gif_extension(0xfe, b"c", b""))),
            false,
        ),
    ];
    pictures
        .into_iter()
        .map(|(name, bytes, is_refused)| Hostile {
            name,
            bytes,
            is_refused,
        })
        .collect()
}

/// Returns `part`, repeated up to [`LONG`] bytes.
fn many(part: &[u8]) -> Vec<u8> {
    part.repeat(LONG / part.len())
}

fn small() -> DynamicImage {
    RgbImage::from_pixel(16, 16, Rgb([200, 30, 90])).into()
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn inserted(mut file: Vec<u8>, at: usize, part: &[u8]) -> Vec<u8> {
    file.splice(at..at, part.iter().copied());
    file
}

/// Returns a PNG chunk.
pub fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let crc = kind.iter().chain(content).fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    });
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length, kind, content, &(!crc).to_be_bytes()].concat()
}

/// Returns a PNG with `chunks` after its header.
pub fn png_with(chunks: &[u8]) -> Vec<u8> {
    // The position after the signature and IHDR.
    inserted(encoded(&small(), ImageFormat::Png), 8 + 25, chunks)
}

/// Returns a PNG with a colour profile of so many bytes.
pub fn png_with_profile(length: usize) -> Vec<u8> {
    let profile = fdeflate::compress_to_vec(&vec![0; length]);
    png_with(&chunk(b"iCCP", &[b"p\0\0", profile.as_slice()].concat()))
}

/// Returns a JPEG segment.
fn jpeg_segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], length.as_slice(), content].concat()
}

/// Returns the segments of a colour profile of so many bytes.
fn jpeg_profile(length: usize) -> Vec<u8> {
    let profile = vec![0; length];
    let parts: Vec<&[u8]> = profile.chunks(65_000).collect();
    let count = u8::try_from(parts.len()).unwrap();
    let segment = |(number, part): (u8, &[u8])| {
        jpeg_segment(
            0xe2,
            &[b"ICC_PROFILE\0", [number, count].as_slice(), part].concat(),
        )
    };
    (1..).zip(parts).flat_map(segment).collect()
}

/// Returns a part of an XMP packet that is never complete.
fn extended_xmp() -> Vec<u8> {
    let (whole, offset) = (u32::MAX.to_be_bytes(), 1_u32.to_be_bytes());
    [
        b"http://ns.adobe.com/xmp/extension/\0".as_slice(),
        &[b'A'; 32],
        &whole,
        &offset,
    ]
    .concat()
}

/// Returns a JPEG that begins with `segments`.
fn jpeg_with(segments: &[u8]) -> Vec<u8> {
    inserted(encoded(&small(), ImageFormat::Jpeg), 2, segments)
}

fn riff_chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let padding = vec![0; content.len() % 2];
    [kind.as_slice(), &length, content, &padding].concat()
}

/// Returns a WebP with `chunks` around its image data, in the order that the format requires.
fn small_webp_with(chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    webp_with(&small(), chunks)
}

/// Returns a WebP of a square `image` with `chunks`.
pub fn webp_with(image: &DynamicImage, chunks: &[([u8; 4], &[u8])]) -> Vec<u8> {
    let simple = encoded(image, ImageFormat::WebP);
    let mut flags = 0;
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (kind, content) in chunks {
        let (flag, place) = match kind {
            b"ICCP" => (0x20, &mut before),
            b"EXIF" => (0x08, &mut after),
            b"XMP " => (0x04, &mut after),
            _ => (0, &mut after),
        };
        flags |= flag;
        place.extend(riff_chunk(*kind, content));
    }
    let body = [
        b"WEBP".as_slice(),
        &extended_header(image, flags),
        &before,
        simple.get(12..).unwrap(),
        &after,
    ]
    .concat();
    riff_chunk(*b"RIFF", &body)
}

fn extended_header(image: &DynamicImage, flags: u8) -> Vec<u8> {
    let side = (image.width() - 1).to_le_bytes();
    let header = [&[flags, 0, 0, 0], &side[..3], &side[..3]].concat();
    riff_chunk(*b"VP8X", &header)
}

/// Returns an animated WebP of square images.
pub fn moving_webp(images: &[DynamicImage]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    body.extend(extended_header(images.first().unwrap(), 0x02));
    body.extend(riff_chunk(*b"ANIM", &[0; 6]));
    for image in images {
        let side = (image.width() - 1).to_le_bytes();
        let place = [&[0; 6], &side[..3], &side[..3], &[100, 0, 0, 0]].concat();
        let file = encoded(image, ImageFormat::WebP);
        let picture = file.get(12..).unwrap();
        body.extend(riff_chunk(*b"ANMF", &[&place, picture].concat()));
    }
    riff_chunk(*b"RIFF", &body)
}

/// Returns an animated GIF.
pub fn moving_gif(images: &[DynamicImage]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for image in images {
        encoder.encode_frame(Frame::new(image.to_rgba8())).unwrap();
    }
    drop(encoder);
    bytes
}

/// Returns a WebP with a chunk whose declared length exceeds that of any file.
fn webp_with_endless_exif() -> Vec<u8> {
    let mut file = small_webp_with(&[(*b"EXIF", b"MM")]);
    let at = file.windows(4).rposition(|window| window == b"EXIF").unwrap();
    file.splice(at + 4..at + 8, [0xf0, 0xff, 0xff, 0xff]);
    file
}

/// Returns a GIF extension whose content begins with the separate block `first`.
fn gif_extension(label: u8, first: &[u8], rest: &[u8]) -> Vec<u8> {
    let mut extension = vec![0x21, label];
    for block in [first].into_iter().chain(rest.chunks(255)) {
        extension.push(u8::try_from(block.len()).unwrap());
        extension.extend(block);
    }
    extension.push(0);
    extension
}

/// Returns a GIF with `extensions` before its image.
fn gif_with(extensions: &[u8]) -> Vec<u8> {
    let file = encoded(&small(), ImageFormat::Gif);
    let descriptor = file.get(10).unwrap();
    let palette = if descriptor & 0x80 == 0 {
        0
    } else {
        3 << ((descriptor & 7) + 1)
    };
    inserted(file, 13 + palette, extensions)
}
