//! Images, as shown on pages.

use serde::{Deserialize, Serialize};

use crate::paths;

crate::variants! {
    /// The size of an avatar, a square.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum PictureSize {
        /// Beside a post.
        Small { pixels: 128 },
        /// On a profile and for high-resolution screens.
        Large { pixels: 256 },
    }

    /// Returns the length of a side in pixels.
    pub const fn pixels(self) -> u32;
}

/// An avatar: the common name of its two files, without the size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Avatar(String);

impl Avatar {
    /// Returns the avatar called `name`, if any.
    #[must_use]
    pub fn from_name(name: Option<String>) -> Option<Self> {
        name.map(Self)
    }

    /// Returns the name as stored in the database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Returns the name of the file in this size.
    #[must_use]
    pub fn file(&self, size: PictureSize) -> String {
        let (stem, kind) = self.0.rsplit_once('.').unwrap_or((&self.0, ""));
        format!("{stem}-{}.{kind}", size.pixels())
    }
}

/// The width of an image in the column of text, as the value of the attribute `sizes`, whose `rem` are those of the browser. It
/// agrees with the largest font in `style/base.css`, `--measure` in `style/theme.css` and the margins in `style/layout.css`.
pub const IMAGE_SIZES: &str = "(min-width: 53rem) 50rem, calc(100vw - 2.8rem)";

/// The widths in pixels to which inline images are scaled: those of phones and of the column of text, on screens with two
/// pixels or more for each CSS pixel.
const SCALED_WIDTHS: &[u32] = &[640, 960, 1440];

/// An inline image, whose dimensions are part of its file name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InlineImage {
    /// The file name.
    pub name: String,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
}

impl InlineImage {
    /// Parses a file name. Returns `None` if it is not valid.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        media_type(name)?;
        let mut parts = name.split('.').next()?.rsplit('-');
        let height = parts.next()?.parse().ok()?;
        let width = parts.next()?.parse().ok()?;
        parts.next().map(|_| Self {
            name: name.to_owned(),
            width,
            height,
        })
    }

    /// Returns the widths in pixels in which the image can be requested besides its own.
    pub fn scaled_widths(&self) -> impl Iterator<Item = u32> + use<> {
        let own = self.width;
        SCALED_WIDTHS.iter().copied().filter(move |width| *width < own)
    }

    /// Returns the name of the file with the image scaled to `width`.
    #[must_use]
    pub fn scaled_file(&self, width: u32) -> String {
        format!("{width}-{}", self.name)
    }

    /// Parses the name of the file of a scaled image. Returns the image and the width, or `None` if it does not exist in
    /// this width.
    #[must_use]
    pub fn scaled(file: &str) -> Option<(Self, u32)> {
        let (width, name) = file.split_once('-')?;
        let image = Self::named(name)?;
        let width = image.scaled_widths().find(|known| known.to_string() == width)?;
        Some((image, width))
    }

    /// Parses the response to an upload, a JSON string with the file name.
    #[must_use]
    pub fn answered(body: &str) -> Option<Self> {
        Self::named(body.trim().trim_matches('"'))
    }

    /// Returns the Markdown of the image with the alternative text `alt`.
    #[must_use]
    pub fn markdown(&self, alt: &str) -> String {
        format!("![{alt}]({})", paths::image(self))
    }
}

/// Returns the media type of an image file, or `None` if its name is not valid.
#[must_use]
pub fn media_type(file: &str) -> Option<&'static str> {
    let (stem, kind) = file.rsplit_once('.')?;
    let plain = !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    match kind {
        "jpg" if plain => Some("image/jpeg"),
        "webp" if plain => Some("image/webp"),
        "png" if plain => Some("image/png"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_file_for_each_size() {
        let picture = Avatar::from_name(Some("0a1b-2c3d.webp".to_owned())).expect("a picture");
        assert_eq!(
            PictureSize::ALL.map(|size| picture.file(size)),
            ["0a1b-2c3d-128.webp", "0a1b-2c3d-256.webp"]
        );
        assert_eq!(media_type(&picture.file(PictureSize::Small)), Some("image/webp"));
    }

    #[test]
    fn the_name_of_a_picture_in_a_text_tells_its_size() {
        let image = InlineImage::named("0a1b-2c3d-1200-800.jpg").expect("a picture");
        assert_eq!((image.width, image.height), (1200, 800));
        for bad in [
            "1200-800.jpg",
            "0a1b-x-800.jpg",
            "0a-1b.jpg",
            "0a1b-2c-1200-800.svg",
            "a/b-1-2.jpg",
        ] {
            assert_eq!(InlineImage::named(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_image_is_scaled_down_to_known_widths_only() {
        let image = InlineImage::named("0a1b-2c3d-1200-800.jpg").expect("an image");
        let files: Vec<String> = image
            .scaled_widths()
            .map(|width| image.scaled_file(width))
            .collect();
        assert_eq!(
            files,
            ["640-0a1b-2c3d-1200-800.jpg", "960-0a1b-2c3d-1200-800.jpg"]
        );
        for (file, width) in files.iter().zip([640, 960]) {
            assert_eq!(InlineImage::scaled(file), Some((image.clone(), width)), "{file}");
            assert_eq!(media_type(file), Some("image/jpeg"));
        }
        for bad in ["1440", "1200", "641", "0640", "+640", "-640", "", "4294967936"] {
            assert_eq!(
                InlineImage::scaled(&image.scaled_file(640).replacen("640", bad, 1)),
                None,
                "{bad}"
            );
        }
    }

    #[test]
    fn only_names_that_we_give_are_names_of_files() {
        for bad in [
            "",
            ".jpg",
            "a.svg",
            "a.html",
            "../a.jpg",
            "a/b.jpg",
            "a%2f.jpg",
            "A b.jpg",
            "x.jpg",
            "a.jpg.exe",
        ] {
            assert_eq!(media_type(bad), None, "{bad:?}");
        }
    }
}
