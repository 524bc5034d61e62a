//! Tests of pictures with a colour profile: they are shown in the colours that the profile defines.
//!
//! The profiles are generated according to the standard (ICC.1), and the expected colours are computed from the
//! definitions of the colour spaces.

use image::{DynamicImage, GenericImageView, ImageBuffer, ImageEncoder, Luma, LumaA, Rgb, RgbImage, Rgba};
use jpeg_encoder::{ColorType, Encoder};

use crate::{
    picture::{ada, shown, upload},
    site::Site,
};
use domain::Scope;

/// The tolerance of a sample, because the stored picture may be compressed.
const NEAR: f64 = 3.0;
/// The matrix that converts a colour in the XYZ of profiles (D50) to linear sRGB.
const TO_SRGB: [[f64; 3]; 3] = [
    [3.133_856, -1.616_867, -0.490_615],
    [-0.978_768, 1.916_142, 0.033_454],
    [0.071_945, -0.228_991, 1.405_243],
];
const D50: [f64; 3] = [0.964_2, 1.0, 0.824_9];

/// An RGB colour space: the XYZ values of its primaries, and the exponent of its curve.
struct Space {
    name: &'static str,
    colorants: [[f64; 3]; 3],
    gamma: f64,
}

const SPACES: &[Space] = &[
    Space {
        name: "Display P3 with a plain curve",
        colorants: [
            [0.515_12, 0.241_20, -0.001_05],
            [0.291_98, 0.692_25, 0.041_89],
            [0.157_10, 0.066_57, 0.784_07],
        ],
        gamma: 2.2,
    },
    Space {
        name: "Adobe RGB",
        colorants: [
            [0.609_74, 0.311_11, 0.019_47],
            [0.205_28, 0.625_67, 0.060_87],
            [0.149_19, 0.063_22, 0.744_57],
        ],
        gamma: 2.199_218_75,
    },
    Space {
        name: "ProPhoto RGB",
        colorants: [
            [0.797_67, 0.288_04, 0.0],
            [0.135_19, 0.711_88, 0.0],
            [0.031_34, 0.000_09, 0.824_91],
        ],
        gamma: 1.8,
    },
];
const COLOURS: [[u8; 3]; 4] = [[160, 120, 100], [110, 140, 115], [128, 128, 128], [250, 250, 250]];

fn fixed(number: f64) -> [u8; 4] {
    #[expect(clippy::cast_possible_truncation, reason = "small numbers")]
    let fixed = (number * 65_536.0).round() as i32;
    fixed.to_be_bytes()
}

fn xyz(colour: [f64; 3]) -> Vec<u8> {
    [b"XYZ \0\0\0\0".to_vec(), colour.map(fixed).concat()].concat()
}

/// Returns a parametric curve that consists only of an exponent.
fn curve(gamma: f64) -> Vec<u8> {
    [b"para\0\0\0\0\0\0\0\0".as_slice(), &fixed(gamma)].concat()
}

/// Returns a profile of a device of `class` with the colour space `space`.
fn profile(class: [u8; 4], space: [u8; 4], connection: [u8; 4], tags: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let header = [
        [0; 8].as_slice(),
        &[4, 0x30, 0, 0],
        &class,
        &space,
        &connection,
        &[0; 12],
        b"acsp",
        &[0; 28],
        &D50.map(fixed).concat(),
        &[0; 48],
    ];
    let mut table = u32::try_from(tags.len()).unwrap().to_be_bytes().to_vec();
    let mut contents = Vec::new();
    for (name, content) in tags {
        let start = 128 + 4 + 12 * tags.len() + contents.len();
        table.extend_from_slice(*name);
        table.extend(u32::try_from(start).unwrap().to_be_bytes());
        table.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        contents.extend(content);
        contents.resize(contents.len().next_multiple_of(4), 0);
    }
    let profile = [header.concat(), table, contents].concat();
    let length = u32::try_from(profile.len()).unwrap().to_be_bytes();
    length.into_iter().chain(profile.into_iter().skip(4)).collect()
}

fn profile_of(space: &Space) -> Vec<u8> {
    let [red, green, blue] = space.colorants.map(xyz);
    let curve = curve(space.gamma);
    profile(
        *b"mntr",
        *b"RGB ",
        *b"XYZ ",
        &[
            (b"wtpt", xyz(D50)),
            (b"rXYZ", red),
            (b"gXYZ", green),
            (b"bXYZ", blue),
            (b"rTRC", curve.clone()),
            (b"gTRC", curve.clone()),
            (b"bTRC", curve),
        ],
    )
}

/// Returns a grey profile.
fn grey_profile(gamma: f64) -> Vec<u8> {
    let tags: [(&[u8; 4], Vec<u8>); _] = [(b"wtpt", xyz(D50)), (b"kTRC", curve(gamma))];
    profile(*b"mntr", *b"GRAY", *b"XYZ ", &tags)
}

/// Converts `light` in XYZ to sRGB.
fn srgb(light: [f64; 3]) -> [f64; 3] {
    TO_SRGB.map(|row| {
        let light: f64 = row.iter().zip(light).map(|(part, light)| part * light).sum();
        encoded(light)
    })
}

/// Returns the sRGB sample of a linear value (IEC 61966-2-1).
fn encoded(light: f64) -> f64 {
    let light = light.clamp(0.0, 1.0);
    255.0
        * if light <= 0.003_130_8 {
            12.92 * light
        } else {
            1.055 * light.powf(1.0 / 2.4) - 0.055
        }
}

fn expected(space: &Space, colour: [u8; 3]) -> [f64; 3] {
    let mut light = [0.0; 3];
    for (sample, colorant) in colour.into_iter().zip(space.colorants) {
        let linear = (f64::from(sample) / 255.0).powf(space.gamma);
        for (light, part) in light.iter_mut().zip(colorant) {
            *light += linear * part;
        }
    }
    srgb(light)
}

async fn colour_of(site: &Site, scope: &Scope, file: Vec<u8>) -> [u8; 4] {
    upload(scope, file).await.unwrap();
    shown(site, scope).await.last().unwrap().1.get_pixel(128, 128).0
}

fn assert_near(colour: [u8; 4], expected: [f64; 3], what: &str) {
    let is_near = colour
        .iter()
        .zip(expected)
        .all(|(sample, expected)| (f64::from(*sample) - expected).abs() <= NEAR);
    assert!(is_near, "{what}: {colour:?} instead of {expected:?}");
}

fn png(image: &DynamicImage, profile: Option<Vec<u8>>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut file);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).unwrap();
    }
    image.write_with_encoder(encoder).unwrap();
    file
}

fn webp(image: &DynamicImage, profile: Vec<u8>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut file);
    encoder.set_icc_profile(profile).unwrap();
    image.write_with_encoder(encoder).unwrap();
    file
}

fn jpeg(samples: &[u8], colours: ColorType, profile: Option<&[u8]>) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 100);
    if let Some(profile) = profile {
        encoder.add_icc_profile(profile).unwrap();
    }
    encoder.encode(&samples.repeat(16 * 16), 16, 16, colours).unwrap();
    file
}

fn of_one_colour(colour: [u8; 3]) -> DynamicImage {
    RgbImage::from_pixel(16, 16, Rgb(colour)).into()
}

#[tokio::test]
async fn a_picture_in_display_p3_keeps_its_colours() {
    let (site, ada) = ada().await;
    let file = include_bytes!("pictures/display-p3.png").to_vec();
    upload(&ada, file).await.unwrap();
    let image = &shown(&site, &ada).await[1].1;
    assert_near(image.get_pixel(40, 128).0, [230.0, 60.0, 60.0], "left");
    assert_near(image.get_pixel(216, 128).0, [60.0, 200.0, 80.0], "right");
}

#[tokio::test]
async fn colours_of_a_wider_space_become_those_of_srgb_in_each_format() {
    let (site, ada) = ada().await;
    for space in SPACES {
        let profile = profile_of(space);
        for colour in COLOURS {
            let image = of_one_colour(colour);
            for (format, file) in [
                ("PNG", png(&image, Some(profile.clone()))),
                ("WebP", webp(&image, profile.clone())),
                ("JPEG", jpeg(&colour, ColorType::Rgb, Some(&profile))),
            ] {
                let what = format!("{} {format} {colour:?}", space.name);
                assert_near(colour_of(&site, &ada, file).await, expected(space, colour), &what);
            }
        }
    }
}

#[tokio::test]
async fn colours_of_sixteen_bits_and_beside_transparency_are_converted() {
    let (site, ada) = ada().await;
    let space = &SPACES[1];
    let colour = [160, 120, 100];
    let wide = colour.map(|sample| u16::from(sample) * 257);
    let [red, green, blue] = colour;
    let images: [DynamicImage; _] = [
        ImageBuffer::from_pixel(16, 16, Rgb(wide)).into(),
        ImageBuffer::from_pixel(16, 16, Rgba([red, green, blue, 255])).into(),
        ImageBuffer::from_pixel(16, 16, Rgba([wide[0], wide[1], wide[2], 0x8080])).into(),
    ];
    for image in images {
        let what = format!("{:?}", image.color());
        let file = png(&image, Some(profile_of(space)));
        assert_near(colour_of(&site, &ada, file).await, expected(space, colour), &what);
    }
}

#[tokio::test]
async fn greys_are_converted_by_a_profile_of_greys_or_of_colours() {
    let (site, ada) = ada().await;
    let grey = 90;
    let images: [DynamicImage; _] = [
        ImageBuffer::from_pixel(16, 16, Luma([grey])).into(),
        ImageBuffer::from_pixel(16, 16, LumaA([grey, 255])).into(),
        ImageBuffer::from_pixel(16, 16, Luma([u16::from(grey) * 257])).into(),
        ImageBuffer::from_pixel(16, 16, LumaA([u16::from(grey) * 257, u16::MAX])).into(),
    ];
    let expected = [encoded((f64::from(grey) / 255.0).powf(1.8)); 3];
    for profile in [grey_profile(1.8), profile_of(&SPACES[2])] {
        for image in &images {
            let what = format!("{:?}", image.color());
            let file = png(image, Some(profile.clone()));
            assert_near(colour_of(&site, &ada, file).await, expected, &what);
        }
        let file = jpeg(&[grey], ColorType::Luma, Some(&profile));
        assert_near(colour_of(&site, &ada, file).await, expected, "JPEG");
    }
}

/// The CIELAB colours of cyan, magenta, yellow and black ink on the paper of a fictitious printer.
const INKS: [[f64; 3]; 4] = [
    [55.0, -37.0, -50.0],
    [48.0, 70.0, -5.0],
    [88.0, -5.0, 90.0],
    [0.0, 0.0, 0.0],
];

/// Returns the colour of these inks on paper. Two or more inks together are black.
fn on_paper(inks: [bool; 4]) -> [f64; 3] {
    let used: Vec<[f64; 3]> = INKS
        .into_iter()
        .zip(inks)
        .filter_map(|(ink, is_used)| is_used.then_some(ink))
        .collect();
    match used[..] {
        [] => [100.0, 0.0, 0.0],
        [ink] => ink,
        _ => [0.0, 0.0, 0.0],
    }
}

/// Returns the profile of that printer: a table with only the corners (`mft1`).
fn printer_profile() -> Vec<u8> {
    let straight: Vec<u8> = (0..=u8::MAX).collect();
    let mut table = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
    for row in [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] {
        table.extend(row.map(fixed).concat());
    }
    table.extend(straight.repeat(4));
    for corner in 0..16_u8 {
        // The last channel changes first.
        let [lightness, a, b] = on_paper([8, 4, 2, 1].map(|bit| corner & bit != 0));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "within a byte"
        )]
        table.extend([(lightness * 2.55).round(), a + 128.0, b + 128.0].map(|number| number as u8));
    }
    table.extend(straight.repeat(3));
    profile(*b"prtr", *b"CMYK", *b"Lab ", &[(b"A2B0", table)])
}

/// Converts a CIELAB colour to sRGB, by way of XYZ (CIE 15).
fn srgb_of_lab([lightness, green_red, blue_yellow]: [f64; 3]) -> [f64; 3] {
    let middle = (lightness + 16.0) / 116.0;
    let roots = [middle + green_red / 500.0, middle, middle - blue_yellow / 200.0];
    let cube = |root: f64| {
        if root > 6.0 / 29.0 {
            root.powi(3)
        } else {
            (root - 4.0 / 29.0) * 3.0 * (6.0_f64 / 29.0).powi(2)
        }
    };
    let mut light = roots.map(cube);
    for (light, white) in light.iter_mut().zip(D50) {
        *light *= white;
    }
    srgb(light)
}

#[tokio::test]
async fn a_jpeg_for_print_is_shown_as_its_profile_says() {
    let (site, ada) = ada().await;
    let profile = printer_profile();
    let paper = on_paper([false; 4]);
    for colours in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        for (inks, lab) in [
            ([0, 0, 0, 0], paper),
            ([255, 0, 0, 0], INKS[0]),
            ([0, 255, 0, 0], INKS[1]),
            ([0, 0, 255, 0], INKS[2]),
            ([0, 0, 0, 255], INKS[3]),
            ([0, 0, 0, 127], [50.2, 0.0, 0.0]),
            ([0, 64, 0, 0], [87.0, 17.6, -1.25]),
        ] {
            let file = jpeg(&inks, colours, Some(&profile));
            let what = format!("{colours:?} {inks:?}");
            assert_near(colour_of(&site, &ada, file).await, srgb_of_lab(lab), &what);
        }
    }
}

#[tokio::test]
async fn a_jpeg_for_print_without_a_profile_lets_light_through_one_ink_after_the_other() {
    let (site, ada) = ada().await;
    let useless = profile_of(&SPACES[0]);
    for colours in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        for (inks, expected) in [
            ([0, 0, 0, 0], [255.0, 255.0, 255.0]),
            ([255, 0, 0, 0], [0.0, 255.0, 255.0]),
            ([0, 100, 50, 0], [255.0, 155.0, 205.0]),
            ([0, 0, 0, 155], [100.0, 100.0, 100.0]),
            ([55, 0, 0, 155], [78.4, 100.0, 100.0]),
        ] {
            // A profile for other colours has the same result as none.
            for profile in [None, Some(useless.as_slice())] {
                let file = jpeg(&inks, colours, profile);
                let what = format!("{colours:?} {inks:?}");
                assert_near(colour_of(&site, &ada, file).await, expected, &what);
            }
        }
    }
}

#[tokio::test]
async fn a_profile_that_is_broken_or_for_other_colours_is_ignored() {
    let (site, ada) = ada().await;
    let colour = [160, 120, 100];
    let image = of_one_colour(colour);
    let good = profile_of(&SPACES[1]);
    let without = |name: &[u8; 4]| {
        let mut profile = good.clone();
        let at = profile.windows(4).position(|window| window == name).unwrap();
        profile[at..at + 4].copy_from_slice(b"none");
        profile
    };
    for (what, profile) in [
        ("no profile", b"hello".to_vec()),
        ("nothing but zeros", vec![0; 4_000]),
        ("cut", good[..150].to_vec()),
        ("no red", without(b"rXYZ")),
        ("no curve", without(b"gTRC")),
        ("greys", grey_profile(1.8)),
        ("print", printer_profile()),
    ] {
        for file in [
            png(&image, Some(profile.clone())),
            webp(&image, profile.clone()),
            jpeg(&colour, ColorType::Rgb, Some(&profile)),
        ] {
            assert_near(colour_of(&site, &ada, file).await, colour.map(f64::from), what);
        }
    }
}

#[tokio::test]
async fn a_profile_that_is_changed_anywhere_does_no_harm() {
    let (_site, ada) = ada().await;
    let image = of_one_colour([160, 120, 100]);
    let inks = [0, 64, 0, 30];
    let (screen, printer) = (profile_of(&SPACES[1]), printer_profile());
    // The positions in the header, the tag table, and the beginning of the tag data.
    let places: Vec<usize> = [8, 12, 16, 20, 36, 68].into_iter().chain(128..200).collect();
    for place in places {
        for byte in [0, 1, 0x7f, 0xff] {
            let changed = |profile: &[u8]| {
                let mut profile = profile.to_vec();
                profile[place] = byte;
                profile
            };
            for file in [
                png(&image, Some(changed(&screen))),
                jpeg(&inks, ColorType::Cmyk, Some(&changed(&printer))),
            ] {
                assert_eq!(upload(&ada, file).await, Ok(()), "{place} {byte}");
            }
        }
    }
}

#[tokio::test]
async fn a_profile_that_names_one_table_again_and_again_is_read_once() {
    const TIMES: u32 = 50_000;
    let (site, ada) = ada().await;
    let once = printer_profile();
    let (header, rest) = once.split_at(128);
    let table = &rest[4 + 12..];
    let start = 128 + 4 + 12 * TIMES;
    let length = u32::try_from(table.len()).unwrap();
    let entry = [b"A2B0".as_slice(), &start.to_be_bytes(), &length.to_be_bytes()].concat();
    let entries = entry.repeat(TIMES as usize);
    let many = [header, &TIMES.to_be_bytes(), &entries, table].concat();
    let file = jpeg(&[0, 255, 0, 0], ColorType::Cmyk, Some(&many));
    let colour = colour_of(&site, &ada, file).await;
    assert_near(colour, srgb_of_lab(INKS[1]), "one table");
}

/// The type and the content of a PNG chunk.
type Chunk = (&'static [u8; 4], Vec<u8>);

/// Returns a PNG of one colour with these chunks before its pixels.
fn png_with(colour: [u8; 3], chunks: &[Chunk]) -> Vec<u8> {
    let file = png(&of_one_colour(colour), None);
    // The position after the signature and the header.
    let (head, rest) = file.split_at(33);
    let chunks = chunks.iter().flat_map(|(kind, content)| {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        let checked = [kind.as_slice(), content].concat();
        [
            length.to_vec(),
            checked.clone(),
            crc32fast::hash(&checked).to_be_bytes().to_vec(),
        ]
        .concat()
    });
    [head.to_vec(), chunks.collect(), rest.to_vec()].concat()
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// The white point and the primaries of Adobe RGB (1998), in the format of `cHRM`.
const ADOBE_RGB: [u32; 8] = [31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6_000];

#[tokio::test]
async fn chunks_of_a_png_that_name_its_colours_are_obeyed() {
    let (site, ada) = ada().await;
    let colour = [160, 120, 100];
    let of_adobe = expected(&SPACES[1], colour);
    let as_it_is = colour.map(f64::from);
    let gamma: Chunk = (b"gAMA", numbers(&[45_471]));
    let chromaticities: Chunk = (b"cHRM", numbers(&ADOBE_RGB));
    let display_p3: Chunk = (b"cICP", vec![12, 13, 0, 1]);
    let of_p3 = {
        // Uses the curve of sRGB with the primaries of Display P3.
        let linear = colour.map(|sample| {
            let sample = f64::from(sample) / 255.0;
            ((sample + 0.055) / 1.055).powf(2.4)
        });
        let light = [0, 1, 2].map(|axis| {
            let parts = linear.iter().zip(SPACES[0].colorants);
            parts.map(|(light, colorant)| light * colorant[axis]).sum()
        });
        srgb(light)
    };
    let linear = colour.map(|sample| encoded(f64::from(sample) / 255.0));
    let cases: Vec<(&str, Vec<Chunk>, [f64; 3])> = vec![
        (
            "gamma and primaries",
            vec![gamma.clone(), chromaticities.clone()],
            of_adobe,
        ),
        ("linear", vec![(b"gAMA", numbers(&[100_000]))], linear),
        ("code", vec![display_p3.clone()], of_p3),
        (
            "the code before all others",
            vec![gamma.clone(), chromaticities.clone(), display_p3],
            of_p3,
        ),
        (
            "sRGB before gamma",
            vec![(b"sRGB", vec![0]), gamma, chromaticities.clone()],
            as_it_is,
        ),
        ("gamma of sRGB", vec![(b"gAMA", numbers(&[45_455]))], as_it_is),
        ("no gamma at all", vec![(b"gAMA", numbers(&[0]))], as_it_is),
        (
            "impossible primaries",
            vec![(b"cHRM", numbers(&[0; 8]))],
            as_it_is,
        ),
        (
            "equal primaries",
            vec![(b"cHRM", numbers(&[31_270, 32_900].repeat(4)))],
            as_it_is,
        ),
        ("unknown code", vec![(b"cICP", vec![200, 200, 0, 1])], as_it_is),
        ("light beyond paper", vec![(b"cICP", vec![9, 16, 0, 1])], as_it_is),
        (
            "cut",
            vec![(b"cHRM", vec![0; 5]), (b"gAMA", Vec::new()), (b"cICP", vec![1])],
            as_it_is,
        ),
    ];
    for (what, chunks, expected) in cases {
        let file = png_with(colour, &chunks);
        assert_near(colour_of(&site, &ada, file).await, expected, what);
    }
}
