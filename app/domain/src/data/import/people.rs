//! Import of users and their images.

use std::collections::HashSet;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};
use time::{Duration, OffsetDateTime};

use super::{Counted, Named, Numbers, Usernames, advance, moment, number};
use crate::data::interchange::{Person, StoredImage, files};
use crate::{
    Scope,
    accounts::{password, search_key::search_key, skeleton::skeleton, username_history},
    audit_log, media,
    platform::{
        db::Transaction,
        digest,
        entity::{
            image, invitee,
            user::{self, PasswordHash},
        },
    },
};
use shared::{
    error::AppError,
    forms::{
        Form, Secret,
        moderation::FREEZE_DAYS_MAX,
        reserved::is_reserved,
        settings::{ABOUT_MAX, ProfileForm},
    },
    model::{account::Role, moderation::AuditAction, profile::shown_name},
};

/// Returns `person` with the username, the address and the profile in the form in which this site stores them.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the username, the address or a part of the profile is not valid here.
pub fn tidy(person: Person) -> Result<Person, AppError> {
    let form = ProfileForm {
        username: person.username.clone(),
        email: person.email.clone(),
        display_name: person.display_name.clone(),
        pronouns: Some(person.pronouns.clone()),
        location: Some(person.location.clone()),
        website: Some(person.website.clone()),
        links: Some(person.links.join("\n")),
        biography: Some(person.biography.clone()),
        ..ProfileForm::default()
    };
    let valid = form.validate()?;
    Ok(Person {
        username: valid.username.as_str().to_owned(),
        email: valid.email.as_str().to_owned(),
        display_name: valid.display_name.filter(|name| !name.is_empty()),
        pronouns: valid.pronouns.unwrap_or_default(),
        location: valid.location.unwrap_or_default(),
        website: valid.website.unwrap_or_default(),
        links: valid.links.unwrap_or_default(),
        biography: valid.biography.unwrap_or_default(),
        about: person.about.chars().take(ABOUT_MAX).collect(),
        created_at: moment(person.created_at),
        last_seen_at: person.last_seen_at.map(moment),
        email_confirmed_at: person.email_confirmed_at.map(moment),
        ..person
    })
}

/// Returns the username of the existing user who has the address of `person` but may be somebody else, because the
/// address was never confirmed.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn clash(scope: &Scope, person: &Person) -> Result<Option<String>, AppError> {
    let holder = with_address(scope.state.db.reader(), person).await?;
    Ok(holder
        .filter(|holder| !holder.is(person))
        .map(|holder| holder.username))
}

/// An existing user.
#[derive(FromQueryResult)]
struct Holder {
    id: i64,
    username: String,
    created_at: OffsetDateTime,
    email_confirmed_at: Option<OffsetDateTime>,
}

impl Holder {
    /// Returns whether `person` is this user: the address is confirmed, or both were created at the same time.
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

/// The outcome of an import of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// The numbers of users.
    pub counted: Counted,
    /// The users who were added under another username.
    pub named: Vec<Named>,
    /// The usernames on this site of the users whose password hashes are not supported. They have to reset their
    /// passwords by mail.
    pub passwords_left_out: Vec<String>,
}

/// Adds the users who do not exist yet. A user with the same address is the same user unless [`clash`] reports
/// otherwise; a taken username gets a numeric suffix. Unless the import is `trusted`, they become members without a
/// password.
///
/// # Errors
///
/// Returns [`AppError::Conflict`] if there is a clash, and an error if the database cannot be reached. None of the
/// users is added then.
pub async fn people(
    scope: &Scope,
    numbers: &mut Numbers,
    people: Vec<Person>,
    trusted: bool,
) -> Result<People, AppError> {
    let mut outcome = People::default();
    // The hash of a random password: users without a password have to set one by mail.
    let unknown = Secret::from(digest::random::<32>()?.as_str());
    let unknown = PasswordHash(scope.state.hasher.hash(unknown).await?);
    let transaction = scope.state.db.begin().await?;
    let mut here = keys(&transaction).await?;
    let mut names = Usernames::default();
    for taken in here.iter().chain(people.iter().map(|person| &person.username)) {
        names.add(taken);
    }
    for mut person in people {
        let key = person.username.to_lowercase();
        let holder = with_address(&transaction, &person).await?;
        if holder.as_ref().is_some_and(|holder| !holder.is(&person)) {
            return Err(AppError::Conflict);
        }
        let is_new = holder.is_none();
        outcome.counted.count(is_new);
        if !trusted {
            (person.role, person.password_hash, person.email_confirmed_at) = (None, None, None);
        }
        let (picture, images) = (person.picture.clone(), person.images.clone());
        let former = person.former_usernames.clone();
        let inviter = person.invited_by.take().filter(|_| is_new || trusted);
        let id = if let Some(holder) = holder {
            holder.id
        } else {
            let mut username = person.username.clone();
            // A stranger's file brings nobody who looks like the site itself.
            let is_refused = !trusted && is_reserved(&username);
            if is_refused || !here.insert(key.clone()) {
                username = names.claim(&person.username);
            }
            outcome.named.push(Named {
                from: person.username.clone(),
                to: username.clone(),
            });
            let given = person.password_hash.take();
            let usable = given.clone().filter(|hash| password::is_verifiable(&hash.0));
            if given.is_some() && usable.is_none() {
                outcome.passwords_left_out.push(username.clone());
            }
            let hash = usable.unwrap_or_else(|| unknown.clone());
            add_person(&transaction, scope, Person { username, ..person }, hash).await?
        };
        media::cancel_deletion(&transaction, &files(picture, &images)).await?;
        add_images(&transaction, id, images).await?;
        let former = former.iter().filter(|name| trusted || !is_reserved(name));
        username_history::adopt(&transaction, id, former).await?;
        numbers.people.insert(key, id);
        numbers
            .invited
            .extend(inviter.map(|inviter| (id, inviter.to_lowercase())));
    }
    add_invitees(&transaction, numbers).await?;
    advance(&transaction, "users").await?;
    scope.state.db.commit(transaction).await?;
    Ok(outcome)
}

/// Stores an image of a user who is about to be added. Returns `false` if the file exists already.
///
/// # Errors
///
/// Returns an error if the file cannot be stored.
pub async fn picture(scope: &Scope, path: &str, content: Vec<u8>) -> Result<bool, AppError> {
    // Registers the file as pending first: an existing one may be about to be deleted, a new one may never be used.
    media::reserve(
        scope.state.db.writer(),
        &[path.to_owned()],
        scope.state.clock.now(),
    )
    .await?;
    if scope.state.media.store.read_at(path).await.is_ok() {
        return Ok(false);
    }
    scope.state.media.store.write(path, content).await?;
    Ok(true)
}

async fn add_person(
    transaction: &Transaction,
    scope: &Scope,
    person: Person,
    password_hash: PasswordHash,
) -> Result<i64, AppError> {
    let role = person.role.as_deref().and_then(Role::named).unwrap_or_default();
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
    if role != Role::Member {
        audit_log::record(
            scope,
            transaction,
            AuditAction::Add,
            &person.username,
            role.words(),
        )
        .await?;
    }
    let name = shown_name(person.display_name.as_deref(), &person.username);
    let details = person.details();
    let longest = scope.state.clock.now() + Duration::days(FREEZE_DAYS_MAX.into());
    let frozen_until = person.frozen_until.map(|until| moment(until).min(longest));
    let row = user::ActiveModel {
        id: number(person.id, is_taken),
        name_skeleton: Set(Some(skeleton(name))),
        display_name_key: Set(person.display_name.as_deref().map(search_key)),
        biography: Set(person.biography),
        username_key: Set(person.username.to_lowercase()),
        username: Set(person.username),
        email_key: Set(person.email.to_lowercase()),
        email: Set(person.email),
        password_hash: Set(password_hash),
        role: Set(role),
        about: Set(person.about),
        created_at: Set(person.created_at),
        last_seen_at: Set(person.last_seen_at),
        email_confirmed_at: Set(person.email_confirmed_at),
        suspended_because: Set(person.suspended_because),
        frozen_until: Set(frozen_until),
        frozen_because: Set(person.frozen_because.filter(|_| frozen_until.is_some())),
        trust: Set(person.standing.level),
        trust_because: Set(person.standing.reason),
        picture: Set(person.picture.filter(|_| !is_shared)),
        ..user::with_details(details)
    };
    Ok(user::Entity::insert(row).exec(transaction).await?.last_insert_id)
}

/// Records who has been invited by whom, as far as the inviters have been imported.
async fn add_invitees(transaction: &Transaction, numbers: &mut Numbers) -> Result<(), AppError> {
    let people = &numbers.people;
    let known: Vec<(i64, i64)> = numbers
        .invited
        .iter()
        .filter_map(|(id, inviter)| Some((*id, *people.get(inviter)?)))
        .collect();
    numbers
        .invited
        .retain(|(_, inviter)| !people.contains_key(inviter));
    for (user_id, inviter_id) in known {
        let row = invitee::ActiveModel {
            user_id: Set(user_id),
            inviter_id: Set(inviter_id),
        };
        let first = OnConflict::column(invitee::Column::UserId)
            .do_nothing()
            .to_owned();
        invitee::Entity::insert(row)
            .on_conflict(first)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// Returns the keys of all usernames, loaded at once instead of one query per candidate.
async fn keys(transaction: &Transaction) -> Result<HashSet<String>, AppError> {
    let keys: Vec<String> = user::Entity::find()
        .select_only()
        .column(user::Column::UsernameKey)
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(keys.into_iter().collect())
}

async fn add_images(transaction: &Transaction, owner: i64, images: Vec<StoredImage>) -> Result<(), AppError> {
    for sent in images {
        let row = image::ActiveModel {
            name: Set(sent.name.clone()),
            owner_id: Set(owner),
            bytes: Set(sent.bytes.clamp(0, 100_000_000)),
            created_at: Set(moment(sent.created_at)),
            // The next sweep looks for it in the texts, which are imported later.
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
