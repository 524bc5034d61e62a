//! Tests of pictures with metadata: what is kept of it, and what is rejected.

use image::{GenericImageView, ImageFormat};
use shared::{error::AppError, forms::Field};

use crate::{
    hostile_pictures::{self, chunk, png_with, png_with_profile, webp_with},
    picture::{ada, encoded, files, halves, shown, upload},
};

/// The maximum size of a colour profile, in bytes.
const PROFILE_MAX: usize = 1024 * 1024;

/// Returns the error message of a rejected picture.
fn told(refused: Result<(), AppError>) -> String {
    match refused {
        Err(AppError::Invalid(errors)) => errors.for_field(Field::Picture).unwrap().message(),
        other => panic!("{other:?}"),
    }
}

// UPL-02
#[tokio::test]
async fn hostile_metadata_is_dropped_and_a_colour_profile_that_is_too_large_is_named() {
    let (site, ada) = ada().await;
    for hostile in hostile_pictures::all() {
        let uploaded = upload(&ada, hostile.bytes).await;
        if hostile.is_refused {
            assert_eq!(
                told(uploaded),
                "Choose a picture without a colour profile, or with one of at most 1 MiB",
                "{}",
                hostile.name
            );
        } else {
            assert_eq!(uploaded, Ok(()), "{}", hostile.name);
            assert_eq!(shown(&site, &ada).await[0].1.dimensions(), (128, 128));
        }
    }
    assert_eq!(files(&site), 2);
}

#[tokio::test]
async fn a_colour_profile_has_up_to_a_mebibyte() {
    let (_site, ada) = ada().await;
    assert_eq!(upload(&ada, png_with_profile(PROFILE_MAX)).await, Ok(()));
    assert!(upload(&ada, png_with_profile(PROFILE_MAX + 1)).await.is_err());
    // A profile that cannot be inflated is ignored, as in browsers.
    let broken = png_with(&chunk(b"iCCP", b"p\0\0no deflate"));
    assert_eq!(upload(&ada, broken).await, Ok(()));
}

/// Returns Exif data according to which the top of the picture is on the right.
fn turned() -> Vec<u8> {
    let head = b"MM\0\x2a\0\0\0\x08\0\x01";
    let orientation = b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    [head.as_slice(), orientation].concat()
}

#[tokio::test]
async fn a_png_and_a_webp_are_upright() {
    let (site, ada) = ada().await;
    let png = encoded(&halves(400, 400), ImageFormat::Png);
    let (head, rest) = png.split_at(8 + 25);
    let png = [head, &chunk(b"eXIf", &turned()), rest].concat();
    let webp = webp_with(&halves(400, 400), &[(*b"EXIF", &turned()), (*b"XMP ", b"<x/>")]);
    for (name, file) in [("PNG", png), ("WebP", webp)] {
        upload(&ada, file).await.unwrap();
        let image = &shown(&site, &ada).await[1].1;
        // The left side of the file is the top of the upright picture.
        assert!(image.get_pixel(128, 9)[0] > 200, "{name}");
        assert!(image.get_pixel(128, 246)[2] > 200, "{name}");
    }
}

#[tokio::test]
async fn of_a_moving_picture_the_first_moment_is_kept() {
    let (site, ada) = ada().await;
    for (name, file) in [
        (
            "GIF",
            hostile_pictures::moving_gif(&[halves(64, 64), halves(64, 64).rotate180()]),
        ),
        (
            "WebP",
            hostile_pictures::moving_webp(&[halves(64, 64), halves(64, 64).rotate180()]),
        ),
    ] {
        upload(&ada, file).await.unwrap();
        let image = &shown(&site, &ada).await[1].1;
        assert!(image.get_pixel(9, 128)[0] > 200, "{name}");
        assert!(image.get_pixel(246, 128)[2] > 200, "{name}");
    }
}
