//! Tests of comments.

use domain::{
    Scope,
    accounts::administration,
    comments::{self, Drift},
    moderation,
    platform::{entity::comment, topic::Topic},
    posts,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, FieldProblem, Form,
        comment::{CommentForm, EditedComment, HiddenComment},
        post::PostForm,
    },
    model::{
        account::{Role, Viewer},
        comment::{
            Comment, CommentState, Commenter, Commenting, CommentsPosition, Discussion, LEVELS, PostComments,
        },
        post::{DraftTarget, Visibility},
        site::Setting,
    },
};
use time::Duration;

use crate::site::Site;

mod access;
mod counts;
mod deletion;
mod hiding;
mod management;
mod threads;
mod writing;

/// Publishes a post of `author` and returns its id.
async fn post(site: &Site, author: &Viewer) -> i64 {
    post_for(site, author, Visibility::Public).await
}

async fn post_for(site: &Site, author: &Viewer, visibility: Visibility) -> i64 {
    let form = PostForm {
        title: "On mills".to_owned(),
        content: "They turn.".to_owned(),
        visibility: visibility.name().to_owned(),
        ..PostForm::default()
    };
    let new = form.validate().unwrap();
    let published = posts::publish(&site.visitor(), author, DraftTarget::default(), new).await;
    published.unwrap().id
}

fn form(post: i64, parent: Option<i64>, content: &str) -> CommentForm {
    CommentForm {
        post,
        parent,
        content: content.to_owned(),
        ..CommentForm::default()
    }
}

/// Comments as `author`, and returns the id of the comment.
async fn say(
    site: &Site,
    author: &Viewer,
    post: i64,
    parent: Option<i64>,
    content: &str,
) -> Result<i64, AppError> {
    let new = form(post, parent, content).validate()?;
    comments::create(&site.visitor(), author, new)
        .await
        .map(|link| link.id)
}

async fn read_at(scope: &Scope, post: i64, position: CommentsPosition) -> PostComments {
    match comments::of_post(scope, post, position).await.unwrap() {
        Discussion::Shown(page) => *page,
        other => panic!("{other:?}"),
    }
}

async fn read(scope: &Scope, post: i64) -> PostComments {
    read_at(scope, post, CommentsPosition::default()).await
}

/// Returns the comments on `page` in their order.
fn all(page: &PostComments) -> Vec<&Comment> {
    let threads = page.threads.iter();
    threads
        .flat_map(|thread| std::iter::once(&thread.root).chain(&thread.replies))
        .collect()
}

/// Returns the texts of the comments on `page`.
fn texts(page: &PostComments) -> Vec<String> {
    let strip = |html: &str| html.replace("<p>", "").replace("</p>", "").trim().to_owned();
    all(page)
        .into_iter()
        .map(|comment| strip(&comment.html))
        .collect()
}

async fn drift(site: &Site) -> Drift {
    comments::drift(site.state.db.reader()).await.unwrap()
}

async fn set(site: &Site, setting: Setting, value: &str) {
    let operator = site.command_line();
    domain::administration::settings::set(&operator, setting, value.to_owned())
        .await
        .unwrap();
}

fn invalid(problem: FieldProblem) -> AppError {
    FieldErrors::one(Field::Comment, problem).into()
}

/// Holds the comment with this id, as an import does.
async fn hold(site: &Site, id: i64) {
    let sql = format!("UPDATE comments SET state = 'held' WHERE id = {id}");
    site.state.db.writer().execute_unprepared(&sql).await.unwrap();
    let transaction = site.state.db.begin().await.unwrap();
    comments::recount(&transaction).await.unwrap();
    transaction.invalidate([Topic::Everything]);
    site.state.db.commit(transaction).await.unwrap();
}
