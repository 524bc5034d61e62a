//! What says which colours the numbers of a picture mean.

use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, CmsError, ColorPrimaries, ColorProfile,
    MatrixCoefficients, ToneReprCurve, TransferCharacteristics,
};

use super::{metadata::png, profile};

/// What PNG's fixed numbers are multiplied by.
const ONE: f32 = 100_000.0;
/// That of sRGB is 0.22.
const AREA_MIN: f32 = 0.01;
/// What a file says that has sRGB and is to be understood by programs that know no such name.
const SRGB_GAMMA: u32 = 45_455;
const SRGB_CHROMATICITIES: [u32; 8] = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000];

/// The colours of a picture that is not in sRGB.
pub(super) enum Colours {
    /// Those of a profile (ICC.1).
    Profile(Vec<u8>),
    /// Those that numbers stand for (ITU-T H.273).
    Code {
        primaries: CicpColorPrimaries,
        transfer: TransferCharacteristics,
    },
    /// Those of a screen: its gamma, otherwise the curve of sRGB, and its white, red, green and blue, as PNG writes them.
    Screen {
        gamma: Option<u32>,
        chromaticities: [u32; 8],
    },
}

impl Colours {
    /// Returns the colours of a PNG file that may have a `profile`, in the order of precedence of the standard
    /// (<https://www.w3.org/TR/png-3/#color-chunk-precendence>).
    pub(super) fn of_png(chunks: &png::ColourChunks, profile: Option<Vec<u8>>) -> Option<Self> {
        if let Some([primaries, transfer, 0, 1]) = chunks.code {
            let code = CicpColorPrimaries::try_from(primaries).ok();
            let transfer = TransferCharacteristics::try_from(transfer).ok();
            // Light beyond that of paper would have to be dimmed for a picture without it: such numbers stay as they are.
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

    /// Returns them as a profile.
    ///
    /// # Errors
    /// When they are no colours.
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
                // Without them, the code is one that the library does not know.
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
    // An exponent from 0.1 to 10.
    if ![white, red, green, blue].iter().all(is_point)
        || gamma.is_some_and(|gamma| !(10_000..=1_000_000).contains(&gamma))
    {
        return Err(CmsError::InvalidProfile);
    }
    let [white, red, green, blue] = [white, red, green, blue].map(point);
    // Twice the area of the triangle of all colours.
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
