//! Links with which others can read a draft. A link contains a token of which only the SHA-256 is stored. It shows the saved
//! text until the draft is published, and leads to the post from then on.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, Select, sea_query::Expr,
};
use time::{Duration, OffsetDateTime};

use super::{drafts, publish::rendered, shown_html};
use crate::{
    Scope,
    client_info::ClientCookie,
    platform::{
        db::Transaction,
        digest,
        entity::{draft, preview_link, user},
    },
    policy::{self, Action, Target, may},
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, Secret, post::DetailsForm},
    model::{
        account::{Author, Viewer},
        media::Avatar,
        post::{DraftPreview, Previewed},
        preview_link::{LINK_DAYS, LINKS_MAX, PreviewLink, PreviewLinks},
    },
    paths,
};

/// Creates a link to the draft with this id. `note` says whom it is for. The link can be shown once, for which its token is
/// kept in a cookie.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if `author` has no such draft, and [`AppError::Invalid`] if it has too many links.
pub async fn create(scope: &Scope, author: &Viewer, draft: i64, note: String) -> Result<(), AppError> {
    scope.state.limits.draft.check(&scope.state.db, author.id).await?;
    let secret = Secret::from(digest::random::<16>()?.as_str());
    let now = scope.state.clock.now();
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, author).await?;
    may(actor, Action::Publish, Target::Site)?;
    drafts::require(&transaction, author, draft).await?;
    let links = valid(now).filter(preview_link::Column::DraftId.eq(draft));
    if links.count(&transaction).await? >= LINKS_MAX {
        return Err(FieldErrors::one(Field::LinkNote, FieldProblem::TooManyPreviewLinks(LINKS_MAX)).into());
    }
    let row = preview_link::ActiveModel {
        hash: Set(digest::sha256(secret.expose())),
        author_id: Set(author.id),
        draft_id: Set(draft),
        note: Set(note),
        created_at: Set(now),
        expires_at: Set(now + Duration::days(LINK_DAYS)),
        ..Default::default()
    };
    preview_link::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await?;
    scope.state.db.commit(transaction).await?;
    if let Ok(client) = scope.client() {
        client.keep(ClientCookie::NewPreviewLink, &secret);
    }
    Ok(())
}

/// Returns the valid links to the draft with this id, newest first.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if `author` has no such draft.
pub async fn list(scope: &Scope, author: &Viewer, draft: i64) -> Result<PreviewLinks, AppError> {
    let db = scope.state.db.reader();
    let title = drafts::require(db, author, draft).await?;
    let rows = valid(scope.state.clock.now())
        .filter(preview_link::Column::DraftId.eq(draft))
        .order_by_desc(preview_link::Column::Id)
        .all(db)
        .await?;
    let client = scope.client().ok();
    let newest = client.and_then(|client| client.kept(ClientCookie::NewPreviewLink));
    let newest = newest.map(|secret| (digest::sha256(secret.expose()), secret));
    let shown = |row: preview_link::Model| {
        let secret = newest.as_ref().filter(|(hash, _)| *hash == row.hash);
        let path = secret.map(|(_, secret)| paths::preview(secret.expose()));
        PreviewLink {
            id: row.id,
            note: row.note,
            expires_at: row.expires_at,
            link: path.map(|path| scope.state.settings.site_url.absolute(&path)),
        }
    };
    Ok(PreviewLinks {
        draft,
        title,
        links: rows.into_iter().map(shown).collect(),
    })
}

/// Deletes the link with this id, which is useless from then on, and returns the id of its draft.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if `author` has no such link.
pub async fn revoke(scope: &Scope, author: &Viewer, id: i64) -> Result<i64, AppError> {
    let found = preview_link::Entity::find_by_id(id)
        .filter(preview_link::Column::AuthorId.eq(author.id))
        .one(scope.state.db.reader())
        .await?;
    let link = found.ok_or(AppError::NotFound)?;
    preview_link::Entity::delete_by_id(id)
        .exec(scope.state.db.writer())
        .await?;
    Ok(link.draft_id)
}

/// Returns what the holder of the link with this token can read: the saved text of the draft, or the post that it has
/// become.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the link is forged, revoked or expired, or if the draft is gone.
pub async fn read(scope: &Scope, token: &str) -> Result<Previewed, AppError> {
    let db = scope.state.db.reader();
    let link = valid(scope.state.clock.now())
        .filter(preview_link::Column::Hash.eq(digest::sha256(token)))
        .one(db)
        .await?
        .ok_or(AppError::BadToken)?;
    // Without the words of its address: whoever has the link may not be allowed to read the post.
    if let Some(id) = link.post_id {
        return Ok(Previewed::Published(id));
    }
    let draft = draft::Entity::find_by_id(link.draft_id)
        .filter(draft::Column::AuthorId.eq(link.author_id))
        .one(db)
        .await?
        .ok_or(AppError::BadToken)?;
    let author = user::Entity::find_by_id(link.author_id)
        .filter(user::Column::SuspendedBecause.is_null())
        // They can still save drafts, which would publish them.
        .filter(user::Column::FrozenUntil.is_null())
        .one(db)
        .await?
        .ok_or(AppError::BadToken)?;
    let details = DetailsForm::read(&draft.details);
    let html = rendered(&draft.content).await?.html;
    let html = shown_html(scope, author.trust, &html).await.into_owned();
    Ok(Previewed::Draft(DraftPreview {
        title: draft.title,
        subtitle: details.subtitle.trim().to_owned(),
        html,
        author: Author {
            username: author.username,
            display_name: author.display_name,
            picture: Avatar::from_name(author.picture),
        },
        saved_at: draft.updated_at,
        expires_at: link.expires_at,
    }))
}

/// Has the links to the draft with this id lead to its post from now on.
pub(crate) async fn lead_to(transaction: &Transaction, draft: i64, post: i64) -> Result<(), DbErr> {
    preview_link::Entity::update_many()
        .col_expr(preview_link::Column::PostId, Expr::value(post))
        .filter(preview_link::Column::DraftId.eq(draft))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Deletes the links that have expired, and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn sweep(db: &impl ConnectionTrait, now: OffsetDateTime) -> Result<u64, DbErr> {
    let swept = preview_link::Entity::delete_many()
        .filter(preview_link::Column::ExpiresAt.lte(now))
        .exec(db)
        .await?;
    Ok(swept.rows_affected)
}

fn valid(now: OffsetDateTime) -> Select<preview_link::Entity> {
    preview_link::Entity::find().filter(preview_link::Column::ExpiresAt.gt(now))
}
