//! Change a post.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::editor::{Editor, EditorButtons, afresh};
use crate::{
    api::post::{Update, open_post},
    components::form::{Form, has_submission},
    error::AppError,
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
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.read().get("post").and_then(|id| id.parse::<i64>().ok()));
    let manuscript = Resource::new(
        move || wanted.get(),
        |id| async move {
            match id {
                Some(id) => open_post(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let write = move |manuscript: Manuscript| {
        let id = wanted.get_untracked();
        afresh(wanted, move || {
            view! { <Write manuscript=manuscript.clone() id /> }.into_any()
        })
        .into_any()
    };
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match manuscript.await {
                    Ok(manuscript) => write(manuscript),
                    // Whatever has become of the post, the text comes back.
                    Err(_) if has_submission() => write(Manuscript::default()),
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Write(manuscript: Manuscript, id: Option<i64>) -> impl IntoView {
    let action = ServerAction::<Update>::new();
    let is_published = Signal::derive(move || matches!(*action.value().read(), Some(Ok(()))));
    let busy = RwSignal::new(false);
    let save = Trigger::new();
    let query = id.map(|id| format!("?post={id}")).unwrap_or_default();
    view! {
        <Form
            action
            check=|input| input.form.check()
            heading="Update post"
            submit="Publish changes"
            query
            busy
            buttons=move || view! { <EditorButtons save /> }
        >
            <Editor manuscript busy save pending=action.pending() is_published />
        </Form>
    }
}
