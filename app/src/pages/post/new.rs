//! Writing a new post.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::editor::{PlainHtml, WriteForm, afresh, load_plain_preview};
use crate::{
    api::post::{Create, open_draft},
    components::{form::has_submission, nav::FreshText, skeleton::Skeleton, title::PageTitle},
    http,
    pages::{
        error_page::ErrorPage,
        guard::{Member, MembersOnly},
    },
    resource::load,
    type_erasure::Erase,
};
use shared::{error::AppError, model::post::EditorDocument, paths};

/// The editor for a new post or for the draft in the URL.
#[component]
pub fn NewPostPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <New />
        </MembersOnly>
    }
}

#[component]
fn New() -> impl IntoView {
    let query = use_query_map();
    let fresh = use_context::<FreshText>();
    // While writing, the URL changes without notifying the router, so that the editor is kept.
    let wanted = Memo::new(move |_| {
        let times = fresh.map_or(0, |FreshText(times)| times.get());
        (times, query.read().get("draft"))
    });
    let document = load(
        move || wanted.get(),
        |(_, draft)| async move {
            match draft.map(|id| id.parse()) {
                None => Ok(EditorDocument::default()),
                Some(Ok(id)) => open_draft(id).await,
                Some(Err(_)) => Err(AppError::NotFound),
            }
        },
    );
    let plain = load_plain_preview();
    let id = move || wanted.with_untracked(|(_, draft)| draft.as_ref().and_then(|id| id.parse::<i64>().ok()));
    let write = move |document: EditorDocument, plain: PlainHtml| {
        let query = id().map(|id| format!("?draft={id}")).unwrap_or_default();
        afresh(wanted, move || {
            let action = ServerAction::<Create>::new();
            view! {
                <WriteForm
                    action
                    plain=plain.clone()
                    document=document.clone()
                    heading="New post"
                    submit="Publish"
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
                    Ok(EditorDocument { post: Some(post), .. }) => {
                        http::redirect(&paths::update_post(post.id));
                        ().erased()
                    }
                    Ok(document) => write(document, plain),
                    Err(_) if has_submission() => write(EditorDocument::default(), plain),
                    Err(AppError::NotFound) => view! { <GoneDraft /> }.erased(),
                    Err(error) => view! { <ErrorPage error /> }.erased(),
                }
            })}
        </Suspense>
    }
}

/// The page for a draft that does not exist, or no longer.
#[component]
fn GoneDraft() -> impl IntoView {
    http::set_status(AppError::NotFound.status());
    let username = Member::username();
    view! {
        <PageTitle text="Draft not found" />
        <h1>"Draft not found"</h1>
        <p class="lead">"It may have been published or discarded."</p>
        <p>
            <a class="button" href=paths::user(&username)>
                "Your posts"
            </a>
            " "
            <a class="button button-quiet" href=paths::ACCOUNT_DRAFTS>
                "Your drafts"
            </a>
        </p>
    }
}
