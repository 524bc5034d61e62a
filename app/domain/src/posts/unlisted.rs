//! The posts of their author that are not in lists, so that the author finds them.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use time::OffsetDateTime;

use crate::{Scope, platform::entity::post};
use shared::{
    error::AppError,
    model::{
        account::Viewer,
        page::{self, ListPage},
        post::{PostRef, PostState, UnlistedPost, Visibility},
    },
};

/// The number of entries per page.
const PER_PAGE: u64 = 20;

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    slug: String,
    title: String,
    visibility: Visibility,
    state: PostState,
    created_at: OffsetDateTime,
}

/// Returns page `number` of the posts of `author` that are not in lists because of their visibility, or because they wait for a
/// moderator, newest first.
///
/// # Errors
///
/// Returns [`AppError::NoSuchPage`] if there is no such page.
pub async fn list(scope: &Scope, author: &Viewer, number: u64) -> Result<ListPage<UnlistedPost>, AppError> {
    let posts = post::Entity::find()
        .filter(post::Column::AuthorId.eq(author.id))
        .filter(
            Condition::any()
                .add(
                    Condition::all()
                        .add(post::unlisted())
                        .add(post::Column::State.eq(PostState::Published)),
                )
                .add(post::held()),
        );
    // Few enough for `count` and `OFFSET`: they are those of one person, in an index of their own.
    let total = posts.clone().count(scope.state.db.reader()).await?;
    let pages = page::count_with(number, total, PER_PAGE)?;
    let rows: Vec<Row> = posts
        .select_only()
        .columns([
            post::Column::Id,
            post::Column::Slug,
            post::Column::Title,
            post::Column::Visibility,
            post::Column::State,
            post::Column::CreatedAt,
        ])
        .order_by_desc(post::Column::CreatedAt)
        .order_by_desc(post::Column::Id)
        .offset((number - 1) * PER_PAGE)
        .limit(PER_PAGE)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    let items = rows.into_iter().map(|row| UnlistedPost {
        post: PostRef {
            id: row.id,
            slug: row.slug,
        },
        title: row.title,
        visibility: row.visibility,
        is_held: row.state == PostState::Held,
        created_at: row.created_at,
    });
    Ok(ListPage {
        items: items.collect(),
        number,
        pages,
        total,
    })
}
