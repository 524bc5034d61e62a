//! Pictures: what may be uploaded.

/// A file has at most this many megabytes (of 1,000,000 bytes, as people count them).
pub const PICTURE_MAX_MEGABYTES: usize = 10;
/// A picture has at most this many millions of pixels.
pub const PICTURE_MAX_MEGAPIXELS: u32 = 24;
/// A picture is at most this many pixels wide and high.
pub const PICTURE_MAX_SIDE: u32 = 20_000;
/// The colour profile of a picture has at most this many bytes, after it has been inflated.
pub const PROFILE_MAX_BYTES: usize = 1024 * 1024;
/// What a browser offers to choose from.
pub const PICTURE_TYPES: &str = "image/jpeg,image/png,image/webp,image/gif";
/// A picture in a text is made at most this many pixels wide.
pub const IMAGE_MAX_WIDTH: u32 = 2_000;
/// A picture in a text is made at most this many pixels high.
pub const IMAGE_MAX_HEIGHT: u32 = 4_000;
/// All pictures that somebody keeps for texts take at most this many megabytes, after they have been made smaller.
pub const IMAGES_MAX_MEGABYTES: usize = 500;
