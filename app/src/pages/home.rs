//! The home page.

use super::{loaded::Loaded, page_number::use_page_number};
use crate::{
    api,
    components::{empty_list::EmptyList, post_list::PostList, title::PageTitle},
    http,
    metadata::{Metadata, describe},
    resource::load,
    site::use_site,
};
use leptos::prelude::*;
use shared::{
    error::AppError,
    model::{page::ListPage, post::PostCard},
    paths,
};

/// Page `?page=` of all posts.
#[component]
pub fn HomePage() -> impl IntoView {
    let number = use_page_number();
    let posts = load(
        move || number.get(),
        |number| async move {
            match number {
                Some(number) => api::post::list(number).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Loaded resource=posts let:page>
            <Posts page />
        </Loaded>
    }
}

#[component]
fn Posts(page: ListPage<PostCard>) -> impl IntoView {
    let (title, heading) = if page.number == 1 {
        (String::new(), "Newest posts".to_owned())
    } else {
        (
            format!("Page {}", page.number),
            format!("Newest posts, page {}", page.number),
        )
    };
    let is_empty = page.total == 0;
    let description = use_site().description.clone();
    describe(|| Metadata::list(paths::HOME, &page, &title, description.clone()));
    view! {
        <PageTitle text=title />
        {(page.number == 1 && !description.is_empty())
            .then(|| view! { <p class="site-description">{description}</p> })}
        <h1 class="visually-hidden">{heading}</h1>
        {is_empty
            .then(|| {
                view! {
                    <EmptyList
                        text="Nobody has published anything yet."
                        path=paths::NEW_POST
                        label="Write the first post"
                    />
                }
            })}
        <PostList path=paths::HOME.to_owned() page />
    }
}

/// Redirects to the home page.
#[component]
pub fn HomeAlias() -> impl IntoView {
    http::redirect_permanently(paths::HOME);
}
