//! The parameters of the query in the URL.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Returns the number in the query parameter `name`.
pub(super) fn number(name: &'static str) -> Memo<Option<i64>> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get(name).and_then(|number| number.parse().ok()))
}
