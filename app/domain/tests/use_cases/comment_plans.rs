//! Tests of what comments cost in the database.

use std::sync::{Arc, Mutex};

use domain::comments;
use sea_orm::{ConnectionTrait, Statement};
use shared::{
    forms::{Form, comment::CommentForm},
    model::comment::CommentsPosition,
};

use crate::{full_database::is_postgres, plan::plan, site::Site};

/// The number of comments on the post, each tenth of which begins a thread.
const COMMENTS: u32 = 10_000;

/// Inserts comments of the user 1 on the post 1.
async fn fill(site: &Site) {
    let path = if is_postgres(&site.state.db) {
        "lpad(to_hex(number), 9, '0')"
    } else {
        "printf('%09x', number)"
    };
    let root = "(number - number % 10 + 1)";
    let root_path = path.replace("number", root);
    let sql = format!(
        "INSERT INTO comments (id, post_id, parent_id, root_id, depth, path, author_id, state, created_at, version, renderer, \
         replies, html, content) WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers \
         WHERE number < {COMMENTS}) SELECT number, 1, CASE WHEN number = {root} THEN NULL ELSE {root} END, {root}, \
         CASE WHEN number = {root} THEN 0 ELSE 1 END, CASE WHEN number = {root} THEN {path} ELSE {root_path} || {path} END, \
         1, 'published', '2026-01-02T03:04:05Z', 1, 7, 0, '<p>Text</p>', 'Text' FROM numbers WHERE number % 10 <> 0"
    );
    let writer = site.state.db.writer();
    writer.execute_unprepared(&sql).await.unwrap();
    writer.execute_unprepared("ANALYZE").await.unwrap();
    if is_postgres(&site.state.db) {
        let sequence = "SELECT setval(pg_get_serial_sequence('comments', 'id'), 20000)";
        writer.execute_unprepared(sequence).await.unwrap();
    }
    let transaction = site.state.db.begin().await.unwrap();
    comments::recount(&transaction).await.unwrap();
    site.state.db.commit(transaction).await.unwrap();
}

#[tokio::test]
async fn ten_thousand_comments_are_neither_scanned_nor_counted() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    site.publish(&ada, "On mills").await;
    fill(&site).await;
    let seen: Arc<Mutex<Vec<Statement>>> = Arc::default();
    let mut state = site.state.clone();
    let statements = Arc::clone(&seen);
    state.db.on_statement(move |statement, _| {
        statements.lock().unwrap().push(statement.clone());
    });
    let scope = domain::Scope::public(state.clone());
    let mut checked = 0;
    let mut check = async |what: &str| {
        let statements: Vec<Statement> = std::mem::take(&mut *seen.lock().unwrap());
        let reads = statements.iter().filter(|it| it.sql.contains("comments"));
        for statement in reads.filter(|it| !it.sql.starts_with("INSERT")) {
            checked += 1;
            assert!(
                !statement.sql.to_lowercase().contains("count("),
                "{what}: {}",
                statement.sql
            );
            for step in plan(&site, statement, &["seqscan"]).await {
                let is_scan = ["SCAN comments", "Seq Scan on comments", "Seq Scan on post_counts"]
                    .iter()
                    .any(|scan| step.contains(scan));
                assert!(!is_scan, "{what}: {step}\n{}", statement.sql);
            }
        }
    };
    let first = CommentsPosition::default();
    comments::of_post(&scope, 1, first).await.unwrap();
    check("the first page").await;
    for (is_newest_first, after) in [(false, 5_001), (true, 5_001), (true, 1)] {
        let position = CommentsPosition {
            is_newest_first,
            after: Some(after),
        };
        comments::of_post(&scope, 1, position).await.unwrap();
        check("another page").await;
    }
    comments::read(&scope, 5_001, None).await.unwrap();
    check("a thread").await;
    comments::read(&scope, 5_005, None).await.unwrap();
    check("a reply").await;
    comments::latest(&scope, 1).await.unwrap();
    check("the feed").await;
    for parent in [None, Some(5_001), Some(5_005)] {
        let form = CommentForm {
            post: 1,
            parent,
            content: format!("In answer to {parent:?}"),
            nonce: "n1".to_owned(),
            ..CommentForm::default()
        };
        comments::create(&scope, &ada, form.validate().unwrap())
            .await
            .unwrap();
        check("a new comment").await;
    }
    comments::delete(&scope, &ada, 5_005).await.unwrap();
    check("a deleted comment").await;
    comments::render_old(&domain::Scope::job(state.clone()))
        .await
        .unwrap();
    check("rendering").await;
    assert!(checked > 25, "{checked}");
}
