//! The page about the site.

use leptos::prelude::*;

use super::{error_page::ErrorPage, static_pages::read::Article};
use crate::{
    api,
    components::{skeleton::Skeleton, title::PageTitle},
    metadata::{Metadata, describe},
    resource::load,
    site::use_site,
    type_erasure::Erase,
};
use shared::paths;

/// The static page `about`. While it is not published, a text about the site.
#[component]
pub fn AboutPage() -> impl IntoView {
    let page = load(|| (), |()| api::static_page::read_about());
    view! {
        <Transition fallback=Skeleton>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(Some(page)) => view! { <Article page /> }.erased(),
                    Ok(None) => view! { <DefaultAbout /> }.erased(),
                    Err(error) => view! { <ErrorPage error /> }.erased(),
                }
            })}
        </Transition>
    }
}

#[component]
fn DefaultAbout() -> impl IntoView {
    let site = use_site();
    let register = site
        .registration
        .is_for_everybody()
        .then(|| view! { " or " <a href=paths::REGISTER>"create an account"</a> });
    describe(|| Metadata::page(paths::ABOUT, "About", site.description.clone()));
    view! {
        <PageTitle text="About" />
        <article class="prose">
            <h1>"About " {site.name.clone()}</h1>
            <p>
                {site.name.clone()} " is a publication by many writers. Anyone can read it, and anyone with an account can write for it. "
                "Each post has one author, and each author has a page with all their posts."
            </p>
            <p>
                "Posts are written in Markdown. They appear on the home page as soon as they are published, newest first."
            </p>
            <p>
                <a href=paths::HOME>"Read the newest posts"</a>
                {register} "."
            </p>
        </article>
    }
}
