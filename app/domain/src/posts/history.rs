//! The history of posts: the texts that they had before.

use sea_orm::{ColumnTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::OffsetDateTime;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{
    Scope,
    platform::entity::{post, revision, user},
    policy::{Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    model::{
        account::Role,
        history::{Difference, PostHistory, PostVersion},
        post::{PostDetails, PostRef, PostState, PostStatus, Visibility},
        tag::Tags,
    },
};

/// Changes of the history by the author.
mod changes;
/// Differences between texts.
mod difference;
/// Keeping the text that is replaced.
mod keep;
/// The versions that are kept.
mod retention;

pub(crate) use changes::erase_in;
pub use changes::{erase, restore, set_public};
use keep::add;
pub(super) use keep::keep;
pub(crate) use retention::MOST;

/// Limits the number of texts that are compared concurrently.
static ROOM: Semaphore = Semaphore::const_new(2);

/// The versions between which the difference is wanted. Without one, the present version or the one before the other is
/// meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WantedDifference {
    /// The number of the older version.
    pub from: Option<i64>,
    /// The number of the newer version.
    pub to: Option<i64>,
    /// The Unix time in seconds whose version is the older one, unless `from` is given.
    pub since: Option<i64>,
}

/// The present text of a post.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "post::Entity")]
struct Present {
    slug: String,
    author_id: i64,
    version: i64,
    title: String,
    tags: String,
    content: String,
    details: String,
    change_note: String,
    is_history_public: bool,
    updated_at: OffsetDateTime,
    visibility: Visibility,
    state: PostState,
}

/// A version that was replaced, without its text.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "revision::Entity")]
struct Head {
    version: i64,
    change_note: String,
    saved_at: OffsetDateTime,
}

/// The parts of a version that are compared.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "revision::Entity")]
struct Text {
    title: String,
    tags: String,
    content: String,
    details: String,
}

/// Returns the history of the post with this id, with the difference between the versions in `wanted`.
///
/// # Errors
///
/// Returns the errors of [`may`] if the actor may neither see the history nor the post, [`AppError::Forbidden`] if they
/// may read the post alone, and [`AppError::NotFound`] if there is no such post or version.
pub async fn read(scope: &Scope, id: i64, wanted: WantedDifference) -> Result<PostHistory, AppError> {
    let db = scope.state.db.reader();
    let found: Option<Present> = post::Entity::find_by_id(id).into_partial_model().one(db).await?;
    let present = found.ok_or(AppError::NotFound)?;
    let actor = scope.actor().await?;
    let target = Target::Post {
        author: present.author_id,
        status: PostStatus {
            visibility: present.visibility,
            state: present.state,
        },
    };
    let action = if present.is_history_public {
        Action::Read
    } else {
        Action::ReadHistory
    };
    may(actor, action, target)?;
    let before: Vec<Head> = revision::Entity::find()
        .filter(revision::Column::PostId.eq(id))
        .order_by_desc(revision::Column::Version)
        .limit(MOST as u64)
        .into_partial_model()
        .all(db)
        .await?;
    let mut versions = vec![PostVersion {
        number: present.version,
        saved_at: present.updated_at,
        note: present.change_note.clone(),
    }];
    versions.extend(before.into_iter().map(|head| PostVersion {
        number: head.version,
        saved_at: head.saved_at,
        note: head.change_note,
    }));
    let difference = difference(scope, id, &present, &versions, wanted).await?;
    let is_own = matches!(actor, Actor::User { id, .. } if id == present.author_id);
    Ok(PostHistory {
        post: PostRef {
            id,
            slug: present.slug,
        },
        title: present.title,
        versions,
        difference,
        is_public: present.is_history_public,
        may_moderate: !is_own && outranks(scope, actor, present.author_id).await?,
        may_change: is_own && may(actor, Action::Edit, target).is_ok(),
    })
}

/// Returns whether `actor` may moderate the posts of the user with the id `author`.
async fn outranks(scope: &Scope, actor: Actor, author: i64) -> Result<bool, AppError> {
    let role: Option<Role> = user::Entity::find_by_id(author)
        .select_only()
        .column(user::Column::Role)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    Ok(role.is_some_and(|role| may(actor, Action::Hide, Target::User { role }).is_ok()))
}

/// Returns the difference that is `wanted` between two of `versions`, which are newest first.
async fn difference(
    scope: &Scope,
    post: i64,
    present: &Present,
    versions: &[PostVersion],
    wanted: WantedDifference,
) -> Result<Difference, AppError> {
    let is_there = |number: i64| versions.iter().any(|version| version.number == number);
    let to = wanted.to.unwrap_or(present.version);
    let before = versions
        .iter()
        .map(|version| version.number)
        .find(|number| *number < to);
    let from = wanted
        .from
        .or_else(|| version_of(versions, wanted.since?, to))
        .or(before);
    if !is_there(to) || from.is_some_and(|from| from >= to || !is_there(from)) {
        return Err(AppError::NotFound);
    }
    let new = text(scope, post, present, to).await?;
    let Some(from) = from else {
        return Ok(Difference {
            from,
            to,
            title: Some(difference::same(&new.title)),
            subtitle: None,
            tags: Some(difference::same(&tags(&new))),
            passages: difference::whole(&new.content),
            content: None,
        });
    };
    let old = text(scope, post, present, from).await?;
    let content = (to != present.version).then(|| new.content.clone());
    let permit = ROOM.acquire().await.map_err(|_| AppError::Internal)?;
    let compared = spawn_blocking(move || {
        let _permit = permit;
        Difference {
            from: Some(from),
            to,
            title: difference::of_line(&old.title, &new.title),
            subtitle: difference::of_line(&subtitle(&old), &subtitle(&new)),
            tags: difference::of_line(&tags(&old), &tags(&new)),
            passages: difference::passages(&old.content, &new.content),
            content,
        }
    });
    compared.await.map_err(|error| {
        tracing::error!(%error, post, "two versions could not be compared");
        AppError::Internal
    })
}

/// Returns the number of the version before `to` that was on the site at the Unix time `since`. If it is not kept any longer,
/// that is the next older one, or else the oldest.
fn version_of(versions: &[PostVersion], since: i64, to: i64) -> Option<i64> {
    let older = || versions.iter().filter(|version| version.number < to);
    let known = older().find(|version| version.saved_at.unix_timestamp() <= since);
    known
        .or_else(|| older().next_back())
        .map(|version| version.number)
}

/// Returns the line below the title of `text`.
fn subtitle(text: &Text) -> String {
    PostDetails::read(&text.details).subtitle
}

/// Returns the tags of `text` as they are shown.
fn tags(text: &Text) -> String {
    Tags::read(&text.tags).to_string()
}

/// Returns the text of the version with this `number`.
async fn text(scope: &Scope, post: i64, present: &Present, number: i64) -> Result<Text, AppError> {
    if number == present.version {
        return Ok(Text {
            title: present.title.clone(),
            tags: present.tags.clone(),
            content: present.content.clone(),
            details: present.details.clone(),
        });
    }
    let found: Option<Text> = revision::Entity::find()
        .filter(revision::Column::PostId.eq(post))
        .filter(revision::Column::Version.eq(number))
        .into_partial_model()
        .one(scope.state.db.reader())
        .await?;
    found.ok_or(AppError::NotFound)
}
