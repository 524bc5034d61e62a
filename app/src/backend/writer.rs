//! Find the people who write.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Condition, Expr, ExprTrait},
};
use time::OffsetDateTime;

use super::{
    Ctx,
    entity::{post, user},
    limit,
    list::{Wanted, Whole},
};
use crate::{
    error::AppError,
    forms::username::USERNAME_MAX,
    model::{
        account::{Author, LatestPost, Writer},
        media::Picture,
        page::{self, Page},
        post::PostRef,
    },
};

/// Writers on one page.
const PER_PAGE: u64 = 12;
/// A search finds at most this many people: it is meant to name them, not to count them.
const FOUND_MAX: u64 = 600;

/// Page `number` of everybody who has published, the one who did so last first.
///
/// # Errors
/// [`AppError::NoSuchPage`] when there is no such page.
pub async fn list(ctx: &Ctx, number: u64) -> Result<Page<Writer>, AppError> {
    let wanted = Wanted {
        number,
        per_page: PER_PAGE,
    };
    let writers = || cards(user::Entity::find().filter(user::Column::LatestPostAt.is_not_null()));
    let at = (user::Column::LatestPostAt, user::Column::Id);
    Whole::Writers.page::<_, Row, _>(ctx, wanted, writers, at).await
}

/// Page `number` of the people whose names begin with `name`, in the order of their names.
///
/// # Errors
/// [`AppError::NoSuchPage`] when there is no such page, [`AppError::Throttled`] after too many.
pub async fn search(ctx: &Ctx, name: &str, number: u64) -> Result<Page<Writer>, AppError> {
    ctx.state
        .limits
        .search
        .check(&ctx.state.db, limit::network(ctx.visitor.address))
        .await?;
    let name = name.trim().to_ascii_lowercase();
    let found = user::Entity::find().filter(begins_with(&name));
    let ids: Vec<i64> = found
        .clone()
        .select_only()
        .column(user::Column::Id)
        .limit(FOUND_MAX)
        .into_tuple()
        .all(ctx.state.db.reader())
        .await?;
    let total = ids.len() as u64;
    let pages = page::count_with(number, total, PER_PAGE)?;
    let rows: Vec<Row> = cards(found)
        .order_by_asc(user::Column::UsernameKey)
        .offset((number - 1) * PER_PAGE)
        .limit(PER_PAGE)
        .into_model()
        .all(ctx.state.db.reader())
        .await?;
    Ok(Page {
        items: rows.into_iter().map(Writer::from).collect(),
        number,
        pages,
        total,
    })
}

/// Names have letters and digits of ASCII, `-` and `_` alone: all that begin with `name` stand together in their index,
/// before the one that ends with a character after all of these.
fn begins_with(name: &str) -> Condition {
    let is_name = name.len() <= USERNAME_MAX
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !is_name {
        return Condition::all().add(user::Column::Id.eq(0));
    }
    Condition::all()
        .add(user::Column::UsernameKey.gte(name))
        .add(user::Column::UsernameKey.lt(format!("{name}~")))
}

/// What a card shows of `writers`, and no more.
fn cards(writers: Select<user::Entity>) -> Select<user::Entity> {
    let latest = Condition::all().add(
        Expr::col((post::Entity, post::Column::Id)).eq(Expr::col((user::Entity, user::Column::LatestPostId))),
    );
    let mut cards = writers.select_only().columns([
        user::Column::Username,
        user::Column::Picture,
        user::Column::About,
        user::Column::PostCount,
        user::Column::LatestPostAt,
        user::Column::LatestPostId,
    ]);
    QuerySelect::query(&mut cards).join(JoinType::LeftJoin, post::Entity, latest);
    cards
        .column_as(post::Column::Slug, "slug")
        .column_as(post::Column::Title, "title")
}

#[derive(FromQueryResult)]
struct Row {
    username: String,
    picture: Option<String>,
    about: String,
    post_count: i64,
    latest_post_at: Option<OffsetDateTime>,
    latest_post_id: Option<i64>,
    slug: Option<String>,
    title: Option<String>,
}

impl From<Row> for Writer {
    fn from(row: Row) -> Self {
        let latest = match (row.latest_post_id, row.latest_post_at, row.slug, row.title) {
            (Some(id), Some(created_at), Some(slug), Some(title)) => Some(LatestPost {
                post: PostRef { id, slug },
                title,
                created_at,
            }),
            _ => None,
        };
        Self {
            author: Author {
                username: row.username,
                picture: Picture::of(row.picture),
            },
            about: row.about,
            posts: u64::try_from(row.post_count).unwrap_or_default(),
            latest,
        }
    }
}
