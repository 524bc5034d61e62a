//! Loading the text in the URL.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    pages::loaded::Loaded,
    resource::{PageResource, load},
};
use shared::{error::AppError, model::post::EditorDocument};

/// Returns the number in the query parameter `name`.
pub(super) fn number(name: &'static str) -> Memo<Option<i64>> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get(name).and_then(|number| number.parse().ok()))
}

/// Loads the text with this `number` by `open`.
pub(super) fn load_document<F>(number: Memo<Option<i64>>, open: fn(i64) -> F) -> PageResource<EditorDocument>
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

/// Shows the `question` about the text in the query parameter `name`, or the error.
pub(super) fn ask<F, V>(
    name: &'static str,
    open: fn(i64) -> F,
    question: fn(EditorDocument) -> V,
) -> impl IntoView + use<F, V>
where
    F: Future<Output = Result<EditorDocument, AppError>> + Send + 'static,
    V: IntoView + 'static,
{
    let document = load_document(number(name), open);
    view! {
        <Loaded resource=document let:document>
            {question(document)}
        </Loaded>
    }
}
