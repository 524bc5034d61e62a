//! The logo and the icon of the site.

use serde::{Deserialize, Serialize};

use super::media::{InlineImage, media_type};

/// The maximum width at which a logo is shown, in pixels of CSS.
pub const LOGO_WIDTH: u32 = 480;
/// The maximum height at which a logo is shown, in pixels of CSS.
pub const LOGO_HEIGHT: u32 = 120;
/// The number of pixels of the file per pixel of CSS, for screens with a high resolution.
pub const LOGO_DENSITY: u32 = 2;

/// The logo of the site, whose dimensions are part of its file name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Logo(InlineImage);

impl Logo {
    /// Parses a file name. Returns `None` if it is not valid.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let image = InlineImage::named(name)?;
        let is_in_bounds = (1..=LOGO_WIDTH * LOGO_DENSITY).contains(&image.width)
            && (1..=LOGO_HEIGHT * LOGO_DENSITY).contains(&image.height);
        is_in_bounds.then_some(Self(image))
    }

    /// Returns the file name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the width and the height at which the logo is shown: those of the file, or smaller ones in the same
    /// proportion.
    #[must_use]
    pub fn shown(&self) -> (u32, u32) {
        let (width, height) = (self.0.width, self.0.height);
        if width <= LOGO_WIDTH && height <= LOGO_HEIGHT {
            return (width, height);
        }
        // Both are at most a thousand.
        if width * LOGO_HEIGHT > height * LOGO_WIDTH {
            (LOGO_WIDTH, (height * LOGO_WIDTH / width).max(1))
        } else {
            ((width * LOGO_HEIGHT / height).max(1), LOGO_HEIGHT)
        }
    }
}

crate::variants! {
    /// A file of the site's icon, a square PNG.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum IconFile {
        /// In tabs and bookmarks.
        Favicon { pixels: 32, suffix: "32" },
        /// On a home screen of iOS, without transparency.
        Touch { pixels: 180, suffix: "180" },
        /// On a home screen.
        Small { pixels: 192, suffix: "192" },
        /// On a splash screen.
        Large { pixels: 512, suffix: "512" },
        /// For a home screen that cuts it to a shape: its inner 80 % are always seen.
        Maskable { pixels: 512, suffix: "512-80" },
    }

    /// Returns the length of a side in pixels.
    pub const fn pixels(self) -> u32;
    /// Returns the end of the file name, before the extension.
    const fn suffix(self) -> &'static str;
}

/// The icon of the site: the common name of its files, without the end that says which one it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Icon(String);

impl Icon {
    /// Parses a name. Returns `None` if it is not valid.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let icon = Self(name.to_owned());
        let is_valid = !name.is_empty() && media_type(&icon.file(IconFile::Favicon)).is_some();
        is_valid.then_some(icon)
    }

    /// Returns the name as stored in the database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Returns the name of `file`.
    #[must_use]
    pub fn file(&self, file: IconFile) -> String {
        format!("{}-{}.png", self.0, file.suffix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_shown_in_its_proportion_within_the_bounds() {
        for (name, shown) in [
            ("0a-1b-300-80.webp", (300, 80)),
            ("0a-1b-960-240.webp", (480, 120)),
            ("0a-1b-960-100.webp", (480, 50)),
            ("0a-1b-100-240.webp", (50, 120)),
            ("0a-1b-960-1.webp", (480, 1)),
        ] {
            assert_eq!(Logo::named(name).map(|logo| logo.shown()), Some(shown), "{name}");
        }
        for bad in [
            "",
            "0a-1b-961-80.webp",
            "0a-1b-0-80.webp",
            "0a-1b-300-80.svg",
            "a/b-30-8.webp",
        ] {
            assert_eq!(Logo::named(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_icon_has_a_file_for_each_use() {
        let icon = Icon::named("0a1b-2c3d").expect("an icon");
        assert_eq!(
            IconFile::ALL.map(|file| icon.file(file)),
            [
                "0a1b-2c3d-32.png",
                "0a1b-2c3d-180.png",
                "0a1b-2c3d-192.png",
                "0a1b-2c3d-512.png",
                "0a1b-2c3d-512-80.png"
            ]
        );
        for bad in ["", "../a", "a/b", "x", "a.png", "a b"] {
            assert_eq!(Icon::named(bad), None, "{bad}");
        }
    }
}
