//! Tests of redirects from old addresses.

use domain::{Scope, accounts::administration, audit_log, redirects, static_pages};
use sea_orm::ConnectionTrait;
use shared::{
    error::AppError,
    forms::{Field, FieldProblem, Form, redirect::RedirectForm, static_page::StaticPageForm},
    model::{
        account::{Role, Viewer},
        moderation::AuditAction,
        position::Position,
    },
};

use crate::site::Site;

async fn administered() -> (Site, Scope, Viewer) {
    let site = Site::new().await;
    site.register("grace").await;
    administration::set_role(&site.command_line(), "grace", Role::Administrator)
        .await
        .unwrap();
    let scope = site.signed_in("grace").await;
    let viewer = scope.viewer().await.unwrap().unwrap();
    (site, scope, viewer)
}

async fn add(scope: &Scope, viewer: &Viewer, path: &str, target: &str) -> Result<(), AppError> {
    let form = RedirectForm {
        old_path: path.to_owned(),
        target: target.to_owned(),
    };
    redirects::add(scope, viewer, form.validate()?).await
}

fn problem(added: Result<(), AppError>) -> (Field, FieldProblem) {
    match added {
        Err(AppError::Invalid(errors)) => {
            let error = errors.iter().next().unwrap();
            (error.field, error.problem)
        }
        other => panic!("{other:?}"),
    }
}

async fn find(site: &Site, path: &str, query: Option<&str>) -> Option<String> {
    redirects::find(&site.visitor(), path, query).await.unwrap()
}

#[tokio::test]
async fn an_old_address_leads_to_the_new_one_however_it_is_written() {
    let (site, scope, grace) = administered().await;
    site.state.db.changes().watch(true);
    add(&scope, &grace, "/2015/03/x/", "/post/1-x").await.unwrap();
    add(&scope, &grace, "/%D0%BF", "/post/2-p").await.unwrap();
    add(&scope, &grace, "/?p=12", "/post/3-q").await.unwrap();
    let one = Some("/post/1-x".to_owned());
    assert_eq!(find(&site, "/2015/03/x/", None).await, one);
    assert_eq!(find(&site, "/2015/03/x", Some("utm=1")).await, one);
    assert_eq!(find(&site, "/%d0%bf/", None).await.as_deref(), Some("/post/2-p"));
    assert_eq!(find(&site, "/", Some("p=12")).await.as_deref(), Some("/post/3-q"));
    for (path, query) in [
        ("/2015/03/X", None),
        ("/2015/03", None),
        ("/", None),
        ("/", Some("p=1")),
    ] {
        assert_eq!(find(&site, path, query).await, None, "{path}");
    }
}

#[tokio::test]
async fn a_redirect_never_leads_round_in_circles() {
    let (site, scope, grace) = administered().await;
    add(&scope, &grace, "/a", "/b").await.unwrap();
    add(&scope, &grace, "/b", "/c").await.unwrap();
    for (path, target) in [("/c", "/a"), ("/c", "/b/"), ("/d", "/d/")] {
        let refused = problem(add(&scope, &grace, path, target).await);
        assert_eq!(refused, (Field::Target, FieldProblem::Loop), "{path} to {target}");
    }
    // Visitors are led to the end at once.
    assert_eq!(find(&site, "/a", None).await.as_deref(), Some("/c"));
    // Not even a loop that nobody could add is followed.
    let sql = "INSERT INTO redirects (path, target, created_at) VALUES ('/c', '/a', '2026-01-02T03:04:05Z')";
    site.state.db.writer().execute_unprepared(sql).await.unwrap();
    assert_eq!(find(&site, "/a", None).await, None);
}

#[tokio::test]
async fn an_address_has_one_redirect_and_none_if_it_has_a_page() {
    let (_site, scope, grace) = administered().await;
    add(&scope, &grace, "/x", "/about").await.unwrap();
    // A double submit is harmless.
    add(&scope, &grace, "/x/", "/about").await.unwrap();
    let taken = problem(add(&scope, &grace, "/x", "/explore").await);
    assert_eq!(taken, (Field::OldPath, FieldProblem::Taken));
    let page = StaticPageForm {
        title: "Imprint".to_owned(),
        address: "imprint".to_owned(),
        content: "Text".to_owned(),
        ..StaticPageForm::default()
    };
    static_pages::save(&scope, &grace, page.validate().unwrap())
        .await
        .unwrap();
    let in_use = problem(add(&scope, &grace, "/imprint/", "/about").await);
    assert_eq!(in_use, (Field::OldPath, FieldProblem::PathInUse));
}

#[tokio::test]
async fn a_deleted_redirect_leads_nowhere_and_both_changes_are_recorded() {
    let (site, scope, grace) = administered().await;
    site.state.db.changes().watch(true);
    add(&scope, &grace, "/x", "/about").await.unwrap();
    assert!(find(&site, "/x", None).await.is_some());
    let list = redirects::list(&scope, &grace, Position::Newest, Some("/x/")).await;
    let id = list.unwrap().items.remove(0).id;
    redirects::delete(&scope, &grace, id).await.unwrap();
    redirects::delete(&scope, &grace, id).await.unwrap();
    assert_eq!(find(&site, "/x", None).await, None);
    let records = audit_log::latest(&site.command_line(), 2).await.unwrap();
    let actions: Vec<_> = records.iter().map(|record| record.action).collect();
    assert_eq!(actions, [AuditAction::DeleteRedirect, AuditAction::AddRedirect]);
    assert!(
        records
            .iter()
            .all(|record| record.subject == "the redirect from /x to /about")
    );
}

#[tokio::test]
async fn only_administrators_see_and_change_redirects() {
    let (site, scope, grace) = administered().await;
    add(&scope, &grace, "/x", "/about").await.unwrap();
    site.register("ada").await;
    let scope = site.signed_in("ada").await;
    let ada = scope.viewer().await.unwrap().unwrap();
    assert_eq!(
        add(&scope, &ada, "/y", "/about").await,
        Err(AppError::RoleRequired)
    );
    assert_eq!(
        redirects::delete(&scope, &ada, 1).await,
        Err(AppError::RoleRequired)
    );
    let list = redirects::list(&scope, &ada, Position::Newest, None).await;
    assert_eq!(list.map(drop), Err(AppError::RoleRequired));
}
