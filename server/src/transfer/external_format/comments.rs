//! Comments of another system.

use std::collections::HashMap;

use domain::data::interchange::ExportedComment;
use shared::model::comment::CommentState;
use time::OffsetDateTime;
use url::Url;

use super::{ExternalSite, Kind, Text};
use crate::transfer::html;

/// The name of somebody who has given none.
const ANONYMOUS: &str = "Anonymous";

/// A comment of another system.
#[derive(Debug, Default)]
pub(in crate::transfer) struct ExternalComment {
    /// The id, which is unique among the comments on a post.
    pub id: String,
    /// The id of the comment that it answers; empty if it begins a thread.
    pub parent: String,
    /// The username here of its author, if they have an account.
    pub author: Option<String>,
    /// The name of an author without an account, as plain text.
    pub guest_name: String,
    pub html: String,
    /// Whether it was approved. Otherwise it waits for a moderator.
    pub is_approved: bool,
    pub created_at: Option<OffsetDateTime>,
    pub edited_at: Option<OffsetDateTime>,
}

impl ExternalSite {
    /// Takes the comments of `text`, which was begun at `begun_at` and whose relative addresses are based on `base`. What is lost is
    /// noted.
    pub(super) fn comments(
        &mut self,
        text: &mut Text,
        base: Option<&Url>,
        begun_at: OffsetDateTime,
    ) -> Vec<ExportedComment> {
        let (title, comments) = (&text.title, std::mem::take(&mut text.comments));
        if text.kind == Kind::Page || !text.is_published {
            let what = "comment on a page or a draft left out";
            self.note_some(title, what, comments.len());
            return Vec::new();
        }
        let mut ids: HashMap<String, i64> = HashMap::new();
        let mut converted = Vec::with_capacity(comments.len());
        for comment in comments {
            let Some(content) = self.comment_text(title, base, &comment.html) else {
                continue;
            };
            self.comments_so_far += 1;
            let id = self.comments_so_far;
            let parent = ids.get(&comment.parent).copied();
            let is_orphan = !comment.parent.is_empty() && parent.is_none();
            self.note_some(
                title,
                "answer to a comment that was left out, now a comment on the post",
                usize::from(is_orphan),
            );
            ids.insert(comment.id, id);
            let is_undated = usize::from(comment.created_at.is_none());
            self.note_some(
                title,
                "comment without a date, now with that of the post",
                is_undated,
            );
            let guest_name = match (&comment.author, comment.guest_name.trim()) {
                (Some(_), _) => None,
                (None, "") => Some(ANONYMOUS.to_owned()),
                (None, name) => Some(name.to_owned()),
            };
            converted.push(ExportedComment {
                id,
                // The import knows the post.
                post: 0,
                parent,
                answered: None,
                author: comment.author,
                guest_name,
                state: if comment.is_approved {
                    CommentState::Published
                } else {
                    CommentState::Held
                },
                hidden_by: None,
                hidden_because: None,
                held_because: None,
                created_at: comment.created_at.unwrap_or(begun_at),
                edited_at: comment.edited_at,
                version: 1,
                content,
            });
        }
        converted
    }

    /// Returns the text of a comment in Markdown, or notes why it is left out.
    fn comment_text(&mut self, title: &str, base: Option<&Url>, html: &str) -> Option<String> {
        match html::to_markdown(html, base) {
            Ok(converted) if converted.markdown.trim().is_empty() => {
                self.note(title, "comment without a text left out");
                None
            }
            Ok(converted) => {
                for (what, count) in converted.losses {
                    self.note_some(title, what, count);
                }
                self.elsewhere += converted.pictures;
                Some(converted.markdown)
            }
            Err(why) => {
                self.note(title, format!("comment left out: {why}"));
                None
            }
        }
    }
}
