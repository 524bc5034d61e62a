//! The moderation overview.

use leptos::prelude::*;

use crate::{
    api::moderation::{Approve, ApprovePost, Reinstate, Show, Unfreeze, overview},
    components::{
        decision::Decision,
        hold::because,
        keyset_pager::KeysetPager,
        post_button::{ActionProblem, PostButton, on_answer},
        resembled::Resembled,
        timestamp::Timestamp,
        title::PageTitle,
    },
    pages::{guard::ModeratorsOnly, loaded::Loaded, page_number::use_position},
    resource::load,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    model::{
        decision::{CaseCard, WaitingAppeal},
        moderation::{AuditRecord, Frozen, HeldComment, HeldPost, HiddenPost, Lookalike, Suspended},
        position::Position,
        post::PostRef,
        trust::HoldReason,
    },
    paths,
};

/// The maximum number of rows in a section.
const SHOWN: usize = 100;

/// The hidden posts, the suspended users, the names that look alike and a page of the audit log.
#[component]
pub fn OverviewPage() -> impl IntoView {
    view! {
        <ModeratorsOnly>
            <Overview />
        </ModeratorsOnly>
    }
}

#[component]
fn Overview() -> impl IntoView {
    let position = use_position();
    let (show, reinstate) = (ServerAction::<Show>::new(), ServerAction::<Reinstate>::new());
    let (unfreeze, approve) = (ServerAction::<Unfreeze>::new(), ServerAction::<Approve>::new());
    let approve_post = ServerAction::<ApprovePost>::new();
    let problem = RwSignal::new(None);
    let moderation = load(
        move || {
            let posts = (
                show.version().get(),
                approve.version().get(),
                approve_post.version().get(),
            );
            let people = (reinstate.version().get(), unfreeze.version().get());
            (position.get(), posts, people)
        },
        |(position, ..)| async move {
            match position {
                Some(Position::Newest) => overview(None).await,
                Some(position) => overview(Some(position.to_string())).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    on_answer(show, problem, || {});
    on_answer(reinstate, problem, || {});
    on_answer(unfreeze, problem, || {});
    on_answer(approve, problem, || {});
    on_answer(approve_post, problem, || {});
    view! {
        <Loaded resource=moderation let:moderation>
            <PageTitle text="Moderation" />
            <h1>"Moderation"</h1>
            <ActionProblem problem />
            <Cases cases=moderation.cases />
            <Appeals appeals=moderation.appeals />
            <HeldPosts posts=moderation.held_posts approve=approve_post />
            <HeldComments comments=moderation.held approve />
            <Hidden posts=moderation.hidden show />
            <SuspendedPeople people=moderation.suspended reinstate />
            <FrozenPeople people=moderation.frozen unfreeze />
            <Lookalikes people=moderation.lookalikes />
            <Log records=moderation.records.items />
            <KeysetPager path=paths::MODERATION newer=moderation.records.newer older=moderation.records.older />
        </Loaded>
    }
}

/// A section of the overview.
#[component]
fn Rows<V: IntoView + 'static>(
    heading: &'static str,
    /// The sentence in the place of rows; without one, an empty section is not shown.
    empty: &'static str,
    /// The sentence below as many rows as are shown at most.
    full: &'static str,
    /// Whether there are so many.
    is_full: bool,
    rows: Vec<V>,
) -> impl IntoView {
    let is_empty = rows.is_empty();
    (!is_empty || !empty.is_empty()).then(|| {
        view! {
            <section class="moderation">
                <h2>{heading}</h2>
                {is_empty.then(|| view! { <p>{empty}</p> })}
                <ul class="rows">{rows}</ul>
                {is_full.then(|| view! { <p>{full}</p> })}
            </section>
        }
    })
}

/// The open cases. Not shown if there are none.
#[component]
fn Cases(cases: Vec<CaseCard>) -> impl IntoView {
    let is_full = cases.len() == SHOWN;
    let rows: Vec<_> = cases
        .into_iter()
        .map(|case| {
            let grounds: Vec<_> = case.grounds.iter().map(|ground| ground.label()).collect();
            let reports = if case.reports == 1 {
                "1 report".to_owned()
            } else {
                format!("{} reports", case.reports)
            };
            view! {
                <li class="row">
                    <div>
                        <p class="row-title" dir="auto">
                            <a href=paths::case(case.id)>{case.subject.words}</a>
                        </p>
                        <p class="row-facts">
                            {reports} " · " {grounds.join(", ")} " · " <Timestamp at=case.opened_at />
                            {case.claimed_by.map(|name| format!(" · {name} is looking at it"))}
                        </p>
                    </div>
                </li>
            }
        })
        .collect();
    view! { <Rows heading="Reports" empty="" full="These are the oldest 100." is_full rows /> }
}

/// The appeals that wait. Not shown if there are none.
#[component]
fn Appeals(appeals: Vec<WaitingAppeal>) -> impl IntoView {
    let is_full = appeals.len() == SHOWN;
    let rows: Vec<_> = appeals
        .into_iter()
        .map(|appeal| {
            let path = appeal
                .may_decide
                .then(|| paths::decide_appeal(appeal.decision.id));
            let description = format!("Decide about the appeal of {}", appeal.username);
            view! {
                <li class="row">
                    <div>
                        <Decision decision=appeal.decision />
                        <p class="row-facts">
                            "By " <a href=paths::user(&appeal.username)>{appeal.username.clone()}</a>
                            ", against a decision of " {appeal.moderator}
                        </p>
                    </div>
                    {path
                        .map(|path| {
                            view! {
                                <a class="button button-quiet" href=path aria-label=description>
                                    "Decide"
                                </a>
                            }
                        })}
                </li>
            }
        })
        .collect();
    view! { <Rows heading="Appeals" empty="" full="These are the oldest 100." is_full rows /> }
}

/// Returns the reason in the facts about a text that waits for a moderator.
fn waits(reason: HoldReason) -> String {
    format!(" · waits{}", because(reason))
}

/// The posts that wait for a moderator. Not shown if there are none.
#[component]
fn HeldPosts(posts: Vec<HeldPost>, approve: ServerAction<ApprovePost>) -> impl IntoView {
    let is_full = posts.len() == SHOWN;
    let rows: Vec<_> = posts
        .into_iter()
        .map(|post| {
            let description = format!("Approve “{}”", post.title);
            view! {
                <li class="row">
                    <div>
                        <p class="row-title" dir="auto">
                            <a href=paths::short_post(post.id)>{post.title}</a>
                        </p>
                        <p dir="auto">{post.excerpt}</p>
                        <p class="row-facts">
                            "By " <bdi>{post.author}</bdi> " · " <Timestamp at=post.created_at />
                            {post.reason.map(waits)}
                        </p>
                    </div>
                    <PostButton
                        action=approve
                        label="Approve"
                        description
                        field=("post", post.id.to_string())
                        version=Some(post.version)
                    />
                </li>
            }
        })
        .collect();
    view! { <Rows heading="Posts that wait for a moderator" empty="" full="These are the oldest 100." is_full rows /> }
}

/// The comments that wait for a moderator. Not shown if there are none.
#[component]
fn HeldComments(comments: Vec<HeldComment>, approve: ServerAction<Approve>) -> impl IntoView {
    let is_full = comments.len() == SHOWN;
    let rows: Vec<_> = comments
        .into_iter()
        .map(|comment| {
            let description = format!("Approve the comment by {}", comment.author);
            view! {
                <li class="row">
                    <div>
                        <p class="row-title" dir="auto">
                            <a href=paths::comment(comment.id)>{comment.excerpt}</a>
                        </p>
                        <p class="row-facts">
                            "By " <bdi>{comment.author}</bdi> " on “" <bdi>{comment.title}</bdi> "” · "
                            <Timestamp at=comment.created_at />
                            {comment.reason.map(waits)}
                        </p>
                    </div>
                    <PostButton
                        action=approve
                        label="Approve"
                        description
                        field=("comment", comment.id.to_string())
                    />
                </li>
            }
        })
        .collect();
    view! { <Rows heading="Comments that wait for a moderator" empty="" full="These are the oldest 100." is_full rows /> }
}

#[component]
fn Hidden(posts: Vec<HiddenPost>, show: ServerAction<Show>) -> impl IntoView {
    let is_full = posts.len() == SHOWN;
    let rows: Vec<_> = posts
        .into_iter()
        .map(|post| {
            let address = paths::post(&PostRef {
                id: post.id,
                slug: String::new(),
            });
            let description = format!("Show “{}” again", post.title);
            view! {
                <li class="row">
                    <div>
                        <p class="row-title">
                            <a href=address>{post.title}</a>
                        </p>
                        <p class="row-facts">
                            "By " <a href=paths::user(&post.author)>{post.author.clone()}</a> " · " {post.reason}
                        </p>
                    </div>
                    <PostButton action=show label="Show again" description field=("id", post.id.to_string()) />
                </li>
            }
        })
        .collect();
    view! { <Rows heading="Hidden posts" empty="No hidden posts. To hide a post, go to its page." full="These are the latest 100. To show an older one again, go to its page." is_full rows /> }
}

#[component]
fn SuspendedPeople(people: Vec<Suspended>, reinstate: ServerAction<Reinstate>) -> impl IntoView {
    let is_full = people.len() == SHOWN;
    let rows: Vec<_> = people
        .into_iter()
        .map(|person| {
            let description = format!("Reinstate {}", person.username);
            view! {
                <li class="row">
                    <div>
                        <p class="row-title">
                            <a href=paths::user(&person.username)>{person.username.clone()}</a>
                        </p>
                        <p class="row-facts">{person.reason}</p>
                    </div>
                    <PostButton action=reinstate label="Reinstate" description field=("username", person.username) />
                </li>
            }
        })
        .collect();
    view! { <Rows heading="Suspended accounts" empty="No suspended accounts. To suspend an account, go to its profile." full="These are the latest 100. To reinstate another one, go to its profile." is_full rows /> }
}

#[component]
fn FrozenPeople(people: Vec<Frozen>, unfreeze: ServerAction<Unfreeze>) -> impl IntoView {
    let is_full = people.len() == SHOWN;
    let rows: Vec<_> = people
        .into_iter()
        .map(|person| {
            let description = format!("Unfreeze {}", person.username);
            view! {
                <li class="row">
                    <div>
                        <p class="row-title">
                            <a href=paths::user(&person.username)>{person.username.clone()}</a>
                        </p>
                        <p class="row-facts">
                            "Until " <Timestamp at=person.freeze.until /> " · " {person.freeze.reason}
                        </p>
                    </div>
                    <PostButton action=unfreeze label="Unfreeze" description field=("username", person.username) />
                </li>
            }
        })
        .collect();
    view! { <Rows heading="Frozen accounts" empty="No frozen accounts. To freeze an account, go to its profile." full="These are the 100 that end first. To unfreeze another one, go to its profile." is_full rows /> }
}

/// The users whose names can be confused with others. Not shown if there are none.
#[component]
fn Lookalikes(people: Vec<Lookalike>) -> impl IntoView {
    let rows: Vec<_> = people
        .into_iter()
        .map(|person| {
            view! {
                <li class="row">
                    <div>
                        <p class="row-title">
                            <a href=paths::user(&person.username)>
                                <bdi>{person.name}</bdi>
                            </a>
                            " "
                            <span class="username">"@" {person.username}</span>
                        </p>
                        <p class="row-facts">"Looks like " <Resembled resembles=person.resembles /></p>
                    </div>
                </li>
            }
        })
        .collect();
    view! { <Rows heading="Names that look alike" empty="" full="" is_full=false rows /> }
}

#[component]
fn Log(records: Vec<AuditRecord>) -> impl IntoView {
    let rows: Vec<_> = records
        .into_iter()
        .map(|record| {
            let reason = (!record.reason.is_empty()).then(|| format!(" · {}", record.reason));
            let (actor_path, subject_path) = (record.actor_path(), record.subject_path());
            view! {
                <li class="row">
                    <div>
                        <p>
                            <Linked text=record.actor path=actor_path />
                            " "
                            {record.action.words()}
                            " "
                            <Linked text=record.subject path=subject_path />
                        </p>
                        <p class="row-facts">
                            <Timestamp at=record.at minutes=true />
                            {reason}
                        </p>
                    </div>
                </li>
            }
        })
        .collect();
    view! { <Rows heading="Log" empty="Nothing here yet." full="" is_full=false rows /> }
}

/// A text with an optional link.
#[component]
fn Linked(text: String, path: Option<String>) -> impl IntoView {
    match path {
        Some(path) => view! { <a href=path>{text}</a> }.erased(),
        None => text.erased(),
    }
}
