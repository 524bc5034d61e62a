//! Reading a static page.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

use crate::{
    api,
    components::title::PageTitle,
    http,
    metadata::{Metadata, describe},
    pages::loaded::Loaded,
    resource::load,
    viewer::ViewerContext,
};
use shared::{model::static_page::StaticPage, paths};

/// The static page whose slug is in the URL. Other spellings of the URL redirect to the canonical one.
#[component]
pub fn ReadStaticPage() -> impl IntoView {
    let params = use_params_map();
    let location = use_location();
    let slug = Memo::new(move |_| params.read().get("page").unwrap_or_default());
    let page = load(move || slug.get(), api::static_page::read);
    view! {
        <Loaded resource=page let:page>
            {
                let path = paths::static_page(&page.slug);
                if *location.pathname.read_untracked() != path {
                    http::redirect_permanently(&path);
                }
                view! { <Article page /> }
            }
        </Loaded>
    }
}

/// The title and the text of a static page.
#[component]
pub fn Article(page: StaticPage) -> impl IntoView {
    describe(|| Metadata::page(&paths::static_page(&page.slug), &page.title, page.excerpt.clone()));
    view! {
        <PageTitle text=page.title.clone() />
        <Text page />
    }
}

/// The heading and the text of a static page, without a title of the document.
#[component]
pub fn Text(page: StaticPage) -> impl IntoView {
    view! {
        <article class="post">
            <h1 dir="auto">{page.title}</h1>
            <div class="prose" inner_html=page.html></div>
            <Tools id=page.id />
        </article>
    }
}

/// The link to the editor for administrators. Empty for others.
#[component]
fn Tools(id: i64) -> impl IntoView {
    let viewer = use_context::<ViewerContext>();
    let tools = move || {
        viewer.map(|viewer| {
            Suspend::new(async move {
                let administers =
                    matches!(viewer.resource.await, Ok(Some(viewer)) if viewer.role.administers());
                administers.then(|| {
                    view! {
                        <div class="post-tools">
                            <a class="button button-quiet" href=paths::update_static_page(id)>
                                "Update"
                            </a>
                        </div>
                    }
                })
            })
        })
    };
    view! { <Transition>{tools}</Transition> }
}
