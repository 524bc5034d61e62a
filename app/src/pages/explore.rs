//! The list of authors and the search for users.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::{loaded::Loaded, page_number::use_page_number};
use crate::{
    api,
    components::{avatar::Avatar, pager::Pager, timestamp::Timestamp, title::PageTitle},
    metadata::{Metadata, describe},
    resource::load,
};
use shared::{
    error::AppError,
    forms::username::USERNAME_MAX,
    model::{
        account::{AuthorCard, FOUND_MAX, LatestPost},
        page::ListPage,
        tag::TagCard,
    },
    paths,
};

/// The authors, most recently published first, or the users that match `?q=`.
#[component]
pub fn ExplorePage() -> impl IntoView {
    let query = use_query_map();
    let number = use_page_number();
    let name = Memo::new(move |_| query.read().get("q").unwrap_or_default().trim().to_owned());
    let authors = load(
        move || (name.get(), number.get()),
        |(name, number)| async move {
            match number {
                Some(number) => found(name, number).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Loaded resource=authors let:found>
            {
                let (name, page, tags) = found;
                view! { <Authors name page tags /> }
            }
        </Loaded>
    }
}

/// Loads a page of authors and, on the first page of the full list, the popular tags.
async fn found(name: String, number: u64) -> Result<(String, ListPage<AuthorCard>, Vec<TagCard>), AppError> {
    let is_first = name.is_empty() && number == 1;
    let page = api::author::list(name.clone(), number).await?;
    let tags = if is_first {
        api::post::popular_tags().await?
    } else {
        Vec::new()
    };
    Ok((name, page, tags))
}

#[component]
fn Authors(name: String, page: ListPage<AuthorCard>, tags: Vec<TagCard>) -> impl IntoView {
    let path = paths::search_authors(&name);
    let summary = match (name.is_empty(), page.total) {
        (true, 0) => "Nobody has published anything yet.".to_owned(),
        (true, _) => String::new(),
        (false, 0) => format!("Nobody found for “{name}”: no word of a name starts like that."),
        (false, 1) => format!("1 person found for “{name}”."),
        (false, FOUND_MAX) => {
            format!("The first {FOUND_MAX} people found for “{name}”. Type more of the name to find fewer.")
        }
        (false, total) => format!("{total} people found for “{name}”."),
    };
    // Search results have the metadata of the list.
    describe(|| {
        let description = "Everyone who writes here, sorted by latest post, and what they write about.";
        Metadata::list(paths::EXPLORE, &page, "Explore", description.to_owned())
    });
    let cards = page
        .items
        .into_iter()
        .map(|author| view! { <Card author /> })
        .collect_view();
    let is_search = !name.is_empty();
    let navigate = use_navigate();
    let input = NodeRef::<Input>::new();
    // The native submission would add the button's parameters to the URL.
    let search = move |event: SubmitEvent| {
        event.prevent_default();
        let name = input
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        navigate(&paths::search_authors(name.trim()), NavigateOptions::default());
    };
    view! {
        <PageTitle text="Explore" />
        <header class="explore">
            <h1>"Writers"</h1>
            <form method="get" action=paths::EXPLORE class="search" role="search" on:submit=search>
                <label for="q" class="visually-hidden">
                    "Start of a name, or of a word in it"
                </label>
                <input
                    id="q"
                    name="q"
                    type="search"
                    placeholder="Start of a name"
                    maxlength=USERNAME_MAX.to_string()
                    autocapitalize="none"
                    spellcheck="false"
                    autocomplete="off"
                    value=name
                    node_ref=input
                />
                <button type="submit" class="button button-quiet">
                    "Search"
                </button>
            </form>
        </header>
        {(!is_search)
            .then(|| {
                view! {
                    <p class="lead">
                        "Sorted by latest post. The newest posts are on the "
                        <a href=paths::HOME>"home page"</a>
                        "."
                    </p>
                }
            })}
        <p class="explore-summary" role="status">
            {summary} {is_search.then(|| view! { " " <a href=paths::EXPLORE>"All writers"</a> })}
        </p>
        <ul class="authors">{cards}</ul>
        <Pager path number=page.number pages=page.pages />
        {(!tags.is_empty()).then(|| view! { <Popular tags /> })}
    }
}

#[component]
fn Popular(tags: Vec<TagCard>) -> impl IntoView {
    let items = tags
        .into_iter()
        .map(|tag| {
            let posts = if tag.posts == 1 {
                "1 post".to_owned()
            } else {
                format!("{} posts", tag.posts)
            };
            let path = paths::tag(&tag.name);
            view! {
                <li>
                    <a class="tag" href=path>
                        {tag.name}
                    </a>
                    " "
                    <span class="tag-count">{posts}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="popular-tags" aria-labelledby="popular-tags">
            <h2 id="popular-tags">"Tags"</h2>
            <ul class="tags">{items}</ul>
        </section>
    }
}

#[component]
fn Card(author: AuthorCard) -> impl IntoView {
    let AuthorCard {
        author,
        about,
        posts,
        latest,
    } = author;
    let count = match posts {
        0 => "No posts yet".to_owned(),
        1 => "1 post".to_owned(),
        posts => format!("{posts} posts"),
    };
    let (address, name) = (paths::user(&author.username), author.name().to_owned());
    let username = author.display_name.is_some().then(|| author.username.clone());
    view! {
        <li class="author">
            <Avatar name=name.clone() username=author.username picture=author.picture pixels=48 />
            <div>
                <h2 class="author-name">
                    <a href=address>{name}</a>
                    {username.map(|username| view! { " " <span class="username">"@" {username}</span> })}
                </h2>
                {(!about.is_empty()).then(|| view! { <p class="author-about" dir="auto">{about}</p> })}
                <p class="author-facts">
                    {count}
                    {latest
                        .map(|LatestPost { post, title, created_at }| {
                            view! {
                                " · latest "
                                <a href=paths::post(&post)>{title}</a>
                                ", "
                                <Timestamp at=created_at />
                            }
                        })}
                </p>
            </div>
        </li>
    }
}
