//! The preview without JavaScript, on the page that answers the form.

use leptos::prelude::*;

use crate::{
    api,
    components::{
        form::{FormContext, submission},
        summary::Explanation,
    },
    resource::{PageResource, load},
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    forms::{
        Field, Submission,
        post::{CONTENT_MAX_FIELD, Intent, PostForm},
    },
};

/// The HTML of a submitted text, if a preview was requested.
pub(in crate::pages) type PlainHtml = Result<Option<String>, AppError>;

/// Loads the preview that this page answers with, if any.
///
/// Must be loaded together with the other data of the page: a resource created inside the form is not available at
/// hydration.
pub(in crate::pages) fn load_plain_preview() -> PageResource<Option<String>> {
    let wanted = submission().filter(|it| it.error.is_none() && is_preview(it.typed.get(Intent::FIELD)));
    let form = wanted.map(|submission| typed_form(&submission));
    load(
        || (),
        move |()| {
            let form = form.clone();
            async move {
                match form {
                    Some(form) => api::post::preview(form).await.map(Some),
                    None => Ok(None),
                }
            }
        },
    )
}

/// Returns the parts of the submitted form that a preview needs: the text and its maximum length.
fn typed_form(submission: &Submission) -> PostForm {
    let typed = |name| submission.typed.get(name).cloned();
    let number = |name| typed(name).and_then(|text| text.parse().ok());
    PostForm {
        post: number("post"),
        draft: number("draft"),
        title: typed(Field::Title.name()).unwrap_or_default(),
        content: typed(Field::Content.name()).unwrap_or_default(),
        content_max: number(CONTENT_MAX_FIELD).unwrap_or_default(),
        ..PostForm::default()
    }
}

fn is_preview(intent: Option<&String>) -> bool {
    intent.is_some_and(|intent| intent == Intent::Preview.name())
}

/// The preview of the submitted text.
#[component]
pub(in crate::pages) fn PlainPreview(
    /// The HTML.
    html: PlainHtml,
) -> impl IntoView {
    // Only for the form that was submitted.
    let form = use_context::<FormContext>().filter(|form| is_preview(form.typed(Intent::FIELD).as_ref()));
    let title = form.and_then(|form| form.typed(Field::Title.name()));
    let html = html.transpose().filter(|_| form.is_some());
    html.map(|html| {
        view! {
            <section class="plain-preview" aria-label="Preview">
                <p class="plain-preview-label">"Preview"</p>
                <h2 class="plain-preview-title" dir="auto">{title.unwrap_or_default()}</h2>
                {match html {
                    Ok(html) => view! { <div class="prose" inner_html=html></div> }.erased(),
                    Err(error) => view! { <p><Explanation error /></p> }.erased(),
                }}
            </section>
        }
    })
}
