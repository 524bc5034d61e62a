//! The rows of comments.

use std::{borrow::Cow, collections::HashMap};

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, Select,
};
use serde::Serialize;
use time::OffsetDateTime;

use super::host::Host;
use crate::{
    AppState, SiteUrl,
    markdown::links_as_text,
    platform::{
        entity::{comment, user},
        topic::Topic,
    },
    policy::{Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    model::{
        account::{Author, Role},
        comment::{
            Answered, Comment, CommentActions, CommentHiding, CommentState, Commenter, EDITABLE, HiddenBy,
        },
        media::Avatar,
        profile::shown_name,
        site::SiteIdentity,
        trust::{HoldReason, TrustLevel},
    },
};

/// A comment, whoever reads it.
#[derive(Debug, Clone, Serialize, FromQueryResult)]
pub(super) struct CommentRow {
    pub id: i64,
    pub post_id: i64,
    pub parent_id: Option<i64>,
    pub answered_id: Option<i64>,
    pub root_id: i64,
    pub depth: i32,
    pub path: String,
    pub author_id: Option<i64>,
    pub guest_name: Option<String>,
    username: Option<String>,
    display_name: Option<String>,
    picture: Option<String>,
    role: Option<Role>,
    trust: Option<TrustLevel>,
    pub state: CommentState,
    pub hidden_by: Option<HiddenBy>,
    hidden_because: Option<String>,
    held_because: Option<HoldReason>,
    pub created_at: OffsetDateTime,
    pub edited_at: Option<OffsetDateTime>,
    pub version: i64,
    pub replies: i64,
    pub html: String,
}

impl CommentRow {
    /// Returns the comment as the target of an action.
    pub(super) fn target(&self, post_author: i64) -> Target {
        Target::Comment {
            author: self.author_id,
            role: self.role,
            post_author,
            state: self.state,
            hidden_by: self.hidden_by,
        }
    }

    /// Returns whether `actor` is a moderator with a higher role than its author.
    pub(super) fn is_below(&self, actor: Actor) -> bool {
        let theirs = self.role.unwrap_or_default();
        matches!(actor, Actor::User { role, .. } if role.moderates() && role > theirs)
    }

    /// Returns who has written it.
    pub(super) fn commenter(&self) -> Commenter {
        match (&self.username, &self.guest_name) {
            (Some(username), _) => Commenter::Member(Author {
                username: username.clone(),
                display_name: self.display_name.clone(),
                picture: Avatar::from_name(self.picture.clone()),
            }),
            (None, Some(name)) => Commenter::Guest(name.clone()),
            (None, None) => Commenter::Nobody,
        }
    }

    /// Returns the name of its author, if it is known.
    fn name(&self) -> Option<&str> {
        match &self.username {
            Some(username) => Some(shown_name(self.display_name.as_deref(), username)),
            None => self.guest_name.as_deref(),
        }
    }

    /// Returns the HTML as others see it: the links of new members are text.
    pub(super) fn shown_html(&self, site: &SiteIdentity, site_url: &SiteUrl) -> Cow<'_, str> {
        if site.has_trust && self.trust == Some(TrustLevel::New) {
            links_as_text(&self.html, &site_url.host())
        } else {
            Cow::Borrowed(&self.html)
        }
    }

    /// Returns what a page shows if it shows the comment.
    pub(super) fn topics(&self) -> impl Iterator<Item = Topic> {
        self.author_id.map(Topic::User).into_iter()
    }

    /// Returns the root of its thread, unless it is the root itself.
    pub(super) fn root_above(&self) -> Option<i64> {
        (self.root_id != self.id).then_some(self.root_id)
    }
}

/// Selects comments with their authors.
pub(super) fn select(comments: Select<comment::Entity>) -> Select<comment::Entity> {
    let of_author = comment::Entity::belongs_to(user::Entity)
        .from(comment::Column::AuthorId)
        .to(user::Column::Id)
        .into();
    comments
        .select_only()
        .columns([
            comment::Column::Id,
            comment::Column::PostId,
            comment::Column::ParentId,
            comment::Column::AnsweredId,
            comment::Column::RootId,
            comment::Column::Depth,
            comment::Column::Path,
            comment::Column::AuthorId,
            comment::Column::GuestName,
            comment::Column::State,
            comment::Column::HiddenBy,
            comment::Column::HiddenBecause,
            comment::Column::HeldBecause,
            comment::Column::CreatedAt,
            comment::Column::EditedAt,
            comment::Column::Version,
            comment::Column::Replies,
            comment::Column::Html,
        ])
        .columns([
            user::Column::Username,
            user::Column::DisplayName,
            user::Column::Picture,
            user::Column::Role,
            user::Column::Trust,
        ])
        .join(JoinType::LeftJoin, of_author)
}

/// Returns the comment with this id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there was never such a comment, and [`AppError::CommentGone`] if there is none any more.
pub(super) async fn find(db: &impl ConnectionTrait, id: i64) -> Result<CommentRow, AppError> {
    let found: Option<CommentRow> = select(comment::Entity::find_by_id(id))
        .into_model()
        .one(db)
        .await?;
    if let Some(row) = found {
        return Ok(row);
    }
    // Ids are given in ascending order and never twice.
    let later: Option<i64> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::Id.gt(id))
        .into_tuple()
        .one(db)
        .await?;
    let was_there = id > 0 && later.is_some();
    Err(if was_there {
        AppError::CommentGone
    } else {
        AppError::NotFound
    })
}

/// The view of somebody on comments: the texts and actions that are open to them.
pub(super) struct Viewing<'a> {
    actor: Actor,
    site: &'a SiteIdentity,
    site_url: &'a SiteUrl,
    host: &'a Host,
    now: OffsetDateTime,
    /// The names of the authors of comments that others answer.
    names: HashMap<i64, &'a str>,
}

impl<'a> Viewing<'a> {
    /// Returns what the comments on the post `host` look like to `actor`, if `rows` are on the page. Those that wait for a moderator
    /// are on it for the sake of their replies.
    pub(super) fn new(
        state: &'a AppState,
        site: &'a SiteIdentity,
        actor: Actor,
        host: &'a Host,
        rows: impl Iterator<Item = &'a CommentRow>,
    ) -> Self {
        let shown = rows.filter(|row| row.state != CommentState::Held);
        let names = shown.filter_map(|row| Some((row.id, row.name()?)));
        Self {
            actor,
            site,
            site_url: &state.settings.site_url,
            host,
            now: state.clock.now(),
            names: names.collect(),
        }
    }

    /// Returns `row` as it is shown.
    pub(super) fn shown(&self, row: &CommentRow) -> Comment {
        let target = row.target(self.host.author_id);
        let is_read = may(self.actor, Action::ReadComment, target).is_ok();
        let may = |action| self.actor != Actor::Operator && may(self.actor, action, target).is_ok();
        let is_recent = self.now - row.created_at < EDITABLE;
        // Who has not read it yet does not learn who has written it either.
        let is_withheld = row.state == CommentState::Held && !is_read;
        let html = row.shown_html(self.site, self.site_url);
        let is_own = matches!(self.actor, Actor::User { id, .. } if row.author_id == Some(id));
        Comment {
            id: row.id,
            depth: usize::try_from(row.depth).unwrap_or_default(),
            author: if is_withheld {
                Commenter::Nobody
            } else {
                row.commenter()
            },
            answered: self.answered(row),
            has_plain_links: is_own && matches!(html, Cow::Owned(_)),
            html: if is_read { html.into_owned() } else { String::new() },
            state: row.state,
            hiding: row.hidden_by.map(|by| CommentHiding {
                by,
                reason: row.hidden_because.clone().unwrap_or_default(),
            }),
            held_because: row
                .held_because
                .filter(|_| is_read && row.state == CommentState::Held),
            created_at: row.created_at,
            edited_at: row.edited_at,
            is_pinned: self.host.pinned_comment_id == Some(row.id),
            actions: CommentActions {
                edit: is_recent && may(Action::EditComment),
                delete: may(Action::DeleteComment),
                hide: may(Action::HideComment),
            },
        }
    }

    fn answered(&self, row: &CommentRow) -> Option<Answered> {
        let id = row.answered_id.or(row.parent_id)?;
        Some(Answered {
            id,
            name: match (self.names.get(&id), row.answered_id) {
                (Some(name), _) => (*name).to_owned(),
                // Its place alone does not show what it answers.
                (None, Some(_)) => "another comment".to_owned(),
                (None, None) => return None,
            },
            is_beside: row.answered_id.is_some(),
        })
    }
}
