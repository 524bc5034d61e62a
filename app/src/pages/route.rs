//! The routes and the chunks of their pages.

use std::sync::{Arc, LazyLock};

use leptos::{prelude::*, tachys::view::iterators::StaticVec};
use leptos_router::{
    ChooseView, MatchNestedRoutes, NestedRoute, ParamSegment, PossibleRouteMatch, SsrMode, StaticSegment,
};

use super::{
    about::AboutPage,
    account::{
        auth_page::{self, AuthPage},
        profile::ProfilePage,
    },
    chunk::{self, Chunk},
    explore::ExplorePage,
    home::{HomeAlias, HomePage},
    member::{self, MemberPage},
    post::{self, WritingPage, read::PostPage},
    tag::TagPage,
};
use crate::type_erasure::Erase;
use shared::paths;

/// A page of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageRoute {
    /// The page about the site.
    About,
    /// The list of authors and the search for users.
    Explore,
    /// The newest posts.
    Home,
    /// The alias of the home page.
    HomeAlias,
    /// A post.
    Post,
    /// A user's profile.
    Profile,
    /// The posts with a tag.
    Tag,
    /// A page for anonymous visitors.
    Entry(AuthPage),
    /// An account or moderation page.
    Member(MemberPage),
    /// A page of the editor.
    Writing(WritingPage),
}

/// The type-erased matcher of a route: each type would add another router to the client.
type Address = Arc<dyn PossibleRouteMatch + Send + Sync>;

/// All pages; the first match is used.
const PAGES: [(&str, PageRoute); 28] = {
    use self::{AuthPage as Entry, MemberPage as Member, WritingPage as Writing};
    [
        (paths::HOME, PageRoute::Home),
        (paths::HOME_ALIAS, PageRoute::HomeAlias),
        (paths::ABOUT, PageRoute::About),
        (paths::EXPLORE, PageRoute::Explore),
        (paths::REGISTER, PageRoute::Entry(Entry::Register)),
        (paths::LOGIN, PageRoute::Entry(Entry::Login)),
        (paths::FORGOT_PASSWORD, PageRoute::Entry(Entry::ForgotPassword)),
        (paths::RESET_PASSWORD, PageRoute::Entry(Entry::ResetPassword)),
        (paths::CONFIRM_EMAIL, PageRoute::Entry(Entry::ConfirmEmail)),
        (
            paths::FIRST_ADMINISTRATOR,
            PageRoute::Entry(Entry::FirstAdministrator),
        ),
        (paths::ACCOUNT, PageRoute::Member(Member::Settings)),
        (paths::ACCOUNT_PICTURE, PageRoute::Member(Member::Picture)),
        (paths::ACCOUNT_PASSWORD, PageRoute::Member(Member::Password)),
        (paths::ACCOUNT_SESSIONS, PageRoute::Member(Member::Sessions)),
        (paths::ACCOUNT_DRAFTS, PageRoute::Member(Member::Drafts)),
        (paths::ACCOUNT_TRASH, PageRoute::Member(Member::Trash)),
        (paths::ACCOUNT_DELETE, PageRoute::Member(Member::Delete)),
        (paths::MODERATION, PageRoute::Member(Member::Moderation)),
        (paths::HIDE_POST, PageRoute::Member(Member::HidePost)),
        (paths::SUSPEND, PageRoute::Member(Member::Suspend)),
        (paths::NEW_POST, PageRoute::Writing(Writing::New)),
        (paths::NEW_IMAGE, PageRoute::Writing(Writing::Image)),
        (paths::UPDATE_POST, PageRoute::Writing(Writing::Update)),
        (paths::DELETE_POST, PageRoute::Writing(Writing::Delete)),
        (paths::DISCARD_DRAFT, PageRoute::Writing(Writing::Discard)),
        (paths::ANY_POST, PageRoute::Post),
        (paths::ANY_USER, PageRoute::Profile),
        (paths::ANY_TAG, PageRoute::Tag),
    ]
};

static ADDRESSES: LazyLock<[(Address, PageRoute); 28]> =
    LazyLock::new(|| PAGES.map(|(path, page)| (address(path), page)));

/// Returns the matcher of `path`, whose second segment may be a parameter with `:`.
fn address(path: &'static str) -> Address {
    let path = path.trim_start_matches('/');
    let Some((above, below)) = path.split_once('/') else {
        return Arc::new(StaticSegment(path));
    };
    match below.strip_prefix(':') {
        Some(name) => Arc::new((StaticSegment(above), ParamSegment(name))),
        None => Arc::new((StaticSegment(above), StaticSegment(below))),
    }
}

/// Returns all routes for the router.
#[must_use]
pub fn routes() -> StaticVec<impl MatchNestedRoutes + Clone + Send> {
    let addresses = ADDRESSES.iter();
    let routes =
        addresses.map(|(address, page)| NestedRoute::new(address.clone(), *page).ssr_mode(SsrMode::Async));
    StaticVec::from(routes.collect::<Vec<_>>())
}

impl PageRoute {
    /// Returns the page at `path`.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let is_at = |address: &Address| {
            address
                .test(path)
                .is_some_and(|matched| matches!(matched.remaining(), "" | "/"))
        };
        let (_, page) = ADDRESSES.iter().find(|(address, _)| is_at(address))?;
        Some(*page)
    }

    /// Returns the chunk of the page, or `None` if it is in the first, which contains the pages for reading.
    #[must_use]
    pub const fn part(self) -> Option<Chunk> {
        match self {
            Self::About
            | Self::Explore
            | Self::Home
            | Self::HomeAlias
            | Self::Post
            | Self::Profile
            | Self::Tag => None,
            Self::Entry(_) => Some(Chunk::Entry),
            Self::Member(_) => Some(Chunk::Member),
            Self::Writing(_) => Some(Chunk::Writing),
        }
    }
}

impl ChooseView for PageRoute {
    async fn choose(self) -> AnyView {
        match self {
            Self::About => view! { <AboutPage /> }.erased(),
            Self::Explore => view! { <ExplorePage /> }.erased(),
            Self::Home => view! { <HomePage /> }.erased(),
            Self::HomeAlias => view! { <HomeAlias /> }.erased(),
            Self::Post => view! { <PostPage /> }.erased(),
            Self::Profile => view! { <ProfilePage /> }.erased(),
            Self::Tag => view! { <TagPage /> }.erased(),
            Self::Entry(page) => chunk::shown(auth_page::entry(page)).await,
            Self::Member(page) => chunk::shown(member::member(page)).await,
            Self::Writing(page) => chunk::shown(post::writing(page)).await,
        }
    }

    async fn preload(&self) {
        chunk::awaited(self.part()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_by_its_address() {
        for (path, page) in PAGES {
            assert_eq!(PageRoute::at(&path.replace(':', "a-")), Some(page), "{path}");
        }
    }

    #[test]
    fn a_page_is_found_by_nothing_but_its_address() {
        for (path, page) in [
            ("/", PageRoute::Home),
            ("/login/", PageRoute::Entry(AuthPage::Login)),
            ("/account", PageRoute::Member(MemberPage::Settings)),
            ("/account/trash", PageRoute::Member(MemberPage::Trash)),
            ("/post/new", PageRoute::Writing(WritingPage::New)),
            ("/post/12-news", PageRoute::Post),
            ("/user/new", PageRoute::Profile),
            ("/tag/login", PageRoute::Tag),
        ] {
            assert_eq!(PageRoute::at(path), Some(page), "{path}");
        }
        for path in [
            "home",
            "/accountant",
            "/account/nothing",
            "/post",
            "/post/1/2",
            "/api/list",
        ] {
            assert_eq!(PageRoute::at(path), None, "{path}");
        }
    }
}
