//! The page about the site.

use leptos::prelude::*;

use crate::{
    components::title::PageTitle,
    metadata::{Metadata, describe},
    site::use_site,
};
use shared::paths;

/// The page about the site.
#[component]
pub fn AboutPage() -> impl IntoView {
    let site = use_site();
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
                " or "
                <a href=paths::REGISTER>"create an account"</a>
                "."
            </p>
        </article>
    }
}
