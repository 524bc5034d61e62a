//! Plain data that both sides share. Unlike entities, these types are sent to the browser.

/// The accent colour of the site.
pub mod accent;
/// Users.
pub mod account;
/// Comments.
pub mod comment;
/// Decisions of moderators, reports and appeals.
pub mod decision;
/// Feeds.
pub mod feed;
/// The history of posts.
pub mod history;
/// The initials shown for users without an avatar.
pub mod initials;
/// Invitations.
pub mod invitation;
/// How mail is set up.
pub mod mail;
/// Images.
pub mod media;
/// Moderation.
pub mod moderation;
/// The navigation that administrators arrange.
pub mod navigation;
/// Pagination.
pub mod page;
/// Positions in lists.
pub mod position;
/// Posts.
pub mod post;
/// Links with which others can read a draft.
pub mod preview_link;
/// Profiles, and the names by which people are shown.
pub mod profile;
/// Redirects.
pub mod redirect;
/// The settings of the site.
pub mod site;
/// The logo and the icon of the site.
pub mod site_image;
/// Static pages.
pub mod static_page;
/// Tags.
pub mod tag;
/// How much a site trusts an account.
pub mod trust;
