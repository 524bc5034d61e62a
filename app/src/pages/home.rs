//! The home page.

use super::{error_page::ErrorPage, loaded::Loaded, page_number::use_page_number, static_pages::read::Text};
use crate::{
    api,
    components::{empty_list::EmptyList, post_list::PostList, title::PageTitle},
    http,
    metadata::{Metadata, describe},
    resource::load,
    site::use_site,
    type_erasure::Erase,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    error::AppError,
    model::{page::ListPage, post::PostCard, site::HomeSetting, static_page::StaticPage},
    paths,
};

/// The content of the home page.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Home {
    /// A page of all posts, below a static page if there is one.
    Posts(Option<StaticPage>, ListPage<PostCard>),
    /// A static page alone.
    Page(StaticPage),
    /// The page of all posts with this number, which is not here.
    Elsewhere(u64),
}

/// The static page that takes the place of home, or page `?page=` of all posts.
#[component]
pub fn HomePage() -> impl IntoView {
    let number = use_page_number();
    let setting = StoredValue::new(use_site().home.clone());
    let home = load(
        move || (number.get(), setting.get_value()),
        |(number, setting)| home(number, setting),
    );
    view! {
        <Loaded resource=home let:home>
            {match home {
                Home::Posts(page, posts) => view! { <Posts path=paths::HOME page posts /> }.erased(),
                Home::Page(page) => view! { <PageAlone page /> }.erased(),
                Home::Elsewhere(number) => {
                    http::redirect(&paths::numbered(paths::POSTS, number));
                    ().erased()
                }
            }}
        </Loaded>
    }
}

/// Page `?page=` of all posts. Unless a static page alone takes the place of home, it is at the address of home.
#[component]
pub fn PostsPage() -> impl IntoView {
    let number = use_page_number();
    let setting = StoredValue::new(use_site().home.clone());
    let posts = load(
        move || (number.get(), setting.get_value()),
        |(number, setting)| async move {
            match home(Some(1), setting).await {
                Ok(Home::Page(_)) => list(number).await.map(Some),
                Ok(_) => Ok(None),
                Err(error) => Err(error),
            }
        },
    );
    view! {
        <Loaded resource=posts let:posts>
            {match (posts, number.get_untracked()) {
                (Some(posts), _) => view! { <Posts path=paths::POSTS page=None posts /> }.erased(),
                (None, Some(number)) => {
                    http::redirect_permanently(&paths::numbered(paths::HOME, number));
                    ().erased()
                }
                (None, None) => view! { <ErrorPage error=AppError::NotFound /> }.erased(),
            }}
        </Loaded>
    }
}

async fn list(number: Option<u64>) -> Result<ListPage<PostCard>, AppError> {
    match number {
        Some(number) => api::post::list(number).await,
        None => Err(AppError::NotFound),
    }
}

/// Returns the content of the home page with this `number`.
async fn home(number: Option<u64>, setting: Option<HomeSetting>) -> Result<Home, AppError> {
    let has_posts = setting.as_ref().is_none_or(|setting| setting.has_posts);
    let page = match setting {
        None => None,
        Some(setting) => match api::static_page::read(setting.slug).await {
            Ok(page) => Some(page),
            // It may have been unpublished or deleted since.
            Err(AppError::NotFound) => None,
            Err(error) => return Err(error),
        },
    };
    match (page, number) {
        (Some(page), Some(1)) if !has_posts => Ok(Home::Page(page)),
        (Some(_), Some(number)) if !has_posts => Ok(Home::Elsewhere(number)),
        (page, number) => {
            let page = page.filter(|_| number == Some(1));
            Ok(Home::Posts(page, list(number).await?))
        }
    }
}

#[component]
fn PageAlone(page: StaticPage) -> impl IntoView {
    describe(|| Metadata::page(paths::HOME, "", page.excerpt.clone()));
    view! {
        <PageTitle text=String::new() />
        <Text page />
    }
}

#[component]
fn Posts(
    /// The path of the list.
    path: &'static str,
    /// The static page above the posts.
    page: Option<StaticPage>,
    /// The page of the list.
    posts: ListPage<PostCard>,
) -> impl IntoView {
    let is_home = path == paths::HOME;
    let title = match posts.number {
        1 if is_home => String::new(),
        1 => "Posts".to_owned(),
        number => format!("Page {number}"),
    };
    let heading = match posts.number {
        1 => "Newest posts".to_owned(),
        number => format!("Newest posts, page {number}"),
    };
    let heading = if page.is_some() {
        view! { <h2 class="visually-hidden">{heading}</h2> }.erased()
    } else {
        view! { <h1 class="visually-hidden">{heading}</h1> }.erased()
    };
    let is_empty = posts.total == 0;
    let description = use_site().description.clone();
    describe(|| Metadata::list(path, &posts, &title, description.clone()));
    let has_description = posts.number == 1 && page.is_none() && is_home && !description.is_empty();
    view! {
        <PageTitle text=title />
        {has_description.then(|| view! { <p class="site-description">{description}</p> })}
        {page.map(|page| view! { <Text page /> })}
        {heading}
        {is_empty
            .then(|| {
                view! {
                    <EmptyList
                        text="Nobody has published anything yet."
                        path=paths::NEW_POST
                        label="Write the first post"
                    />
                }
            })}
        <PostList path=path.to_owned() page=posts />
    }
}

/// Redirects to the home page.
#[component]
pub fn HomeAlias() -> impl IntoView {
    http::redirect_permanently(paths::HOME);
}
