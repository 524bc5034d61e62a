//! A person's public page.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    api::{self, moderation::Reinstate},
    components::{
        avatar::Avatar,
        post_button::{ActionProblem, PostButton, problem_of},
        post_list::PostList,
        skeleton::Skeleton,
        timestamp::Timestamp,
        title::PageTitle,
    },
    erased::Erase,
    error::AppError,
    http,
    loaded::load,
    metadata::{About, Metadata, Person as Described, describe},
    model::account::{Profile, since},
    pages::{page_number::use_page_number, problem::Problem},
    paths,
};

/// The person in the address, and page `?page=` of their posts.
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
        <Transition fallback=Skeleton>
            {move || Suspend::new(async move {
                match profile.await {
                    Ok(profile) => {
                        if profile.username != params.read_untracked().get("username").unwrap_or_default() {
                            let path = paths::user(&profile.username);
                            http::redirect_permanently(&paths::numbered(&path, profile.posts.number));
                        }
                        view! { <Person profile /> }.erased()
                    }
                    Err(error) => view! { <Problem error /> }.erased(),
                }
            })}
        </Transition>
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
            format!("What {username} writes: {count}.")
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
        <PostList path page=posts />
    }
}

/// What a moderator can do with somebody.
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
