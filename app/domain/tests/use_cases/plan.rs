//! Query plans.

use sea_orm::{ConnectionTrait, QueryResult, Statement, TransactionTrait};

use crate::site::Site;

/// Returns the steps of the plan of `statement`. PostgreSQL chooses the ways in `avoided`, such as `seqscan`, only where there is no
/// other.
pub async fn plan(site: &Site, statement: &Statement, avoided: &[&str]) -> Vec<String> {
    let transaction = site.state.db.writer().pool().begin().await.unwrap();
    let (explain, column) = if site.is_postgres() {
        for way in avoided {
            let off = format!("SET LOCAL enable_{way} = off");
            transaction.execute_unprepared(&off).await.unwrap();
        }
        ("EXPLAIN", "QUERY PLAN")
    } else {
        ("EXPLAIN QUERY PLAN", "detail")
    };
    let explain = Statement {
        sql: format!("{explain} {}", statement.sql),
        ..statement.clone()
    };
    let steps = transaction.query_all_raw(explain).await.unwrap();
    let text = |step: &QueryResult| step.try_get("", column).unwrap();
    steps.iter().map(text).collect()
}
