//! The page about the site.

use leptos::prelude::*;
use shared::site::{SITE, SITE_DESCRIPTION};

use crate::{
    components::title::PageTitle,
    metadata::{Metadata, describe},
};
use shared::paths;

/// The page about the site.
#[component]
pub fn AboutPage() -> impl IntoView {
    describe(|| Metadata::page(paths::ABOUT, "About", SITE_DESCRIPTION.to_owned()));
    view! {
        <PageTitle text="About" />
        <article class="prose">
            <h1>"About " {SITE}</h1>
            <p>
                {SITE} " is a paper that many people write. Everybody reads it; whoever has an account writes for it. "
                "Each post has one author, and each author a page with all that they have written."
            </p>
            <p>
                "Posts are written in Markdown, and appear on the front page the moment they are published, newest first."
            </p>
            <p>
                <a href=paths::HOME>"Read the newest posts"</a>
                " or "
                <a href=paths::REGISTER>"make an account"</a>
                "."
            </p>
        </article>
    }
}
