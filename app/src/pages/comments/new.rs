//! Writing a comment on a page of its own, for browsers without JavaScript whose form was refused, and after logging in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    form::{CommentForm, PlainPreview, load_plain_preview},
    new_comment::HiddenFields,
};
use crate::{
    api::comment::{Create, form},
    components::{
        form::{has_submission, submission},
        skeleton::Skeleton,
        title::PageTitle,
    },
    pages::{error_page::ErrorPage, guard::MembersOnly},
    resource::load,
    type_erasure::Erase,
};
use shared::{error::AppError, model::comment::NewCommentDocument, paths};

/// The form of a comment on the post in the URL.
#[component]
pub fn NewCommentPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Write />
        </MembersOnly>
    }
}

#[component]
fn Write() -> impl IntoView {
    let query = use_query_map();
    // The rejected form says what it was about as well.
    let typed = submission().map(|submission| submission.typed);
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let number = |name: &str| {
            let typed = typed.as_ref().and_then(|typed| typed.get(name).cloned());
            query.get(name).or(typed)?.parse::<i64>().ok()
        };
        (number("post"), number("parent"))
    });
    let page = load(
        move || wanted.get(),
        |(post, parent)| async move {
            match post {
                Some(post) => form(post, parent).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let plain = load_plain_preview();
    view! {
        <Suspense fallback=Skeleton>
            {move || Suspend::new(async move {
                let plain = plain.await.transpose();
                let (post, parent) = wanted.get_untracked();
                match page.await {
                    Ok(page) => view! { <Fields page=Some(page) post parent plain /> }.erased(),
                    // The text is shown whatever has happened to the post.
                    Err(_) if has_submission() => view! { <Fields page=None post parent plain /> }.erased(),
                    Err(error) => view! { <ErrorPage error /> }.erased(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Fields(
    page: Option<NewCommentDocument>,
    post: Option<i64>,
    parent: Option<i64>,
    plain: PlainPreview,
) -> impl IntoView {
    let post = post.unwrap_or_default();
    let action = ServerAction::<Create>::new();
    let query = paths::new_comment(post, parent).replacen(paths::NEW_COMMENT, "", 1);
    let (heading, nonce) = match &page {
        Some(page) if page.answered.is_some() => ("Reply", page.nonce.clone()),
        Some(page) => ("Write a comment", page.nonce.clone()),
        // The same one, so that a comment that was sent twice is published once.
        None => ("Write a comment", typed_nonce()),
    };
    let nothing = Callback::new(|()| ());
    let cancel = page.as_ref().map(|page| paths::comments(&page.post));
    view! {
        <PageTitle text=heading />
        <h1>{heading}</h1>
        {page.map(|page| view! { <Subject page /> })}
        <CommentForm action query submit="Publish comment" plain on_done=nothing cancel>
            <HiddenFields post parent nonce=nonce.clone() />
        </CommentForm>
    }
}

/// Returns the nonce of the rejected submission.
fn typed_nonce() -> String {
    let typed = submission().and_then(|submission| submission.typed.get("nonce").cloned());
    typed.unwrap_or_default()
}

/// The post, and the comment that is answered.
#[component]
fn Subject(page: NewCommentDocument) -> impl IntoView {
    let answered = page.answered.map(|comment| {
        let name = comment.author.name().to_owned();
        view! {
            <figure class="comment-quoted">
                <blockquote class="prose comment-text" inner_html=comment.html></blockquote>
                <figcaption>{name}</figcaption>
            </figure>
        }
    });
    view! {
        <p class="lead">
            <a href=paths::post(&page.post) dir="auto">
                {page.title}
            </a>
        </p>
        {answered}
    }
}
