//! Tests of pictures whose file is too long or too short: data after a picture is ignored, and a picture is complete if
//! all its rows exist.

use domain::Scope;
use image::{DynamicImage, ImageFormat, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use shared::{
    error::AppError,
    forms::{Field, FieldProblem},
};

use crate::{
    picture::{ada, encoded, shown, upload},
    site::Site,
};

const WIDTH: u16 = 93;
const HEIGHT: u16 = 61;

/// Returns samples without a pattern that are smooth enough for a photograph.
fn samples(channels: u32) -> Vec<u8> {
    let mut seed = 7_u32;
    (0..u32::from(WIDTH) * u32::from(HEIGHT) * channels)
        .map(|at| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u8::try_from((at / 97 + (seed >> 26)) % 256).unwrap()
        })
        .collect()
}

fn jpeg(colours: ColorType, set: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let channels = match colours {
        ColorType::Luma => 1,
        ColorType::Rgb => 3,
        _ => 4,
    };
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    set(&mut encoder);
    encoder
        .encode(&samples(channels), WIDTH, HEIGHT, colours)
        .unwrap();
    file
}

/// Returns JPEG files in the variants that cameras and programs write.
fn jpegs() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("plain", jpeg(ColorType::Rgb, |_| {})),
        ("grey", jpeg(ColorType::Luma, |_| {})),
        (
            "coarse colours",
            jpeg(ColorType::Rgb, |it| it.set_sampling_factor(SamplingFactor::F_2_2)),
        ),
        (
            "wide colours",
            jpeg(ColorType::Rgb, |it| it.set_sampling_factor(SamplingFactor::F_2_1)),
        ),
        (
            "one scan for each colour",
            jpeg(ColorType::Rgb, |it| it.set_optimized_huffman_tables(true)),
        ),
        ("restarts", jpeg(ColorType::Rgb, |it| it.set_restart_interval(3))),
        ("progressive", jpeg(ColorType::Rgb, |it| it.set_progressive(true))),
        (
            "progressive with coarse colours",
            jpeg(ColorType::Rgb, |it| {
                it.set_progressive(true);
                it.set_sampling_factor(SamplingFactor::F_2_2);
            }),
        ),
        (
            "progressive grey",
            jpeg(ColorType::Luma, |it| it.set_progressive(true)),
        ),
        ("print", jpeg(ColorType::Cmyk, |_| {})),
        ("print by brightness", jpeg(ColorType::CmykAsYcck, |_| {})),
    ]
}

fn others() -> Vec<(&'static str, ImageFormat, Vec<u8>)> {
    let image = RgbImage::from_raw(u32::from(WIDTH), u32::from(HEIGHT), samples(3)).unwrap();
    let image = DynamicImage::from(image);
    [
        ("PNG", ImageFormat::Png),
        ("GIF", ImageFormat::Gif),
        ("WebP", ImageFormat::WebP),
    ]
    .map(|(name, format)| (name, format, encoded(&image, format)))
    .to_vec()
}

fn all() -> Vec<(&'static str, Vec<u8>)> {
    let others = others().into_iter().map(|(name, _, file)| (name, file));
    jpegs().into_iter().chain(others).collect()
}

/// Returns the pixels of the larger picture that is created from `file`.
async fn seen(site: &Site, scope: &Scope, file: &[u8], what: &str) -> Vec<u8> {
    if let Err(error) = upload(scope, file.to_vec()).await {
        panic!("{what}: {error:?}");
    }
    shown(site, scope).await.swap_remove(1).0
}

async fn assert_broken(scope: &Scope, file: &[u8], what: &str) {
    let problem = match upload(scope, file.to_vec()).await {
        Err(AppError::Invalid(errors)) => errors.for_field(Field::Picture).unwrap().problem,
        other => panic!("{what}: {other:?}"),
    };
    assert_eq!(problem, FieldProblem::Broken, "{what}");
}

#[tokio::test]
async fn a_photograph_with_a_video_behind_it_is_a_photograph() {
    let (site, ada) = ada().await;
    let both = include_bytes!("pictures/photo-with-video.jpg");
    let end = both.windows(2).position(|pair| pair == [0xff, 0xd9]).unwrap() + 2;
    let alone = seen(&site, &ada, &both[..end], "alone").await;
    assert_eq!(seen(&site, &ada, both, "with its video").await, alone);
}

#[tokio::test]
async fn whatever_follows_a_picture_is_ignored() {
    let (site, ada) = ada().await;
    let other = jpeg(ColorType::Rgb, |it| it.set_progressive(true));
    let tails: [&[u8]; _] = [
        b"\0\0\0\x18ftypmp42 \xff\xda more video \xff\xd9 and more",
        b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\x34",
        b"\xff\xd9",
        b"\0\0\0\0IEND\xae\x42\x60\x82",
        b"EXIF\xff\xff\xff\x7fANMF\x10\0\0\0",
        b"\0\0\0\0\x2c\0\0\0\0",
        &[0xff; 5_000],
        &other,
    ];
    for (name, file) in all() {
        let alone = seen(&site, &ada, &file, name).await;
        for (number, tail) in tails.iter().enumerate() {
            let what = format!("{name} with tail {number}");
            let both = [file.as_slice(), tail].concat();
            assert_eq!(seen(&site, &ada, &both, &what).await, alone, "{what}");
        }
    }
}

#[tokio::test]
async fn a_picture_that_lacks_its_end_alone_is_whole() {
    let (site, ada) = ada().await;
    for (name, file) in all() {
        let whole = seen(&site, &ada, &file, name).await;
        // The lengths of the ends: a marker in a JPEG; a chunk and the preceding checksum in a PNG; nothing in a WebP;
        // an empty block and a trailer in a GIF.
        let ends: &[usize] = match name {
            "PNG" => &[1, 4, 12, 16],
            "WebP" => &[],
            _ => &[1, 2],
        };
        for end in ends {
            let what = format!("{name} without {end}");
            let cut = &file[..file.len() - end];
            assert_eq!(seen(&site, &ada, cut, &what).await, whole, "{what}");
        }
    }
}

#[tokio::test]
async fn a_jpeg_without_its_end_that_a_video_follows_is_whole() {
    let (site, ada) = ada().await;
    for (name, file) in jpegs() {
        let whole = seen(&site, &ada, &file, name).await;
        let cut = &file[..file.len() - 2];
        let both = [cut, b"\0\0\0\x18ftypmp42 more video".as_slice()].concat();
        assert_eq!(seen(&site, &ada, &both, name).await, whole, "{name}");
    }
}

#[tokio::test]
async fn a_picture_that_has_lost_rows_is_refused_whether_or_not_it_has_an_end() {
    let (_site, ada) = ada().await;
    let end_of = |format| match format {
        ImageFormat::Png => b"\0\0\0\0IEND\xae\x42\x60\x82".as_slice(),
        ImageFormat::Gif => b"\0\x3b",
        ImageFormat::WebP => b"",
        _ => b"\xff\xd9",
    };
    let jpegs = jpegs()
        .into_iter()
        .map(|(name, file)| (name, ImageFormat::Jpeg, file));
    for (name, format, file) in jpegs.chain(others()) {
        for part in [33, 50, 66, 90] {
            let what = format!("{part} % of {name}");
            let cut = &file[..file.len() * part / 100];
            assert_broken(&ada, cut, &what).await;
            assert_broken(&ada, &[cut, end_of(format)].concat(), &what).await;
        }
    }
}
