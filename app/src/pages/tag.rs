//! The posts with a tag.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{loaded::Loaded, page_number::use_page_number};
use crate::{
    api,
    components::{post_list::PostList, title::PageTitle},
    http,
    metadata::{Metadata, describe},
    resource::load,
};
use shared::{
    error::AppError,
    forms::tag,
    model::{page::ListPage, post::PostCard},
    paths,
};

/// Page `?page=` of the posts with the tag in the URL. Other spellings of the tag redirect to the canonical one.
#[component]
pub fn TagPage() -> impl IntoView {
    let params = use_params_map();
    let typed = Memo::new(move |_| params.read().get("tag").unwrap_or_default());
    let number = use_page_number();
    let posts = load(
        move || (typed.get(), number.get()),
        |(typed, number)| async move {
            let name = tag::name(&typed).map_err(|_| AppError::NotFound)?;
            let number = number.ok_or(AppError::NotFound)?;
            let page = api::post::list_tagged(name.clone(), number).await?;
            Ok::<_, AppError>((name, page))
        },
    );
    view! {
        <Loaded resource=posts let:tagged>
            {
                let (name, page) = tagged;
                if name != typed.get_untracked() {
                    http::redirect_permanently(&paths::numbered(&paths::tag(&name), page.number));
                }
                view! { <Tagged name page /> }
            }
        </Loaded>
    }
}

#[component]
fn Tagged(name: String, page: ListPage<PostCard>) -> impl IntoView {
    let title = if page.number == 1 {
        name.clone()
    } else {
        format!("{name}, page {}", page.number)
    };
    let path = paths::tag(&name);
    describe(|| {
        Metadata::list(&path, &page, &title, format!("Posts about {name}, newest first."))
            .with_feed(path.clone(), name.clone())
    });
    let count = match page.total {
        1 => "1 post".to_owned(),
        total => format!("{total} posts"),
    };
    view! {
        <PageTitle text=title />
        <header class="list-head">
            <h1>{name}</h1>
            <p class="list-facts">{count}</p>
        </header>
        <PostList path page />
    }
}
