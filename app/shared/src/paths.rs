//! Every address of the site. Links, redirects, mails and tests take theirs from here and never type one.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::{
    feed::FeedFormat,
    media::{Image, Picture, PictureSize},
    post::PostRef,
};

/// The newest posts.
pub const HOME: &str = "/";
/// The other address of the home page, which leads there.
pub const HOME_ALIAS: &str = "/home";
/// What this site is.
pub const ABOUT: &str = "/about";
/// Make an account.
pub const REGISTER: &str = "/register";
/// Log in; takes `?next=` and `?name=`.
pub const LOGIN: &str = "/login";
/// Log out, by POST only.
pub const LOGOUT: &str = "/logout";
/// Write a post; takes `?draft=`.
pub const NEW_POST: &str = "/post/new";
/// Change a post; takes `?post=`.
pub const UPDATE_POST: &str = "/post/update";
/// Delete a post; takes `?post=`.
pub const DELETE_POST: &str = "/post/delete";
/// Throw a draft away; takes `?draft=`.
pub const DISCARD_DRAFT: &str = "/draft/discard";
/// Send a picture for a text.
pub const NEW_IMAGE: &str = "/post/image";
/// The writers; takes `?q=`.
pub const EXPLORE: &str = "/explore";
/// Ask for a link to choose a new password.
pub const FORGOT_PASSWORD: &str = "/forgot_password";
/// Choose a new password.
pub const RESET_PASSWORD: &str = "/reset_password";
/// Confirm an address.
pub const CONFIRM_EMAIL: &str = "/confirm_email";
/// Set up the first administrator.
pub const FIRST_ADMINISTRATOR: &str = "/first_administrator";
/// Change one's profile.
pub const ACCOUNT: &str = "/account";
/// Change one's picture.
pub const ACCOUNT_PICTURE: &str = "/account/picture";
/// Change one's password.
pub const ACCOUNT_PASSWORD: &str = "/account/password";
/// Where one is signed in.
pub const ACCOUNT_SESSIONS: &str = "/account/sessions";
/// What one is still writing.
pub const ACCOUNT_DRAFTS: &str = "/account/drafts";
/// What one has deleted, for some time.
pub const ACCOUNT_TRASH: &str = "/account/trash";
/// Delete one's account.
pub const ACCOUNT_DELETE: &str = "/account/delete";
/// What moderators look at.
pub const MODERATION: &str = "/moderation";
/// Hide a post; takes `?post=`.
pub const HIDE_POST: &str = "/moderation/hide";
/// Suspend an account; takes `?user=`.
pub const SUSPEND: &str = "/moderation/suspend";
/// Anybody's profile, for the router.
pub const ANY_USER: &str = "/user/:username";
/// The posts with any tag, for the router.
pub const ANY_TAG: &str = "/tag/:tag";
/// Any post's own page, for the router.
pub const ANY_POST: &str = "/post/:post";
/// Below this, people's pictures.
pub const PICTURES: &str = "/media/picture/";
/// Below this, pictures in texts.
pub const IMAGES: &str = "/media/image/";
/// Below this, pictures that programs show beside a link to a post.
pub const CARDS: &str = "/media/card/";
/// Choose how pages look, by POST only.
pub const THEME: &str = "/theme";
/// What crawlers may read.
pub const ROBOTS: &str = "/robots.txt";
/// The list of the lists of all addresses, for crawlers.
pub const SITEMAP: &str = "/sitemap.xml";
/// Below this, lists of addresses, for crawlers.
pub const SITEMAPS: &str = "/sitemap/";
/// Whom to tell of a weakness (RFC 9116).
pub const SECURITY_TXT: &str = "/.well-known/security.txt";
/// Where programs that keep passwords send whoever wants to change one.
pub const CHANGE_PASSWORD: &str = "/.well-known/change-password";
/// The font of headings. Its name changes with its content.
pub const FONT: &str = "/source-serif-semibold-1.woff2";
/// Where programs look for a feed; leads to that of the site.
pub const FEED: &str = "/feed";
/// Where they look for one in RSS; leads to that of the site.
pub const RSS: &str = "/rss";
/// What the site is called and looks like on a home screen.
pub const MANIFEST: &str = "/manifest.webmanifest";
/// Below this, data for the client.
pub const API: &str = "/api/";
/// Tells a supervisor that the program is alive.
pub const HEALTH: &str = "/healthz";
/// Tells a load balancer whether to send visitors here.
pub const READY: &str = "/readyz";

/// All but the characters that RFC 3986 never needs escaped.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A post's own page.
#[must_use]
pub fn post(post: &PostRef) -> String {
    format!("/post/{}-{}", post.id, post.slug)
}

/// The same without the words of its title, for ever: it leads to the other.
#[must_use]
pub fn short_post(id: i64) -> String {
    format!("/post/{id}")
}

/// Where a draft is written on.
#[must_use]
pub fn draft(id: i64) -> String {
    format!("{NEW_POST}?draft={id}")
}

/// Throw the draft with the number `id` away.
#[must_use]
pub fn discard_draft(id: i64) -> String {
    format!("{DISCARD_DRAFT}?draft={id}")
}

/// Where a post is changed.
#[must_use]
pub fn update_post(id: i64) -> String {
    format!("{UPDATE_POST}?post={id}")
}

/// Where somebody is asked whether a post is to be deleted.
#[must_use]
pub fn delete_post(id: i64) -> String {
    format!("{DELETE_POST}?post={id}")
}

/// Where a moderator says why a post is to be hidden.
#[must_use]
pub fn hide_post(id: i64) -> String {
    format!("{HIDE_POST}?post={id}")
}

/// Where a moderator says why an account is to be suspended.
#[must_use]
pub fn suspend(username: &str) -> String {
    format!("{SUSPEND}?user={}", utf8_percent_encode(username, SEGMENT))
}

/// A person's public profile.
#[must_use]
pub fn user(username: &str) -> String {
    format!("/user/{}", utf8_percent_encode(username, SEGMENT))
}

/// The posts with the tag called `name`.
#[must_use]
pub fn tag(name: &str) -> String {
    format!("/tag/{}", utf8_percent_encode(name, SEGMENT))
}

/// The feed of the list at `path` in this `format`.
#[must_use]
pub fn feed(path: &str, format: FeedFormat) -> String {
    format!("{}/{}", path.trim_end_matches('/'), format.file())
}

/// The picture that programs show beside a link to the post with the number `id`; `version` changes with what is on it.
#[must_use]
pub fn card(id: i64, version: &str) -> String {
    format!("{CARDS}{id}-{version}.png")
}

/// A person's picture, as a square of `size` pixels.
#[must_use]
pub fn picture(picture: &Picture, size: PictureSize) -> String {
    format!("{PICTURES}{}", picture.file(size))
}

/// A picture in a text.
#[must_use]
pub fn image(image: &Image) -> String {
    format!("{IMAGES}{}", image.name)
}

/// Where `image` is shown to whoever has sent it, with what to write into a text.
#[must_use]
pub fn new_image(image: &Image) -> String {
    format!("{NEW_IMAGE}?picture={}", image.name)
}

/// The picture at `address`, if it is one that is kept here.
#[must_use]
pub fn image_at(address: &str) -> Option<Image> {
    Image::named(address.strip_prefix(IMAGES)?)
}

/// Where the link in a mail leads to choose a new password.
#[must_use]
pub fn reset_link(token: &str) -> String {
    format!("{RESET_PASSWORD}/{token}")
}

/// Where the link on the console leads to make the first administrator.
#[must_use]
pub fn first_administrator_link(token: &str) -> String {
    format!("{FIRST_ADMINISTRATOR}/{token}")
}

/// Where the link in a mail leads to confirm an address.
#[must_use]
pub fn confirm_link(token: &str) -> String {
    format!("{CONFIRM_EMAIL}/{token}")
}

/// The login page, which leads on to `next` afterwards.
#[must_use]
pub fn login_then(next: &str) -> String {
    format!("{LOGIN}?next={}", utf8_percent_encode(next, SEGMENT))
}

/// The login page for whoever is called `username`.
#[must_use]
pub fn login_as(username: &str) -> String {
    format!("{LOGIN}?name={}", utf8_percent_encode(username, SEGMENT))
}

/// Page `number` of the list at `path`; the first page is the list's own address.
#[must_use]
pub fn numbered(path: &str, number: u64) -> String {
    match number {
        0..=1 => path.to_owned(),
        // A search has a query already.
        _ if path.contains('?') => format!("{path}&page={number}"),
        _ => format!("{path}?page={number}"),
    }
}

/// The writers in whose names a word begins with `name`: without one, all of them.
#[must_use]
pub fn search_writers(name: &str) -> String {
    match name {
        "" => EXPLORE.to_owned(),
        name => format!("{EXPLORE}?q={}", utf8_percent_encode(name, SEGMENT)),
    }
}

/// `next` when it is an address of this site and nothing else, as a safe value for `Location`.
///
/// Browsers read `//host` and `/\host` as another site's address and drop tabs and line breaks before they look,
/// so anything but visible ASCII is refused (OWASP, Unvalidated Redirects and Forwards).
#[must_use]
pub fn local(next: &str) -> Option<&str> {
    let rest = next.strip_prefix('/')?;
    let path = next
        .split(['?', '#'])
        .next()
        .unwrap_or(next)
        .to_ascii_lowercase()
        .replace("%2e", ".");
    // Dots would be taken away, and what is left may begin with two slashes.
    let plain = !path.contains("//") && !path.contains("/.");
    let local =
        plain && !rest.starts_with('/') && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    local.then_some(next)
}

/// The post's id in the last part of a post's address (`12` or `12-some-title`).
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
    fn user_text_in_an_address_is_escaped() {
        assert_eq!(user("a/b?c#d"), "/user/a%2Fb%3Fc%23d");
        assert_eq!(login_then("/user/a?page=2"), "/login?next=%2Fuser%2Fa%3Fpage%3D2");
    }
}
