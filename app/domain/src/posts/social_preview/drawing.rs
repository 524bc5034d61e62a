//! Drawing of text. The built-in font covers Latin, Greek and Cyrillic; other scripts use the system fonts, and
//! characters without a glyph are left out.

use std::{
    io::Cursor,
    sync::{LazyLock, Mutex, PoisonError},
};

use cosmic_text::{
    Align, Attrs, Buffer, Color, Ellipsize, EllipsizeHeightLimit, Family, FontSystem, Metrics, Shaping,
    SwashCache, Weight, fontdb::Database,
};
use image::{ImageError, ImageFormat, Rgb, RgbImage};

/// The width that other programs expect (ogp.me does not specify it; they show 1.91 to 1).
pub const WIDTH: u32 = 1200;
/// The height in pixels.
pub const HEIGHT: u32 = 630;
/// The version of the style. Must be increased whenever the same text gives another image.
pub(super) const STYLE: u32 = 1;

/// Source Serif 4 Semibold: Latin, Greek, Cyrillic and Vietnamese of the Fontsource packages in one file (SIL OFL
/// 1.1).
const FONT: &[u8] = include_bytes!("SourceSerif4-Semibold.ttf");
const FAMILY: &str = "Source Serif 4";
/// The colours of the light theme in `style/theme.css`.
const PAPER: Rgb<u8> = Rgb([0xfb, 0xfa, 0xf6]);
const ACCENT: Rgb<u8> = Rgb([0x8c, 0x1d, 0x18]);
const INK: Rgb<u8> = Rgb([0x1c, 0x1a, 0x17]);
const INK_SOFT: Rgb<u8> = Rgb([0x5d, 0x58, 0x50]);
/// The horizontal margin in pixels.
const MARGIN: u32 = 80;
/// The top of the title in pixels.
const TITLE_TOP: u32 = 170;
/// The font size of a short title.
const LARGEST: f32 = 84.0;
/// The smallest font size of a title, with the maximum number of lines.
const SMALLEST: (f32, usize) = (54.0, 5);
/// The font sizes of titles with the maximum number of lines. The first that fits is used.
const SIZES: &[(f32, usize)] = &[(LARGEST, 3), (68.0, 4), SMALLEST];

static FONTS: LazyLock<Mutex<FontSystem>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.load_system_fonts();
    Mutex::new(FontSystem::new_with_locale_and_db("en".to_owned(), fonts))
});

/// Draws the image for a post of `site` and returns it as a PNG file.
pub(super) fn draw(site: &str, title: &str, author: &str) -> Result<Vec<u8>, ImageError> {
    let mut system = FONTS.lock().unwrap_or_else(PoisonError::into_inner);
    let mut sheet = Sheet {
        picture: RgbImage::from_pixel(WIDTH, HEIGHT, PAPER),
        system: &mut system,
        // Created per image, because the cache never evicts glyphs.
        glyphs: SwashCache::new(),
    };
    sheet.rule(0, 18, ACCENT);
    sheet.line(site, 72, 38.0, ACCENT);
    sheet.title(title);
    sheet.line(author, HEIGHT - 110, 40.0, INK_SOFT);
    let mut file = Cursor::new(Vec::new());
    sheet.picture.write_to(&mut file, ImageFormat::Png)?;
    Ok(file.into_inner())
}

/// An image that is being drawn.
struct Sheet<'a> {
    picture: RgbImage,
    system: &'a mut FontSystem,
    glyphs: SwashCache,
}

impl Sheet<'_> {
    /// Fills a band over the whole width.
    fn rule(&mut self, top: u32, height: u32, colour: Rgb<u8>) {
        for y in top..top + height {
            for x in 0..WIDTH {
                self.picture.put_pixel(x, y, colour);
            }
        }
    }

    /// Draws one line, truncated if it does not fit.
    fn line(&mut self, text: &str, top: u32, size: f32, colour: Rgb<u8>) {
        let text = self.drawable(text);
        let buffer = self.cut(&text, size, 1);
        self.draw(buffer, top, colour);
    }

    /// Draws the title in the largest size that fits, truncated if none does.
    fn title(&mut self, text: &str) {
        let text = self.drawable(text);
        let fitting = SIZES
            .iter()
            .find_map(|(size, lines)| self.fitting(&text, *size, *lines));
        let buffer = fitting.unwrap_or_else(|| {
            let (size, lines) = SMALLEST;
            self.cut(&text, size, lines)
        });
        self.draw(buffer, TITLE_TOP, INK);
    }

    /// Returns `text` without the characters that no font has.
    fn drawable(&mut self, text: &str) -> String {
        let buffer = self.laid_out(text, LARGEST, Ellipsize::None);
        let glyphs = buffer.layout_runs().flat_map(|run| run.glyphs.iter());
        let missing: Vec<_> = glyphs
            .filter(|glyph| glyph.glyph_id == 0)
            .map(|glyph| glyph.start..glyph.end)
            .collect();
        let is_there = |place: &usize| !missing.iter().any(|range| range.contains(place));
        let rest = text.char_indices().filter(|(place, _)| is_there(place));
        rest.map(|(_, character)| character).collect()
    }

    /// Lays out `text` in this size, or returns `None` if it needs more than `lines` lines.
    fn fitting(&mut self, text: &str, size: f32, lines: usize) -> Option<Buffer> {
        let buffer = self.laid_out(text, size, Ellipsize::None);
        (buffer.layout_runs().count() <= lines).then_some(buffer)
    }

    /// Lays out the beginning of `text` in at most `lines` lines.
    fn cut(&mut self, text: &str, size: f32, lines: usize) -> Buffer {
        self.laid_out(text, size, Ellipsize::End(EllipsizeHeightLimit::Lines(lines)))
    }

    fn laid_out(&mut self, text: &str, size: f32, ellipsize: Ellipsize) -> Buffer {
        let mut buffer = Buffer::new(self.system, Metrics::relative(size, 1.2));
        #[expect(clippy::cast_precision_loss, reason = "a width of a few digits")]
        let width = (WIDTH - 2 * MARGIN) as f32;
        buffer.set_size(Some(width), None);
        buffer.set_ellipsize(ellipsize);
        let attributes = Attrs::new().family(Family::Name(FAMILY)).weight(Weight::SEMIBOLD);
        // Without an alignment, right-to-left text is aligned to the right.
        buffer.set_text(text, &attributes, Shaping::Advanced, None::<Align>);
        buffer.shape_until_scroll(self.system, false);
        buffer
    }

    fn draw(&mut self, mut buffer: Buffer, top: u32, colour: Rgb<u8>) {
        let picture = &mut self.picture;
        let [red, green, blue] = colour.0;
        buffer.draw(
            self.system,
            &mut self.glyphs,
            Color::rgb(red, green, blue),
            |x, y, width, height, colour| {
                for (x, y) in (0..height.cast_signed())
                    .flat_map(|below| (0..width.cast_signed()).map(move |right| (x + right, y + below)))
                {
                    blend(picture, x + MARGIN.cast_signed(), y + top.cast_signed(), colour);
                }
            },
        );
    }
}

/// Blends `colour` over a pixel by its alpha.
fn blend(picture: &mut RgbImage, x: i32, y: i32, colour: Color) {
    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
        return;
    };
    let Some(pixel) = picture.get_pixel_mut_checked(x, y) else {
        return;
    };
    let alpha = u32::from(colour.a());
    for (below, above) in pixel.0.iter_mut().zip([colour.r(), colour.g(), colour.b()]) {
        let mixed = (u32::from(above) * alpha + u32::from(*below) * (255 - alpha)) / 255;
        *below = u8::try_from(mixed).unwrap_or(u8::MAX);
    }
}

#[cfg(test)]
mod tests {
    use image::load_from_memory;

    use super::*;

    fn ink(title: &str) -> usize {
        let picture = load_from_memory(&draw("Broadsheet", title, "ada").expect("drawn"))
            .expect("a picture")
            .to_rgb8();
        assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
        let dark = |pixel: &&Rgb<u8>| pixel.0.iter().all(|part| *part < 0x40);
        picture.pixels().filter(dark).count()
    }

    #[test]
    fn a_title_is_drawn_however_long_it_is() {
        let short = ink("Bread");
        assert!(short > 500, "{short}");
        assert!(ink(&"W".repeat(150)) > short);
        assert!(ink(&"word ".repeat(30)) > short);
    }

    #[test]
    fn characters_that_no_font_has_are_left_out() {
        assert_eq!(ink("\u{e000}\u{e001}"), 0);
        assert_eq!(ink("Bread\u{e000}"), ink("Bread"));
    }
}
