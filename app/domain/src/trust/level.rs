//! The levels of accounts: how they are earned, given and taken away.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Statement, sea_query::Expr,
};
use time::OffsetDateTime;

use crate::{
    Scope, audit_log,
    platform::{
        db::Transaction,
        entity::{comment, post, user},
        topic::Topic,
    },
    policy::{self, Action, Target, may},
};
use shared::{
    error::AppError,
    forms::Username,
    model::{
        account::{Role, Viewer},
        comment::CommentState,
        moderation::AuditAction,
        trust::{
            REGULAR_AFTER, REGULAR_PEOPLE, REGULAR_REPLIES, TRUSTED_AFTER, TRUSTED_COMMENTS, TrustLevel,
            TrustReason,
        },
    },
};

/// The number of accounts whose levels are looked at in one round.
const BATCH: u64 = 100;

#[derive(FromQueryResult)]
struct Person {
    id: i64,
    username: String,
    role: Role,
    trust: TrustLevel,
    created_at: OffsetDateTime,
    email_confirmed_at: Option<OffsetDateTime>,
}

fn people() -> sea_orm::Select<user::Entity> {
    user::Entity::find().select_only().columns([
        user::Column::Id,
        user::Column::Username,
        user::Column::Role,
        user::Column::Trust,
        user::Column::CreatedAt,
        user::Column::EmailConfirmedAt,
    ])
}

/// Trusts the account of a new member because a moderator has decided so.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the user, and [`AppError::NotFound`] if there is no new member of
/// that name.
pub async fn give(scope: &Scope, viewer: &Viewer, username: &str) -> Result<(), AppError> {
    let username = Username::parse(username).map_err(|_| AppError::NotFound)?;
    let transaction = scope.state.db.begin().await?;
    let person: Option<Person> = people()
        .filter(user::Column::UsernameKey.eq(username.key()))
        .lock_exclusive()
        .into_model()
        .one(&transaction)
        .await?;
    let person = person.ok_or(AppError::NotFound)?;
    let actor = policy::actor(&transaction, viewer).await?;
    may(actor, Action::Trust, Target::User { role: person.role })?;
    if person.trust != TrustLevel::New {
        // Somebody else was faster.
        return Ok(());
    }
    set(&transaction, person.id, TrustLevel::Trusted, TrustReason::Given).await?;
    audit_log::record(scope, &transaction, AuditAction::Trust, &person.username, "").await?;
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Trusts the account of the user with this id if it is new, because a moderator has approved a text.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn approve(transaction: &Transaction, id: i64) -> Result<(), AppError> {
    let level: Option<TrustLevel> = user::Entity::find_by_id(id)
        .select_only()
        .column(user::Column::Trust)
        .into_tuple()
        .one(transaction)
        .await?;
    if level == Some(TrustLevel::New) {
        set(transaction, id, TrustLevel::Trusted, TrustReason::Approved).await?;
    }
    Ok(())
}

/// Treats the user with this id as new, because a moderator has acted on a report. They can earn trust again after
/// [`REGULAR_AFTER`].
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn lose(transaction: &Transaction, id: i64, now: OffsetDateTime) -> Result<(), DbErr> {
    set(transaction, id, TrustLevel::New, TrustReason::Upheld).await?;
    user::Entity::update_many()
        .col_expr(user::Column::TrustCheckAt, Expr::value(now + REGULAR_AFTER))
        .filter(user::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Trusts the user with this id again, if they are new because of a decision that was reversed.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn regain(transaction: &Transaction, id: i64) -> Result<(), AppError> {
    let reason: Option<TrustReason> = user::Entity::find_by_id(id)
        .select_only()
        .column(user::Column::TrustBecause)
        .into_tuple()
        .one(transaction)
        .await?;
    if reason == Some(TrustReason::Upheld) {
        set(transaction, id, TrustLevel::Trusted, TrustReason::Given).await?;
    }
    Ok(())
}

/// Sets the level of the user with this id. What pages show of the user changes, because links become text or the reverse.
async fn set(
    transaction: &Transaction,
    id: i64,
    level: TrustLevel,
    reason: TrustReason,
) -> Result<(), DbErr> {
    user::Entity::update_many()
        .col_expr(user::Column::Trust, Expr::value(level))
        .col_expr(user::Column::TrustBecause, Expr::value(reason))
        .col_expr(user::Column::TrustCheckAt, Expr::value(None::<OffsetDateTime>))
        .filter(user::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    transaction.invalidate([Topic::User(id)]);
    Ok(())
}

/// Looks at the levels of the accounts for which that is due, and returns how many have risen.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn review(job: &Scope) -> Result<u64, AppError> {
    let mut risen = 0;
    loop {
        let transaction = job.state.db.begin().await?;
        let due: Vec<Person> = people()
            .filter(user::Column::TrustCheckAt.lte(job.state.clock.now()))
            .order_by_asc(user::Column::Id)
            .limit(BATCH)
            .lock_exclusive()
            .into_model()
            .all(&transaction)
            .await?;
        let is_last = (due.len() as u64) < BATCH;
        for person in &due {
            risen += u64::from(review_one(job, &transaction, person).await?);
        }
        job.state.db.commit(transaction).await?;
        if is_last {
            return Ok(risen);
        }
    }
}

/// Raises the level of `person` if they have earned it, and returns whether they have.
async fn review_one(job: &Scope, transaction: &Transaction, person: &Person) -> Result<bool, AppError> {
    let age = job.state.clock.now() - person.created_at;
    // On a site without mail, nobody can confirm an address.
    let is_confirmed = person.email_confirmed_at.is_some() || job.state.mailer.server().is_none();
    let earned = match person.trust {
        TrustLevel::New if age >= TRUSTED_AFTER && is_confirmed => has_taken_part(transaction, person.id)
            .await?
            .then_some(TrustLevel::Trusted),
        TrustLevel::Trusted if age >= REGULAR_AFTER => is_answered(transaction, person.id)
            .await?
            .then_some(TrustLevel::Regular),
        _ => None,
    };
    match earned {
        Some(level) => set(transaction, person.id, level, TrustReason::Earned).await?,
        // Their next text plans another look.
        None => {
            user::Entity::update_many()
                .col_expr(user::Column::TrustCheckAt, Expr::value(None::<OffsetDateTime>))
                .filter(user::Column::Id.eq(person.id))
                .exec(transaction)
                .await?;
        }
    }
    Ok(earned.is_some())
}

/// Returns whether the user with this id has a post, or [`TRUSTED_COMMENTS`], that everybody sees.
async fn has_taken_part(transaction: &Transaction, id: i64) -> Result<bool, DbErr> {
    let posts: Vec<i64> = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(post::Column::AuthorId.eq(id))
        .filter(post::listed())
        .limit(1)
        .into_tuple()
        .all(transaction)
        .await?;
    if !posts.is_empty() {
        return Ok(true);
    }
    let comments: Vec<i64> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::AuthorId.eq(id))
        .filter(comment::Column::State.eq(CommentState::Published))
        .limit(TRUSTED_COMMENTS)
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(comments.len() as u64 >= TRUSTED_COMMENTS)
}

/// The answers to somebody.
#[derive(Debug, Default, FromQueryResult)]
struct Answers {
    answers: i64,
    people: i64,
}

/// Returns whether [`REGULAR_PEOPLE`] have written [`REGULAR_REPLIES`] to the user with this id: below their newest comments and
/// posts, as far as a bounded search finds them.
async fn is_answered(transaction: &Transaction, id: i64) -> Result<bool, DbErr> {
    let sql = format!(
        "SELECT COUNT(*) AS answers, COUNT(DISTINCT author_id) AS people FROM ( \
         SELECT * FROM (SELECT answer.id, answer.author_id FROM \
         (SELECT root_id, path FROM comments WHERE author_id = {id} ORDER BY id DESC LIMIT 50) AS own \
         INNER JOIN comments AS answer ON answer.root_id = own.root_id AND answer.path > own.path \
         AND answer.path < own.path || '~' WHERE answer.author_id <> {id} AND answer.state = 'published' LIMIT 200) AS below \
         UNION SELECT * FROM (SELECT answer.id, answer.author_id FROM \
         (SELECT id FROM posts WHERE author_id = {id} ORDER BY created_at DESC, id DESC LIMIT 20) AS own \
         INNER JOIN comments AS answer ON answer.post_id = own.id \
         WHERE answer.author_id <> {id} AND answer.state = 'published' LIMIT 200) AS on_posts) AS all_answers"
    );
    let statement = Statement::from_string(transaction.get_database_backend(), sql);
    let found = Answers::find_by_statement(statement).one(transaction).await?;
    let Answers { answers, people } = found.unwrap_or_default();
    let reaches = |count: i64, wanted: u64| u64::try_from(count).is_ok_and(|count| count >= wanted);
    Ok(reaches(answers, REGULAR_REPLIES) && reaches(people, REGULAR_PEOPLE))
}
