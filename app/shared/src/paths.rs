//! The paths of the site. Links, redirects, mails and tests use these instead of literals.

mod account;
mod claimed;
mod comment;
mod list;
mod media;
mod moderation;
mod next;
mod post;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

pub use self::{
    account::{
        confirm_link, confirm_then, first_administrator_link, freeze, invite_link, login_as, login_as_then,
        login_then, reset_link, setup, setup_after, suspend,
    },
    claimed::{claimed, is_claimed, static_page},
    comment::{
        COMMENTS_FEED, REPLY, comment, comment_anchor, comment_id, comment_on_own_page, comment_on_post,
        comments, comments_at, comments_below, comments_feed, delete_comment, hide_comment, new_comment,
        reply_at, update_comment,
    },
    list::{feed, numbered, positioned, search_authors, search_redirects, tag, user},
    media::{card, custom_css, icon, image, image_at, image_widths, logo, new_image, picture, scaled_image},
    moderation::{appeal, case, decide_appeal, report, warn},
    next::local,
    post::{
        SOURCE, delete_post, delete_static_page, discard_draft, draft, erase_version, erase_version_of_other,
        hide_post, history, history_between, post, post_id, post_source, preview, preview_links, short_post,
        update_post, update_static_page,
    },
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
    /// The history of a post; takes `?post=`, `?from=`, `?to=` and `?since=`.
    POST_HISTORY = "/post/history";
    /// The page to erase an earlier version of a post; takes `?post=` and `?number=`.
    ERASE_VERSION = "/post/history/erase";
    /// The links with which others can read a draft; takes `?draft=`.
    PREVIEW_LINKS = "/draft/links";
    /// The page to discard a draft; takes `?draft=`.
    DISCARD_DRAFT = "/draft/discard";
    /// The page to upload an inline image; takes `?picture=`.
    NEW_IMAGE = "/post/image";
    /// The page to write a comment; takes `?post=` and `?parent=`.
    NEW_COMMENT = "/comments/new";
    /// The page to change a comment; takes `?comment=`.
    UPDATE_COMMENT = "/comments/update";
    /// The page to delete a comment; takes `?comment=`.
    DELETE_COMMENT = "/comments/delete";
    /// The page to hide a comment; takes `?comment=`.
    HIDE_COMMENT = "/comments/hide";
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
    /// The posts of the user that are not in lists.
    ACCOUNT_UNLISTED = "/account/unlisted";
    /// The trash of the user.
    ACCOUNT_TRASH = "/account/trash";
    /// The page to delete the account.
    ACCOUNT_DELETE = "/account/delete";
    /// The moderation overview.
    MODERATION = "/moderation";
    /// The page to hide a post; takes `?post=`.
    HIDE_POST = "/moderation/hide";
    /// The page on which a moderator erases an earlier version of a post; takes `?post=` and `?number=`.
    MODERATION_ERASE = "/moderation/erase";
    /// The page to warn a user; takes `?user=`.
    WARN = "/moderation/warn";
    /// The page on which a moderator decides about an appeal; takes `?decision=`.
    DECIDE_APPEAL = "/moderation/appeals";
    /// The router pattern of cases.
    ANY_CASE = "/moderation/cases/:case";
    /// The numbers of what moderators have done.
    TRANSPARENCY = "/transparency";
    /// The page to report something; takes `?post=`, `?comment=` or `?user=`.
    REPORT = "/report";
    /// The decisions about the user, and appeals against them.
    ACCOUNT_APPEALS = "/account/appeals";
    /// The page to suspend a user; takes `?user=`.
    SUSPEND = "/moderation/suspend";
    /// The page to freeze the account of a user; takes `?user=`.
    FREEZE = "/moderation/freeze";
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
    /// The router pattern of comments; takes `?after=` and `?reply=`.
    ANY_COMMENT = "/comments/:comment";
    /// The router pattern of drafts that others can read with a link.
    ANY_PREVIEW = "/preview/:token";
    /// The router pattern of static pages whose own address belongs to the program.
    MOVED_STATIC_PAGE = "/page/:page";
    /// The router pattern of static pages.
    ANY_STATIC_PAGE = "/:page";
}

/// The folder of the links with which others can read a draft.
pub const PREVIEWS: &str = "/preview/";
/// The folder of cases.
pub const CASES: &str = "/moderation/cases/";
/// The folder of comments.
pub const COMMENTS: &str = "/comments/";
/// Logging out, by POST only.
pub const LOGOUT: &str = "/logout";
/// The folder of avatars.
pub const PICTURES: &str = "/media/picture/";
/// The folder of inline images.
pub const IMAGES: &str = "/media/image/";
/// The folder of social preview images.
pub const CARDS: &str = "/media/card/";
/// The folder of scaled inline images.
pub const SCALED_IMAGES: &str = "/media/scaled/";
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

/// Percent-encodes everything except the unreserved characters of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_text_in_an_address_is_escaped() {
        assert_eq!(user("a/b?c#d"), "/user/a%2Fb%3Fc%23d");
        assert_eq!(login_then("/user/a?page=2"), "/login?next=%2Fuser%2Fa%3Fpage%3D2");
    }
}
