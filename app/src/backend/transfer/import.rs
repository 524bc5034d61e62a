//! Into the site. What is there already stays as it is, so that an import that has stopped half-way is simply begun again.

use std::collections::{HashMap, HashSet};

use futures::{StreamExt, TryStreamExt, stream};
use sea_orm::{
    ActiveValue::{self, NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait,
    FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use time::{OffsetDateTime, UtcOffset};

use super::{Draft, Image, Person, Post};
use crate::{
    backend::{
        AppState,
        act::{self, COMMAND_LINE},
        digest,
        entity::{
            draft, image, post,
            user::{self, PasswordHash, Role},
        },
        list,
        markdown::{self, RENDERER, Rendered},
        media, slug,
    },
    error::AppError,
    forms::{
        Email, Field, FieldErrors, Secret, Username, post::TITLE_MAX, settings::ABOUT_MAX,
        username::USERNAME_MAX,
    },
    model::moderation::Deed,
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
    /// Left out: their authors are not in the file.
    pub left_out: usize,
}

impl Counted {
    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.there += other.there;
        self.left_out += other.left_out;
    }

    fn count(&mut self, is_new: bool) {
        if is_new {
            self.added += 1;
        } else {
            self.there += 1;
        }
    }
}

/// `person` with name and address as they are kept here.
///
/// # Errors
/// [`AppError::Invalid`] for somebody who could not have this name or this address here.
pub fn tidy(person: Person) -> Result<Person, AppError> {
    let username =
        Username::parse(&person.username).map_err(|problem| FieldErrors::one(Field::Username, problem))?;
    let email = Email::parse(&person.email).map_err(|problem| FieldErrors::one(Field::Email, problem))?;
    Ok(Person {
        username: username.as_str().to_owned(),
        email: email.as_str().to_owned(),
        about: person.about.chars().take(ABOUT_MAX).collect(),
        created_at: moment(person.created_at),
        last_seen_at: person.last_seen_at.map(moment),
        email_confirmed_at: person.email_confirmed_at.map(moment),
        ..person
    })
}

/// The name of whoever has the address of `person` here without being them: an address that nobody has confirmed may be
/// anybody's.
///
/// # Errors
/// When the database cannot be reached.
pub async fn clash(state: &AppState, person: &Person) -> Result<Option<String>, AppError> {
    let holder = with_address(state.db.reader(), person).await?;
    Ok(holder
        .filter(|holder| !holder.is(person))
        .map(|holder| holder.username))
}

/// Somebody who is here.
#[derive(FromQueryResult)]
struct Holder {
    id: i64,
    username: String,
    created_at: OffsetDateTime,
    email_confirmed_at: Option<OffsetDateTime>,
}

impl Holder {
    /// Who has confirmed the address is the same person, and so is who registered at the same moment.
    fn is(&self, person: &Person) -> bool {
        self.email_confirmed_at.is_some() || self.created_at == person.created_at
    }
}

async fn with_address(db: &impl ConnectionTrait, person: &Person) -> Result<Option<Holder>, AppError> {
    let found = user::Entity::find()
        .filter(user::Column::EmailKey.eq(person.email.to_lowercase()))
        .into_model()
        .one(db)
        .await?;
    Ok(found)
}

/// Adds people who are not there. Whoever has the same address is the same person, unless [`clash`] says otherwise; a name that
/// somebody else has gets a number. Unless they are `trusted`, they come as members without a password.
///
/// # Errors
/// [`AppError::Conflict`] for a clash, and when the database cannot be reached. Then none of them is added.
pub async fn people(
    state: &AppState,
    numbers: &mut Numbers,
    people: Vec<Person>,
    trusted: bool,
) -> Result<Counted, AppError> {
    let mut counted = Counted::default();
    // Nobody knows it: who comes without a password chooses one by mail.
    let unknown = Secret::from(digest::random::<32>()?.as_str());
    let unknown = PasswordHash(state.hasher.hash(unknown).await?);
    let transaction = state.db.begin().await?;
    for mut person in people {
        let key = person.username.to_lowercase();
        let holder = with_address(&transaction, &person).await?;
        if holder.as_ref().is_some_and(|holder| !holder.is(&person)) {
            return Err(AppError::Conflict);
        }
        counted.count(holder.is_none());
        if !trusted {
            (person.role, person.password_hash, person.email_confirmed_at) = (None, None, None);
        }
        let (picture, images) = (person.picture.clone(), person.images.clone());
        let id = match holder {
            Some(holder) => holder.id,
            None => add_person(&transaction, state, person, &unknown).await?,
        };
        media::spare(&transaction, &super::files(picture, &images)).await?;
        add_images(&transaction, id, images).await?;
        numbers.people.insert(key, id);
    }
    advance(&transaction, "users").await?;
    transaction.commit().await?;
    Ok(counted)
}

/// Keeps a picture that somebody who is about to be added has, unless it is there.
///
/// # Errors
/// When it cannot be kept.
pub async fn picture(state: &AppState, path: &str, content: Vec<u8>) -> Result<bool, AppError> {
    // It may be on its way out, or nobody may ever come to use it.
    media::begin(state.db.writer(), &[path.to_owned()], state.clock.now()).await?;
    if state.media.read_at(path).await.is_ok() {
        return Ok(false);
    }
    state.media.write(path, content).await?;
    Ok(true)
}

async fn add_person(
    transaction: &DatabaseTransaction,
    state: &AppState,
    person: Person,
    unknown: &PasswordHash,
) -> Result<i64, AppError> {
    let role = person.role.as_deref();
    let role = Role::ALL.into_iter().find(|known| role == Some(known.name()));
    let role = role.unwrap_or_default();
    let is_taken = match person.id {
        Some(id) => user::Entity::find_by_id(id).one(transaction).await?.is_some(),
        None => true,
    };
    let is_shared = user::Entity::find()
        .filter(user::Column::Picture.is_not_null())
        .filter(user::Column::Picture.eq(person.picture.clone()))
        .one(transaction)
        .await?
        .is_some();
    let username = free_name(transaction, person.username).await?;
    if role != Role::Member {
        act::note(
            transaction,
            state,
            COMMAND_LINE,
            Deed::Add,
            &username,
            role.words(),
        )
        .await?;
    }
    let row = user::ActiveModel {
        id: number(person.id, is_taken),
        username_key: Set(username.to_lowercase()),
        username: Set(username),
        email_key: Set(person.email.to_lowercase()),
        email: Set(person.email),
        password_hash: Set(person.password_hash.unwrap_or_else(|| unknown.clone())),
        role: Set(role),
        about: Set(person.about),
        created_at: Set(person.created_at),
        last_seen_at: Set(person.last_seen_at),
        email_confirmed_at: Set(person.email_confirmed_at),
        suspended_because: Set(person.suspended_because),
        picture: Set(person.picture.filter(|_| !is_shared)),
        ..Default::default()
    };
    Ok(user::Entity::insert(row).exec(transaction).await?.last_insert_id)
}

/// `name`, or with a number where somebody has it.
async fn free_name(transaction: &DatabaseTransaction, name: String) -> Result<String, AppError> {
    let mut free = name.clone();
    for number in 2..1_000 {
        let holder = user::Entity::find()
            .filter(user::Column::UsernameKey.eq(free.to_lowercase()))
            .one(transaction)
            .await?;
        if holder.is_none() {
            return Ok(free);
        }
        let short: String = name.chars().take(USERNAME_MAX - 4).collect();
        free = format!("{short}-{number}");
    }
    Err(AppError::Conflict)
}

/// The number that something had, if it can have it here as well.
fn number(before: Option<i64>, is_taken: bool) -> ActiveValue<i64> {
    // Far above all that are given out; numbers go on from the highest.
    const MOST: i64 = 1 << 40;
    match before {
        Some(id) if !is_taken && (1..=MOST).contains(&id) => Set(id),
        _ => NotSet,
    }
}

/// Whole seconds of UTC, as all moments here.
fn moment(at: OffsetDateTime) -> OffsetDateTime {
    let at = at.to_offset(UtcOffset::UTC);
    at.replace_nanosecond(0).unwrap_or(at)
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
            bytes: Set(sent.bytes.clamp(0, 100_000_000)),
            created_at: Set(moment(sent.created_at)),
            // It is looked for in the texts when they are there.
            checked_at: Set(moment(sent.created_at)),
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
    for (mut incoming, rendered) in rendered {
        incoming.created_at = moment(incoming.created_at);
        let Some(author) = numbers.people.get(&incoming.author.to_lowercase()).copied() else {
            counted.left_out += 1;
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
    // Whatever is hidden is off the site.
    let deleted_at = incoming.deleted_at.map(moment);
    let deleted_at = deleted_at.or_else(|| incoming.hidden_because.as_ref().map(|_| incoming.created_at));
    let row = post::ActiveModel {
        id: number(incoming.id, taken),
        author_id: Set(author),
        title: Set(incoming.title.chars().take(TITLE_MAX).collect()),
        slug: Set(slug::of(&incoming.slug, "post")),
        content: Set(incoming.content),
        html: Set(rendered.html),
        excerpt: Set(rendered.excerpt),
        words: Set(rendered.words),
        renderer: Set(RENDERER),
        version: Set(incoming.version.clamp(1, 1 << 40)),
        created_at: Set(incoming.created_at),
        updated_at: Set(moment(incoming.updated_at)),
        deleted_at: Set(deleted_at),
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
            counted.left_out += 1;
            continue;
        };
        let post = incoming.post.and_then(|post| numbers.posts.get(&post).copied());
        let mut same = Condition::all()
            .add(draft::Column::AuthorId.eq(author))
            .add(draft::Column::CreatedAt.eq(moment(incoming.created_at)))
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
            id: number(incoming.id, taken),
            author_id: Set(author),
            post_id: Set(post),
            post_version: Set(incoming.post_version.clamp(0, 1 << 40)),
            title: Set(incoming.title.chars().take(TITLE_MAX).collect()),
            content: Set(incoming.content),
            version: Set(incoming.version.clamp(1, 1 << 40)),
            created_at: Set(moment(incoming.created_at)),
            updated_at: Set(moment(incoming.updated_at)),
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
        // Never back: what was given out and deleted is somebody's old address.
        let sequence = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST((SELECT max(id) FROM {table}), \
             (SELECT last_value FROM pg_sequences WHERE schemaname || '.' || sequencename = \
             pg_get_serial_sequence('{table}', 'id')))) FROM {table} LIMIT 1"
        );
        transaction.execute_unprepared(&sequence).await?;
    }
    Ok(())
}
