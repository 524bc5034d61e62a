//! The profile of a user.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    api::{self, moderation::Reinstate},
    components::{
        avatar::Avatar,
        empty_list::EmptyList,
        post_button::{ActionProblem, PostButton, problem_of},
        post_list::PostList,
        timestamp::Timestamp,
        title::PageTitle,
    },
    http,
    metadata::{About, Metadata, Person as Described, describe},
    pages::{loaded::Loaded, page_number::use_page_number},
    resource::load,
    type_erasure::Erase,
    viewer::ViewerContext,
};
use shared::{
    error::AppError,
    model::account::{Profile, since},
    paths,
};

/// The profile of the user in the URL, with page `?page=` of their posts.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let params = use_params_map();
    let number = use_page_number();
    let profile = load(
        move || (params.read().get("username").unwrap_or_default(), number.get()),
        |(username, number)| async move {
            match number {
                Some(number) => api::account::read_profile(username, number).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Loaded resource=profile let:profile>
            {
                if profile.username != params.read_untracked().get("username").unwrap_or_default() {
                    let path = paths::user(&profile.username);
                    http::redirect_permanently(&paths::numbered(&path, profile.posts.number));
                }
                view! { <Person profile /> }
            }
        </Loaded>
    }
}

#[component]
fn Person(profile: Profile) -> impl IntoView {
    let Profile {
        username,
        about,
        picture,
        created_at,
        last_seen_at,
        suspended_because,
        may_suspend,
        posts,
    } = profile;
    let is_suspended = suspended_because.is_some();
    let (total, is_empty) = (posts.total, posts.total == 0);
    let heading = format!("Posts by {username} ({total})");
    let count = match posts.total {
        0 => "No posts yet".to_owned(),
        1 => "1 post".to_owned(),
        total => format!("{total} posts"),
    };
    let title = if posts.number == 1 {
        username.clone()
    } else {
        format!("{username}, page {}", posts.number)
    };
    let path = paths::user(&username);
    describe(|| {
        let description = if about.is_empty() {
            format!("Posts by {username}: {count}.")
        } else {
            about.clone()
        };
        Metadata::list(&path, &posts, &title, description)
            .with_feed(path.clone(), username.clone())
            .about(About::Person(Described {
                username: username.clone(),
                about: about.clone(),
                picture: picture.clone(),
                created_at,
            }))
    });
    view! {
        <PageTitle text=title />
        <header class="person">
            <Avatar username=username.clone() picture pixels=96 />
            <div>
                <h1>{username.clone()}</h1>
                {(!about.is_empty()).then(|| view! { <p class="person-about" dir="auto">{about}</p> })}
                <p class="person-facts">
                    {count}
                    {since(created_at).map(|at| view! { " · member since " <Timestamp at /> })}
                    {last_seen_at.map(|at| view! { " · last seen " <Timestamp at /> })}
                </p>
            </div>
        </header>
        {suspended_because
            .map(|reason| view! { <p class="notice">"This account is suspended. Reason: " {reason}</p> })}
        {may_suspend.then(|| view! { <ModeratorTools username=username.clone() is_suspended /> })}
        <OwnTools username is_empty />
        {(!is_empty)
            .then(|| {
                view! {
                    <h2 class="list-heading">{heading}</h2>
                    <PostList path page=posts />
                }
            })}
    }
}

/// The actions of a user on their own profile, and the placeholder for a profile without posts.
#[component]
fn OwnTools(username: String, is_empty: bool) -> impl IntoView {
    let viewer = use_context::<ViewerContext>();
    let tools = move || {
        let username = username.clone();
        viewer.map(|viewer| {
            Suspend::new(async move {
                let viewer = viewer.resource.await.ok().flatten();
                let is_own = viewer.is_some_and(|viewer| viewer.username == username);
                view! {
                    {is_own.then(|| view! { <OwnLinks is_empty /> })}
                    {is_empty.then(|| view! { <NothingYet username is_own /> })}
                }
                .erased()
            })
        })
    };
    view! { <Transition>{tools}</Transition> }
}

/// The links on the user's own profile. Without posts, the placeholder contains the link to the editor instead.
#[component]
fn OwnLinks(is_empty: bool) -> impl IntoView {
    view! {
        <div class="person-tools">
            <a class="button button-quiet" href=paths::ACCOUNT>
                "Edit profile"
            </a>
            {(!is_empty)
                .then(|| {
                    view! {
                        <a class="button" href=paths::NEW_POST>
                            "Write a post"
                        </a>
                    }
                })}
        </div>
    }
}

/// The placeholder for a profile without posts.
#[component]
fn NothingYet(username: String, is_own: bool) -> impl IntoView {
    let (text, path, label) = if is_own {
        (
            "You have not published anything yet.".to_owned(),
            paths::NEW_POST,
            "Write your first post",
        )
    } else {
        (
            format!("{username} has not published anything yet."),
            paths::HOME,
            "Read the newest posts",
        )
    };
    view! { <EmptyList text path label /> }
}

/// The actions of a moderator.
#[component]
fn ModeratorTools(username: String, is_suspended: bool) -> impl IntoView {
    let reinstate = ServerAction::<Reinstate>::new();
    let problem = problem_of(reinstate);
    view! {
        <ActionProblem problem />
        <div class="person-tools">
            {if is_suspended {
                view! { <PostButton action=reinstate label="Reinstate" field=("username", username) /> }.erased()
            } else {
                view! {
                    <a class="button button-quiet" href=paths::suspend(&username)>
                        "Suspend account"
                    </a>
                }
                    .erased()
            }}
        </div>
    }
}
