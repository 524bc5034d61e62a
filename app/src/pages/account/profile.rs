//! The profile of a user.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    api::{
        self,
        moderation::{Reinstate, Trust, Unfreeze},
    },
    components::{
        avatar::Avatar,
        empty_list::EmptyList,
        post_button::{ActionProblem, PostButton, on_answer, problem_of},
        post_list::PostList,
        resembled::Resembled,
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
    forms::web_address::shown,
    model::{
        account::{Profile, since},
        decision::ReportTarget,
        profile::{ProfileDetails, Resemblance, shown_name},
    },
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
        details,
        biography,
        picture,
        created_at,
        last_seen_at,
        suspended_because,
        freeze,
        resembles,
        may_suspend,
        may_trust,
        has_plain_links,
        posts,
    } = profile;
    let name = shown_name(details.display_name.as_deref(), &username).to_owned();
    let (is_suspended, is_frozen) = (suspended_because.is_some(), freeze.is_some());
    let (total, is_empty) = (posts.total, posts.total == 0);
    let heading = format!("Posts by {name} ({total})");
    let count = match posts.total {
        0 => "No posts yet".to_owned(),
        1 => "1 post".to_owned(),
        total => format!("{total} posts"),
    };
    let title = if posts.number == 1 {
        name.clone()
    } else {
        format!("{name}, page {}", posts.number)
    };
    let path = paths::user(&username);
    describe(|| {
        let description = if about.is_empty() {
            format!("Posts by {name}: {count}.")
        } else {
            about.clone()
        };
        Metadata::list(&path, &posts, &title, description)
            .with_feed(path.clone(), name.clone())
            .about(About::Person(Described {
                username: username.clone(),
                details: if has_plain_links {
                    ProfileDetails {
                        website: String::new(),
                        links: Vec::new(),
                        ..details.clone()
                    }
                } else {
                    details.clone()
                },
                about: about.clone(),
                picture: picture.clone(),
                created_at,
            }))
    });
    let ProfileDetails {
        display_name,
        pronouns,
        location,
        website,
        links,
    } = details;
    let has_display_name = display_name.is_some();
    view! {
        <PageTitle text=title />
        <div class="h-card">
            <data class="u-url u-uid" value=path.clone()></data>
            <header class="person">
                <Avatar name=name.clone() username=username.clone() picture pixels=96 is_main=true />
                <div>
                    <h1 class="p-name" dir="auto">
                        {name.clone()}
                    </h1>
                    <Names username=has_display_name.then(|| username.clone()) pronouns />
                    {(!about.is_empty())
                        .then(|| {
                            view! {
                                <p class="person-about p-note" dir="auto">
                                    {about}
                                </p>
                            }
                        })}
                    <p class="person-facts">
                        {(!location.is_empty())
                            .then(|| {
                                view! {
                                    <bdi class="p-locality">{location}</bdi>
                                    " · "
                                }
                            })}
                        {count}
                        {since(created_at).map(|at| view! { " · member since " <Timestamp at /> })}
                        {last_seen_at.map(|at| view! { " · last seen " <Timestamp at /> })}
                    </p>
                    <Links website links is_plain=has_plain_links />
                </div>
            </header>
            {(!biography.is_empty())
                .then(|| view! { <div class="prose person-biography" inner_html=biography></div> })}
        </div>
        {resembles.map(|resembles| view! { <LooksLike resembles /> })}
        {suspended_because
            .map(|reason| view! { <p class="notice">"This account is suspended. Reason: " {reason}</p> })}
        {freeze
            .map(|freeze| {
                view! {
                    <p class="notice">
                        "This account is frozen until " <Timestamp at=freeze.until /> ". Reason: " {freeze.reason}
                    </p>
                }
            })}
        {may_trust.then(|| view! { <IsNew username=username.clone() /> })}
        {may_suspend.then(|| view! { <ModeratorTools username=username.clone() is_suspended is_frozen /> })}
        <OwnTools username name is_empty />
        {(!is_empty)
            .then(|| {
                view! {
                    <h2 class="list-heading">{heading}</h2>
                    <PostList path page=posts />
                }
            })}
    }
}

/// The username, if another name is shown, and the pronouns.
#[component]
fn Names(username: Option<String>, pronouns: String) -> impl IntoView {
    let has_both = username.is_some() && !pronouns.is_empty();
    (username.is_some() || !pronouns.is_empty()).then(|| {
        view! {
            <p class="person-names">
                {username
                    .map(|username| {
                        view! {
                            <bdi class="username">
                                "@" <span class="p-nickname">{username}</span>
                            </bdi>
                        }
                    })} {has_both.then_some(" · ")}
                {(!pronouns.is_empty()).then(|| view! { <bdi class="p-pronouns">{pronouns}</bdi> })}
            </p>
        }
    })
}

/// The web site and the links of a profile. Each says that the page belongs to the same person. Those of a new member are text.
#[component]
fn Links(website: String, links: Vec<String>, is_plain: bool) -> impl IntoView {
    let website = (!website.is_empty()).then_some(website);
    let items: Vec<_> = website
        .into_iter()
        .chain(links)
        .map(|address| {
            let text = shown(&address).to_owned();
            view! {
                <li>
                    {if is_plain {
                        text.erased()
                    } else {
                        view! {
                            <a class="u-url" href=address rel="me nofollow ugc noopener external">
                                {text}
                            </a>
                        }
                            .erased()
                    }}
                </li>
            }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <ul class="person-links" aria-label="Links">
                {items}
            </ul>
        }
    })
}

/// The warning to moderators that the name can be confused with another one.
#[component]
fn LooksLike(resembles: Resemblance) -> impl IntoView {
    view! {
        <p class="notice">
            "This name looks like " <Resembled resembles /> ". If somebody pretends to be another person, suspend the account."
        </p>
    }
}

/// The notice to moderators that the member is new, with the button that ends it.
#[component]
fn IsNew(username: String) -> impl IntoView {
    let trust = ServerAction::<Trust>::new();
    let problem = problem_of(trust);
    view! {
        <div class="notice">
            <p>"This member is new: links are shown as text, and what looks like spam waits for a moderator."</p>
            <ActionProblem problem />
            <PostButton action=trust label="Trust this member" field=("username", username) />
        </div>
    }
}

/// The actions of a user on their own profile, and the placeholder for a profile without posts.
#[component]
fn OwnTools(username: String, name: String, is_empty: bool) -> impl IntoView {
    let viewer = use_context::<ViewerContext>();
    let tools = move || {
        let (username, name) = (username.clone(), name.clone());
        viewer.map(|viewer| {
            Suspend::new(async move {
                let viewer = viewer.resource.await.ok().flatten();
                let path = paths::report(&ReportTarget::User(username.clone()));
                let is_own = viewer.is_some_and(|viewer| viewer.username == username);
                view! {
                    {is_own.then(|| view! { <OwnLinks is_empty /> })}
                    {is_empty.then(|| view! { <NothingYet name is_own /> })}
                    {(!is_own).then(|| view! { <ReportLink path /> })}
                }
                .erased()
            })
        })
    };
    view! { <Transition>{tools}</Transition> }
}

/// The link to report the person.
#[component]
fn ReportLink(path: String) -> impl IntoView {
    view! {
        <p class="report">
            <a href=path rel="nofollow">
                "Report this person"
            </a>
        </p>
    }
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
fn NothingYet(name: String, is_own: bool) -> impl IntoView {
    let (text, path, label) = if is_own {
        (
            "You have not published anything yet.".to_owned(),
            paths::NEW_POST,
            "Write your first post",
        )
    } else {
        (
            format!("{name} has not published anything yet."),
            paths::HOME,
            "Read the newest posts",
        )
    };
    view! { <EmptyList text path label /> }
}

/// The actions of a moderator.
#[component]
fn ModeratorTools(username: String, is_suspended: bool, is_frozen: bool) -> impl IntoView {
    let (reinstate, unfreeze) = (ServerAction::<Reinstate>::new(), ServerAction::<Unfreeze>::new());
    let problem = problem_of(reinstate);
    on_answer(unfreeze, problem, || {});
    view! {
        <ActionProblem problem />
        <div class="person-tools">
            <a class="button button-quiet" href=paths::warn(&username)>
                "Warn"
            </a>
            {if is_frozen {
                view! { <PostButton action=unfreeze label="Unfreeze" field=("username", username.clone()) /> }.erased()
            } else {
                view! {
                    <a class="button button-quiet" href=paths::freeze(&username)>
                        "Freeze account"
                    </a>
                }
                    .erased()
            }}
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
