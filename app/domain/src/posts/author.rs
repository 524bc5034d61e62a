//! The page of an author: their profile and posts.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Expr, IntoCondition},
};
use time::OffsetDateTime;

use super::list_by;
use crate::{
    Scope,
    accounts::username_history,
    platform::{
        entity::{list_kind::ListKind, user},
        list::{ListHead, PageRequest},
    },
    policy::{Action, Target, may},
};
use shared::{
    error::AppError,
    forms::Username,
    model::{
        account::{Profile, Role},
        media::Avatar,
    },
};

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
    head: ListHead,
}

/// Returns the profile of the user with this current or former username, with page `number` of their posts.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user or no such page.
pub async fn profile(scope: &Scope, username: &str, number: u64) -> Result<Profile, AppError> {
    let key = Username::parse(username).map_err(|_| AppError::NotFound)?.key();
    let wanted = super::wanted(scope, number);
    let mut found = public(scope, wanted, user::Column::UsernameKey.eq(key)).await?;
    if found.is_none() {
        let holder = username_history::named(&scope.state, username).await?;
        found = public(scope, wanted, user::Column::Id.eq(holder.id)).await?;
    }
    let person = found.ok_or(AppError::NotFound)?;
    let walk = wanted.walk(person.head)?;
    let posts = list_by(scope, person.id, number, walk).await?;
    let actor = scope.actor().await?;
    let author = Target::User { role: person.role };
    let may_know = may(actor, Action::Moderate, Target::Site).is_ok();
    Ok(Profile {
        suspended_because: person.suspended_because.filter(|_| may_know),
        may_suspend: may(actor, Action::Suspend, author).is_ok(),
        username: person.username,
        about: person.about,
        picture: Avatar::from_name(person.picture),
        created_at: person.created_at,
        last_seen_at: person.last_seen_at,
        posts,
    })
}

/// Returns the row of the user that matches `who`, with the list head for the requested page of posts.
async fn public(
    scope: &Scope,
    wanted: PageRequest,
    who: impl IntoCondition,
) -> Result<Option<PublicRow>, AppError> {
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
            ListKind::PostsBy,
            of_person(user::Column::Id),
            of_person(user::Column::PostCount),
        )
        .into_model()
        .one(scope.state.db.reader())
        .await?;
    Ok(found)
}
