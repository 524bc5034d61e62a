//! The numbers of what moderators have done, which everybody can see.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr,
};
use time::Duration;

use crate::{
    Scope,
    platform::entity::{decision, report},
};
use shared::{
    error::AppError,
    model::decision::{Act, MonthOfModeration},
};

/// The time for which months are shown.
const SHOWN: Duration = Duration::days(730);

/// Returns the numbers of the last two years, newest month first. Months in which nothing has happened are left out.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn transparency(scope: &Scope) -> Result<Vec<MonthOfModeration>, AppError> {
    let db = scope.state.db.reader();
    let since = scope.state.clock.now() - SHOWN;
    let month = |table: &str| {
        let text = match db.get_database_backend() {
            DatabaseBackend::Postgres => {
                format!("to_char({table}.created_at AT TIME ZONE 'UTC', 'YYYY-MM')")
            }
            _ => format!("substr({table}.created_at, 1, 7)"),
        };
        Expr::cust(text)
    };
    let mut months: BTreeMap<String, MonthOfModeration> = BTreeMap::new();
    let reports: Vec<(String, i64)> = report::Entity::find()
        .select_only()
        .column_as(month("reports"), "month")
        .column_as(report::Column::Id.count(), "number")
        .filter(report::Column::CreatedAt.gte(since))
        .group_by(month("reports"))
        .into_tuple()
        .all(db)
        .await?;
    for (name, number) in reports {
        of_month(&mut months, name).reports = number;
    }
    let decisions: Vec<(String, Act, i64, i64, i64)> = decision::Entity::find()
        .select_only()
        .column_as(month("decisions"), "month")
        .column(decision::Column::Act)
        .column_as(decision::Column::Id.count(), "number")
        .column_as(decision::Column::AppealedAt.count(), "appeals")
        .column_as(
            Expr::cust("COUNT(CASE WHEN decisions.is_reversed THEN 1 END)"),
            "reversed",
        )
        .filter(decision::Column::CreatedAt.gte(since))
        .group_by(month("decisions"))
        .group_by(decision::Column::Act)
        .into_tuple()
        .all(db)
        .await?;
    for (name, act, number, appeals, reversed) in decisions {
        let month = of_month(&mut months, name);
        month.acts.push((act, number));
        month.appeals += appeals;
        month.reversed += reversed;
    }
    Ok(months.into_values().rev().collect())
}

/// Returns the numbers of the month called `name`.
fn of_month(months: &mut BTreeMap<String, MonthOfModeration>, name: String) -> &mut MonthOfModeration {
    months.entry(name.clone()).or_insert_with(|| MonthOfModeration {
        month: name,
        ..MonthOfModeration::default()
    })
}
