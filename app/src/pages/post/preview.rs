//! Reading a draft with a link.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    api::preview_link::read_preview,
    components::{post_list::Byline, timestamp::Timestamp, title::PageTitle},
    http,
    pages::loaded::Loaded,
    resource::load,
    type_erasure::Erase,
};
use shared::{
    model::post::{DraftPreview, Previewed},
    paths,
};

/// The saved text of the draft that the link in the URL is for. Once it is published, leads to the post.
#[component]
pub fn PreviewPage() -> impl IntoView {
    http::keep_private();
    let params = use_params_map();
    let token = Memo::new(move |_| params.read().get("token").unwrap_or_default());
    let draft = load(move || token.get(), read_preview);
    view! {
        <Loaded resource=draft let:previewed>
            {match previewed {
                Previewed::Draft(draft) => view! { <Draft draft /> }.erased(),
                Previewed::Published(post) => {
                    http::redirect(&paths::short_post(post));
                    ().erased()
                }
            }}
        </Loaded>
    }
}

#[component]
fn Draft(draft: DraftPreview) -> impl IntoView {
    let title = if draft.title.trim().is_empty() {
        "Untitled".to_owned()
    } else {
        draft.title
    };
    let subtitle = (!draft.subtitle.is_empty()).then_some(draft.subtitle);
    view! {
        <PageTitle text=title.clone() />
        <article class="post">
            <p class="notice">
                "This draft is not published. The link works until " <Timestamp at=draft.expires_at minutes=true /> "."
            </p>
            <h1 dir="auto">{title}</h1>
            {subtitle.map(|subtitle| view! { <p class="subtitle" dir="auto">{subtitle}</p> })}
            <p class="byline">
                <Byline author=draft.author at=draft.saved_at />
            </p>
            <div class="prose" inner_html=draft.html></div>
        </article>
    }
}
