//! Range requests (RFC 9110, 14), with which a browser resumes an interrupted download.

use std::ops::Range;

use axum::http::{
    Method,
    header::{IF_RANGE, RANGE},
    request::Parts,
};
use http_range_header::{RangeUnsatisfiableError, parse_range_header};

/// The part of a file that a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    Chunk(Range<u64>),
    /// A part that the file does not have.
    Nothing,
}

/// Returns the part that `asked` requests, of a file with `length` bytes.
pub(super) fn wanted(asked: &Parts, length: u64) -> Wanted {
    let headers = &asked.headers;
    // A condition never matches, because files have no validator: a name always refers to the same content.
    let is_for_parts = asked.method == Method::GET && !headers.contains_key(IF_RANGE);
    let range = headers.get(RANGE).filter(|_| is_for_parts);
    let Some(range) = range.and_then(|range| parse_range_header(range.to_str().ok()?).ok()) else {
        return Wanted::Whole;
    };
    match range.validate(length) {
        Ok(ranges) => match &ranges[..] {
            [one] => Wanted::Chunk(*one.start()..one.end().saturating_add(1)),
            // Several ranges would require a multipart response, so the whole file is sent instead.
            _ => Wanted::Whole,
        },
        // A suffix that is longer than the file selects the whole file.
        Err(RangeUnsatisfiableError::FileSuffixOutOfBounds) if length > 0 => Wanted::Whole,
        Err(_) => Wanted::Nothing,
    }
}
