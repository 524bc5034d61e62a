//! Reading a post.

use std::borrow::Cow;

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, sea_query::Expr};
use serde::Serialize;

use super::{CardRow, CommentCounts, cards};
use crate::{
    Scope,
    markdown::{self, RENDERER},
    platform::{
        entity::{post, user},
        topic::Topic,
    },
    policy::{Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    model::{
        account::Role,
        post::{ContentsEntry, Hold, Post, PostCard, PostDetails, PostState, PostStatus},
        trust::{HoldReason, TrustLevel},
    },
};

/// Returns the post with this id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post, [`AppError::Gone`] if it has been deleted, and
/// [`AppError::Removed`] if a moderator has hidden it.
pub async fn read(scope: &Scope, id: i64) -> Result<Post, AppError> {
    let read = async |scope: &Scope| read_stored(scope, id).await;
    let stored = scope.state.reads.post.get(scope, id, read).await?;
    let actor = scope.actor().await?;
    let target = Target::Post {
        author: stored.author_id,
        status: stored.status,
    };
    may(actor, Action::Read, target)?;
    let author = Target::User {
        role: stored.author_role,
    };
    Ok(Post {
        card: stored.card.clone(),
        html: stored.html.clone(),
        hidden_because: stored.hidden_because.clone(),
        hold: stored.hold,
        has_plain_links: stored.has_plain_links
            && matches!(actor, Actor::User { id, .. } if id == stored.author_id),
        may_hide: may(actor, Action::Hide, author).is_ok(),
        change_note: stored.change_note.clone(),
        is_history_public: stored.is_history_public,
        visibility: stored.status.visibility,
        canonical: stored.canonical.clone(),
        contents: stored.contents.clone(),
    })
}

/// A post, whoever may read it.
#[derive(Debug, Serialize)]
pub(crate) struct StoredPost {
    card: PostCard,
    author_id: i64,
    author_role: Role,
    html: String,
    status: PostStatus,
    hidden_because: Option<String>,
    hold: Option<Hold>,
    has_plain_links: bool,
    change_note: String,
    is_history_public: bool,
    canonical: String,
    contents: Vec<ContentsEntry>,
}

async fn read_stored(scope: &Scope, id: i64) -> Result<StoredPost, AppError> {
    let found: Option<PostRow> = cards(post::Entity::find_by_id(id))
        .columns([
            post::Column::Html,
            post::Column::Renderer,
            post::Column::Visibility,
            post::Column::State,
            post::Column::HiddenBecause,
            post::Column::HeldBecause,
            post::Column::Version,
            post::Column::ChangeNote,
            post::Column::IsHistoryPublic,
        ])
        .column_as(user::Column::Role, "author_role")
        .column(user::Column::Trust)
        .into_model()
        .one(scope.state.db.reader())
        .await?;
    let row = found.ok_or(AppError::NotFound)?;
    scope.reads([Topic::Post(id), Topic::User(row.card.author_id)]);
    let html = if row.renderer == RENDERER {
        row.html
    } else {
        // The stored HTML is still sanitised, though by an older version.
        render_again(scope, id).await.ok().flatten().unwrap_or(row.html)
    };
    let (html, has_plain_links) = match shown_html(scope, row.trust, &html).await {
        Cow::Borrowed(_) => (html, false),
        Cow::Owned(plain) => (plain, true),
    };
    let details = PostDetails::read(&row.card.details);
    let contents = if details.has_contents {
        contents(scope, id).await?
    } else {
        Vec::new()
    };
    Ok(StoredPost {
        author_id: row.card.author_id,
        author_role: row.author_role,
        card: row.card.card(CommentCounts::of(scope).await),
        html,
        status: row.status,
        hidden_because: row.hidden_because,
        hold: (row.status.state == PostState::Held).then_some(Hold {
            version: row.version,
            reason: row.held_because,
        }),
        has_plain_links,
        change_note: row.change_note,
        is_history_public: row.is_history_public,
        canonical: details.canonical,
        contents,
    })
}

/// Returns the `html` of somebody whom the site trusts so much, as others see it: the links of new members are text.
pub(super) async fn shown_html<'html>(scope: &Scope, trust: TrustLevel, html: &'html str) -> Cow<'html, str> {
    if trust == TrustLevel::New && scope.site().await.has_trust {
        markdown::links_as_text(html, &scope.state.settings.site_url.host())
    } else {
        Cow::Borrowed(html)
    }
}

/// Returns the table of contents of the post with this id.
async fn contents(scope: &Scope, id: i64) -> Result<Vec<ContentsEntry>, AppError> {
    let content: Option<String> = post::Entity::find_by_id(id)
        .select_only()
        .column(post::Column::Content)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    markdown::contents(content.unwrap_or_default()).await
}

/// Renders the post with this id with the current renderer and stores the result.
async fn render_again(scope: &Scope, id: i64) -> Result<Option<String>, AppError> {
    let found: Option<(String, i64, String)> = post::Entity::find_by_id(id)
        .select_only()
        .columns([
            post::Column::Content,
            post::Column::Version,
            post::Column::Details,
        ])
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let Some((content, version, details)) = found else {
        return Ok(None);
    };
    let rendered = markdown::render(content).await?;
    post::Entity::update_many()
        .col_expr(post::Column::Html, Expr::value(rendered.html.as_str()))
        .col_expr(
            post::Column::Excerpt,
            Expr::value(PostDetails::read(&details).excerpt_or(rendered.excerpt)),
        )
        .col_expr(post::Column::Words, Expr::value(rendered.words))
        .col_expr(post::Column::Renderer, Expr::value(RENDERER))
        .filter(post::Column::Id.eq(id))
        .filter(post::Column::Version.eq(version))
        .exec(scope.state.db.writer())
        .await?;
    Ok(Some(rendered.html))
}

/// Renders a batch of the posts that were rendered by an older version, and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn render_old(scope: &Scope) -> Result<u64, AppError> {
    const BATCH: u64 = 100;
    let old: Vec<i64> = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(post::Column::Renderer.lt(RENDERER))
        .limit(BATCH)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    for id in &old {
        render_again(scope, *id).await?;
    }
    if !old.is_empty() {
        scope.state.db.invalidate([Topic::Everything].into()).await;
    }
    Ok(old.len() as u64)
}

#[derive(FromQueryResult)]
struct PostRow {
    #[sea_orm(nested)]
    card: CardRow,
    html: String,
    renderer: i32,
    #[sea_orm(nested)]
    status: PostStatus,
    hidden_because: Option<String>,
    held_because: Option<HoldReason>,
    version: i64,
    author_role: Role,
    trust: TrustLevel,
    change_note: String,
    is_history_public: bool,
}
