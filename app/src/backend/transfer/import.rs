//! Into the site. What is there already stays as it is, so that an import that has stopped half-way is simply begun again.

use std::collections::{HashMap, HashSet};

use futures::{StreamExt, TryStreamExt, stream};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{Draft, Image, Person, Post};
use crate::{
    backend::{
        AppState, digest,
        entity::{
            draft, image, post,
            user::{self, PasswordHash, Role},
        },
        list,
        markdown::{self, RENDERER, Rendered},
    },
    error::AppError,
    forms::{Email, Field, FieldErrors, Secret, Username},
};

/// Posts that are rendered at the same time.
const AT_ONCE: usize = 4;

/// Into what numbers the imported ones have turned.
#[derive(Debug, Default)]
pub struct Numbers {
    /// People, by the username that the import has, in lower case.
    people: HashMap<String, i64>,
    posts: HashMap<i64, i64>,
    /// Posts here that are one of the import's already.
    claimed: HashSet<i64>,
}

impl Numbers {
    /// The post of `author` that is there and is `incoming`: the one with its number if it was published at the same moment,
    /// else one of that moment with its title.
    async fn same_post(
        &self,
        transaction: &DatabaseTransaction,
        author: i64,
        incoming: &Post,
    ) -> Result<Option<i64>, AppError> {
        let there: Vec<(i64, String)> = post::Entity::find()
            .select_only()
            .columns([post::Column::Id, post::Column::Title])
            .filter(post::Column::AuthorId.eq(author))
            .filter(post::Column::CreatedAt.eq(incoming.created_at))
            .order_by_asc(post::Column::Id)
            .into_tuple()
            .all(transaction)
            .await?;
        let free = || there.iter().filter(|(id, _)| !self.claimed.contains(id));
        let by_number = free().find(|(id, _)| Some(*id) == incoming.id);
        let found = by_number.or_else(|| free().find(|(_, title)| *title == incoming.title));
        Ok(found.map(|(id, _)| *id))
    }
}

/// How many were added, and how many were there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Added.
    pub added: usize,
    /// There already.
    pub there: usize,
}

impl Counted {
    fn count(&mut self, is_new: bool) {
        if is_new {
            self.added += 1;
        } else {
            self.there += 1;
        }
    }
}

/// Whether somebody could have this name and this address here.
///
/// # Errors
/// [`AppError::Invalid`] if not.
pub fn check(person: &Person) -> Result<(), AppError> {
    Username::parse(&person.username).map_err(|problem| FieldErrors::one(Field::Username, problem))?;
    Email::parse(&person.email).map_err(|problem| FieldErrors::one(Field::Email, problem))?;
    Ok(())
}

/// Adds people who are not there: whoever has the same name or the same address is the same person.
///
/// # Errors
/// When the database cannot be reached. Then none of them is added.
pub async fn people(
    state: &AppState,
    numbers: &mut Numbers,
    people: Vec<Person>,
) -> Result<Counted, AppError> {
    let mut counted = Counted::default();
    // Nobody knows it: who comes without a password chooses one by mail.
    let unknown = Secret::from(digest::random::<32>()?.as_str());
    let unknown = PasswordHash(state.hasher.hash(unknown).await?);
    let transaction = state.db.begin().await?;
    for person in people {
        let key = person.username.to_lowercase();
        let same = Condition::any()
            .add(user::Column::UsernameKey.eq(key.as_str()))
            .add(user::Column::EmailKey.eq(person.email.to_lowercase()));
        let found: Option<i64> = user::Entity::find()
            .select_only()
            .column(user::Column::Id)
            .filter(same)
            .into_tuple()
            .one(&transaction)
            .await?;
        counted.count(found.is_none());
        let images = person.images.clone();
        let id = match found {
            Some(id) => id,
            None => add_person(&transaction, person, &unknown).await?,
        };
        add_images(&transaction, id, images).await?;
        numbers.people.insert(key, id);
    }
    advance(&transaction, "users").await?;
    transaction.commit().await?;
    Ok(counted)
}

async fn add_person(
    transaction: &DatabaseTransaction,
    person: Person,
    unknown: &PasswordHash,
) -> Result<i64, AppError> {
    let role = person.role.as_deref();
    let role = Role::ALL.into_iter().find(|known| role == Some(known.name()));
    let taken = match person.id {
        Some(id) => user::Entity::find_by_id(id).one(transaction).await?.is_some(),
        None => true,
    };
    let row = user::ActiveModel {
        id: person.id.filter(|_| !taken).map_or(NotSet, Set),
        username_key: Set(person.username.to_lowercase()),
        username: Set(person.username),
        email_key: Set(person.email.to_lowercase()),
        email: Set(person.email),
        password_hash: Set(person.password_hash.unwrap_or_else(|| unknown.clone())),
        role: Set(role.unwrap_or_default()),
        about: Set(person.about),
        created_at: Set(person.created_at),
        last_seen_at: Set(person.last_seen_at),
        email_confirmed_at: Set(person.email_confirmed_at),
        suspended_because: Set(person.suspended_because),
        picture: Set(person.picture),
        ..Default::default()
    };
    Ok(user::Entity::insert(row).exec(transaction).await?.last_insert_id)
}

async fn add_images(
    transaction: &DatabaseTransaction,
    owner: i64,
    images: Vec<Image>,
) -> Result<(), AppError> {
    for sent in images {
        let row = image::ActiveModel {
            name: Set(sent.name.clone()),
            owner_id: Set(owner),
            bytes: Set(sent.bytes),
            created_at: Set(sent.created_at),
            // It is looked for in the texts when they are there.
            checked_at: Set(sent.created_at),
            unused_since: Set(None),
        };
        if image::Entity::find_by_id(sent.name)
            .one(transaction)
            .await?
            .is_none()
        {
            image::Entity::insert(row)
                .exec_without_returning(transaction)
                .await?;
        }
    }
    Ok(())
}

/// Adds posts that are not there, rendered as this version renders. Those of people who did not come with them are left out.
/// The lists are wrong until [`finish`].
///
/// # Errors
/// When the database cannot be reached. Then none of them is added.
pub async fn posts(state: &AppState, numbers: &mut Numbers, posts: Vec<Post>) -> Result<Counted, AppError> {
    let rendered: Vec<_> = stream::iter(posts)
        .map(|post| async {
            let rendered = markdown::render(post.content.clone()).await?;
            Ok::<_, AppError>((post, rendered))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut counted = Counted::default();
    let transaction = state.db.begin().await?;
    for (incoming, rendered) in rendered {
        let Some(author) = numbers.people.get(&incoming.author.to_lowercase()).copied() else {
            continue;
        };
        let same = numbers.same_post(&transaction, author, &incoming).await?;
        counted.count(same.is_none());
        let before = incoming.id;
        let id = match same {
            Some(id) => id,
            None => add_post(&transaction, author, incoming, rendered).await?,
        };
        numbers.claimed.insert(id);
        if let Some(before) = before {
            numbers.posts.insert(before, id);
        }
    }
    advance(&transaction, "posts").await?;
    transaction.commit().await?;
    Ok(counted)
}

async fn add_post(
    transaction: &DatabaseTransaction,
    author: i64,
    incoming: Post,
    rendered: Rendered,
) -> Result<i64, AppError> {
    let taken = match incoming.id {
        Some(id) => post::Entity::find_by_id(id).one(transaction).await?.is_some(),
        None => true,
    };
    let row = post::ActiveModel {
        id: incoming.id.filter(|_| !taken).map_or(NotSet, Set),
        author_id: Set(author),
        title: Set(incoming.title),
        slug: Set(incoming.slug),
        content: Set(incoming.content),
        html: Set(rendered.html),
        excerpt: Set(rendered.excerpt),
        words: Set(rendered.words),
        renderer: Set(RENDERER),
        version: Set(incoming.version),
        created_at: Set(incoming.created_at),
        updated_at: Set(incoming.updated_at),
        deleted_at: Set(incoming.deleted_at),
        hidden_because: Set(incoming.hidden_because),
    };
    Ok(post::Entity::insert(row).exec(transaction).await?.last_insert_id)
}

/// Adds drafts that are not there.
///
/// # Errors
/// When the database cannot be reached. Then none of them is added.
pub async fn drafts(state: &AppState, numbers: &Numbers, drafts: Vec<Draft>) -> Result<Counted, AppError> {
    let mut counted = Counted::default();
    let transaction = state.db.begin().await?;
    for incoming in drafts {
        let Some(author) = numbers.people.get(&incoming.author.to_lowercase()).copied() else {
            continue;
        };
        let post = incoming.post.and_then(|post| numbers.posts.get(&post).copied());
        let mut same = Condition::all()
            .add(draft::Column::AuthorId.eq(author))
            .add(draft::Column::CreatedAt.eq(incoming.created_at))
            .add(draft::Column::Title.eq(incoming.title.as_str()));
        if let Some(post) = post {
            // A post has one at most.
            same = Condition::any().add(same).add(draft::Column::PostId.eq(post));
        }
        let is_there = draft::Entity::find()
            .filter(same)
            .one(&transaction)
            .await?
            .is_some();
        counted.count(!is_there);
        if is_there {
            continue;
        }
        let taken = match incoming.id {
            Some(id) => draft::Entity::find_by_id(id).one(&transaction).await?.is_some(),
            None => true,
        };
        let row = draft::ActiveModel {
            id: incoming.id.filter(|_| !taken).map_or(NotSet, Set),
            author_id: Set(author),
            post_id: Set(post),
            post_version: Set(incoming.post_version),
            title: Set(incoming.title),
            content: Set(incoming.content),
            version: Set(incoming.version),
            created_at: Set(incoming.created_at),
            updated_at: Set(incoming.updated_at),
        };
        draft::Entity::insert(row)
            .exec_without_returning(&transaction)
            .await?;
    }
    advance(&transaction, "drafts").await?;
    transaction.commit().await?;
    Ok(counted)
}

/// Counts everything anew: to be called after whatever has stopped an import.
///
/// # Errors
/// When the database cannot be reached.
pub async fn finish(state: &AppState) -> Result<(), AppError> {
    let transaction = state.db.begin().await?;
    list::recount(&transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// The next number is above all that were brought along. SQLite sees to that by itself.
async fn advance(transaction: &DatabaseTransaction, table: &str) -> Result<(), AppError> {
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        let sequence = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table})) \
             FROM {table} LIMIT 1"
        );
        transaction.execute_unprepared(&sequence).await?;
    }
    Ok(())
}
