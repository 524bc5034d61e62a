//! Which page of a list is asked for.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use shared::model::page;

/// The number in this page's address, or `None` for what is no number of a page.
pub(super) fn use_page_number() -> Memo<Option<u64>> {
    let query = use_query_map();
    Memo::new(move |_| page::number(query.read().get_str("page")))
}
