//! The page of an author: their profile and posts.

use std::sync::Arc;

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Expr, IntoCondition},
};
use serde::Serialize;
use time::OffsetDateTime;

use super::{list_by, shown_html};
use crate::{
    Scope,
    accounts::{impersonation, username_history},
    markdown,
    platform::{
        entity::{
            list_kind::ListKind,
            user::{self, DetailColumns, freeze},
        },
        list::{ListHead, PageRequest},
    },
    policy::{Action, Target, may},
};
use shared::{
    error::AppError,
    forms::Username,
    model::{
        account::{Freeze, Profile, Role},
        media::Avatar,
        page::ListPage,
        post::PostCard,
        profile::ProfileDetails,
        trust::TrustLevel,
    },
};

#[derive(FromQueryResult)]
struct PublicRow {
    id: i64,
    username: String,
    about: String,
    biography: String,
    #[sea_orm(nested)]
    details: DetailColumns,
    picture: Option<String>,
    created_at: OffsetDateTime,
    last_seen_at: Option<OffsetDateTime>,
    suspended_because: Option<String>,
    frozen_until: Option<OffsetDateTime>,
    frozen_because: Option<String>,
    role: Role,
    trust: TrustLevel,
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
    let current = user::Column::UsernameKey.eq(key.as_str());
    let read = async |scope: &Scope| read_public(scope, number, current).await;
    let key = (key, number);
    let found = match scope.state.reads.profiles.get(scope, key, read).await {
        Err(AppError::NotFound) => {
            let holder = username_history::named(&scope.state, username).await?;
            Arc::new(read_public(scope, number, user::Column::Id.eq(holder.id)).await?)
        }
        found => found?,
    };
    let actor = scope.actor().await?;
    let author = Target::User { role: found.role };
    let may_know = may(actor, Action::Moderate, Target::Site).is_ok();
    let resembles = if may_know {
        impersonation::resemblance(scope, &found.person()).await?
    } else {
        None
    };
    Ok(Profile {
        resembles,
        suspended_because: found.suspended_because.clone().filter(|_| may_know),
        freeze: found.freeze.clone().filter(|_| may_know),
        may_suspend: may(actor, Action::Suspend, author).is_ok(),
        may_trust: found.has_plain_links && may(actor, Action::Trust, author).is_ok(),
        has_plain_links: found.has_plain_links,
        username: found.username.clone(),
        about: found.about.clone(),
        details: found.details.clone(),
        biography: found.biography.clone(),
        picture: found.picture.clone(),
        created_at: found.created_at,
        last_seen_at: found.last_seen_at,
        posts: found.posts.clone(),
    })
}

/// A profile, whoever sees it.
#[derive(Debug, Serialize)]
pub(crate) struct PublicProfile {
    id: i64,
    username: String,
    about: String,
    details: ProfileDetails,
    biography: String,
    picture: Option<Avatar>,
    created_at: OffsetDateTime,
    last_seen_at: Option<OffsetDateTime>,
    suspended_because: Option<String>,
    freeze: Option<Freeze>,
    role: Role,
    trust: TrustLevel,
    has_plain_links: bool,
    posts: ListPage<PostCard>,
}

impl PublicProfile {
    /// Returns the user with the name by which they are shown.
    fn person(&self) -> impersonation::Person {
        impersonation::Person {
            id: self.id,
            username: self.username.clone(),
            display_name: self.details.display_name.clone(),
            role: self.role,
        }
    }
}

/// Returns the profile of the user that matches `who`, with page `number` of their posts.
async fn read_public(scope: &Scope, number: u64, who: impl IntoCondition) -> Result<PublicProfile, AppError> {
    let wanted = super::wanted(scope, number).await;
    let person = public(scope, wanted, who).await?.ok_or(AppError::NotFound)?;
    let walk = wanted.walk(person.head)?;
    let posts = list_by(scope, person.id, wanted, walk).await?;
    // Rendered when it is read, because it is short and the profile is cached.
    let biography = if number == 1 && !person.biography.is_empty() {
        let html = markdown::render(person.biography).await?.html;
        shown_html(scope, person.trust, &html).await.into_owned()
    } else {
        String::new()
    };
    Ok(PublicProfile {
        id: person.id,
        username: person.username,
        about: person.about,
        details: person.details.into(),
        biography,
        picture: Avatar::from_name(person.picture),
        created_at: person.created_at,
        last_seen_at: person.last_seen_at,
        suspended_because: person.suspended_because,
        freeze: freeze(person.frozen_until, person.frozen_because),
        role: person.role,
        trust: person.trust,
        has_plain_links: scope.site().await.has_trust && person.trust == TrustLevel::New,
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
            user::Column::Biography,
            user::Column::DisplayName,
            user::Column::Pronouns,
            user::Column::Location,
            user::Column::Website,
            user::Column::Links,
            user::Column::Picture,
            user::Column::CreatedAt,
            user::Column::LastSeenAt,
            user::Column::SuspendedBecause,
            user::Column::FrozenUntil,
            user::Column::FrozenBecause,
            user::Column::Role,
            user::Column::Trust,
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
