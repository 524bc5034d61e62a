//! The page number of a list, or the position of a page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use shared::model::{page, position::Position};

/// Returns the page number in the URL, or `None` if it is not valid.
pub(super) fn use_page_number() -> Memo<Option<u64>> {
    let query = use_query_map();
    Memo::new(move |_| page::number(query.read().get_str("page")))
}

/// Returns the position in the URL, or `None` if it is not valid.
pub(super) fn use_position() -> Memo<Option<Position>> {
    let query = use_query_map();
    Memo::new(move |_| Position::parse(query.read().get_str("page")))
}
