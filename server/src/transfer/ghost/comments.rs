//! Imports the comments, if the file has them.

use std::collections::HashMap;

use super::{ExternalSite, Fields};
use crate::transfer::external_format::ExternalComment;

/// The comments on each post.
pub(super) struct CommentsOf(HashMap<String, Vec<ExternalComment>>);

impl CommentsOf {
    /// Reads the comments of `members`, who have no accounts here.
    pub(super) fn read<'a>(
        site: &mut ExternalSite,
        comments: impl Iterator<Item = Fields<'a>>,
        members: impl Iterator<Item = Fields<'a>>,
    ) -> Self {
        let names: HashMap<String, &str> = members
            .filter_map(|member| Some((member.id("id")?, member.text("name"))))
            .collect();
        let mut of: HashMap<String, Vec<ExternalComment>> = HashMap::new();
        for row in comments {
            let (Some(id), Some(post)) = (row.id("id"), row.id("post_id")) else {
                site.note("", "comment without a post left out");
                continue;
            };
            let is_approved = match row.text("status") {
                "" | "published" => true,
                "hidden" => false,
                _ => {
                    site.note("", "deleted comment left out");
                    continue;
                }
            };
            let member = row.id("member_id").and_then(|id| names.get(&id).copied());
            let answered = row.id("in_reply_to_id").or_else(|| row.id("parent_id"));
            of.entry(post).or_default().push(ExternalComment {
                id,
                parent: answered.unwrap_or_default(),
                author: None,
                guest_name: member.unwrap_or_default().to_owned(),
                html: row.raw_text("html").to_owned(),
                is_approved,
                created_at: row.moment("created_at"),
                edited_at: row.moment("edited_at"),
            });
        }
        // What is answered is older.
        for comments in of.values_mut() {
            comments.sort_by_key(|comment| comment.created_at);
        }
        Self(of)
    }

    /// Returns the comments on the post with this id.
    pub(super) fn take(&mut self, post: &str) -> Vec<ExternalComment> {
        self.0.remove(post).unwrap_or_default()
    }
}
