//! The paths of posts, drafts and static pages.

use super::{
    DELETE_POST, DELETE_STATIC_PAGE, DISCARD_DRAFT, ERASE_VERSION, HIDE_POST, MODERATION_ERASE, NEW_POST,
    POST_HISTORY, PREVIEW_LINKS, PREVIEWS, UPDATE_POST, UPDATE_STATIC_PAGE,
};
use crate::model::post::PostRef;

/// Returns the path of a post.
#[must_use]
pub fn post(post: &PostRef) -> String {
    format!("/post/{}-{}", post.id, post.slug)
}

/// The end of the path of the Markdown source of a post.
pub const SOURCE: &str = ".md";

/// Returns the path of the Markdown source of a post.
#[must_use]
pub fn post_source(post: &PostRef) -> String {
    format!("{}{SOURCE}", self::post(post))
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

/// Returns the path of the links with which others can read a draft.
#[must_use]
pub fn preview_links(draft: i64) -> String {
    format!("{PREVIEW_LINKS}?draft={draft}")
}

/// Returns the path of the draft that the holder of `token` can read.
#[must_use]
pub fn preview(token: &str) -> String {
    format!("{PREVIEWS}{token}")
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

/// Returns the path of the history of a post.
#[must_use]
pub fn history(id: i64) -> String {
    format!("{POST_HISTORY}?post={id}")
}

/// Returns the path of the difference between the versions `from` and `to` of a post.
#[must_use]
pub fn history_between(id: i64, from: Option<i64>, to: i64) -> String {
    let from = from.map(|from| format!("&from={from}")).unwrap_or_default();
    format!("{}{from}&to={to}", history(id))
}

/// Returns the path of the page to erase the version `number` of a post.
#[must_use]
pub fn erase_version(id: i64, number: i64) -> String {
    format!("{ERASE_VERSION}?post={id}&number={number}")
}

/// Returns the path of the page on which a moderator erases the version `number` of a post.
#[must_use]
pub fn erase_version_of_other(id: i64, number: i64) -> String {
    format!("{MODERATION_ERASE}?post={id}&number={number}")
}

/// Returns the path of the page to hide a post.
#[must_use]
pub fn hide_post(id: i64) -> String {
    format!("{HIDE_POST}?post={id}")
}

/// Parses the id in the last segment of a post's path (`12` or `12-some-title`).
#[must_use]
pub fn post_id(segment: &str) -> Option<i64> {
    let digits = segment.split_once('-').map_or(segment, |(id, _)| id);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_found_by_the_number_in_its_address() {
        assert_eq!(post_id("12-a-title"), Some(12));
        assert_eq!(post_id("12"), Some(12));
        assert_eq!(post_id("12-"), Some(12));
        for bad in ["", "-12", "+12", "a", "12a", "99999999999999999999", "１２"] {
            assert_eq!(post_id(bad), None, "{bad:?}");
        }
    }
}
