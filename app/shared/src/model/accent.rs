//! The accent colour of the site.
//!
//! In the light theme, links, buttons and focus rings have exactly the colour that an administrator has chosen. A colour
//! that is too light for text is refused, and [`nearest`] is suggested. The dark theme has a lighter tint of the same hue,
//! which is legible whatever the colour is.

use serde::{Deserialize, Serialize};

use crate::{colour::Colour, forms::FieldProblem};

/// The accent colour of a site that has chosen none, as in `style/theme.css`.
pub const DEFAULT: Colour = Colour::new(0x8c, 0x1d, 0x18);
/// The same colour as text.
pub const DEFAULT_TEXT: &str = "#8c1d18";
/// The number of backgrounds in a theme.
const SURFACES: usize = 3;
/// The number of themes.
const THEMES: usize = 2;
/// The backgrounds of the accent colour in the light theme, as in `style/theme.css`: `--paper`, `--sheet` and `--code`.
pub const LIGHT_BACKGROUNDS: [Colour; SURFACES] = [
    Colour::new(0xfb, 0xfa, 0xf6),
    Colour::new(0xff, 0xff, 0xff),
    Colour::new(0xf1, 0xee, 0xe6),
];
/// The same backgrounds in the dark theme.
pub const DARK_BACKGROUNDS: [Colour; SURFACES] = [
    Colour::new(0x16, 0x15, 0x13),
    Colour::new(0x1e, 0x1d, 0x1a),
    Colour::new(0x26, 0x24, 0x20),
];
/// The text on the accent colour in the light and in the dark theme, as in `style/theme.css`: `--accent-ink`.
pub const INK: [Colour; THEMES] = [Colour::new(0xff, 0xff, 0xff), Colour::new(0x1c, 0x1a, 0x17)];

/// The contrast of text (WCAG 2.2, 1.4.3). It is more than that of focus rings and borders, which is 3 (1.4.11).
const CONTRAST: f64 = 4.5;
/// The lightness of the tint in the dark theme, from 0 to 1.
const TINT_LIGHTNESS: f64 = 0.76;
/// The maximum strength of the tint: stronger colours glow on a dark background.
const TINT_STRENGTH: f64 = 0.12;
/// The steps by which the nearest colour is searched.
const STEP: f64 = 0.002;

/// An accent colour that is legible in both themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Accent(Colour);

impl Accent {
    /// Parses an accent colour such as `#1a5f9e`.
    ///
    /// # Errors
    ///
    /// Returns [`FieldProblem::NotAColour`] for anything else, and [`FieldProblem::LowContrast`] for a colour that is too
    /// light for text.
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let colour = Colour::parse(text.trim()).ok_or(FieldProblem::NotAColour)?;
        if is_legible(colour) {
            Ok(Self(colour))
        } else {
            Err(FieldProblem::LowContrast(nearest(colour)))
        }
    }

    /// Returns the colour in the light theme.
    #[must_use]
    pub const fn light(self) -> Colour {
        self.0
    }

    /// Returns the colour in the dark theme.
    #[must_use]
    pub fn dark(self) -> Colour {
        let soft = self.0.to_oklab().softened(TINT_STRENGTH);
        soft.with_lightness(TINT_LIGHTNESS)
    }

    /// Returns the style sheet that makes it the accent colour of a page.
    #[must_use]
    pub fn style(self) -> String {
        format!(":root{{--accent:light-dark({},{})}}", self.light(), self.dark())
    }
}

/// Returns whether `colour` has enough contrast in the light theme.
fn is_legible(colour: Colour) -> bool {
    LIGHT_BACKGROUNDS
        .into_iter()
        .all(|background| colour.contrast(background) >= CONTRAST)
}

/// Returns the colour of the same hue that has enough contrast and whose lightness differs least from that of `colour`.
fn nearest(colour: Colour) -> Colour {
    let lab = colour.to_oklab();
    let darker = |step: u32| lab.with_lightness(lab.lightness - f64::from(step) * STEP);
    let mut steps = (0..=500).map(darker);
    // The last of these steps is black.
    steps.find(|colour| is_legible(*colour)).unwrap_or(DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEME: &str = include_str!("../../../../style/theme.css");

    fn every_fifteenth() -> impl Iterator<Item = Colour> {
        let shares = || (0..=255_u8).step_by(15);
        shares().flat_map(move |red| {
            shares().flat_map(move |green| shares().map(move |blue| Colour::new(red, green, blue)))
        })
    }

    fn least_contrast(colour: Colour, backgrounds: [Colour; SURFACES], ink: Colour) -> f64 {
        let others = backgrounds.into_iter().chain([ink]);
        others
            .map(|other| colour.contrast(other))
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn every_accepted_colour_has_enough_contrast_in_both_themes() {
        let mut accepted = 0;
        for colour in every_fifteenth() {
            let Ok(accent) = Accent::parse(&colour.to_string()) else {
                continue;
            };
            accepted += 1;
            assert_eq!(accent.light(), colour);
            let (light, dark) = (accent.light(), accent.dark());
            let [light_ink, dark_ink] = INK;
            assert!(
                least_contrast(light, LIGHT_BACKGROUNDS, light_ink) >= CONTRAST,
                "{light}"
            );
            assert!(
                least_contrast(dark, DARK_BACKGROUNDS, dark_ink) >= CONTRAST,
                "{dark}"
            );
        }
        assert!(accepted > 500, "{accepted}");
    }

    #[test]
    fn every_refused_colour_comes_with_one_that_is_accepted() {
        for colour in every_fifteenth() {
            if let Err(problem) = Accent::parse(&colour.to_string()) {
                let FieldProblem::LowContrast(nearest) = problem else {
                    panic!("{colour} is a colour");
                };
                assert!(Accent::parse(&nearest.to_string()).is_ok(), "{colour} {nearest}");
                // It is only just dark enough.
                assert!(
                    least_contrast(nearest, LIGHT_BACKGROUNDS, INK[0]) < 4.8,
                    "{colour} {nearest}"
                );
            }
        }
    }

    #[test]
    fn some_colours_and_what_becomes_of_them() {
        for (text, accepted) in [
            ("#8c1d18", true),
            ("#1a5f9e", true),
            ("#000000", true),
            ("#0b6623", true),
            ("#4b0082", true),
            ("#ffff00", false),
            ("#ffffff", false),
            ("#ff6600", false),
            ("#777777", false),
            ("#00bcd4", false),
        ] {
            assert_eq!(Accent::parse(text).is_ok(), accepted, "{text}");
        }
        for bad in ["", "red", "#fff", "#8c1d18;}", "rgb(1,2,3)"] {
            assert_eq!(Accent::parse(bad), Err(FieldProblem::NotAColour), "{bad:?}");
        }
    }

    #[test]
    fn the_colours_here_are_those_of_the_styles() {
        let line =
            |name: &str, light: Colour, dark: Colour| format!("--{name}: light-dark({light}, {dark});");
        for (name, at) in [("paper", 0), ("sheet", 1), ("code", 2)] {
            let line = line(name, LIGHT_BACKGROUNDS[at], DARK_BACKGROUNDS[at]);
            assert!(THEME.contains(&line), "{line}");
        }
        assert!(THEME.contains(&line("accent-ink", INK[0], INK[1])));
        assert!(THEME.contains(&format!("--accent: light-dark({DEFAULT}, ")));
        assert_eq!(DEFAULT.to_string(), DEFAULT_TEXT);
    }

    #[test]
    fn the_style_contains_two_colours_and_nothing_else() {
        let style = Accent::parse("#1A5F9E").expect("an accent").style();
        let dark = Accent(Colour::new(0x1a, 0x5f, 0x9e)).dark();
        assert_eq!(style, format!(":root{{--accent:light-dark(#1a5f9e,{dark})}}"));
    }
}
