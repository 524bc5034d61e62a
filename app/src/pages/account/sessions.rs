//! The list of sessions.

use leptos::prelude::*;

use crate::{
    api::settings::{EndOtherSessions, EndSession, list_sessions},
    components::{
        post_button::{ActionProblem, PostButton, on_answer},
        section_nav::AccountNav,
        timestamp::Timestamp,
        title::PageTitle,
    },
    pages::{guard::MembersOnly, loaded::Loaded},
    resource::load,
    type_erasure::Erase,
    viewer::ViewerContext,
};
use shared::model::account::SignedIn;

/// The list of sessions, each with a button that ends it.
#[component]
pub fn SessionsPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <AccountNav />
            <Sessions />
        </MembersOnly>
    }
}

#[component]
fn Sessions() -> impl IntoView {
    let sessions = load(|| (), |()| list_sessions());
    let end = ServerAction::<EndSession>::new();
    let end_others = ServerAction::<EndOtherSessions>::new();
    let refetch = move || sessions.refetch();
    let problem = RwSignal::new(None);
    on_answer(end, problem, refetch);
    on_answer(end_others, problem, refetch);
    view! {
        <PageTitle text="Sessions" />
        <h1>"Sessions"</h1>
        <p class="lead">"Where you are logged in. If you do not recognise a session, end it, then change your password."</p>
        <ActionProblem problem />
        <Loaded resource=sessions let:sessions>
            {
                let others = sessions.len() > 1;
                let rows = sessions.into_iter().map(|session| view! { <Row session end /> }).collect_view();
                view! {
                    <ul class="sessions">{rows}</ul>
                    {others.then(|| view! { <PostButton action=end_others label="End all other sessions" /> })}
                }
            }
        </Loaded>
    }
}

#[component]
fn Row(session: SignedIn, end: ServerAction<EndSession>) -> impl IntoView {
    let SignedIn {
        id,
        is_here,
        browser,
        address,
        signed_in_at,
        last_seen_at,
    } = session;
    let button = if is_here {
        let action = use_context::<ViewerContext>().map_or_else(ServerAction::new, |viewer| viewer.log_out);
        view! { <PostButton action label="Log out" description="Log out here" /> }.erased()
    } else {
        let description = format!("End the session in {browser}, {address}");
        view! { <PostButton action=end label="End" description field=("id", id) /> }.erased()
    };
    view! {
        <li class="session">
            <div>
                <p class="session-browser">
                    {browser} {is_here.then(|| view! { " " <span class="badge">"This browser"</span> })}
                </p>
                <p class="session-facts">
                    {address} " · since " <Timestamp at=signed_in_at /> " · last seen " <Timestamp at=last_seen_at minutes=true />
                </p>
            </div>
            {button}
        </li>
    }
}
