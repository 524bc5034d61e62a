//! Tests of profile pictures.

use std::io::Cursor;

use domain::{Scope, media::avatars};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem},
    model::media::{Avatar, PictureSize},
};

use crate::{hostile_pictures::chunk, site::Site};

/// Returns random noise in place of a photograph, because lossless formats cannot compress it.
fn photograph(width: u32, height: u32) -> DynamicImage {
    let mut seed = 1_u32;
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb(seed.to_be_bytes()[..3].try_into().unwrap())
    }))
}

/// Returns a picture whose left half is red and whose right half is blue.
pub fn halves(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    }))
}

pub fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub async fn upload(scope: &Scope, bytes: Vec<u8>) -> Result<(), AppError> {
    let viewer = scope.require_viewer().await.unwrap();
    let room = avatars::reserve(scope, &viewer).await?;
    avatars::change(scope, &viewer, room, bytes).await
}

async fn refusal(scope: &Scope, bytes: Vec<u8>) -> FieldProblem {
    match upload(scope, bytes).await {
        Err(AppError::Invalid(errors)) => errors.for_field(Field::Picture).unwrap().problem,
        other => panic!("{other:?}"),
    }
}

pub async fn current(site: &Site, scope: &Scope) -> Option<Avatar> {
    site.again(scope).await.viewer().await.unwrap().unwrap().picture
}

/// Returns the format of the current picture, which is its file name extension.
async fn kind(site: &Site, scope: &Scope) -> String {
    let picture = current(site, scope).await.unwrap();
    picture.name().rsplit_once('.').unwrap().1.to_owned()
}

/// Returns both files of the current picture, each with its decoded image.
pub async fn shown(site: &Site, scope: &Scope) -> Vec<(Vec<u8>, DynamicImage)> {
    let picture = current(site, scope).await.unwrap();
    let mut files = Vec::new();
    for size in PictureSize::ALL {
        let bytes = site
            .state
            .media
            .store
            .read_at(&format!("picture/{}", picture.file(size)))
            .await
            .unwrap()
            .to_vec();
        let image = image::load_from_memory(&bytes).unwrap();
        files.push((bytes, image));
    }
    files
}

pub fn files(site: &Site) -> usize {
    std::fs::read_dir(site.folder.path().join("media/picture")).map_or(0, Iterator::count)
}

pub async fn ada() -> (Site, Scope) {
    let site = Site::new().await;
    site.register("ada").await;
    let scope = site.signed_in("ada").await;
    (site, scope)
}

#[tokio::test]
async fn each_format_becomes_two_squares_cut_from_the_middle() {
    let (site, ada) = ada().await;
    for format in [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::WebP,
        ImageFormat::Gif,
    ] {
        for (width, height) in [(600, 300), (300, 600), (1, 1), (2_500, 2_000)] {
            upload(&ada, encoded(&halves(width, height), format))
                .await
                .unwrap();
            let files = shown(&site, &ada).await;
            let sizes: Vec<_> = files.iter().map(|(_, image)| image.dimensions()).collect();
            assert_eq!(sizes, [(128, 128), (256, 256)], "{format:?} {width}×{height}");
            if width > 1 {
                let image = &files[1].1;
                let (left, right) = (image.get_pixel(20, 128), image.get_pixel(236, 128));
                assert!(
                    left[0] > 200 && left[2] < 60,
                    "{format:?} {width}×{height} {left:?}"
                );
                assert!(
                    right[2] > 200 && right[0] < 60,
                    "{format:?} {width}×{height} {right:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn the_smaller_of_two_formats_is_kept_and_transparency_stays() {
    let (site, ada) = ada().await;
    upload(&ada, encoded(&photograph(400, 400), ImageFormat::Png))
        .await
        .unwrap();
    assert_eq!(kind(&site, &ada).await, "jpg");
    upload(&ada, encoded(&halves(400, 400), ImageFormat::Png))
        .await
        .unwrap();
    assert_eq!(kind(&site, &ada).await, "webp");

    let glass = RgbaImage::from_pixel(300, 300, Rgba([10, 20, 30, 0]));
    upload(&ada, encoded(&DynamicImage::ImageRgba8(glass), ImageFormat::Png))
        .await
        .unwrap();
    assert_eq!(shown(&site, &ada).await[1].1.get_pixel(9, 9)[3], 0);
}

/// Returns a JPEG with the metadata of a camera: rotated by 90 degrees, with a location, as much text as a thumbnail,
/// and a comment.
fn with_notes(image: &DynamicImage) -> Vec<u8> {
    let jpeg = encoded(image, ImageFormat::Jpeg);
    let (start, rest) = jpeg.split_at(2);
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], length.as_slice(), content].concat()
    };
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    // One entry: orientation (0x0112), a short, with the value 6: the top is on the right.
    exif.extend_from_slice(b"\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0");
    exif.extend_from_slice(b"GPS 51.5074 N SECRETPLACE");
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRETXMP</x:xmpmeta>";
    [
        start,
        &segment(0xe1, &exif),
        &segment(0xe1, xmp),
        &segment(0xfe, b"SECRETCOMMENT"),
        rest,
    ]
    .concat()
}

// UPL-05
#[tokio::test]
async fn a_picture_is_upright_and_keeps_nothing_of_what_the_camera_has_noted() {
    let (site, ada) = ada().await;
    let noted = with_notes(&halves(400, 400));
    assert!(noted.windows(6).any(|window| window == b"SECRET"));
    upload(&ada, noted).await.unwrap();
    for (bytes, image) in shown(&site, &ada).await {
        for trace in [b"SECRET".as_slice(), b"Exif", b"xmpmeta", b"GPS "] {
            assert!(!bytes.windows(trace.len()).any(|window| window == trace));
        }
        // The left side of the file is the top of the upright picture.
        let middle = image.width() / 2;
        assert!(image.get_pixel(middle, 9)[0] > 200);
        assert!(image.get_pixel(middle, image.height() - 9)[2] > 200);
    }
}

// UPL-03
#[tokio::test]
async fn of_a_file_that_is_two_things_at_once_only_the_picture_is_kept() {
    let (site, ada) = ada().await;
    let script = b"<script>alert(document.domain)</script>PK\x03\x04";
    for format in [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::Gif,
        ImageFormat::WebP,
    ] {
        let both = [encoded(&halves(200, 200), format), script.to_vec()].concat();
        upload(&ada, both).await.unwrap();
        for (bytes, _) in shown(&site, &ada).await {
            assert!(
                !bytes.windows(8).any(|window| window == b"<script>"),
                "{format:?}"
            );
        }
    }
}

// UPL-04
#[tokio::test]
async fn what_is_no_picture_is_refused_whatever_it_is_called() {
    let (_site, ada) = ada().await;
    for content in [
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "<!DOCTYPE html><script>alert(1)</script>",
        "<?xml version='1.0'?><x/>",
        "%PDF-1.7",
        "GIF",
        "BM\x36\x00",
        "",
    ] {
        assert_eq!(
            refusal(&ada, content.into()).await,
            FieldProblem::NotAPicture,
            "{content:?}"
        );
    }
}

fn png_of(width: u32, height: u32) -> Vec<u8> {
    let header = [
        &width.to_be_bytes(),
        &height.to_be_bytes(),
        [8, 6, 0, 0, 0].as_slice(),
    ]
    .concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"IDAT", b"\x78\x9c"),
        chunk(b"IEND", b""),
    ]
    .concat()
}

// UPL-02
#[tokio::test]
async fn a_bomb_is_refused_by_what_its_header_says() {
    let (_site, ada) = ada().await;
    let mut jpeg = encoded(&halves(16, 16), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|window| window == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    let gif = [
        b"GIF89a".as_slice(),
        &[0xff; 4],
        &[0, 0, 0, 0x2c, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 2],
    ]
    .concat();
    for (name, bomb) in [
        ("PNG 50,000²", png_of(50_000, 50_000)),
        ("PNG 1 × 60,000", png_of(1, 60_000)),
        ("PNG 6,000²", png_of(6_000, 6_000)),
        ("JPEG 65,500²", jpeg),
        ("GIF 65,535²", gif),
    ] {
        assert_eq!(refusal(&ada, bomb).await, FieldProblem::TooManyPixels, "{name}");
    }
}

#[tokio::test]
async fn a_damaged_picture_is_refused_and_the_one_before_stays() {
    let (site, ada) = ada().await;
    upload(&ada, encoded(&halves(200, 200), ImageFormat::Png))
        .await
        .unwrap();
    let before = current(&site, &ada).await;
    for format in [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::WebP,
        ImageFormat::Gif,
    ] {
        let mut half = encoded(&photograph(200, 200), format);
        half.truncate(half.len() / 3);
        assert_eq!(refusal(&ada, half).await, FieldProblem::Broken, "{format:?}");
    }
    assert_eq!(current(&site, &ada).await, before);
    assert_eq!(files(&site), 2);
}

// UPL-01
#[tokio::test]
async fn the_words_say_what_to_choose() {
    let error = FieldErrors::one(Field::Picture, FieldProblem::TooManyPixels);
    let text = error.for_field(Field::Picture).unwrap().message();
    assert_eq!(
        text,
        "Choose a picture of at most 24 megapixels and 20000 pixels per side"
    );
}
