//! The home page.

use super::{error_page::ErrorPage, page_number::use_page_number};
use crate::{
    api,
    components::{post_list::PostList, skeleton::Skeleton, title::PageTitle},
    http,
    metadata::{Metadata, describe},
    resource::load,
    type_erasure::Erase,
};
use leptos::prelude::*;
use shared::site::SITE_DESCRIPTION;
use shared::{error::AppError, paths};

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
        <Transition fallback=Skeleton>
            {move || Suspend::new(async move {
                match posts.await {
                    Ok(page) => {
                        let title = if page.number == 1 { String::new() } else { format!("Page {}", page.number) };
                        let heading =
                            if page.number == 1 { "Newest posts".to_owned() } else { format!("Newest posts, page {}", page.number) };
                        let empty = page.total == 0;
                        describe(|| Metadata::list(paths::HOME, &page, &title, SITE_DESCRIPTION.to_owned()));
                        view! {
                            <PageTitle text=title />
                            <h1 class="visually-hidden">{heading}</h1>
                            {empty.then_some(view! { <NothingYet /> })}
                            <PostList path=paths::HOME.to_owned() page />
                        }
                            .erased()
                    }
                    Err(error) => view! { <ErrorPage error /> }.erased(),
                }
            })}
        </Transition>
    }
}

/// Redirects to the home page.
#[component]
pub fn HomeAlias() -> impl IntoView {
    http::redirect_permanently(paths::HOME);
}

#[component]
fn NothingYet() -> impl IntoView {
    view! {
        <section class="empty">
            <p>"Nobody has published anything yet."</p>
            <p>
                <a class="button" href=paths::NEW_POST>
                    "Write the first post"
                </a>
            </p>
        </section>
    }
}
