//! Parts of files (RFC 9110, 14): a browser goes on where a connection broke off.

use axum::{
    body::Bytes,
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_RANGE, IF_RANGE, RANGE},
    },
    response::{IntoResponse, Response},
};
use http_range_header::parse_range_header;

/// The one part of `content` that `asked` is for, or all of it.
pub(super) fn of(asked: &HeaderMap, content: Bytes) -> Response {
    // A condition is never met: files have no validator, for their names never mean another content.
    let range = asked.get(RANGE).filter(|_| !asked.contains_key(IF_RANGE));
    let Some(range) = range.and_then(|range| parse_range_header(range.to_str().ok()?).ok()) else {
        return content.into_response();
    };
    let length = content.len();
    match range.validate(length as u64).as_deref() {
        Ok([one]) => {
            let (start, end) = (*one.start(), *one.end());
            let [from, to] = [start, end].map(|place| usize::try_from(place).unwrap_or(length));
            let header = (CONTENT_RANGE, format!("bytes {start}-{end}/{length}"));
            let part = content.slice(from.min(length)..to.saturating_add(1).min(length));
            (StatusCode::PARTIAL_CONTENT, [header], part).into_response()
        }
        // Several parts would be another format: whoever asks for them takes the whole.
        Ok(_) => content.into_response(),
        Err(_) => {
            let header = (CONTENT_RANGE, format!("bytes */{length}"));
            (StatusCode::RANGE_NOT_SATISFIABLE, [header]).into_response()
        }
    }
}
