//! The paths of the site. Links, redirects, mails and tests use these instead of literals.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::forms::setup::SetupStep;
use crate::model::{
    feed::FeedFormat,
    media::{Avatar, InlineImage, PictureSize},
    position::Position,
    post::PostRef,
    site_image::{Icon, IconFile, Logo},
};

/// Declares the addresses of the pages. A segment that begins with `:` is a parameter of the router.
macro_rules! pages {
    ($($(#[doc = $doc:literal])+ $name:ident = $address:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: &str = $address;)+

        /// The addresses of all pages. Their first parts are no usernames.
        pub const PAGES: &[&str] = &[$($name,)+];
    };
}

pages! {
    /// The newest posts.
    HOME = "/";
    /// An alias of the home page, which redirects there.
    HOME_ALIAS = "/home";
    /// The newest posts, while a static page alone takes the place of home.
    POSTS = "/posts";
    /// The page about the site.
    ABOUT = "/about";
    /// The registration page.
    REGISTER = "/register";
    /// The login page; takes `?next=` and `?name=`.
    LOGIN = "/login";
    /// The editor for new posts; takes `?draft=`.
    NEW_POST = "/post/new";
    /// The editor for a published post; takes `?post=`.
    UPDATE_POST = "/post/update";
    /// The page to delete a post; takes `?post=`.
    DELETE_POST = "/post/delete";
    /// The page to discard a draft; takes `?draft=`.
    DISCARD_DRAFT = "/draft/discard";
    /// The page to upload an inline image; takes `?picture=`.
    NEW_IMAGE = "/post/image";
    /// The list of authors; takes `?q=`.
    EXPLORE = "/explore";
    /// The page to request a password reset.
    FORGOT_PASSWORD = "/forgot_password";
    /// The page to reset a password.
    RESET_PASSWORD = "/reset_password";
    /// The page to confirm an address.
    CONFIRM_EMAIL = "/confirm_email";
    /// The registration page for the holder of an invitation.
    INVITE = "/invite";
    /// The page to create the first administrator.
    FIRST_ADMINISTRATOR = "/first_administrator";
    /// The profile settings.
    ACCOUNT = "/account";
    /// The avatar settings.
    ACCOUNT_PICTURE = "/account/picture";
    /// The password settings.
    ACCOUNT_PASSWORD = "/account/password";
    /// The sessions of the user.
    ACCOUNT_SESSIONS = "/account/sessions";
    /// The drafts of the user.
    ACCOUNT_DRAFTS = "/account/drafts";
    /// The trash of the user.
    ACCOUNT_TRASH = "/account/trash";
    /// The page to delete the account.
    ACCOUNT_DELETE = "/account/delete";
    /// The moderation overview.
    MODERATION = "/moderation";
    /// The page to hide a post; takes `?post=`.
    HIDE_POST = "/moderation/hide";
    /// The page to suspend a user; takes `?user=`.
    SUSPEND = "/moderation/suspend";
    /// The page to enter the password again; takes `?next=`.
    CONFIRM = "/confirm";
    /// The start of the administration pages.
    ADMIN = "/admin";
    /// The steps in which a new site is set up; takes `?step=`.
    SETUP = "/admin/setup";
    /// The list of invitations.
    INVITATIONS = "/admin/invitations";
    /// The settings of the site.
    ADMIN_SETTINGS = "/admin/settings";
    /// The navigation bar and the links in the footer.
    ADMIN_NAVIGATION = "/admin/navigation";
    /// The list of static pages.
    STATIC_PAGES = "/admin/pages";
    /// The editor for new static pages.
    NEW_STATIC_PAGE = "/admin/pages/new";
    /// The editor for a static page; takes `?id=`.
    UPDATE_STATIC_PAGE = "/admin/pages/update";
    /// The page to delete a static page; takes `?id=`.
    DELETE_STATIC_PAGE = "/admin/pages/delete";
    /// The list of redirects; takes `?path=`.
    REDIRECTS = "/admin/redirects";
    /// The accent colour and the custom CSS.
    ADMIN_APPEARANCE = "/admin/appearance";
    /// The logo.
    ADMIN_LOGO = "/admin/logo";
    /// The icon.
    ADMIN_ICON = "/admin/icon";
    /// The router pattern of profiles.
    ANY_USER = "/user/:username";
    /// The router pattern of the posts with a tag.
    ANY_TAG = "/tag/:tag";
    /// The router pattern of posts.
    ANY_POST = "/post/:post";
    /// The router pattern of static pages whose own address belongs to the program.
    MOVED_STATIC_PAGE = "/page/:page";
    /// The router pattern of static pages.
    ANY_STATIC_PAGE = "/:page";
}

/// Logging out, by POST only.
pub const LOGOUT: &str = "/logout";
/// The folder of avatars.
pub const PICTURES: &str = "/media/picture/";
/// The folder of inline images.
pub const IMAGES: &str = "/media/image/";
/// The folder of social preview images.
pub const CARDS: &str = "/media/card/";
/// The folder of the site's logo and icon.
pub const SITE_IMAGES: &str = "/media/site/";
/// The folder of the custom CSS.
pub const CUSTOM_CSS: &str = "/media/style/";
/// The well-known address of the icon.
pub const FAVICON: &str = "/favicon.ico";
/// Setting the theme, by POST only.
pub const THEME: &str = "/theme";
/// The rules for crawlers.
pub const ROBOTS: &str = "/robots.txt";
/// The sitemap index.
pub const SITEMAP: &str = "/sitemap.xml";
/// The folder of sitemaps.
pub const SITEMAPS: &str = "/sitemap/";
/// The contact for security reports (RFC 9116).
pub const SECURITY_TXT: &str = "/.well-known/security.txt";
/// The well-known URL at which password managers look for the page to change a password.
pub const CHANGE_PASSWORD: &str = "/.well-known/change-password";
/// The font of headings. The number must change with the content.
pub const FONT: &str = "/source-serif-semibold-1.woff2";
/// A well-known location of feeds, which redirects to the feed of the site.
pub const FEED: &str = "/feed";
/// A well-known location of RSS feeds, which redirects to the feed of the site.
pub const RSS: &str = "/rss";
/// The web app manifest.
pub const MANIFEST: &str = "/manifest.webmanifest";
/// The prefix of the server functions that the client calls. Forms are posted to the addresses of their pages.
pub const SERVER_FUNCTIONS: &str = "/_/";
/// The prefix that server functions had before, for pages that were opened then.
pub const FORMER_SERVER_FUNCTIONS: &str = "/api/";
/// The liveness check.
pub const HEALTH: &str = "/healthz";
/// The readiness check for load balancers.
pub const READY: &str = "/readyz";

/// The addresses besides those of pages whose first parts are no addresses of static pages. Others contain characters
/// that such an address cannot have.
const OTHERS: &[&str] = &[
    LOGOUT,
    PICTURES,
    THEME,
    SITEMAPS,
    FEED,
    RSS,
    FORMER_SERVER_FUNCTIONS,
    HEALTH,
    READY,
    "/pkg/",
];

/// The addresses whose pages the administrators may replace by static ones.
const REPLACEABLE: &[&str] = &[ABOUT];

/// Percent-encodes everything except the unreserved characters of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Returns the path of a post.
#[must_use]
pub fn post(post: &PostRef) -> String {
    format!("/post/{}-{}", post.id, post.slug)
}

/// Returns the permanent path of a post without the slug, which redirects to the full one.
#[must_use]
pub fn short_post(id: i64) -> String {
    format!("/post/{id}")
}

/// Returns the path of the editor for a draft.
#[must_use]
pub fn draft(id: i64) -> String {
    format!("{NEW_POST}?draft={id}")
}

/// Returns the path of the page to discard a draft.
#[must_use]
pub fn discard_draft(id: i64) -> String {
    format!("{DISCARD_DRAFT}?draft={id}")
}

/// Returns the path of the editor for a post.
#[must_use]
pub fn update_post(id: i64) -> String {
    format!("{UPDATE_POST}?post={id}")
}

/// Returns the path of the page to delete a post.
#[must_use]
pub fn delete_post(id: i64) -> String {
    format!("{DELETE_POST}?post={id}")
}

/// Returns the path of the page to hide a post.
#[must_use]
pub fn hide_post(id: i64) -> String {
    format!("{HIDE_POST}?post={id}")
}

/// Returns the path of the page to suspend a user.
#[must_use]
pub fn suspend(username: &str) -> String {
    format!("{SUSPEND}?user={}", utf8_percent_encode(username, SEGMENT))
}

/// Returns the path of a profile.
#[must_use]
pub fn user(username: &str) -> String {
    format!("/user/{}", utf8_percent_encode(username, SEGMENT))
}

/// Returns whether addresses that begin with the segment `name` belong to the program, so that no static page can have
/// this address.
#[must_use]
pub fn is_claimed(name: &str) -> bool {
    claimed().any(|claimed| claimed == name)
}

/// Returns the first segments of all addresses of the program, which no static page can have as its address.
pub fn claimed() -> impl Iterator<Item = &'static str> {
    let addresses = PAGES.iter().chain(OTHERS);
    let addresses = addresses.filter(|address| !REPLACEABLE.contains(address));
    addresses.filter_map(|address| address.split('/').nth(1))
}

/// Returns the path of the static page with this slug. A later version of the program may claim its address: the page is
/// then below `/page`.
#[must_use]
pub fn static_page(slug: &str) -> String {
    if is_claimed(slug) {
        format!("/page/{slug}")
    } else {
        format!("/{slug}")
    }
}

/// Returns the path of the editor for a static page.
#[must_use]
pub fn update_static_page(id: i64) -> String {
    format!("{UPDATE_STATIC_PAGE}?id={id}")
}

/// Returns the path of the page to delete a static page.
#[must_use]
pub fn delete_static_page(id: i64) -> String {
    format!("{DELETE_STATIC_PAGE}?id={id}")
}

/// Returns the path of the redirect of `path` in the list of redirects.
#[must_use]
pub fn search_redirects(path: &str) -> String {
    format!("{REDIRECTS}?path={}", utf8_percent_encode(path, SEGMENT))
}

/// Returns the path of the posts with the tag `name`.
#[must_use]
pub fn tag(name: &str) -> String {
    format!("/tag/{}", utf8_percent_encode(name, SEGMENT))
}

/// Returns the path of the feed of the list at `path` in this `format`.
#[must_use]
pub fn feed(path: &str, format: FeedFormat) -> String {
    format!("{}/{}", path.trim_end_matches('/'), format.file())
}

/// Returns the path of the social preview image of a post; `version` changes with its content.
#[must_use]
pub fn card(id: i64, version: &str) -> String {
    format!("{CARDS}{id}-{version}.png")
}

/// Returns the path of an avatar in this size.
#[must_use]
pub fn picture(picture: &Avatar, size: PictureSize) -> String {
    format!("{PICTURES}{}", picture.file(size))
}

/// Returns the path of an inline image.
#[must_use]
pub fn image(image: &InlineImage) -> String {
    format!("{IMAGES}{}", image.name)
}

/// Returns the path of the site's logo.
#[must_use]
pub fn logo(logo: &Logo) -> String {
    format!("{SITE_IMAGES}{}", logo.name())
}

/// Returns the path of a file of the site's icon.
#[must_use]
pub fn icon(icon: &Icon, file: IconFile) -> String {
    format!("{SITE_IMAGES}{}", icon.file(file))
}

/// Returns the path of the custom CSS with this `version`, which changes with its content.
#[must_use]
pub fn custom_css(version: &str) -> String {
    format!("{CUSTOM_CSS}{version}.css")
}

/// Returns the path of the page that shows an uploaded image with its Markdown.
#[must_use]
pub fn new_image(image: &InlineImage) -> String {
    format!("{NEW_IMAGE}?picture={}", image.name)
}

/// Returns the inline image at `address`, if it is one of this site.
#[must_use]
pub fn image_at(address: &str) -> Option<InlineImage> {
    InlineImage::named(address.strip_prefix(IMAGES)?)
}

/// Returns the path of a link to reset a password.
#[must_use]
pub fn reset_link(token: &str) -> String {
    format!("{RESET_PASSWORD}/{token}")
}

/// Returns the path of the link to create the first administrator.
#[must_use]
pub fn first_administrator_link(token: &str) -> String {
    format!("{FIRST_ADMINISTRATOR}/{token}")
}

/// Returns the path of the link of an invitation.
#[must_use]
pub fn invite_link(token: &str) -> String {
    format!("{INVITE}/{token}")
}

/// Returns the path of a link to confirm an address.
#[must_use]
pub fn confirm_link(token: &str) -> String {
    format!("{CONFIRM_EMAIL}/{token}")
}

/// Returns the path of the login page that redirects to `next`.
#[must_use]
pub fn login_then(next: &str) -> String {
    format!("{LOGIN}?next={}", utf8_percent_encode(next, SEGMENT))
}

/// Returns the path of the page to enter the password again that redirects to `next`.
#[must_use]
pub fn confirm_then(next: &str) -> String {
    format!("{CONFIRM}?next={}", utf8_percent_encode(next, SEGMENT))
}

/// Returns the path of a step in which a new site is set up.
#[must_use]
pub fn setup(step: SetupStep) -> String {
    format!("{SETUP}?step={}", step.name())
}

/// Returns the path of the page after a step in which a new site is set up.
#[must_use]
pub fn setup_after(step: SetupStep) -> String {
    step.next().map_or_else(|| ADMIN.to_owned(), setup)
}

/// Returns the path of the login page with `username` filled in that redirects to `next`.
#[must_use]
pub fn login_as_then(username: &str, next: &str) -> String {
    format!(
        "{}&next={}",
        login_as(username),
        utf8_percent_encode(next, SEGMENT)
    )
}

/// Returns the path of the login page with `username` filled in.
#[must_use]
pub fn login_as(username: &str) -> String {
    format!("{LOGIN}?name={}", utf8_percent_encode(username, SEGMENT))
}

/// Returns the path of page `number` of the list at `path`; the first page has no query parameter.
#[must_use]
pub fn numbered(path: &str, number: u64) -> String {
    match number {
        0..=1 => path.to_owned(),
        // A search already has a query.
        _ if path.contains('?') => format!("{path}&page={number}"),
        _ => format!("{path}?page={number}"),
    }
}

/// Returns the path of the page at `position` of the list at `path`; the newest entries have no query parameter.
#[must_use]
pub fn positioned(path: &str, position: Position) -> String {
    match position {
        Position::Newest => path.to_owned(),
        Position::Older(_) | Position::Newer(_) => format!("{path}?page={position}"),
    }
}

/// Returns the path of the authors whose usernames contain a word that begins with `name`, or of all authors.
#[must_use]
pub fn search_authors(name: &str) -> String {
    match name {
        "" => EXPLORE.to_owned(),
        name => format!("{EXPLORE}?q={}", utf8_percent_encode(name, SEGMENT)),
    }
}

/// Returns `next` if it is a path of this site that is safe as the value of `Location`.
///
/// Browsers treat `//host` and `/\host` as URLs of another site and remove tabs and line breaks before parsing, so
/// anything but visible ASCII is refused (OWASP, Unvalidated Redirects and Forwards).
#[must_use]
pub fn local(next: &str) -> Option<&str> {
    let rest = next.strip_prefix('/')?;
    let path = next
        .split(['?', '#'])
        .next()
        .unwrap_or(next)
        .to_ascii_lowercase()
        .replace("%2e", ".");
    // Browsers remove dot segments, and the result may begin with two slashes.
    let plain = !path.contains("//") && !path.contains("/.");
    let local =
        plain && !rest.starts_with('/') && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    local.then_some(next)
}

/// Parses the id in the last segment of a post's path (`12` or `12-some-title`).
#[must_use]
pub fn post_id(segment: &str) -> Option<i64> {
    let digits = segment.split_once('-').map_or(segment, |(id, _)| id);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_leads_to_local_addresses_only() {
        for good in ["/", "/post/new", "/user/ada?page=2", "/post/1-a#b"] {
            assert_eq!(local(good), Some(good));
        }
        for bad in [
            "",
            "post",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: a=b",
            "javascript:alert(1)",
            "/é",
            " /",
            "/.//evil.example",
            "/..//evil.example",
            "/%2E//evil.example",
            "/a//b",
            "/a b",
        ] {
            assert_eq!(local(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_post_is_found_by_the_number_in_its_address() {
        assert_eq!(post_id("12-a-title"), Some(12));
        assert_eq!(post_id("12"), Some(12));
        assert_eq!(post_id("12-"), Some(12));
        for bad in ["", "-12", "+12", "a", "12a", "99999999999999999999", "１２"] {
            assert_eq!(post_id(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_static_page_has_an_address_of_its_own_unless_the_program_has_claimed_it() {
        for name in [
            "post", "page", "explore", "media", "logout", "feed", "healthz", "api",
        ] {
            assert!(is_claimed(name), "{name}");
            assert_eq!(static_page(name), format!("/page/{name}"));
        }
        for name in ["about", "imprint", "posting", "a"] {
            assert!(!is_claimed(name), "{name}");
            assert_eq!(static_page(name), format!("/{name}"));
        }
    }

    #[test]
    fn user_text_in_an_address_is_escaped() {
        assert_eq!(user("a/b?c#d"), "/user/a%2Fb%3Fc%23d");
        assert_eq!(login_then("/user/a?page=2"), "/login?next=%2Fuser%2Fa%3Fpage%3D2");
    }
}
