//! Export of a site or of one user, in batches and ordered by id, so that the same site gives the same export.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
    Select,
};
use time::OffsetDateTime;

use super::interchange::{
    DiscussionSettings, Draft, ExportedComment, Page, Person, Post, Redirect, Revision, StoredImage,
};
use crate::{
    Scope,
    platform::entity::{
        comment, draft, former_username, image, invitee, post, redirect, revision, static_page, user,
    },
};
use shared::{
    error::AppError,
    forms::post::DetailsForm,
    model::{
        post::{PostDetails, PostState, Visibility},
        tag::Tags,
        trust::{HoldReason, Standing},
    },
};

/// The number of rows per batch.
const BATCH: u64 = 200;

/// The extent of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// Everything, including password hashes.
    Site,
    /// Everything that belongs to the user with this id, without the password hash.
    Person(i64),
}

impl Selection {
    const fn person(self) -> Option<i64> {
        match self {
            Self::Site => None,
            Self::Person(id) => Some(id),
        }
    }
}

/// Returns the next users with an id above `after`, or none if there are no more.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn people(scope: &Scope, selection: Selection, after: i64) -> Result<Vec<Person>, AppError> {
    let mut found = user::Entity::find()
        .filter(user::Column::Id.gt(after))
        .order_by_asc(user::Column::Id)
        .limit(BATCH);
    if let Some(id) = selection.person() {
        found = found.filter(user::Column::Id.eq(id));
    }
    let rows = found.all(scope.state.db.reader()).await?;
    let images = image::Entity::find()
        .filter(image::Column::OwnerId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(image::Column::Name)
        .all(scope.state.db.reader())
        .await?;
    let mut of: HashMap<i64, Vec<StoredImage>> = HashMap::new();
    for row in images {
        of.entry(row.owner_id).or_default().push(StoredImage {
            name: row.name,
            created_at: row.created_at,
            bytes: row.bytes,
        });
    }
    let mut former = former_names(scope, &rows).await?;
    let mut inviters = inviters(scope, &rows).await?;
    let person = |row: user::Model| Person {
        id: Some(row.id),
        links: row.links.lines().map(str::to_owned).collect(),
        display_name: row.display_name,
        pronouns: row.pronouns,
        location: row.location,
        website: row.website,
        biography: row.biography,
        password_hash: (selection == Selection::Site).then_some(row.password_hash),
        role: Some(row.role.name().to_owned()),
        images: of.remove(&row.id).unwrap_or_default(),
        former_usernames: former.remove(&row.id).unwrap_or_default(),
        invited_by: inviters.remove(&row.id),
        username: row.username,
        email: row.email,
        about: row.about,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        email_confirmed_at: row.email_confirmed_at,
        suspended_because: row.suspended_because,
        frozen_until: row.frozen_until,
        frozen_because: row.frozen_because,
        standing: Standing {
            level: row.trust,
            reason: row.trust_because,
        },
        picture: row.picture,
    };
    Ok(rows.into_iter().map(person).collect())
}

/// Returns the former usernames of these users.
async fn former_names(scope: &Scope, people: &[user::Model]) -> Result<HashMap<i64, Vec<String>>, AppError> {
    let rows = former_username::Entity::find()
        .filter(former_username::Column::UserId.is_in(people.iter().map(|row| row.id)))
        .all(scope.state.db.reader())
        .await?;
    let mut of: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows {
        of.entry(row.user_id).or_default().push(row.username_key);
    }
    // Collations differ between databases.
    for names in of.values_mut() {
        names.sort_unstable();
    }
    Ok(of)
}

/// Returns the usernames of those who have invited these users.
async fn inviters(scope: &Scope, people: &[user::Model]) -> Result<HashMap<i64, String>, AppError> {
    let of_inviter = invitee::Entity::belongs_to(user::Entity)
        .from(invitee::Column::InviterId)
        .to(user::Column::Id)
        .into();
    let rows: Vec<(i64, String)> = invitee::Entity::find()
        .select_only()
        .column(invitee::Column::UserId)
        .column(user::Column::Username)
        .join(JoinType::InnerJoin, of_inviter)
        .filter(invitee::Column::UserId.is_in(people.iter().map(|row| row.id)))
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    Ok(rows.into_iter().collect())
}

#[derive(FromQueryResult)]
struct PostRow {
    id: i64,
    title: String,
    slug: String,
    tags: String,
    author: String,
    content: String,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
    version: i64,
    deleted_at: Option<OffsetDateTime>,
    hidden_because: Option<String>,
    held_because: Option<HoldReason>,
    held_at: Option<OffsetDateTime>,
    visibility: Visibility,
    state: PostState,
    change_note: String,
    is_history_public: bool,
    details: String,
    has_closed_comments: bool,
    pinned_comment_id: Option<i64>,
}

/// Returns the next posts with an id above `after`, including those in the trash, or none if there are no more.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn posts(scope: &Scope, selection: Selection, after: i64) -> Result<Vec<Post>, AppError> {
    let mut found = with_authors()
        .filter(post::Column::Id.gt(after))
        .order_by_asc(post::Column::Id)
        .limit(BATCH);
    if let Some(id) = selection.person() {
        found = found.filter(post::Column::AuthorId.eq(id));
    }
    let rows: Vec<PostRow> = found.into_model().all(scope.state.db.reader()).await?;
    Ok(rows.into_iter().map(Post::from).collect())
}

/// Returns the post with this id, for everybody who may read it.
///
/// # Errors
///
/// Returns the errors of [`posts::read`](crate::posts::read).
pub async fn source(scope: &Scope, id: i64) -> Result<Post, AppError> {
    crate::posts::read(scope, id).await?;
    let found = with_authors()
        .filter(post::Column::Id.eq(id))
        .into_model::<PostRow>();
    let row = found.one(scope.state.db.reader()).await?;
    row.map(Post::from).ok_or(AppError::NotFound)
}

fn with_authors() -> Select<post::Entity> {
    post::Entity::find()
        .column_as(user::Column::Username, "author")
        .join(JoinType::InnerJoin, post::Relation::User.def())
}

impl From<PostRow> for Post {
    fn from(row: PostRow) -> Self {
        Self {
            id: Some(row.id),
            title: row.title,
            slug: row.slug,
            tags: Tags::read(&row.tags).names().to_vec(),
            author: row.author,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
            deleted_at: row.deleted_at,
            hidden_because: row.hidden_because,
            visibility: row.visibility,
            is_held: row.state == PostState::Held,
            held_because: row.held_because,
            held_at: row.held_at,
            change_note: row.change_note,
            is_history_public: row.is_history_public,
            details: PostDetails::read(&row.details),
            discussion: DiscussionSettings {
                is_closed: row.has_closed_comments,
                pinned: row.pinned_comment_id,
            },
            content: row.content,
            comments: Vec::new(),
            is_undated: false,
            old_path: None,
        }
    }
}

/// Returns the next drafts with an id above `after`, or none if there are no more.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn drafts(scope: &Scope, selection: Selection, after: i64) -> Result<Vec<Draft>, AppError> {
    let mut found = draft::Entity::find()
        .filter(draft::Column::Id.gt(after))
        .order_by_asc(draft::Column::Id)
        .limit(BATCH);
    if let Some(id) = selection.person() {
        found = found.filter(draft::Column::AuthorId.eq(id));
    }
    let rows = found.all(scope.state.db.reader()).await?;
    let names = usernames(scope, rows.iter().map(|row| row.author_id)).await?;
    let draft = |row: draft::Model| {
        Some(Draft {
            id: Some(row.id),
            title: row.title,
            tags: Tags::read(&row.tags).names().to_vec(),
            author: names.get(&row.author_id)?.clone(),
            post: row.post_id,
            post_version: row.post_version,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            change_note: row.change_note,
            publish_at: row.publish_at,
            publish_zone: row.publish_zone,
            details: DetailsForm::read(&row.details),
            content: row.content,
            is_undated: false,
        })
    };
    Ok(rows.into_iter().filter_map(draft).collect())
}

/// Returns the usernames of the users with these ids.
async fn usernames(scope: &Scope, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, String>, AppError> {
    let names: Vec<(i64, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Username])
        .filter(user::Column::Id.is_in(ids))
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    Ok(names.into_iter().collect())
}

/// Returns the next comments with an id above `after`, and the id of the last one. There are none if there are no more.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn comments(
    scope: &Scope,
    selection: Selection,
    after: i64,
) -> Result<(Vec<ExportedComment>, Option<i64>), AppError> {
    let mut found = comment::Entity::find()
        .filter(comment::Column::Id.gt(after))
        .order_by_asc(comment::Column::Id)
        .limit(BATCH);
    if let Some(id) = selection.person() {
        found = found.filter(comment::Column::AuthorId.eq(id));
    }
    let rows = found.all(scope.state.db.reader()).await?;
    let last = rows.last().map(|row| row.id);
    let names = usernames(scope, rows.iter().filter_map(|row| row.author_id)).await?;
    let comments = rows.into_iter().map(|row| ExportedComment {
        id: row.id,
        post: row.post_id,
        parent: row.parent_id,
        answered: row.answered_id,
        author: row.author_id.and_then(|id| names.get(&id).cloned()),
        guest_name: row.guest_name,
        state: row.state,
        hidden_by: row.hidden_by,
        hidden_because: row.hidden_because,
        held_because: row.held_because,
        created_at: row.created_at,
        edited_at: row.edited_at,
        version: row.version,
        content: row.content,
    });
    Ok((comments.collect(), last))
}

/// Returns the next texts that posts had before, with an id above `after`, and the id of the last one. There are none if
/// there are no more.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn revisions(
    scope: &Scope,
    selection: Selection,
    after: i64,
) -> Result<(Vec<Revision>, Option<i64>), AppError> {
    let mut found = revision::Entity::find()
        .filter(revision::Column::Id.gt(after))
        .order_by_asc(revision::Column::Id)
        .limit(BATCH);
    if let Some(id) = selection.person() {
        found = found
            .join(JoinType::InnerJoin, revision::Relation::Post.def())
            .filter(post::Column::AuthorId.eq(id));
    }
    let rows = found.all(scope.state.db.reader()).await?;
    let last = rows.last().map(|row| row.id);
    let revisions = rows.into_iter().map(|row| Revision {
        post: row.post_id,
        version: row.version,
        title: row.title,
        tags: Tags::read(&row.tags).names().to_vec(),
        change_note: row.change_note,
        saved_at: row.saved_at,
        replaced_at: row.replaced_at,
        details: PostDetails::read(&row.details),
        content: row.content,
    });
    Ok((revisions.collect(), last))
}

/// Returns the next static pages with an id above `after`, or none if there are no more.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn pages(scope: &Scope, after: i64) -> Result<Vec<Page>, AppError> {
    let rows = static_page::Entity::find()
        .filter(static_page::Column::Id.gt(after))
        .order_by_asc(static_page::Column::Id)
        .limit(BATCH)
        .all(scope.state.db.reader())
        .await?;
    let page = |row: static_page::Model| Page {
        id: Some(row.id),
        title: row.title,
        slug: row.slug,
        place: row.place,
        is_published: row.is_published,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
        content: row.content,
        is_undated: false,
        old_path: None,
    };
    Ok(rows.into_iter().map(page).collect())
}

/// Returns the next redirects with an id above `after`, and the id of the last one. There are none if there are no more.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn redirects(scope: &Scope, after: i64) -> Result<(Vec<Redirect>, Option<i64>), AppError> {
    let rows = redirect::Entity::find()
        .filter(redirect::Column::Id.gt(after))
        .order_by_asc(redirect::Column::Id)
        .limit(BATCH)
        .all(scope.state.db.reader())
        .await?;
    let last = rows.last().map(|row| row.id);
    let redirects = rows.into_iter().map(|row| Redirect {
        path: row.path,
        target: row.target,
        created_at: row.created_at,
    });
    Ok((redirects.collect(), last))
}
