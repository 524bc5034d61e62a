//! Trust in accounts: how much the site trusts somebody, and which of their texts wait for a moderator.
//!
//! Nobody is kept in the dark: the author of a text that waits sees it with the reason, and everybody sees their own level. Texts
//! are held and never refused, so that nothing is lost.

/// Deciding whether a text waits for a moderator.
mod assessment;
/// Fingerprints of what was sent in the last day.
mod fingerprint;
/// The texts of others that are to be held.
mod holding;
/// The levels of accounts.
mod level;

pub(crate) use self::{
    assessment::{TextId, Written, assess},
    holding::{KIND as HOLD_TEXTS, TextsToHold},
    level::{approve, lose, regain},
};
pub use self::{
    fingerprint::sweep,
    level::{give, review},
};
