//! Names that can be confused with those of moderators and administrators, about which moderators are warned.
//!
//! The skeleton of each user's name is stored, so that users are found by an index.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Expr, SimpleExpr},
};

use super::skeleton::{of_roles, skeleton};
use crate::{Scope, platform::entity::user};
use shared::{
    error::AppError,
    model::{
        account::Role,
        moderation::Lookalike,
        profile::{Resemblance, shown_name},
    },
};

/// The maximum number of users that are listed.
const SHOWN: u64 = 100;
/// The number of users whose skeletons are computed at a time.
const BATCH: u64 = 500;

/// A user with the name by which they are shown.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Person {
    /// The id.
    pub id: i64,
    /// The username.
    pub username: String,
    /// The display name.
    pub display_name: Option<String>,
    /// The role.
    pub role: Role,
}

impl Person {
    fn name(&self) -> &str {
        shown_name(self.display_name.as_deref(), &self.username)
    }
}

/// The skeletons of the names that moderators and administrators have.
struct StaffNames(Vec<StaffName>);

/// A name of a moderator or an administrator.
struct StaffName {
    skeleton: String,
    name: String,
    person: Person,
}

impl StaffNames {
    async fn read(scope: &Scope) -> Result<Self, AppError> {
        let staff: Vec<Person> = people()
            .filter(is_staff())
            .filter(user::Column::Role.is_in([Role::Moderator, Role::Administrator]))
            .into_model()
            .all(scope.state.db.reader())
            .await?;
        let names = staff.into_iter().flat_map(|person| {
            // The display name is the one that people see.
            let both = [person.display_name.clone(), Some(person.username.clone())];
            both.into_iter().flatten().map(move |name| StaffName {
                skeleton: skeleton(&name),
                name,
                person: person.clone(),
            })
        });
        Ok(Self(names.collect()))
    }

    /// Returns what the name of `person` can be confused with.
    fn resembled_by(&self, person: &Person) -> Option<Resemblance> {
        let own = skeleton(person.name());
        let mut same = self.0.iter().filter(|other| other.skeleton == own);
        let other = same.find(|other| other.person.id != person.id && other.person.role > person.role);
        match other {
            Some(StaffName { name, person, .. }) => Some(Resemblance::Person {
                name: name.clone(),
                username: person.username.clone(),
                role: person.role,
            }),
            None if person.role == Role::Member && of_roles().contains(&own) => Some(Resemblance::Role),
            None => None,
        }
    }
}

/// Returns what the name of `person` can be confused with: the name of somebody with a higher role, or of a role.
///
/// # Errors
///
/// Returns an error if the database cannot be read.
pub(crate) async fn resemblance(scope: &Scope, person: &Person) -> Result<Option<Resemblance>, AppError> {
    Ok(StaffNames::read(scope).await?.resembled_by(person))
}

/// Returns the newest users whose names can be confused with others, except those who are suspended.
///
/// # Errors
///
/// Returns an error if the database cannot be read.
pub(crate) async fn list(scope: &Scope) -> Result<Vec<Lookalike>, AppError> {
    let staff = StaffNames::read(scope).await?;
    let skeletons = staff
        .0
        .iter()
        .map(|name| &name.skeleton)
        .chain(of_roles())
        .map(String::as_str);
    let mut found: Vec<Person> = people()
        .filter(user::Column::NameSkeleton.is_in(skeletons))
        .filter(user::Column::SuspendedBecause.is_null())
        // The people with a role are found as well.
        .limit(SHOWN + staff.0.len() as u64)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    found.sort_by_key(|person| std::cmp::Reverse(person.id));
    let alike = found.into_iter().filter_map(|person| {
        Some(Lookalike {
            resembles: staff.resembled_by(&person)?,
            name: person.name().to_owned(),
            username: person.username,
        })
    });
    Ok(alike.take(usize::try_from(SHOWN).unwrap_or(usize::MAX)).collect())
}

/// Computes the skeletons of a batch of users who have none, because another version of the program or the command
/// line has written their names, and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn fill(scope: &Scope) -> Result<u64, AppError> {
    let without: Vec<Person> = people()
        .filter(user::Column::NameSkeleton.is_null())
        .limit(BATCH)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    if without.is_empty() {
        return Ok(0);
    }
    let transaction = scope.state.db.begin().await?;
    for person in &without {
        user::Entity::update_many()
            .col_expr(user::Column::NameSkeleton, Expr::value(skeleton(person.name())))
            .filter(user::Column::Id.eq(person.id))
            // The name may have been changed since it was read.
            .filter(user::Column::NameSkeleton.is_null())
            .exec(&transaction)
            .await?;
    }
    scope.state.db.commit(transaction).await?;
    Ok(without.len() as u64)
}

fn people() -> sea_orm::Select<user::Entity> {
    user::Entity::find().select_only().columns([
        user::Column::Id,
        user::Column::Username,
        user::Column::DisplayName,
        user::Column::Role,
    ])
}

/// Returns the condition of the partial index, which databases recognise only without a parameter.
fn is_staff() -> SimpleExpr {
    Expr::cust("role <> 'member'")
}
