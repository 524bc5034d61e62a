//! The pages: the address of each, its component, its chunk, who may see it, and whether it is cached.

use std::sync::{Arc, LazyLock};

use leptos::{prelude::*, tachys::view::iterators::StaticVec};
use leptos_router::{
    ChooseView, MatchNestedRoutes, NestedRoute, ParamSegment, PartialPathMatch, PathSegment,
    PossibleRouteMatch, SsrMode, StaticSegment,
};

use super::{
    about, account, administration,
    chunk::{self, ChunkLoadError},
    comments, explore, home, moderation, post, redirects, report, static_pages, tag, transparency,
};
use crate::type_erasure::Erase;
use shared::{forms::static_page::is_slug, paths};

/// The macro that declares the pages.
mod declare;

/// Who may see a page. The use-cases decide who may see the data on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Everybody,
    /// Anonymous visitors only.
    Visitors,
    /// Users who are logged in.
    Members,
    /// Moderators and administrators.
    Moderators,
    /// Administrators.
    Administrators,
}

impl Audience {
    /// Returns whether an anonymous visitor has to log in to see the page.
    #[must_use]
    pub const fn needs_login(self) -> bool {
        match self {
            Self::Everybody | Self::Visitors => false,
            Self::Members | Self::Moderators | Self::Administrators => true,
        }
    }
}

declare::pages! {
    /// The pages for anonymous visitors.
    Entry in entry {
        /// Registering.
        Register: REGISTER => account::register::RegisterPage, for Visitors, cached by [];
        /// Registering with an invitation.
        Invite: INVITE => account::invite::InvitePage, for Everybody;
        /// Logging in.
        Login: LOGIN => account::login::LoginPage, for Visitors, cached by [];
        /// Requesting a password reset.
        ForgotPassword: FORGOT_PASSWORD => account::forgot_password::ForgotPasswordPage, for Visitors, cached by [];
        /// Resetting the password.
        ResetPassword: RESET_PASSWORD => account::reset_password::ResetPasswordPage, for Visitors;
        /// Confirming an address.
        ConfirmEmail: CONFIRM_EMAIL => account::confirm_email::ConfirmEmailPage, for Everybody;
        /// Creating the first administrator.
        FirstAdministrator: FIRST_ADMINISTRATOR => account::first_administrator::FirstAdministratorPage, for Everybody;
    }

    /// The account pages.
    Member in member {
        /// Changing the profile.
        Settings: ACCOUNT => account::settings::SettingsPage, for Members;
        /// Changing the avatar.
        Picture: ACCOUNT_PICTURE => account::picture::PicturePage, for Members;
        /// Changing the password.
        Password: ACCOUNT_PASSWORD => account::password::PasswordPage, for Members;
        /// The list of sessions.
        Sessions: ACCOUNT_SESSIONS => account::sessions::SessionsPage, for Members;
        /// The list of drafts.
        Drafts: ACCOUNT_DRAFTS => account::drafts::DraftsPage, for Members;
        /// The links with which others can read a draft.
        PreviewLinks: PREVIEW_LINKS => post::preview_links::PreviewLinksPage, for Members;
        /// The posts of the user that are not in lists.
        Unlisted: ACCOUNT_UNLISTED => account::unlisted::UnlistedPage, for Members;
        /// The trash.
        Trash: ACCOUNT_TRASH => account::trash::TrashPage, for Members;
        /// The decisions about the user, and appeals against them.
        Appeals: ACCOUNT_APPEALS => account::appeals::AppealsPage, for Members;
        /// Entering the password again.
        Confirm: CONFIRM => account::confirm::ConfirmPage, for Members;
        /// Deleting the account.
        DeleteAccount: ACCOUNT_DELETE => account::delete::DeleteAccountPage, for Members;
    }

    /// The moderation pages.
    Moderating in moderating {
        /// The moderation overview.
        Moderation: MODERATION => moderation::overview::OverviewPage, for Moderators;
        /// Hiding a post.
        HidePost: HIDE_POST => moderation::hide::HidePostPage, for Moderators;
        /// Erasing an earlier version of a post of another user.
        ModerationErase: MODERATION_ERASE => moderation::erase::ErasePage, for Moderators;
        /// A case.
        Case: ANY_CASE => moderation::case::ReadCasePage, for Moderators;
        /// Deciding about an appeal.
        DecideAppeal: DECIDE_APPEAL => moderation::appeal::DecideAppealPage, for Moderators;
        /// Warning a user.
        Warn: WARN => moderation::warn::WarnPage, for Moderators;
        /// Suspending a user.
        Suspend: SUSPEND => moderation::suspend::SuspendPage, for Moderators;
        /// Freezing the account of a user.
        Freeze: FREEZE => moderation::freeze::FreezePage, for Moderators;
    }

    /// The administration pages.
    Administration in administrating {
        /// The start of the administration.
        Admin: ADMIN => administration::overview::AdministrationPage, for Administrators;
        /// Setting up a new site.
        Setup: SETUP => administration::setup::SetupPage, for Administrators;
        /// The list of invitations.
        Invitations: INVITATIONS => administration::invitations::InvitationsPage, for Administrators;
        /// Changing the settings of the site.
        AdminSettings: ADMIN_SETTINGS => administration::settings::SettingsPage, for Administrators;
        /// Changing the navigation bar and the links in the footer.
        AdminNavigation: ADMIN_NAVIGATION => administration::navigation::NavigationPage, for Administrators;
        /// The list of static pages.
        StaticPages: STATIC_PAGES => static_pages::overview::StaticPagesPage, for Administrators;
        /// Deleting a static page.
        DeleteStaticPage: DELETE_STATIC_PAGE => static_pages::delete::DeleteStaticPage, for Administrators;
        /// The list of redirects.
        Redirects: REDIRECTS => redirects::RedirectsPage, for Administrators;
        /// Changing the accent colour and the custom CSS.
        AdminAppearance: ADMIN_APPEARANCE => administration::appearance::AppearancePage, for Administrators;
        /// Changing the logo.
        AdminLogo: ADMIN_LOGO => administration::site_image::LogoPage, for Administrators;
        /// Changing the icon.
        AdminIcon: ADMIN_ICON => administration::site_image::IconPage, for Administrators;
    }

    /// The editor.
    Writing in writing {
        /// Writing a new post.
        NewPost: NEW_POST => post::new::NewPostPage, for Members;
        /// Updating a post.
        UpdatePost: UPDATE_POST => post::update::UpdatePostPage, for Members;
        /// Writing a new static page.
        NewStaticPage: NEW_STATIC_PAGE => static_pages::editor::NewStaticPage, for Administrators;
        /// Updating a static page.
        UpdateStaticPage: UPDATE_STATIC_PAGE => static_pages::editor::UpdateStaticPage, for Administrators;
    }

    /// The pages that few people open, some of them only without JavaScript.
    Reading in reading {
        /// The history of a post.
        PostHistory: POST_HISTORY => post::history::HistoryPage, for Everybody;
        /// Erasing an earlier version of a post.
        EraseVersion: ERASE_VERSION => post::history::erase::EraseVersionPage, for Members;
        /// Deleting a post.
        DeletePost: DELETE_POST => post::delete::DeletePostPage, for Members;
        /// Discarding a draft.
        DiscardDraft: DISCARD_DRAFT => post::discard::DiscardDraftPage, for Members;
        /// Uploading an inline image.
        NewImage: NEW_IMAGE => post::image::NewImagePage, for Members;
        /// Changing a comment.
        UpdateComment: UPDATE_COMMENT => comments::update::UpdateCommentPage, for Members;
        /// Deleting a comment.
        DeleteComment: DELETE_COMMENT => comments::delete::DeleteCommentPage, for Members;
        /// Hiding a comment.
        HideComment: HIDE_COMMENT => comments::hide::HideCommentPage, for Members;
        /// The numbers of what moderators have done.
        Transparency: TRANSPARENCY => transparency::TransparencyPage, for Everybody;
        /// Reporting a post, a comment or a person.
        Report: REPORT => report::ReportPage, for Everybody;
        /// A draft that others can read with a link.
        Preview: ANY_PREVIEW => post::preview::PreviewPage, for Everybody;
    }

    // The pages for reading are in the first chunk. Their addresses with a parameter are compared last, because they
    // match those of other pages as well.
    first {
        /// The newest posts.
        Home: HOME => home::HomePage, for Everybody, cached by ["page"];
        /// The alias of the home page.
        HomeAlias: HOME_ALIAS => home::HomeAlias, for Everybody;
        /// The newest posts, while a static page alone takes the place of home.
        Posts: POSTS => home::PostsPage, for Everybody, cached by ["page"];
        /// The page about the site.
        About: ABOUT => about::AboutPage, for Everybody, cached by [];
        /// The list of authors and the search for users.
        Explore: EXPLORE => explore::ExplorePage, for Everybody, cached by ["page"];
        /// Writing a comment.
        NewComment: NEW_COMMENT => comments::new::NewCommentPage, for Members;
        /// A comment.
        Comment: ANY_COMMENT => comments::read::ReadCommentPage, for Everybody, cached by ["after"];
        /// A post.
        Post: ANY_POST => post::read::PostPage, for Everybody, cached by [];
        /// A user's profile.
        Profile: ANY_USER => account::profile::ProfilePage, for Everybody, cached by ["page"];
        /// The posts with a tag.
        Tag: ANY_TAG => tag::TagPage, for Everybody, cached by ["page"];
        /// A static page whose own address belongs to the program.
        MovedStaticPage: MOVED_STATIC_PAGE => static_pages::read::ReadStaticPage, for Everybody, cached by [];
        /// A static page.
        StaticPage: ANY_STATIC_PAGE => static_pages::read::ReadStaticPage, for Everybody, cached by [];
    }
}

/// The type-erased matcher of a route: each type would add another router to the client.
type Matcher = Arc<dyn PossibleRouteMatch + Send + Sync>;

static MATCHERS: LazyLock<Vec<(Matcher, PageRoute)>> = LazyLock::new(|| {
    let pages = PageRoute::ALL.iter();
    pages.map(|page| (matcher(page.address()), *page)).collect()
});

/// Returns the matcher of `address`, whose last segment may be a parameter with `:`.
fn matcher(address: &'static str) -> Matcher {
    if address == paths::ANY_STATIC_PAGE {
        return Arc::new(StaticPageSegment);
    }
    let mut segments = address.split('/').skip(1);
    match (segments.next(), segments.next(), segments.next()) {
        (Some(first), Some(second), Some(third)) => match third.strip_prefix(':') {
            Some(name) => Arc::new((StaticSegment(first), StaticSegment(second), ParamSegment(name))),
            None => Arc::new((StaticSegment(first), StaticSegment(second), StaticSegment(third))),
        },
        (Some(first), Some(second), None) => match second.strip_prefix(':') {
            Some(name) => Arc::new((StaticSegment(first), ParamSegment(name))),
            None => Arc::new((StaticSegment(first), StaticSegment(second))),
        },
        (first, ..) => Arc::new(StaticSegment(first.unwrap_or_default())),
    }
}

/// The segment of an address that a static page may have.
struct StaticPageSegment;

impl StaticPageSegment {
    const PARAMETER: ParamSegment = ParamSegment("page");

    /// Returns whether a static page may have the address `name`.
    fn fits(name: &str) -> bool {
        is_slug(name) && !paths::is_claimed(name)
    }
}

impl PossibleRouteMatch for StaticPageSegment {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        let name = path.strip_prefix('/')?.split('/').next()?;
        Self::PARAMETER.test(path).filter(|_| Self::fits(name))
    }

    fn generate_path(&self, path: &mut Vec<PathSegment>) {
        Self::PARAMETER.generate_path(path);
    }
}

/// Returns all routes for the router.
#[must_use]
pub fn routes() -> StaticVec<impl MatchNestedRoutes + Clone + Send> {
    let routes = MATCHERS
        .iter()
        .map(|(matcher, page)| NestedRoute::new(matcher.clone(), *page).ssr_mode(SsrMode::Async));
    StaticVec::from(routes.collect::<Vec<_>>())
}

impl PageRoute {
    /// Returns the page at `path`, which may end with a slash. Runs for each cached page, so it allocates nothing.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let path = match path.strip_suffix('/') {
            None | Some("") => path,
            Some(path) => path,
        };
        let (above, name) = path.rsplit_once('/')?;
        let is_parameter = |segment: &str| segment.starts_with("/:") && !name.is_empty();
        let is_at = |page: &Self| {
            let address = page.address();
            if *page == Self::StaticPage {
                return above.is_empty() && StaticPageSegment::fits(name);
            }
            let is_below =
                || address.get(above.len()..).is_some_and(is_parameter) && address.starts_with(above);
            address == path || is_below()
        };
        Self::ALL.iter().copied().find(is_at)
    }

    /// Returns whether the page has the custom CSS. Pages for passwords, settings and moderation do not, so that CSS
    /// cannot disguise them, and they stay usable whatever it says.
    #[must_use]
    pub fn has_custom_css(self) -> bool {
        match self.chunk() {
            None | Some(Chunk::Reading) => true,
            // Static pages are written in the administration, but with the editor.
            Some(Chunk::Writing) => !self.address().starts_with(paths::ADMIN),
            Some(Chunk::Entry | Chunk::Member | Chunk::Moderating | Chunk::Administration) => false,
        }
    }
}

/// Returns whether the document at `path` has the custom CSS. An error page has it, unless the first segment of its path
/// is that of a page without.
#[must_use]
pub fn has_custom_css(path: &str) -> bool {
    let first = |path: &str| path.trim_start_matches('/').split('/').next().map(str::to_owned);
    if let Some(page) = PageRoute::at(path) {
        return page.has_custom_css();
    }
    let mut pages = PageRoute::ALL.iter().filter(|page| !page.has_custom_css());
    let segment = first(path);
    !pages.any(|page| first(page.address()) == segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_by_its_address() {
        for page in PageRoute::ALL.iter().copied() {
            let path = page.address().replace(':', "a-");
            assert_eq!(PageRoute::at(&path), Some(page), "{path}");
        }
    }

    #[test]
    fn a_page_is_found_by_nothing_but_its_address() {
        for (path, page) in [
            ("/", PageRoute::Home),
            ("/login/", PageRoute::Login),
            ("/account", PageRoute::Settings),
            ("/account/trash", PageRoute::Trash),
            ("/post/new", PageRoute::NewPost),
            ("/post/12-news", PageRoute::Post),
            ("/comments/12", PageRoute::Comment),
            ("/comments/new", PageRoute::NewComment),
            ("/user/new", PageRoute::Profile),
            ("/tag/login", PageRoute::Tag),
            ("/about", PageRoute::About),
            ("/imprint", PageRoute::StaticPage),
            ("/accountant", PageRoute::StaticPage),
            ("/page/explore", PageRoute::MovedStaticPage),
            ("/admin/pages", PageRoute::StaticPages),
            ("/admin/pages/new", PageRoute::NewStaticPage),
        ] {
            assert_eq!(PageRoute::at(path), Some(page), "{path}");
        }
        for path in [
            "",
            "home",
            "/Imprint",
            "/robots.txt",
            "/healthz",
            "/feed",
            "/media",
            "/page",
            "/account/nothing",
            "/admin/pages/nothing",
            "/post",
            "/post/",
            "/post//",
            "/post/1/2",
            "/api/list",
        ] {
            assert_eq!(PageRoute::at(path), None, "{path}");
        }
    }

    #[test]
    fn the_router_finds_the_same_pages() {
        let found = |path: &str| {
            let is_at = |matcher: &Matcher| {
                let matched = matcher.test(path);
                matched.is_some_and(|matched| matches!(matched.remaining(), "" | "/"))
            };
            let (_, page) = MATCHERS.iter().find(|(matcher, _)| is_at(matcher))?;
            Some(*page)
        };
        let addresses = PageRoute::ALL
            .iter()
            .map(|page| page.address().replace(':', "a-"));
        let others = [
            "/accountant",
            "/imprint/",
            "/Imprint",
            "/robots.txt",
            "/healthz",
            "/page",
            "/page/explore",
            "/admin/pages/nothing",
            "/account/nothing",
            "/post",
            "/post/1/2",
            "/login/",
            "/post/new/",
        ];
        for path in addresses.chain(others.map(str::to_owned)) {
            assert_eq!(PageRoute::at(&path), found(&path), "{path}");
        }
    }

    #[test]
    fn custom_css_is_on_all_pages_but_those_for_passwords_settings_and_moderation() {
        let without = ["/admin", "/moderation", "/account"];
        let without_alone = [
            paths::LOGIN,
            paths::REGISTER,
            paths::FORGOT_PASSWORD,
            paths::RESET_PASSWORD,
            paths::CONFIRM_EMAIL,
            paths::FIRST_ADMINISTRATOR,
            paths::INVITE,
            paths::CONFIRM,
            paths::PREVIEW_LINKS,
        ];
        for page in PageRoute::ALL {
            let path = page.address().replace(':', "a-");
            let is_below = |folder: &str| path == folder || path.starts_with(&format!("{folder}/"));
            let is_without = without.into_iter().any(is_below) || without_alone.into_iter().any(is_below);
            assert_eq!(has_custom_css(&path), !is_without, "{path}");
        }
        for (path, expected) in [
            ("/login/", false),
            ("/reset_password/token", false),
            ("/admin/nothing", false),
            ("/account/picture/remove", false),
            ("/moderation/nothing/at/all", false),
            ("/nothing", true),
            ("/accountant", true),
            ("/post/1/2", true),
            ("/logout", true),
            ("/user/admin", true),
        ] {
            assert_eq!(has_custom_css(path), expected, "{path}");
        }
    }

    #[test]
    fn no_page_for_members_is_cached() {
        for page in PageRoute::ALL {
            assert!(
                !page.audience().needs_login() || page.cached_by().is_none(),
                "{page:?}"
            );
        }
    }
}
