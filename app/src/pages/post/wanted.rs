//! Loading the text in the URL.

use leptos::prelude::*;

use crate::{
    pages::{loaded::Loaded, query},
    resource::{PageResource, load},
};
use shared::{error::AppError, model::post::EditorDocument};

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
    let document = load_document(query::number(name), open);
    view! {
        <Loaded resource=document let:document>
            {question(document)}
        </Loaded>
    }
}
