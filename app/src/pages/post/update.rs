//! Updating a post.

use leptos::prelude::*;

use super::{
    editor::{PlainHtml, WriteForm, afresh, load_plain_preview},
    wanted,
};
use crate::{
    api::post::{Update, open_post},
    components::{form::has_submission, skeleton::Skeleton},
    pages::{error_page::ErrorPage, guard::MembersOnly, query},
    type_erasure::Erase,
};
use shared::model::post::EditorDocument;

/// The editor for the post in the URL, with its draft if there is one.
#[component]
pub fn UpdatePostPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Change />
        </MembersOnly>
    }
}

#[component]
fn Change() -> impl IntoView {
    let wanted = query::number("post");
    let document = wanted::load_document(wanted, open_post);
    let plain = load_plain_preview();
    let write = move |document: EditorDocument, plain: PlainHtml| {
        let query = wanted
            .get_untracked()
            .map(|id| format!("?post={id}"))
            .unwrap_or_default();
        afresh(wanted, move || {
            let action = ServerAction::<Update>::new();
            view! {
                <WriteForm
                    action
                    plain=plain.clone()
                    document=document.clone()
                    heading="Update post"
                    submit="Publish changes"
                    query=query.clone()
                />
            }
            .erased()
        })
        .erased()
    };
    view! {
        <Suspense fallback=Skeleton>
            {move || Suspend::new(async move {
                let plain = plain.await;
                match document.await {
                    Ok(document) => write(document, plain),
                    // The submitted text is shown whatever has happened to the post.
                    Err(_) if has_submission() => write(EditorDocument::default(), plain),
                    Err(error) => view! { <ErrorPage error /> }.erased(),
                }
            })}
        </Suspense>
    }
}
