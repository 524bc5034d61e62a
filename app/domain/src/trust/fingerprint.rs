//! Fingerprints of what was sent in the last day: hashes of texts, and of the hosts to which new members link.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect,
};
use time::{Duration, OffsetDateTime};

use super::TextId;
use crate::{
    markdown::plain_text_of,
    platform::{
        db::Transaction,
        digest::sha256,
        entity::{fingerprint, user},
    },
};
use shared::model::trust::TrustLevel;

/// The time for which fingerprints are kept.
const KEPT: Duration = Duration::hours(24);
/// The number of letters and digits of a text that is compared with others. Shorter ones, such as thanks, repeat by chance.
const COMPARED_FROM: usize = 50;

/// A fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fingerprint(String);

impl Fingerprint {
    /// Returns the fingerprint of the text of sanitised `html`, whatever its case, spaces and punctuation are. Returns `None` for a
    /// short text.
    pub(super) fn of_text(html: &str) -> Option<Self> {
        let text = plain_text_of(html);
        let letters = text.chars().filter(|character| character.is_alphanumeric());
        let letters: String = letters.flat_map(char::to_lowercase).collect();
        let is_long = letters.chars().nth(COMPARED_FROM - 1).is_some();
        is_long.then(|| Self(sha256(format!("text {letters}"))))
    }

    /// Returns the fingerprint of `host`.
    pub(super) fn of_host(host: &str) -> Self {
        Self(sha256(format!("host {host}")))
    }
}

/// A text with some fingerprint.
pub(super) struct Sent {
    /// Who has sent it.
    pub user: i64,
    /// The text.
    pub text: TextId,
}

/// Returns the texts with the fingerprint `wanted` that were sent in the last day, at most `limit`; only those of people who are
/// still new if `by_new_members`.
pub(super) async fn sent(
    transaction: &Transaction,
    wanted: &Fingerprint,
    now: OffsetDateTime,
    limit: u64,
    by_new_members: bool,
) -> Result<Vec<Sent>, DbErr> {
    let of_user = fingerprint::Entity::belongs_to(user::Entity)
        .from(fingerprint::Column::UserId)
        .to(user::Column::Id)
        .into();
    let mut found = fingerprint::Entity::find().join(JoinType::InnerJoin, of_user);
    if by_new_members {
        found = found.filter(user::Column::Trust.eq(TrustLevel::New));
    }
    let rows: Vec<(i64, Option<i64>, Option<i64>)> = found
        .select_only()
        .columns([
            fingerprint::Column::UserId,
            fingerprint::Column::PostId,
            fingerprint::Column::CommentId,
        ])
        .filter(fingerprint::Column::Hash.eq(wanted.0.as_str()))
        .filter(fingerprint::Column::CreatedAt.gt(now - KEPT))
        .limit(limit)
        .into_tuple()
        .all(transaction)
        .await?;
    let sent = rows.into_iter().filter_map(|(user, post, comment)| {
        let text = post.map(TextId::Post).or_else(|| comment.map(TextId::Comment))?;
        Some(Sent { user, text })
    });
    Ok(sent.collect())
}

/// Keeps the fingerprints of `text`, which `user` has sent. Those of its former version are replaced.
pub(super) async fn keep(
    transaction: &Transaction,
    user: i64,
    text: TextId,
    fingerprints: BTreeSet<Fingerprint>,
    now: OffsetDateTime,
) -> Result<(), DbErr> {
    let (post_id, comment_id) = match text {
        TextId::Post(id) => (Some(id), None),
        TextId::Comment(id) => (None, Some(id)),
    };
    let before = match text {
        TextId::Post(id) => fingerprint::Column::PostId.eq(id),
        TextId::Comment(id) => fingerprint::Column::CommentId.eq(id),
    };
    fingerprint::Entity::delete_many()
        .filter(before)
        .exec(transaction)
        .await?;
    let rows = fingerprints
        .into_iter()
        .map(|Fingerprint(hash)| fingerprint::ActiveModel {
            hash: Set(hash),
            user_id: Set(user),
            post_id: Set(post_id),
            comment_id: Set(comment_id),
            created_at: Set(now),
            ..Default::default()
        });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        fingerprint::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// Deletes the fingerprints that are older than a day, and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn sweep(db: &impl ConnectionTrait, now: OffsetDateTime) -> Result<u64, DbErr> {
    let deleted = fingerprint::Entity::delete_many()
        .filter(fingerprint::Column::CreatedAt.lte(now - KEPT))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_whatever_their_case_spaces_and_markup_are() {
        let text = "<p>Buy the very best watches in the whole wide world today, not tomorrow!</p>";
        let other =
            "<p>BUY the <em>very</em> best watches, in the whole wide\nworld: today, not TOMORROW</p>";
        assert!(Fingerprint::of_text(text).is_some());
        assert_eq!(Fingerprint::of_text(text), Fingerprint::of_text(other));
        assert_ne!(
            Fingerprint::of_text(text),
            Fingerprint::of_text(&text.replace("watches", "clocks"))
        );
    }

    #[test]
    fn short_texts_are_not_compared() {
        let short = format!("<p>{}</p>", "ab ".repeat(24));
        assert_eq!(Fingerprint::of_text(&short), None);
        assert_eq!(
            Fingerprint::of_text("<p>Thank you very much, that was a pleasure.</p>"),
            None
        );
    }
}
