//! The problems of fields.

use serde::{Deserialize, Serialize};

use super::{
    Field,
    appearance::CssProblem,
    navigation::LABEL_MAX,
    picture::{PICTURE_MAX_MEGAPIXELS, PICTURE_MAX_SIDE, PROFILE_MAX_BYTES},
    post::DRAFTS_MAX,
    redirect::REDIRECTS_MAX,
    tag::{TAG_MAX, TAGS_MAX},
    web_address::LINKS_MAX,
};
use crate::colour::Colour;

/// A problem of a field. All messages are defined here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldProblem {
    /// The field is empty.
    Required,
    /// Fewer characters than this minimum.
    TooShort(usize),
    /// More characters than this maximum.
    TooLong(usize),
    /// More bytes in UTF-8 than this maximum.
    TooManyBytes(usize),
    /// A text whose HTML is disproportionately long.
    TooMuchMarkup,
    /// Characters that are not allowed in a username.
    UsernameCharacters,
    /// A reserved username.
    Reserved,
    /// Control characters, invisible characters or stacked accents in a name.
    NameCharacters,
    /// A name without a letter or digit.
    NoLetter,
    /// Not a web address.
    NotAWebAddress,
    /// Too many links.
    TooManyLinks,
    /// Not an email address.
    NotAnAddress,
    /// A line break or another control character in a single line.
    ControlCharacter,
    /// The two passwords differ.
    Different,
    /// The value belongs to another user.
    Taken,
    /// A password that is easy to guess.
    Common,
    /// The new password is the current one.
    Unchanged,
    /// The password is wrong.
    Wrong,
    /// A file in a format that is not supported.
    NotAPicture,
    /// An image that cannot be decoded.
    Broken,
    /// An image with too many pixels.
    TooManyPixels,
    /// An image whose colour profile is too large.
    ProfileTooLarge,
    /// Too many tags.
    TooManyTags,
    /// A tag with too many characters.
    TagTooLong,
    /// Characters that are not allowed in a tag.
    TagCharacters,
    /// The maximum number of drafts is reached.
    TooManyDrafts,
    /// The quota for inline images, in megabytes, is used up.
    QuotaUsed(usize),
    /// An invitation is for another address.
    OtherAddress,
    /// A file of more megabytes than this maximum.
    TooManyMegabytes(usize),
    /// Not a language tag (BCP 47).
    NotALanguage,
    /// A day that is over.
    Over,
    /// Not the address of a published static page.
    NoSuchPage,
    /// Not the name of a time zone.
    NotATimeZone,
    /// Not a number between these, inclusive.
    NotANumberFrom(u64, u64),
    /// Not a date.
    NotADate,
    /// Not a date and time.
    NotATime,
    /// A time that is over.
    InThePast,
    /// A later time, although the text is published now.
    NotScheduled,
    /// A time that is more than this number of days ahead.
    TooFarAhead(i64),
    /// A time that no clock in the time zone shows, because it is put forward from the first of these times to the
    /// second one, in minutes after midnight.
    Skipped(u16, u16),
    /// A time that the clocks in the time zone show twice, because they are put back from the second of these times to
    /// the first one, in minutes after midnight.
    Repeated(u16, u16),
    /// An address of this site.
    OwnAddress,
    /// A picture that was deleted, or never uploaded.
    NoSuchPicture,
    /// More links to a draft than this maximum.
    TooManyPreviewLinks(u64),
    /// More entries than this maximum.
    TooManyEntries(usize),
    /// The line with this number is not a domain.
    NotADomain(usize),
    /// The site does not accept addresses at this domain.
    BlockedDomain,
    /// The entry with this number has no label, or one that is too long.
    EntryLabel(usize),
    /// The entry with this number has no address that leads somewhere.
    EntryAddress(usize),
    /// Not one of the choices.
    NotAChoice,
    /// The value is given to the program when it starts and cannot be changed in the browser.
    Fixed,
    /// Somebody else has changed the value since the form was shown.
    ChangedMeanwhile,
    /// Characters that are not allowed in the address of a static page.
    AddressCharacters,
    /// Not a path of this site.
    NotAPath,
    /// A path at which the program itself has a page.
    PathInUse,
    /// A redirect that leads back to where it began, or through too many others.
    Loop,
    /// The maximum number of redirects is reached.
    TooManyRedirects,
    /// The name of a file that was not uploaded.
    NotUploaded,
    /// Not a colour such as `#1a5f9e`.
    NotAColour,
    /// A colour on which text is not legible, with the nearest on which it is.
    LowContrast(Colour),
    /// Custom CSS that is not accepted.
    Css(CssProblem),
}

impl FieldProblem {
    /// Returns the HTTP status code (RFC 9110).
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::ChangedMeanwhile => 409,
            Self::TooManyMegabytes(_) => 413,
            Self::NotAPicture => 415,
            _ => 422,
        }
    }

    /// Returns a sentence that says how to correct `field`.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "it has a line for each problem")]
    pub fn message(self, field: Field) -> String {
        let noun = field.noun();
        match self {
            Self::Required if matches!(field, Field::Picture | Field::Image | Field::Logo | Field::Icon) => format!("Choose {noun}"),
            Self::Required => format!("Enter {noun}"),
            Self::TooShort(least) => format!("Enter {noun} of at least {least} characters"),
            Self::TooLong(most) => format!("Enter {noun} of at most {} characters", grouped(most)),
            Self::TooManyBytes(most) => format!("Enter {noun} of at most {most} bytes"),
            Self::TooMuchMarkup => {
                "Use less formatting: headings, links, notes, table cells and coloured code make this text several times as long for readers. Shorten it, or publish it in parts"
                    .to_owned()
            }
            Self::UsernameCharacters => {
                "Enter a username that starts with a letter or digit and has only a–z, 0–9, “-” and “_”"
                    .to_owned()
            }
            Self::Reserved if matches!(field, Field::Address) => {
                "Enter another address: the site itself uses this one, or may use it later".to_owned()
            }
            Self::Reserved => "Enter another username: this one is reserved".to_owned(),
            Self::NameCharacters => {
                format!("Enter {noun} without control characters, invisible characters or stacked accents")
            }
            Self::NoLetter => format!("Enter {noun} with at least one letter or digit"),
            Self::NotAWebAddress if matches!(field, Field::Links) => {
                "Enter web addresses like https://example.com, one on each line".to_owned()
            }
            Self::NotAWebAddress => "Enter a web address like https://example.com".to_owned(),
            Self::TooManyLinks => format!("Enter at most {LINKS_MAX} links, one on each line"),
            Self::NotAnAddress => "Enter an email address like name@example.com".to_owned(),
            Self::ControlCharacter => format!("Enter {noun} on one line"),
            Self::Different => "Enter the same password twice".to_owned(),
            Self::Taken if matches!(field, Field::Email) => {
                "Enter another email address: this one already has an account".to_owned()
            }
            Self::Common => "Enter another password: this one is too common".to_owned(),
            Self::Unchanged => "Enter a password that is not your current one".to_owned(),
            Self::Wrong if matches!(field, Field::Password) => {
                "Enter the password you chose when you registered: this one is not correct".to_owned()
            }
            Self::Wrong => "Enter your current password: this one is not correct".to_owned(),
            Self::NotAPicture => "Choose a JPEG, PNG, WebP or GIF file".to_owned(),
            Self::Broken => "Choose another picture: this file is damaged or not a picture".to_owned(),
            Self::TooManyPixels => format!(
                "Choose a picture of at most {PICTURE_MAX_MEGAPIXELS} megapixels and {PICTURE_MAX_SIDE} pixels per side"
            ),
            Self::ProfileTooLarge => format!(
                "Choose a picture without a colour profile, or with one of at most {} MiB",
                PROFILE_MAX_BYTES / (1024 * 1024)
            ),
            Self::TooManyTags => format!("Enter at most {TAGS_MAX} tags, separated by commas"),
            Self::TagTooLong => {
                format!("Enter tags of at most {TAG_MAX} characters each, separated by commas")
            }
            Self::TagCharacters => {
                "Enter tags with letters or digits. The only other characters allowed are “-”, “+”, “#”, “.” and “_”"
                    .to_owned()
            }
            Self::TooManyDrafts => format!("Publish or discard a draft first: you already have {DRAFTS_MAX}"),
            Self::QuotaUsed(megabytes) => {
                format!(
                    "Use a picture that you have already uploaded: yours take up {megabytes} MB, which is the limit"
                )
            }
            Self::NotUploaded if matches!(field, Field::Cover) => {
                "Upload the picture first, and enter its address".to_owned()
            }
            Self::NotUploaded => format!("Upload the file in the browser, under “{}”", field.label()),
            Self::NotAColour => "Enter a colour like #1a5f9e".to_owned(),
            Self::LowContrast(nearest) => {
                format!("Use {nearest} instead: text in this colour is hard to read")
            }
            Self::Css(problem) => problem.message(),
            Self::OtherAddress => "Enter the email address to which the invitation was sent".to_owned(),
            Self::TooManyMegabytes(most) => format!("Choose a file of at most {most} MB"),
            Self::AddressCharacters => {
                "Enter an address that has only a–z, 0–9 and “-”, such as “imprint”".to_owned()
            }
            Self::NotAPath => {
                "Enter an address of this site that begins with “/”, such as “/about”".to_owned()
            }
            Self::PathInUse => "Enter another old address: the site itself uses this one".to_owned(),
            Self::Loop => "Enter another new address: this one leads back to the old one".to_owned(),
            Self::TooManyRedirects => {
                format!("Delete a redirect first: there are already {}", grouped(REDIRECTS_MAX))
            }
            Self::Taken if matches!(field, Field::OldPath) => {
                "Enter another old address: this one has a redirect already".to_owned()
            }
            Self::Taken => format!("Enter another {}: this one is taken", field.name()),
            Self::NotALanguage => "Enter a language tag like en, de-CH or pt-BR".to_owned(),
            Self::Over => "Enter a day that is not over yet".to_owned(),
            Self::NoSuchPage => "Enter the address of a page that is published".to_owned(),
            Self::NotATimeZone => "Enter a time zone like Europe/Berlin or UTC".to_owned(),
            Self::NotANumberFrom(least, most) => format!("Enter a number from {least} to {most}"),
            Self::NotADate => "Enter a date like 2026-12-31".to_owned(),
            Self::TooManyEntries(most) => format!("Enter at most {most} entries in “{}”", field.label()),
            Self::EntryLabel(number) => {
                format!("Enter a label of 1 to {LABEL_MAX} characters in row {number} of “{}”", field.label())
            }
            Self::EntryAddress(number) => format!(
                "Enter an address like /about or https://example.org in row {number} of “{}”",
                field.label()
            ),
            Self::NotATime => "Enter a date and time like 2026-12-31 18:00".to_owned(),
            Self::NotScheduled => "Press “Schedule” to publish at this time, or empty it to publish now".to_owned(),
            Self::InThePast => "Enter a time that is not over yet, or publish now".to_owned(),
            Self::TooFarAhead(days) => format!("Enter a time in the next {days} days"),
            Self::Skipped(from, to) => format!(
                "Enter a time before {} or from {} on: the clocks are put forward then",
                clock(from),
                clock(to)
            ),
            Self::Repeated(from, to) => format!(
                "Enter a time before {} or from {} on: the clocks are put back then, and show the time between twice",
                clock(from),
                clock(to)
            ),
            Self::OwnAddress => {
                "Leave this empty for a text that was first published here: this is an address of this site".to_owned()
            }
            Self::NoSuchPicture => "Choose another picture: this one is not there, or no longer".to_owned(),
            Self::NotADomain(line) => format!("Line {line} is not a domain, such as mail.example"),
            Self::BlockedDomain => {
                "This site does not accept addresses at this provider. Enter another one".to_owned()
            }
            Self::TooManyPreviewLinks(most) => {
                format!("Revoke a link first: a draft has at most {most}")
            }
            Self::NotAChoice => format!("Choose {noun}"),
            Self::Fixed => format!("Leave “{}” as it is: whoever runs the server has set it", field.label()),
            Self::ChangedMeanwhile => format!(
                "Check “{}”: somebody else has changed it in the meantime. Save again to replace their change",
                field.label()
            ),
        }
    }
}

/// Formats a time of the day in minutes after midnight, such as 02:30.
fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Formats a number with thousands separators, such as 100,000.
#[must_use]
pub fn grouped(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1_000), number % 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!(
            [7, 150, 1_024, 100_000, 1_000_005].map(grouped),
            ["7", "150", "1,024", "100,000", "1,000,005"]
        );
    }
}
