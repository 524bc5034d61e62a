//! The tables. Entities are internal to the server; pages use `model`.

/// The audit log.
pub mod audit_record;
/// Cases.
pub mod case;
/// Comments.
pub mod comment;
/// Decisions of moderators.
pub mod decision;
/// Drafts.
pub mod draft;
/// Facts about the site.
pub mod fact;
/// Fingerprints of what was sent in the last day.
pub mod fingerprint;
/// Former usernames.
pub mod former_username;
/// Inline images.
pub mod image;
/// Invitations.
pub mod invitation;
/// The users who have registered with an invitation.
pub mod invitee;
/// Jobs.
pub mod job;
/// The lanes of jobs.
pub mod job_lane;
/// The states of jobs.
pub mod job_state;
/// Leases.
pub mod lease;
/// Changes of lists that their milestones do not include yet.
pub mod list_change;
/// The kinds of lists.
pub mod list_kind;
/// Milestones of long lists.
pub mod milestone;
/// Files that are to be deleted.
pub mod pending_deletion;
/// Posts.
pub mod post;
/// The numbers of comments on posts.
pub mod post_count;
/// Links with which others can read a draft.
pub mod preview_link;
/// Redirects from old addresses.
pub mod redirect;
/// Reports.
pub mod report;
/// The texts that posts had before.
pub mod revision;
/// Sessions.
pub mod session;
/// The settings of the site.
pub mod setting;
/// Static pages.
pub mod static_page;
/// Tags.
pub mod tag;
/// The posts of each tag.
pub mod tagging;
/// Tokens.
pub mod token;
/// The lengths of site-wide lists.
pub mod total;
/// Users.
pub mod user;
/// The suffixes of usernames.
pub mod username_suffix;
