//! The newest posts.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::problem::Problem;
use crate::{
    api,
    components::{post_list::PostList, title::PageTitle},
    error::AppError,
    model::page,
    paths,
};

/// The page number in this page's address, or `None` for what is no number of a page.
pub(super) fn use_page_number() -> Memo<Option<u64>> {
    let query = use_query_map();
    Memo::new(move |_| page::number(query.read().get_str("page")))
}

/// Page `?page=` of everybody's posts.
#[component]
pub fn HomePage() -> impl IntoView {
    let number = use_page_number();
    let posts = Resource::new(
        move || number.get(),
        |number| async move {
            match number {
                Some(number) => api::post::list(number).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match posts.await {
                    Ok(page) => {
                        let title = if page.number == 1 { String::new() } else { format!("Page {}", page.number) };
                        let empty = page.total == 0;
                        view! {
                            <PageTitle text=title />
                            <h1 class="visually-hidden">"Newest posts"</h1>
                            {empty.then_some(view! { <NothingYet /> })}
                            <PostList path=paths::HOME.to_owned() page />
                        }
                            .into_any()
                    }
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn NothingYet() -> impl IntoView {
    view! {
        <section class="empty">
            <p>"Nobody has written anything yet."</p>
            <p>
                <a class="button" href=paths::NEW_POST>
                    "Write the first post"
                </a>
            </p>
        </section>
    }
}
