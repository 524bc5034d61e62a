//! The numbers of comments: of all on a post, and of those in each thread. Only published ones count.
//!
//! They are changed in the transaction that changes a comment, after everything else, the row of the post last.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    Statement,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::platform::{
    db::Transaction,
    entity::{comment, post_count},
};

/// The number of comments on a post that should be stored. Excludes posts without comments.
const COUNTED: &str =
    "SELECT post_id, COUNT(*) AS comments FROM comments WHERE state = 'published' GROUP BY post_id";
/// The number of replies that should be stored with the comment `root`.
const REPLIES: &str = "SELECT COUNT(*) FROM comments AS reply WHERE reply.root_id = comments.root_id \
                       AND reply.id <> comments.id AND reply.state = 'published'";

/// Adds `by` to the number of comments on the post with the id `post`, and to that of the replies of `root`, unless the comment
/// begins a thread.
pub(super) async fn change(
    transaction: &Transaction,
    post: i64,
    root: Option<i64>,
    by: i64,
) -> Result<(), DbErr> {
    if let Some(root) = root {
        comment::Entity::update_many()
            .col_expr(
                comment::Column::Replies,
                Expr::col(comment::Column::Replies).add(by),
            )
            .filter(comment::Column::Id.eq(root))
            .exec(transaction)
            .await?;
    }
    let row = post_count::ActiveModel {
        post_id: Set(post),
        comments: Set(Ord::max(by, 0)),
    };
    let added = Expr::col((post_count::Entity, post_count::Column::Comments)).add(by);
    post_count::Entity::insert(row)
        .on_conflict(
            OnConflict::column(post_count::Column::PostId)
                .value(post_count::Column::Comments, added)
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// Counts all comments again.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn recount(transaction: &Transaction) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        // Otherwise comments that are published meanwhile would not be counted.
        let lock = "LOCK TABLE comments, post_counts IN SHARE ROW EXCLUSIVE MODE";
        transaction.execute_unprepared(lock).await?;
    }
    for statement in [
        &format!(
            "UPDATE comments SET replies = ({REPLIES}) WHERE parent_id IS NULL AND replies <> ({REPLIES})"
        ),
        "DELETE FROM post_counts",
        &format!("INSERT INTO post_counts (post_id, comments) {COUNTED}"),
    ] {
        transaction.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Counts the comments in the threads `roots` and on their posts again.
pub(super) async fn recount_threads(transaction: &Transaction, roots: &[i64]) -> Result<(), DbErr> {
    /// The number of threads in a statement.
    const BATCH: usize = 1_000;
    for roots in roots.chunks(BATCH) {
        let ids: Vec<String> = roots.iter().map(i64::to_string).collect();
        let ids = ids.join(",");
        let threads = format!("UPDATE comments SET replies = ({REPLIES}) WHERE id IN ({ids})");
        transaction.execute_unprepared(&threads).await?;
    }
    Ok(())
}

/// Counts the comments on these posts again.
pub(super) async fn recount_posts(transaction: &Transaction, posts: &[i64]) -> Result<(), DbErr> {
    /// The number of posts in a statement.
    const BATCH: usize = 1_000;
    for posts in posts.chunks(BATCH) {
        let ids: Vec<String> = posts.iter().map(i64::to_string).collect();
        let counted = format!(
            "UPDATE post_counts SET comments = (SELECT COUNT(*) FROM comments WHERE comments.post_id = \
             post_counts.post_id AND state = 'published') WHERE post_id IN ({})",
            ids.join(",")
        );
        transaction.execute_unprepared(&counted).await?;
    }
    Ok(())
}

/// The numbers that are not what counting gives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromQueryResult)]
pub struct Drift {
    /// The number of posts whose number of comments is wrong.
    pub posts: i64,
    /// The number of threads whose number of replies is wrong.
    pub threads: i64,
}

/// Counts all comments, and returns how many of the stored numbers are wrong.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn drift(db: &impl ConnectionTrait) -> Result<Drift, DbErr> {
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM (SELECT post_id, SUM(comments) AS comments FROM \
         (SELECT post_id, comments FROM post_counts UNION ALL SELECT post_id, -comments FROM ({COUNTED}) AS counted) \
         AS both_counts GROUP BY post_id) AS differences WHERE comments <> 0) AS posts, \
         (SELECT COUNT(*) FROM comments WHERE parent_id IS NULL AND replies <> ({REPLIES})) AS threads"
    );
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let found = Drift::find_by_statement(statement).one(db).await?;
    Ok(found.unwrap_or_default())
}
