//! Read a post.

use leptos::prelude::*;
use leptos_meta::Meta;
use leptos_router::hooks::use_params_map;

use crate::{
    api,
    components::{post_list::Byline, title::PageTitle},
    error::AppError,
    http,
    model::post::Post,
    pages::problem::Problem,
    paths,
};

/// The post whose number begins the last part of the address. Any other spelling of its address leads to the right one.
#[component]
pub fn PostPage() -> impl IntoView {
    let params = use_params_map();
    let segment = Memo::new(move |_| params.read().get("post").unwrap_or_default());
    let post = Resource::new(
        move || paths::post_id(&segment.read()),
        |id| async move {
            match id {
                Some(id) => api::post::read(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match post.await {
                    Ok(post) => {
                        let address = paths::post(&post.card.post);
                        if !address.ends_with(&format!("/{}", segment.get_untracked())) {
                            http::redirect_permanently(&address);
                        }
                        view! { <Article post /> }.into_any()
                    }
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Article(post: Post) -> impl IntoView {
    let Post { card, html } = post;
    view! {
        <PageTitle text=card.title.clone() />
        <Meta name="description" content=card.excerpt />
        <article class="post">
            <h1>{card.title}</h1>
            <p class="byline">
                <Byline author=card.author at=card.created_at />
            </p>
            <div class="prose" inner_html=html></div>
        </article>
    }
}
