//! Limits of uploaded images.

/// The maximum size of a file in megabytes (of 1,000,000 bytes).
pub const PICTURE_MAX_MEGABYTES: usize = 10;
/// The maximum number of pixels of an image in millions.
pub const PICTURE_MAX_MEGAPIXELS: u32 = 24;
/// The maximum width and height of an image in pixels.
pub const PICTURE_MAX_SIDE: u32 = 20_000;
/// The maximum size of a colour profile in bytes, after decompression.
pub const PROFILE_MAX_BYTES: usize = 1024 * 1024;
/// The `accept` attribute of file inputs.
pub const PICTURE_TYPES: &str = "image/jpeg,image/png,image/webp,image/gif";
/// The maximum width to which inline images are scaled, in pixels.
pub const IMAGE_MAX_WIDTH: u32 = 2_000;
/// The maximum height to which inline images are scaled, in pixels.
pub const IMAGE_MAX_HEIGHT: u32 = 4_000;
/// The maximum total size of a user's inline images in megabytes, after scaling.
pub const IMAGES_MAX_MEGABYTES: usize = 500;
