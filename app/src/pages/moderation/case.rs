//! A case.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    api::report::{ClaimCase, CloseCase, read_case},
    components::{
        decision::Decision,
        post_button::{ActionProblem, PostButton, on_answer},
        timestamp::Timestamp,
        title::PageTitle,
    },
    pages::{guard::ModeratorsOnly, loaded::Loaded},
    resource::load,
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    model::decision::{CaseCard, CasePage, CaseSubject, PersonRecord, ReportCard, ReportTarget},
    paths,
};

/// The case in the URL: the text, the reports, the person, and what can be done.
#[component]
pub fn ReadCasePage() -> impl IntoView {
    view! {
        <ModeratorsOnly>
            <Case />
        </ModeratorsOnly>
    }
}

#[component]
fn Case() -> impl IntoView {
    let params = use_params_map();
    let (claim, close) = (ServerAction::<ClaimCase>::new(), ServerAction::<CloseCase>::new());
    let problem = RwSignal::new(None);
    let case = load(
        move || {
            let id = params.read().get("case").and_then(|id| id.parse::<i64>().ok());
            (id, claim.version().get())
        },
        |(id, _)| async move {
            match id {
                Some(id) => read_case(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    on_answer(claim, problem, || {});
    on_answer(close, problem, || {});
    view! {
        <Loaded resource=case let:page>
            {
                let CasePage { case, is_closed, is_mine, may_act, html, reports, person } = page;
                let is_taken = case.claimed_by.is_some() && !is_mine;
                let subject = case.subject.clone();
                view! {
                    <PageTitle text="Case" />
                    <h1>"Case"</h1>
                    <Subject case=case.clone() html />
                    <ActionProblem problem />
                    <State case=case.clone() is_closed is_mine />
                    {(!is_closed && !is_taken && may_act)
                        .then(|| {
                            view! {
                                <div class="post-tools">
                                    {(!is_mine)
                                        .then(|| {
                                            view! {
                                                <PostButton
                                                    action=claim
                                                    label="Claim for 15 minutes"
                                                    field=("case", case.id.to_string())
                                                />
                                            }
                                        })}
                                    <Acts subject />
                                    <PostButton
                                        action=close
                                        label="Close without acting"
                                        field=("case", case.id.to_string())
                                    />
                                </div>
                            }
                        })}
                    <Reports reports />
                    {person.map(|person| view! { <Record person /> })}
                }
            }
        </Loaded>
    }
}

/// The reported text or person.
#[component]
fn Subject(case: CaseCard, html: String) -> impl IntoView {
    let CaseSubject {
        target,
        words,
        username,
    } = case.subject;
    let path = match &target {
        ReportTarget::Post(id) => paths::short_post(*id),
        ReportTarget::Comment(id) => paths::comment(*id),
        ReportTarget::User(name) => paths::user(name),
    };
    view! {
        <p class="lead" dir="auto">
            <a href=path>{words}</a>
        </p>
        {username
            .map(|name| {
                view! {
                    <p>
                        "By " <a href=paths::user(&name)>{name.clone()}</a>
                    </p>
                }
            })}
        {(!html.is_empty())
            .then(|| {
                view! {
                    <figure class="comment-quoted">
                        <blockquote class="prose comment-text" inner_html=html></blockquote>
                    </figure>
                }
            })}
    }
}

/// Whether the case is closed, and who has claimed it.
#[component]
fn State(case: CaseCard, is_closed: bool, is_mine: bool) -> impl IntoView {
    let words = match case.claimed_by {
        _ if is_closed => "This case is closed.".to_owned(),
        Some(_) if is_mine => "You have claimed this case. Other moderators see that.".to_owned(),
        Some(name) => format!("{name} is looking at this case."),
        None => return ().erased(),
    };
    view! { <p class="notice">{words}</p> }.erased()
}

/// The links to the acts on the text and the person.
#[component]
fn Acts(subject: CaseSubject) -> impl IntoView {
    let hide = match &subject.target {
        ReportTarget::Post(id) => Some((paths::hide_post(*id), "Hide post")),
        ReportTarget::Comment(id) => Some((paths::hide_comment(*id), "Hide comment")),
        ReportTarget::User(_) => None,
    };
    let of_person = subject.username.map(|name| {
        [
            (paths::warn(&name), "Warn"),
            (paths::freeze(&name), "Freeze account"),
            (paths::suspend(&name), "Suspend account"),
        ]
    });
    let links = hide.into_iter().chain(of_person.into_iter().flatten());
    links
        .map(|(path, label)| {
            view! {
                <a class="button button-quiet" href=path>
                    {label}
                </a>
            }
        })
        .collect_view()
}

#[component]
fn Reports(reports: Vec<ReportCard>) -> impl IntoView {
    let rows: Vec<_> = reports
        .into_iter()
        .map(|report| {
            let reporter = report.reporter;
            view! {
                <li class="row">
                    <div>
                        <p>
                            <strong>{report.ground.label()} ":"</strong> " " <span dir="auto">{report.content}</span>
                        </p>
                        <p class="row-facts">
                            "By "
                            {match reporter {
                                Some(name) => view! { <a href=paths::user(&name)>{name.clone()}</a> }.erased(),
                                None => "somebody without an account".erased(),
                            }} " · " <Timestamp at=report.created_at minutes=true />
                        </p>
                    </div>
                </li>
            }
        })
        .collect();
    view! {
        <section class="moderation">
            <h2>"Reports"</h2>
            <ul class="rows">{rows}</ul>
        </section>
    }
}

/// The record of the person.
#[component]
fn Record(person: PersonRecord) -> impl IntoView {
    let PersonRecord {
        username,
        trust,
        created_at,
        decisions,
        ..
    } = person;
    let is_empty = decisions.is_empty();
    let rows: Vec<_> = decisions
        .into_iter()
        .map(|decision| {
            view! {
                <li class="row">
                    <div>
                        <Decision decision />
                    </div>
                </li>
            }
        })
        .collect();
    view! {
        <section class="moderation">
            <h2>"The record of " <bdi>{username}</bdi></h2>
            <p>"Trust: " {trust.label()} " · member since " <Timestamp at=created_at /></p>
            {is_empty.then(|| view! { <p>"No decisions."</p> })}
            <ul class="rows">{rows}</ul>
        </section>
    }
}
