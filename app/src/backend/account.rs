//! Register, and the public page of a person. What else belongs to an account is below.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Expr, IntoCondition},
};
use time::OffsetDateTime;

use super::{
    AppState, Ctx, RegistrationMode,
    entity::user::{self, PasswordHash, Role},
    error::on_unique,
    letter::{Letter, Registration},
    limit::network,
    list::{Head, Wanted},
    moderation, outbox, password, post,
};
use crate::{
    error::AppError,
    forms::{Email, Field, FieldErrors, Problem, Secret, Username, account::NewAccount},
    model::{account::Profile, media::Picture},
};

/// What an administrator does.
pub mod administration;
/// What browsers call themselves.
mod browser;
/// Show that an address is one's own.
pub mod confirmation;
/// Delete the account.
pub mod deletion;
/// Browsers that somebody has logged in from before.
mod device;
/// The first administrator.
pub mod first;
/// Names that people had.
pub(super) mod former;
/// One's own picture.
pub mod picture;
/// Choose a new password without the old one.
pub mod recovery;
/// Log in, log out; who is signed in where.
pub mod session;
/// Change name, address, words and password.
pub mod settings;

/// What registering has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// The account is there.
    Account,
    /// The account will be there when the address is confirmed.
    CheckMail,
}

/// A person who is about to be in the database.
struct NewUser {
    username: Username,
    email: Email,
    password_hash: PasswordHash,
    email_confirmed_at: Option<OffsetDateTime>,
    role: Role,
}

/// Makes an account, or on a private site begins to.
///
/// # Errors
/// [`AppError::Invalid`] when the name or, unless the site is private, the address is taken, and for a password that
/// others would guess.
pub async fn register(ctx: &Ctx, account: NewAccount) -> Result<Registered, AppError> {
    ctx.state
        .limits
        .register
        .check(&ctx.state.db, network(ctx.visitor.address))
        .await?;
    let NewAccount {
        username,
        email,
        password,
    } = account;
    if password::is_common(&password, &username, &email) {
        return Err(FieldErrors::one(Field::Password, Problem::Common).into());
    }
    match ctx.state.settings.registration {
        RegistrationMode::Open => {
            let password_hash = PasswordHash(ctx.state.hasher.hash(password).await?);
            let user = NewUser {
                username,
                email,
                password_hash,
                email_confirmed_at: None,
                role: Role::Member,
            };
            make(ctx, user).await?;
            Ok(Registered::Account)
        }
        RegistrationMode::Private => {
            ask_to_confirm(ctx, username, email, password).await?;
            Ok(Registered::CheckMail)
        }
    }
}

/// The account and its first mail.
async fn make(ctx: &Ctx, user: NewUser) -> Result<(), AppError> {
    let keys = (user.username.key(), user.email.key());
    let transaction = ctx.state.db.begin().await?;
    let inserted = insert(&transaction, &ctx.state, &user).await;
    let id = match inserted {
        Ok(id) => id,
        Err(error) => {
            transaction.rollback().await?;
            return Err(taken(&ctx.state, &keys.0, &keys.1, error).await?);
        }
    };
    outbox::queue(
        &transaction,
        &ctx.state,
        user.email.as_str(),
        Some(id),
        &Letter::Welcome,
    )
    .await?;
    ctx.state.db.commit(transaction).await?;
    ctx.state.outbox.wake();
    Ok(())
}

/// Writes to the address, whether or not it has an account: what the mail says is known to its owner alone, and the
/// answer is the same after the same work (OWASP, Authentication: account creation).
async fn ask_to_confirm(
    ctx: &Ctx,
    username: Username,
    email: Email,
    password: Secret,
) -> Result<(), AppError> {
    let taken: Option<i64> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::UsernameKey.eq(username.key()))
        .into_tuple()
        .one(ctx.state.db.reader())
        .await?;
    if taken.is_some() {
        return Err(FieldErrors::one(Field::Username, Problem::Taken).into());
    }
    if !recovery::may_be_written_to(ctx, &email).await? {
        return Ok(());
    }
    let letter = Letter::Register(Registration {
        username: username.as_str().to_owned(),
        password_hash: PasswordHash(ctx.state.hasher.hash(password).await?),
    });
    outbox::queue(ctx.state.db.writer(), &ctx.state, email.as_str(), None, &letter).await?;
    ctx.state.outbox.wake();
    Ok(())
}

async fn insert(db: &impl ConnectionTrait, state: &AppState, new: &NewUser) -> Result<i64, DbErr> {
    let row = user::ActiveModel {
        username: Set(new.username.as_str().to_owned()),
        username_key: Set(new.username.key()),
        email: Set(new.email.as_str().to_owned()),
        email_key: Set(new.email.key()),
        password_hash: Set(new.password_hash.clone()),
        created_at: Set(state.clock.now()),
        email_confirmed_at: Set(new.email_confirmed_at),
        role: Set(new.role),
        ..Default::default()
    };
    row.insert(db).await.map(|row| row.id)
}

/// Which of the two somebody has already, now that the database has refused the row with `error`; it names only one.
async fn taken(state: &AppState, username: &str, email: &str, error: DbErr) -> Result<AppError, AppError> {
    let error = on_unique(
        error,
        &[("username_key", Field::Username), ("email_key", Field::Email)],
    );
    let AppError::Invalid(_) = error else {
        return Ok(error);
    };
    let others: Vec<(String, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::UsernameKey, user::Column::EmailKey])
        .filter(
            user::Column::UsernameKey
                .eq(username)
                .or(user::Column::EmailKey.eq(email)),
        )
        .into_tuple()
        .all(state.db.reader())
        .await?;
    let mut errors = FieldErrors::default();
    if others.iter().any(|(other, _)| other == username) {
        errors.add(Field::Username, Problem::Taken);
    }
    if others.iter().any(|(_, other)| other == email) {
        errors.add(Field::Email, Problem::Taken);
    }
    // Whoever had it may have gone in between.
    Ok(if errors.iter().next().is_some() {
        errors.into()
    } else {
        error
    })
}

#[derive(FromQueryResult)]
struct PublicRow {
    id: i64,
    username: String,
    about: String,
    picture: Option<String>,
    created_at: OffsetDateTime,
    last_seen_at: Option<OffsetDateTime>,
    suspended_because: Option<String>,
    role: Role,
    #[sea_orm(nested)]
    head: Head,
}

/// The public page of the person who is called `username`, or was before nobody else was, with page `number` of their posts.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such person or no such page.
pub async fn profile(ctx: &Ctx, username: &str, number: u64) -> Result<Profile, AppError> {
    let key = Username::parse(username).map_err(|_| AppError::NotFound)?.key();
    let wanted = post::wanted(ctx, number);
    let mut found = public(ctx, wanted, user::Column::UsernameKey.eq(key)).await?;
    if found.is_none() {
        let holder = former::named(&ctx.state, username).await?;
        found = public(ctx, wanted, user::Column::Id.eq(holder.id)).await?;
    }
    let person = found.ok_or(AppError::NotFound)?;
    let walk = wanted.walk(person.head).ok_or(AppError::NotFound)?;
    let posts = post::list_by(ctx, person.id, number, walk).await?;
    let may_know = ctx.viewer().await?.is_some_and(|viewer| viewer.may_moderate);
    Ok(Profile {
        suspended_because: person.suspended_because.filter(|_| may_know),
        may_suspend: moderation::outranks(ctx, person.role).await?,
        username: person.username,
        about: person.about,
        picture: Picture::of(person.picture),
        created_at: person.created_at,
        last_seen_at: person.last_seen_at,
        posts,
    })
}

/// The row of `who`, with the way to the posts that are wanted.
async fn public(ctx: &Ctx, wanted: Wanted, who: impl IntoCondition) -> Result<Option<PublicRow>, AppError> {
    let people = user::Entity::find()
        .select_only()
        .columns([
            user::Column::Id,
            user::Column::Username,
            user::Column::About,
            user::Column::Picture,
            user::Column::CreatedAt,
            user::Column::LastSeenAt,
            user::Column::SuspendedBecause,
            user::Column::Role,
        ])
        .filter(who);
    let of_person = |column| Expr::col((user::Entity, column));
    let found = wanted
        .head(
            people,
            of_person(user::Column::Id),
            of_person(user::Column::PostCount),
        )
        .into_model()
        .one(ctx.state.db.reader())
        .await?;
    Ok(found)
}
