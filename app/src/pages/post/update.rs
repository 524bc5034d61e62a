//! Change a post.

use leptos::prelude::*;

use super::{
    editor::{WriteForm, afresh},
    wanted,
};
use crate::{
    api::post::{Update, open_post},
    components::{form::has_submission, skeleton::Skeleton},
    erased::Erase,
    model::post::Manuscript,
    pages::{guard::MembersOnly, problem::Problem},
};

/// The post in the address, with the changes that its author has begun.
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
    let wanted = wanted::number("post");
    let manuscript = wanted::manuscript(wanted, open_post);
    let write = move |manuscript: Manuscript| {
        let query = wanted
            .get_untracked()
            .map(|id| format!("?post={id}"))
            .unwrap_or_default();
        afresh(wanted, move || {
            view! {
                <WriteForm
                    manuscript=manuscript.clone()
                    check=|input: &Update| input.form.check()
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
                match manuscript.await {
                    Ok(manuscript) => write(manuscript),
                    // Whatever has become of the post, the text comes back.
                    Err(_) if has_submission() => write(Manuscript::default()),
                    Err(error) => view! { <Problem error /> }.erased(),
                }
            })}
        </Suspense>
    }
}
