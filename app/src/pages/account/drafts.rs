//! The list of drafts.

use leptos::prelude::*;

use crate::{
    api::post::{DiscardDraft, list_drafts},
    components::{
        dialog::DialogLink,
        empty_list::EmptyList,
        post_button::{ActionProblem, PostButton, on_answer},
        section_nav::AccountNav,
        timestamp::Timestamp,
        title::PageTitle,
    },
    pages::{guard::MembersOnly, loaded::Loaded, post::discard::explanation},
    resource::load,
    type_erasure::Erase,
};
use shared::{model::post::DraftCard, paths};

/// The list of drafts.
#[component]
pub fn DraftsPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <AccountNav />
            <Drafts />
        </MembersOnly>
    }
}

#[component]
fn Drafts() -> impl IntoView {
    let drafts = load(|| (), |()| list_drafts());
    let discard = ServerAction::<DiscardDraft>::new();
    let problem = RwSignal::new(None);
    on_answer(discard, problem, move || drafts.refetch());
    view! {
        <PageTitle text="Drafts" />
        <h1>"Drafts"</h1>
        <ActionProblem problem />
        <Loaded resource=drafts let:drafts>
            {
                if drafts.is_empty() {
                    view! { <EmptyList text="You have no drafts." path=paths::NEW_POST label="Write a post" /> }.erased()
                } else {
                    let rows = drafts.into_iter().map(|draft| view! { <Row draft discard /> }).collect_view();
                    view! { <ul class="rows">{rows}</ul> }.erased()
                }
            }
        </Loaded>
    }
}

#[component]
fn Row(draft: DraftCard, discard: ServerAction<DiscardDraft>) -> impl IntoView {
    let DraftCard {
        id,
        post,
        title,
        saved_at,
    } = draft;
    let is_untitled = title.trim().is_empty();
    let title = if is_untitled { "Untitled".to_owned() } else { title };
    let subject = title.clone();
    let description = format!("Discard the draft “{title}”");
    view! {
        <li class="row">
            <div>
                <p class="row-title">
                    <a href=paths::draft(id)>{title}</a>
                    {post.is_some().then(|| view! { " " <span class="badge">"Changes to a post"</span> })}
                </p>
                <p class="row-facts">"Saved " <Timestamp at=saved_at minutes=true /></p>
            </div>
            <DialogLink
                href=paths::discard_draft(id)
                label="Discard"
                description
                heading="Discard this draft?"
                subject
                explanation=explanation(post.is_some())
            >
                <PostButton action=discard label="Discard draft" field=("id", id.to_string()) dangerous=true />
            </DialogLink>
        </li>
    }
}
