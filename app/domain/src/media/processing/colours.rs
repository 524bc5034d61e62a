//! The colour spaces of images.

use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, CmsError, ColorPrimaries, ColorProfile,
    MatrixCoefficients, ToneReprCurve, TransferCharacteristics,
};

use super::{metadata::png, profile};

/// The scale of PNG's fixed-point numbers.
const ONE: f32 = 100_000.0;
/// The minimum of twice the area of a gamut; that of sRGB is 0.22.
const AREA_MIN: f32 = 0.01;
/// The `gAMA` and `cHRM` values that describe sRGB for programs that do not support `sRGB`.
const SRGB_GAMMA: u32 = 45_455;
const SRGB_CHROMATICITIES: [u32; 8] = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000];

/// The colour space of an image that is not in sRGB.
pub(super) enum Colours {
    /// An ICC profile (ICC.1).
    Profile(Vec<u8>),
    /// Coding-independent code points (ITU-T H.273).
    Code {
        primaries: CicpColorPrimaries,
        transfer: TransferCharacteristics,
    },
    /// A gamma, or the curve of sRGB without one, and the chromaticities of white, red, green and blue, in PNG's
    /// fixed-point format.
    Screen {
        gamma: Option<u32>,
        chromaticities: [u32; 8],
    },
}

impl Colours {
    /// Returns the colour space of a PNG file with an optional `profile`, in the order of precedence of the standard
    /// (<https://www.w3.org/TR/png-3/#color-chunk-precendence>).
    pub(super) fn of_png(chunks: &png::ColourChunks, profile: Option<Vec<u8>>) -> Option<Self> {
        if let Some([primaries, transfer, 0, 1]) = chunks.code {
            let code = CicpColorPrimaries::try_from(primaries).ok();
            let transfer = TransferCharacteristics::try_from(transfer).ok();
            // HDR transfer functions would need tone mapping; the samples are kept unchanged instead.
            let is_dim = |transfer: &TransferCharacteristics| {
                !matches!(
                    transfer,
                    TransferCharacteristics::Smpte2084 | TransferCharacteristics::Hlg
                )
            };
            if let (Some(primaries), Some(transfer)) = (code, transfer.filter(is_dim)) {
                return Some(Self::Code { primaries, transfer });
            }
        }
        if let Some(profile) = profile {
            return Some(Self::Profile(profile));
        }
        if chunks.is_srgb {
            return None;
        }
        let gamma = chunks.gamma;
        let chromaticities = chunks.chromaticities.unwrap_or(SRGB_CHROMATICITIES);
        let is_srgb = gamma.is_none_or(|gamma| gamma == SRGB_GAMMA) && chromaticities == SRGB_CHROMATICITIES;
        (!is_srgb).then_some(Self::Screen {
            gamma,
            chromaticities,
        })
    }

    /// Converts the colour space to a profile.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not a valid colour space.
    pub(super) fn profile(self) -> Result<ColorProfile, CmsError> {
        match self {
            Self::Profile(profile) => profile::read(profile),
            Self::Code { primaries, transfer } => {
                let profile = ColorProfile::new_from_cicp(CicpProfile {
                    color_primaries: primaries,
                    transfer_characteristics: transfer,
                    matrix_coefficients: MatrixCoefficients::Identity,
                    full_range: true,
                });
                // Without the curves, the library does not know the code points.
                profile
                    .red_trc
                    .is_some()
                    .then_some(profile)
                    .ok_or(CmsError::InvalidCicp)
            }
            Self::Screen {
                gamma,
                chromaticities,
            } => of_screen(gamma, chromaticities),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
fn of_screen(gamma: Option<u32>, chromaticities: [u32; 8]) -> Result<ColorProfile, CmsError> {
    let [white, red, green, blue] = *chromaticities.as_chunks().0 else {
        return Err(CmsError::InvalidProfile);
    };
    let point = |[x, y]: [u32; 2]| Chromaticity::new(x as f32 / ONE, y as f32 / ONE);
    let is_point = |[x, y]: &[u32; 2]| *y > 0 && u64::from(*x) + u64::from(*y) <= 100_000;
    // A gamma from 0.1 to 10.
    if ![white, red, green, blue].iter().all(is_point)
        || gamma.is_some_and(|gamma| !(10_000..=1_000_000).contains(&gamma))
    {
        return Err(CmsError::InvalidProfile);
    }
    let [white, red, green, blue] = [white, red, green, blue].map(point);
    // Twice the area of the triangle of the primaries.
    let area = (green.x - red.x) * (blue.y - red.y) - (blue.x - red.x) * (green.y - red.y);
    if area.abs() < AREA_MIN {
        return Err(CmsError::InvalidProfile);
    }
    let mut profile = ColorProfile::new_srgb();
    profile.update_rgb_colorimetry(white.to_xyyb(), ColorPrimaries { red, green, blue });
    if let Some(gamma) = gamma {
        let curve = ToneReprCurve::Parametric(vec![ONE / gamma as f32]);
        profile.red_trc = Some(curve.clone());
        profile.green_trc = Some(curve.clone());
        profile.blue_trc = Some(curve);
    }
    Ok(profile)
}
