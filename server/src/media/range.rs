//! Parts of files (RFC 9110, 14): a browser goes on where a connection broke off.

use axum::{
    body::Bytes,
    http::{
        Method, StatusCode,
        header::{CONTENT_RANGE, IF_RANGE, RANGE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use http_range_header::{RangeUnsatisfiableError, parse_range_header};

/// The one part of `content` that `asked` is for, or all of it.
pub(super) fn of(asked: &Parts, content: Bytes) -> Response {
    let headers = &asked.headers;
    // A condition is never met: files have no validator, for their names never mean another content.
    let is_for_parts = asked.method == Method::GET && !headers.contains_key(IF_RANGE);
    let range = headers.get(RANGE).filter(|_| is_for_parts);
    let Some(range) = range.and_then(|range| parse_range_header(range.to_str().ok()?).ok()) else {
        return content.into_response();
    };
    let length = content.len();
    match range.validate(length as u64) {
        Ok(ranges) => match &ranges[..] {
            [one] => {
                let (start, end) = (*one.start(), *one.end());
                let [from, to] = [start, end].map(|place| usize::try_from(place).unwrap_or(length));
                let header = (CONTENT_RANGE, format!("bytes {start}-{end}/{length}"));
                let part = content.slice(from.min(length)..to.saturating_add(1).min(length));
                (StatusCode::PARTIAL_CONTENT, [header], part).into_response()
            }
            // Several parts would be another format: whoever asks for them takes the whole.
            _ => content.into_response(),
        },
        // The last bytes, more than there are: all of them.
        Err(RangeUnsatisfiableError::FileSuffixOutOfBounds) if length > 0 => content.into_response(),
        Err(_) => {
            let header = (CONTENT_RANGE, format!("bytes */{length}"));
            (StatusCode::RANGE_NOT_SATISFIABLE, [header]).into_response()
        }
    }
}
