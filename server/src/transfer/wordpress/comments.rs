//! Imports the comments on a text.

use super::{
    export::{Fields, Item},
    paragraphs,
    people::People,
    texts::moment,
};
use crate::transfer::{
    external_format::{ExternalComment, ExternalSite},
    html,
};

/// Returns the comments on `item`, each after the one that it answers. Those that are not of people or were rejected are noted.
pub(super) fn read(site: &mut ExternalSite, people: &People, item: &Item) -> Vec<ExternalComment> {
    let title = html::words(item.fields.get("title")).text;
    let mut read = Vec::with_capacity(item.comments.len());
    for fields in &item.comments {
        match fields.get("comment_type") {
            "" | "comment" => {}
            "pingback" | "trackback" => {
                site.note(&title, "link from another site (pingback or trackback) left out");
                continue;
            }
            other => {
                site.note(&title, format!("comment of another kind left out: {other}"));
                continue;
            }
        }
        let is_approved = match fields.get("comment_approved") {
            "1" | "approve" => true,
            "0" | "hold" => false,
            _ => {
                site.note(&title, "comment in the spam or the trash left out");
                continue;
            }
        };
        if !fields.get("comment_author_url").is_empty() {
            site.note(&title, "address of the author of a comment left out");
        }
        read.push(comment(people, fields, is_approved));
    }
    // The ids rise, so what is answered has a lower one.
    read.sort_by_key(|comment: &ExternalComment| comment.id.parse::<u64>().unwrap_or(u64::MAX));
    read
}

fn comment(people: &People, fields: &Fields, is_approved: bool) -> ExternalComment {
    let parent = fields.get("comment_parent");
    ExternalComment {
        id: fields.get("comment_id").to_owned(),
        parent: if parent == "0" { "" } else { parent }.to_owned(),
        author: people.with_id(fields.get("comment_user_id")),
        guest_name: html::words(fields.get("comment_author")).text,
        // Empty lines part paragraphs, as in the older editor.
        html: paragraphs::add(fields.get("comment_content")),
        is_approved,
        created_at: moment(fields, "comment_date_gmt").or_else(|| moment(fields, "comment_date")),
        edited_at: None,
    }
}
