//! Generated avatars: a hill, a sun and a sky in random colours.

use std::io::Cursor;

use fastrand::Rng;
use image::{ImageFormat, Rgb, RgbImage};

use crate::media::processing::{self, Squares};
use shared::forms::FieldProblem;

const SIDE: u32 = 256;

/// Draws a landscape and processes it like an upload.
pub(super) fn draw(rng: &mut Rng) -> Result<Squares, FieldProblem> {
    let mut colour = || Rgb([rng.u8(60..230), rng.u8(60..230), rng.u8(60..230)]);
    let (sky, sun, near, far) = (colour(), colour(), colour(), colour());
    let (x, y, radius) = (rng.i64(40..216), rng.i64(40..120), rng.i64(18..44));
    let (slope, base) = (rng.f64() * 2.0 + 0.5, rng.f64() * 50.0 + 150.0);
    let image = RgbImage::from_fn(SIDE, SIDE, |column, row| {
        let (left, top) = (i64::from(column), i64::from(row));
        let wave = (f64::from(column) / f64::from(SIDE) * slope * std::f64::consts::PI).sin();
        let height = f64::from(row);
        if height > base + wave * 25.0 + 30.0 {
            near
        } else if height > base - wave * 30.0 {
            far
        } else if (left - x).pow(2) + (top - y).pow(2) < radius.pow(2) {
            sun
        } else {
            sky
        }
    });
    let mut png = Vec::new();
    image
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .map_err(|_| FieldProblem::Broken)?;
    processing::squares(png, ImageFormat::Png)
}
