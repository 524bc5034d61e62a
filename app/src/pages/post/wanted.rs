//! The text that a page's address names.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::skeleton::Skeleton,
    pages::error_page::Problem,
    resource::{Loaded, load},
    type_erasure::Erase,
};
use shared::{error::AppError, model::post::EditorDocument};

/// The number that the address has under `name`.
pub(super) fn number(name: &'static str) -> Memo<Option<i64>> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get(name).and_then(|number| number.parse().ok()))
}

/// The text with this `number`, as `open` gives it.
pub(super) fn manuscript<F>(number: Memo<Option<i64>>, open: fn(i64) -> F) -> Loaded<EditorDocument>
where
    F: Future<Output = Result<EditorDocument, AppError>> + Send + 'static,
{
    load(
        move || number.get(),
        move |number| async move {
            match number {
                Some(number) => open(number).await,
                None => Err(AppError::NotFound),
            }
        },
    )
}

/// The `question` about the text that the address names under `name`, or why there is none.
pub(super) fn ask<F, V>(
    name: &'static str,
    open: fn(i64) -> F,
    question: fn(EditorDocument) -> V,
) -> impl IntoView + use<F, V>
where
    F: Future<Output = Result<EditorDocument, AppError>> + Send + 'static,
    V: IntoView + 'static,
{
    let manuscript = manuscript(number(name), open);
    view! {
        <Suspense fallback=Skeleton>
            {move || Suspend::new(async move {
                match manuscript.await {
                    Ok(manuscript) => question(manuscript).erased(),
                    Err(error) => view! { <Problem error /> }.erased(),
                }
            })}
        </Suspense>
    }
}
