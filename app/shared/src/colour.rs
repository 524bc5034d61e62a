//! Colours of the sRGB colour space, their contrast and their lightness.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A colour, in HTML written as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Colour([u8; 3]);

/// A colour in Oklab, in which equal distances look equally large (<https://bottosson.github.io/posts/oklab/>).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Oklab {
    /// The lightness, from 0 (black) to 1 (white).
    pub lightness: f64,
    /// The position between green and red.
    pub a: f64,
    /// The position between blue and yellow.
    pub b: f64,
}

impl Colour {
    /// Returns the colour with these shares of red, green and blue.
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// Parses a colour such as `#8c1d18`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let is_plain = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_plain)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// Returns the contrast ratio with `other`, from 1 to 21 (WCAG 2.2, contrast ratio).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > two { one / two } else { two / one }
    }

    /// Returns the relative luminance, from 0 to 1 (WCAG 2.2, relative luminance).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Returns the colour in Oklab.
    pub(crate) fn to_oklab(self) -> Oklab {
        let [red, green, blue] = self.0.map(linear);
        let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let medium = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        Oklab {
            lightness: 0.210_454_255_3 * long + 0.793_617_785_0 * medium - 0.004_072_046_8 * short,
            a: 1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short,
            b: 0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short,
        }
    }
}

impl Oklab {
    /// Returns the colour with this lightness and the same hue, as strong as sRGB can show it.
    pub(crate) fn with_lightness(self, lightness: f64) -> Colour {
        let at = |strength: f64| Self {
            lightness,
            a: self.a * strength,
            b: self.b * strength,
        };
        if let Some(colour) = at(1.0).to_colour() {
            return colour;
        }
        let (mut shown, mut weakest, mut strongest) = (Colour::new(0, 0, 0), 0.0, 1.0);
        // After twelve halvings the difference is smaller than that of two colours.
        for _ in 0..12 {
            let strength = f64::midpoint(weakest, strongest);
            match at(strength).to_colour() {
                Some(colour) => (shown, weakest) = (colour, strength),
                None => strongest = strength,
            }
        }
        shown
    }

    /// Returns the same hue with a strength of at most `most`.
    pub(crate) fn softened(self, most: f64) -> Self {
        let strength = self.a.hypot(self.b);
        let share = if strength > most { most / strength } else { 1.0 };
        Self {
            a: self.a * share,
            b: self.b * share,
            ..self
        }
    }

    /// Returns the colour, if sRGB can show it.
    fn to_colour(self) -> Option<Colour> {
        let Self { lightness, a, b } = self;
        let long = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let medium = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let short = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        let red = 4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short;
        let green = -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short;
        let blue = -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short;
        Some(Colour([byte(red)?, byte(green)?, byte(blue)?]))
    }
}

/// Returns the intensity of light of a share in sRGB.
fn linear(share: u8) -> f64 {
    let share = f64::from(share) / 255.0;
    if share <= 0.040_45 {
        share / 12.92
    } else {
        ((share + 0.055) / 1.055).powf(2.4)
    }
}

/// Returns the share in sRGB of this intensity of light, if it has one.
fn byte(intensity: f64) -> Option<u8> {
    let share = if intensity <= 0.003_130_8 {
        intensity * 12.92
    } else {
        1.055 * intensity.powf(1.0 / 2.4) - 0.055
    };
    let rounded = (share * 255.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "only used if it is a whole number from 0 to 255"
    )]
    let byte = rounded as u8;
    (0.0..=255.0).contains(&rounded).then_some(byte)
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

impl TryFrom<String> for Colour {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a colour")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).expect("a colour")
    }

    #[test]
    fn a_colour_has_six_hexadecimal_digits() {
        assert_eq!(colour("#8C1d18").to_string(), "#8c1d18");
        for bad in [
            "", "#", "8c1d18", "#8c1d1", "#8c1d188", "#+c1d18", "#8c1d1é", "red", "#fff",
        ] {
            assert_eq!(Colour::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_contrast_is_that_of_wcag() {
        // As computed by https://webaim.org/resources/contrastchecker/, which cuts after two digits.
        for (one, two, ratio) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#777777", "#ffffff", 4.47),
            ("#767676", "#ffffff", 4.54),
            ("#0000ff", "#ffffff", 8.59),
            ("#ff0000", "#ffffff", 3.99),
            ("#ffff00", "#ffffff", 1.07),
        ] {
            let (one, two) = (colour(one), colour(two));
            assert!((one.contrast(two) - ratio).abs() < 0.01, "{one} {two}");
            assert!((one.contrast(two) - two.contrast(one)).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn a_colour_is_the_same_after_a_change_to_its_own_lightness() {
        for text in ["#8c1d18", "#000000", "#ffffff", "#1a5f9e", "#00ff00", "#808080"] {
            let lab = colour(text).to_oklab();
            assert_eq!(lab.with_lightness(lab.lightness), colour(text));
        }
    }
}
