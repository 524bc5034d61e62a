//! Changing a comment.

use leptos::{prelude::*, task::spawn_local};

use super::form::{CommentForm, PlainPreview, load_plain_preview};
use crate::{
    api::comment::{Update, open},
    components::{
        form::{FormContext, has_submission},
        skeleton::Skeleton,
        text_area::escaped,
        title::PageTitle,
    },
    pages::{error_page::ErrorPage, guard::MembersOnly, query},
    resource::load,
    type_erasure::Erase,
};
use shared::{error::AppError, model::comment::CommentDocument, paths};

/// The form of the comment in the URL.
#[component]
pub fn UpdateCommentPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Change />
        </MembersOnly>
    }
}

#[component]
fn Change() -> impl IntoView {
    let wanted = query::number("comment");
    let document = load(
        move || wanted.get(),
        |id| async move {
            match id {
                Some(id) => open(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let plain = load_plain_preview();
    view! {
        <Suspense fallback=Skeleton>
            {move || Suspend::new(async move {
                let plain = plain.await.transpose();
                match document.await {
                    Ok(document) => {
                        view! { <Fields id=document.id document=Some(document) plain /> }.erased()
                    }
                    // The text is shown whatever has happened to the comment.
                    Err(_) if has_submission() => {
                        let id = wanted.get_untracked().unwrap_or_default();
                        view! { <Fields id document=None plain /> }.erased()
                    }
                    Err(error) => view! { <ErrorPage error /> }.erased(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Fields(id: i64, document: Option<CommentDocument>, plain: PlainPreview) -> impl IntoView {
    let action = ServerAction::<Update>::new();
    let query = paths::update_comment(id).replacen(paths::UPDATE_COMMENT, "", 1);
    let value = document
        .as_ref()
        .map(|document| document.content.clone())
        .unwrap_or_default();
    let document = StoredValue::new(document);
    view! {
        <PageTitle text="Edit comment" />
        <h1>"Edit comment"</h1>
        <CommentForm
            action
            query
            submit="Save comment"
            value
            plain
            on_done=Callback::new(|()| ())
            cancel=Some(paths::comment(id))
        >
            <Version id document=document.get_value() />
        </CommentForm>
    }
}

/// The version that submitting the form replaces. After a conflict, that is the one on the site, whose text is shown.
#[component]
fn Version(id: i64, document: Option<CommentDocument>) -> impl IntoView {
    let form = use_context::<FormContext>();
    let problem = form.map_or_else(|| RwSignal::new(None), FormContext::problem);
    let is_conflict = matches!(*problem.read_untracked(), Some(AppError::Conflict));
    let typed = form.and_then(|form| form.typed("version")?.parse::<i64>().ok());
    let present = document.as_ref().map(|document| document.version);
    let version = RwSignal::new(typed.filter(|_| !is_conflict).or(present).unwrap_or_default());
    let other = RwSignal::new(document.filter(|_| is_conflict));
    Effect::new(move |before: Option<()>| {
        let is_conflict = matches!(*problem.read(), Some(AppError::Conflict));
        if before.is_some() && is_conflict {
            spawn_local(async move {
                if let Ok(latest) = open(id).await {
                    version.try_set(latest.version);
                    other.try_set(Some(latest));
                }
            });
        }
    });
    view! {
        {move || other.get().map(|document| view! { <OtherText document /> })}
        <input type="hidden" name="comment" value=id.to_string() />
        <input type="hidden" name="version" value=move || version.get().to_string() />
    }
}

/// The text that was saved in another window.
#[component]
fn OtherText(document: CommentDocument) -> impl IntoView {
    view! {
        <section class="other-text" aria-labelledby="other-text">
            <h2 id="other-text" tabindex="-1">
                "This was changed elsewhere"
            </h2>
            <textarea readonly rows="5" aria-label="The other text" inner_html=escaped(&document.content)></textarea>
            <p>"To replace it by the text in the form below, send the form again."</p>
        </section>
    }
}
