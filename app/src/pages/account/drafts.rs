//! The list of drafts.

use leptos::prelude::*;

use crate::{
    api::post::{DiscardDraft, Unschedule, list_drafts},
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
use shared::{
    model::post::{DraftCard, Schedule},
    paths,
};

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
    let actions = Actions {
        discard: ServerAction::new(),
        unschedule: ServerAction::new(),
    };
    let problem = RwSignal::new(None);
    on_answer(actions.discard, problem, move || drafts.refetch());
    on_answer(actions.unschedule, problem, move || drafts.refetch());
    view! {
        <PageTitle text="Drafts" />
        <h1>"Drafts"</h1>
        <ActionProblem problem />
        <Loaded resource=drafts let:drafts>
            {
                if drafts.is_empty() {
                    view! { <EmptyList text="You have no drafts." path=paths::NEW_POST label="Write a post" /> }.erased()
                } else {
                    let rows = drafts.into_iter().map(|draft| view! { <Row draft actions /> }).collect_view();
                    view! { <ul class="rows">{rows}</ul> }.erased()
                }
            }
        </Loaded>
    }
}

/// The actions on a draft in the list.
#[derive(Clone, Copy)]
struct Actions {
    discard: ServerAction<DiscardDraft>,
    unschedule: ServerAction<Unschedule>,
}

#[component]
fn Row(draft: DraftCard, actions: Actions) -> impl IntoView {
    let DraftCard {
        id,
        post,
        title,
        saved_at,
        schedule,
    } = draft;
    let is_untitled = title.trim().is_empty();
    let title = if is_untitled { "Untitled".to_owned() } else { title };
    let subject = title.clone();
    let is_scheduled = schedule.is_some();
    let (share, unschedule, discard) = (
        format!("Share the draft “{title}”"),
        format!("Do not publish “{title}” by itself"),
        format!("Discard the draft “{title}”"),
    );
    view! {
        <li class="row">
            <div>
                <p class="row-title">
                    <a href=paths::draft(id)>{title}</a>
                    {post.is_some().then(|| view! { " " <span class="badge">"Changes to a post"</span> })}
                </p>
                {schedule.map(|schedule| view! { <ScheduleStatus schedule /> })}
                <p class="row-facts">"Saved " <Timestamp at=saved_at minutes=true /></p>
            </div>
            <div class="row-buttons">
                <a class="button button-quiet" href=paths::preview_links(id) aria-label=share>
                    "Share"
                </a>
                {is_scheduled
                    .then(|| {
                        view! {
                            <PostButton
                                action=actions.unschedule
                                label="Unschedule"
                                description=unschedule
                                field=("id", id.to_string())
                            />
                        }
                    })}
                <DialogLink
                    href=paths::discard_draft(id)
                    label="Discard"
                    description=discard
                    heading="Discard this draft?"
                    subject
                    explanation=explanation(post.is_some())
                >
                    <PostButton action=actions.discard label="Discard draft" field=("id", id.to_string()) dangerous=true />
                </DialogLink>
            </div>
        </li>
    }
}

/// When the draft is to be published, or why it was not.
#[component]
fn ScheduleStatus(schedule: Schedule) -> impl IntoView {
    let Schedule { at, problem, .. } = schedule;
    match problem {
        None => view! {
            <p class="row-facts">
                <strong>"To be published " <Timestamp at minutes=true /></strong>
            </p>
        }
        .erased(),
        Some(problem) => view! {
            <p class="row-facts row-problem">
                "Not published on " <Timestamp at minutes=true /> ". " {problem.message()}
            </p>
        }
        .erased(),
    }
}
