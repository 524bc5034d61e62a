//! The paths of pictures and styles.

use super::{CARDS, CUSTOM_CSS, IMAGES, NEW_IMAGE, PICTURES, SCALED_IMAGES, SITE_IMAGES};
use crate::model::{
    media::{Avatar, InlineImage, PictureSize},
    site_image::{Icon, IconFile, Logo},
};

/// Returns the path of the social preview image of a post; `version` changes with its content.
#[must_use]
pub fn card(id: i64, version: &str) -> String {
    format!("{CARDS}{id}-{version}.png")
}

/// Returns the path of an avatar in this size.
#[must_use]
pub fn picture(picture: &Avatar, size: PictureSize) -> String {
    format!("{PICTURES}{}", picture.file(size))
}

/// Returns the path of an inline image.
#[must_use]
pub fn image(image: &InlineImage) -> String {
    format!("{IMAGES}{}", image.name)
}

/// Returns the path of an inline image scaled to `width`.
#[must_use]
pub fn scaled_image(image: &InlineImage, width: u32) -> String {
    format!("{SCALED_IMAGES}{}", image.scaled_file(width))
}

/// Returns the widths of an inline image and their paths, from which a browser chooses, as the value of the attribute
/// `srcset`; `None` if it exists in one width only.
#[must_use]
pub fn image_widths(shown: &InlineImage) -> Option<String> {
    let scaled = |width| format!("{} {width}w", scaled_image(shown, width));
    let scaled: Vec<String> = shown.scaled_widths().map(scaled).collect();
    (!scaled.is_empty()).then(|| format!("{}, {} {}w", scaled.join(", "), image(shown), shown.width))
}

/// Returns the path of the site's logo.
#[must_use]
pub fn logo(logo: &Logo) -> String {
    format!("{SITE_IMAGES}{}", logo.name())
}

/// Returns the path of a file of the site's icon.
#[must_use]
pub fn icon(icon: &Icon, file: IconFile) -> String {
    format!("{SITE_IMAGES}{}", icon.file(file))
}

/// Returns the path of the custom CSS with this `version`, which changes with its content.
#[must_use]
pub fn custom_css(version: &str) -> String {
    format!("{CUSTOM_CSS}{version}.css")
}

/// Returns the path of the page that shows an uploaded image with its Markdown.
#[must_use]
pub fn new_image(image: &InlineImage) -> String {
    format!("{NEW_IMAGE}?picture={}", image.name)
}

/// Returns the inline image at `address`, if it is one of this site.
#[must_use]
pub fn image_at(address: &str) -> Option<InlineImage> {
    InlineImage::named(address.strip_prefix(IMAGES)?)
}
