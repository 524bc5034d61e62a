//! Tests of static pages.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use domain::{
    Scope,
    accounts::{administration, reauthentication},
    audit_log,
    platform::topic::Topic,
    redirects,
    static_pages::{self, SavedPage, administration as pages},
};
use sea_orm::ConnectionTrait;
use shared::{
    error::AppError,
    forms::{Field, FieldProblem, Form, Secret, post::Intent, static_page::StaticPageForm},
    model::{
        account::{Role, Viewer},
        moderation::AuditAction,
        position::Position,
        static_page::Place,
    },
};

use crate::site::Site;

/// Creates a site with the administrator grace, whose scope is returned.
async fn administered() -> (Site, Scope, Viewer) {
    let site = Site::new().await;
    let (scope, grace) = administrator(&site, "grace").await;
    (site, scope, grace)
}

async fn administrator(site: &Site, name: &str) -> (Scope, Viewer) {
    site.register(name).await;
    administration::set_role(&site.command_line(), name, Role::Administrator)
        .await
        .unwrap();
    let scope = site.signed_in(name).await;
    let viewer = scope.viewer().await.unwrap().unwrap();
    (scope, viewer)
}

fn form(title: &str, address: &str) -> StaticPageForm {
    StaticPageForm {
        title: title.to_owned(),
        address: address.to_owned(),
        content: format!("The text of *{title}*."),
        ..StaticPageForm::default()
    }
}

fn draft(title: &str, address: &str) -> StaticPageForm {
    StaticPageForm {
        intent: Intent::Save,
        ..form(title, address)
    }
}

async fn save(scope: &Scope, viewer: &Viewer, form: StaticPageForm) -> Result<SavedPage, AppError> {
    static_pages::save(scope, viewer, form.validate().unwrap()).await
}

/// Returns the problem of the address.
fn address_problem(saved: Result<SavedPage, AppError>) -> Option<FieldProblem> {
    match saved {
        Err(AppError::Invalid(errors)) => errors.for_field(Field::Address).map(|error| error.problem),
        other => panic!("{other:?}"),
    }
}

/// Returns the names of the recorded actions on pages, latest first.
async fn log(site: &Site) -> Vec<AuditAction> {
    let records = audit_log::latest(&site.command_line(), 100).await.unwrap();
    let actions = records.into_iter().map(|record| record.action);
    actions
        .filter(|action| {
            use AuditAction::{AddPage, DeletePage, MovePage, PublishPage, UnpublishPage, UpdatePage};
            [
                AddPage,
                DeletePage,
                MovePage,
                PublishPage,
                UnpublishPage,
                UpdatePage,
            ]
            .contains(action)
        })
        .collect()
}

#[tokio::test]
async fn a_page_is_read_once_it_is_published() {
    use AuditAction::{AddPage, DeletePage, PublishPage, UnpublishPage};

    let (site, scope, grace) = administered().await;
    let reader = site.visitor();
    let saved = save(&scope, &grace, draft("Imprint", "/imprint")).await.unwrap();
    assert!(!saved.is_published);
    assert_eq!(
        static_pages::read(&reader, "imprint").await,
        Err(AppError::NotFound)
    );

    pages::set_published(&scope, &grace, saved.id, true)
        .await
        .unwrap();
    let page = static_pages::read(&reader, "imprint").await.unwrap();
    assert_eq!(page.title, "Imprint");
    assert_eq!(page.html, "<p>The text of <em>Imprint</em>.</p>\n");

    pages::set_published(&scope, &grace, saved.id, false)
        .await
        .unwrap();
    assert_eq!(
        static_pages::read(&reader, "imprint").await,
        Err(AppError::NotFound)
    );
    pages::delete(&scope, &grace, saved.id).await.unwrap();
    assert_eq!(
        static_pages::open(&scope, &grace, saved.id).await,
        Err(AppError::NotFound)
    );
    assert_eq!(
        log(&site).await,
        [DeletePage, UnpublishPage, PublishPage, AddPage]
    );
}

#[tokio::test]
async fn only_administrators_write_pages() {
    let (site, scope, grace) = administered().await;
    let saved = save(&scope, &grace, form("Imprint", "imprint")).await.unwrap();
    for (name, role) in [("ada", Role::Member), ("alan", Role::Moderator)] {
        site.register(name).await;
        administration::set_role(&site.command_line(), name, role)
            .await
            .unwrap();
        let scope = site.signed_in(name).await;
        let viewer = scope.viewer().await.unwrap().unwrap();
        let refused = Err(AppError::RoleRequired);
        assert_eq!(
            save(&scope, &viewer, form("Help", "help")).await,
            Err(AppError::RoleRequired)
        );
        let list = pages::list(&scope, &viewer, Position::Newest).await;
        assert_eq!(list.map(drop), refused);
        assert_eq!(
            static_pages::open(&scope, &viewer, saved.id).await.map(drop),
            refused
        );
        assert_eq!(
            pages::set_published(&scope, &viewer, saved.id, false).await,
            refused
        );
        assert_eq!(pages::delete(&scope, &viewer, saved.id).await, refused);
    }
    // A role that has been taken away since the request began is not enough either.
    site.member("linus").await;
    for (name, role) in [("linus", Role::Administrator), ("grace", Role::Member)] {
        administration::set_role(&site.command_line(), name, role)
            .await
            .unwrap();
    }
    assert_eq!(
        pages::delete(&scope, &grace, saved.id).await,
        Err(AppError::RoleRequired)
    );
}

#[tokio::test]
async fn deleting_a_page_needs_the_password_if_the_login_is_not_recent() {
    let (site, scope, grace) = administered().await;
    let saved = save(&scope, &grace, form("Imprint", "imprint")).await.unwrap();
    site.state.clock.advance(time::Duration::minutes(15));
    let scope = site.again(&scope).await;
    assert_eq!(
        pages::delete(&scope, &grace, saved.id).await,
        Err(AppError::ReauthenticationRequired)
    );
    let password = Secret::from("grace-secret!");
    reauthentication::confirm(&scope, &grace, password).await.unwrap();
    let scope = site.again(&scope).await;
    assert_eq!(pages::delete(&scope, &grace, saved.id).await, Ok(()));
}

#[tokio::test]
async fn an_address_that_is_taken_or_reserved_is_refused() {
    let (_site, scope, grace) = administered().await;
    save(&scope, &grace, form("Imprint", "imprint")).await.unwrap();
    for (address, problem) in [
        ("imprint", FieldProblem::Taken),
        ("Imprint", FieldProblem::Taken),
        ("login", FieldProblem::Reserved),
        ("post", FieldProblem::Reserved),
        ("posts", FieldProblem::Reserved),
        ("metrics", FieldProblem::Reserved),
    ] {
        let saved = save(&scope, &grace, form("Another", address)).await;
        assert_eq!(address_problem(saved), Some(problem), "{address}");
    }
    let other = save(&scope, &grace, form("Help", "help")).await.unwrap();
    let moved = StaticPageForm {
        id: Some(other.id),
        version: 1,
        ..form("Help", "imprint")
    };
    let moved = save(&scope, &grace, moved).await;
    assert_eq!(address_problem(moved), Some(FieldProblem::Taken));
}

#[tokio::test]
async fn a_double_submit_creates_one_page() {
    let (_site, scope, grace) = administered().await;
    let first = save(&scope, &grace, form("Imprint", "imprint")).await;
    let second = save(&scope, &grace, form("Imprint", "imprint")).await;
    assert_eq!(first, second);
}

// DUR-08
#[tokio::test]
async fn the_second_of_two_administrators_who_save_one_version_gets_a_conflict() {
    let (site, scope, grace) = administered().await;
    let (others_scope, other) = administrator(&site, "barbara").await;
    let saved = save(&scope, &grace, form("Imprint", "imprint")).await.unwrap();
    let based_on = |title: &str, version| StaticPageForm {
        id: Some(saved.id),
        version,
        ..form(title, "imprint")
    };
    save(&scope, &grace, based_on("Mine", 1)).await.unwrap();
    let conflict = save(&others_scope, &other, based_on("Theirs", 1)).await;
    assert_eq!(conflict, Err(AppError::Conflict));
    let page = static_pages::open(&others_scope, &other, saved.id).await.unwrap();
    assert_eq!((page.title.as_str(), page.version), ("Mine", 2));
    // The same text again is what the site has already.
    assert!(save(&scope, &grace, based_on("Mine", 1)).await.is_ok());
    save(&others_scope, &other, based_on("Theirs", 2)).await.unwrap();
    let page = static_pages::read(&site.visitor(), "imprint").await.unwrap();
    assert_eq!(page.title, "Theirs");
}

#[tokio::test]
async fn saving_a_published_page_does_not_unpublish_it() {
    let (site, scope, grace) = administered().await;
    let saved = save(&scope, &grace, form("Imprint", "imprint")).await.unwrap();
    let change = StaticPageForm {
        id: Some(saved.id),
        version: 1,
        ..draft("Legal notice", "imprint")
    };
    assert!(save(&scope, &grace, change).await.unwrap().is_published);
    let page = static_pages::read(&site.visitor(), "imprint").await.unwrap();
    assert_eq!(page.title, "Legal notice");
}

#[tokio::test]
async fn published_pages_are_linked_where_they_belong() {
    let (site, scope, grace) = administered().await;
    for (address, place) in [("imprint", "footer"), ("help", "bar"), ("team", "none")] {
        let form = StaticPageForm {
            place: place.to_owned(),
            ..form(address, address)
        };
        save(&scope, &grace, form).await.unwrap();
    }
    let hidden = StaticPageForm {
        place: "bar".to_owned(),
        ..draft("Draft", "draft-page")
    };
    save(&scope, &grace, hidden).await.unwrap();
    let links = static_pages::links(&site.visitor()).await;
    let paths = |links: &[shared::model::static_page::PageLink]| {
        let paths = links.iter().map(|link| link.path.clone());
        paths.collect::<Vec<_>>()
    };
    assert_eq!(paths(&links.bar), ["/help"]);
    assert_eq!(paths(&links.footer), ["/imprint"]);
    let list = pages::list(&scope, &grace, Position::Newest).await.unwrap();
    assert_eq!(list.pages.items.len(), 4);
    assert!(list.pages.items.iter().any(|page| page.place == Place::Bar));
    assert!(list.moved.is_empty());
}

#[tokio::test]
async fn a_page_that_changes_its_address_leaves_a_redirect() {
    let (site, scope, grace) = administered().await;
    let saved = save(&scope, &grace, form("Imprint", "imprint")).await.unwrap();
    let moved = |address: &str, version| StaticPageForm {
        id: Some(saved.id),
        version,
        ..form("Imprint", address)
    };
    save(&scope, &grace, moved("legal", 1)).await.unwrap();
    let reader = site.visitor();
    let found = redirects::find(&reader, "/imprint", None).await.unwrap();
    assert_eq!(found.as_deref(), Some("/legal"));
    // Back again, without leading round in circles.
    save(&scope, &grace, moved("imprint", 2)).await.unwrap();
    let found = redirects::find(&reader, "/legal", None).await.unwrap();
    assert_eq!(found.as_deref(), Some("/imprint"));
    assert_eq!(redirects::find(&reader, "/imprint", None).await, Ok(None));
}

/// Inserts a published page with this slug, as if it had been written before the program claimed the address.
async fn insert(site: &Site, slug: &str) {
    let sql = format!(
        "INSERT INTO pages (slug, title, content, html, excerpt, renderer, place, is_published, version, created_at, \
         updated_at, has_moved) VALUES ('{slug}', 'Mine', 'Text', '<p>Old</p>', '', 0, 'none', true, 1, \
         '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z', false)"
    );
    site.state.db.writer().execute_unprepared(&sql).await.unwrap();
}

#[tokio::test]
async fn administrators_are_told_once_that_an_update_has_claimed_an_address() {
    let (site, scope, grace) = administered().await;
    insert(&site, "explore").await;
    for _ in 0..2 {
        static_pages::after_upgrade(&site.job()).await.unwrap();
    }
    assert_eq!(log(&site).await, [AuditAction::MovePage]);
    let record = audit_log::latest(&site.command_line(), 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(record.subject, "the page “Mine” (/page/explore)");
    assert!(record.reason.contains("/explore"), "{}", record.reason);
    let list = pages::list(&scope, &grace, Position::Newest).await.unwrap();
    assert_eq!(list.moved.len(), 1);
    assert_eq!(list.moved[0].path(), "/page/explore");
    let page = static_pages::read(&site.visitor(), "explore").await.unwrap();
    assert_eq!(page.title, "Mine");
}

#[tokio::test]
async fn a_page_of_an_older_renderer_is_rendered_again() {
    let (site, ..) = administered().await;
    insert(&site, "old").await;
    let page = static_pages::read(&site.visitor(), "old").await.unwrap();
    assert_eq!(page.html, "<p>Text</p>\n");
    static_pages::after_upgrade(&site.job()).await.unwrap();
    let page = static_pages::read(&site.visitor(), "old").await.unwrap();
    assert_eq!(page.html, "<p>Text</p>\n");
}

/// Counts the statements of scopes that are made from the state of `site`.
fn counted(site: &mut Site) -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let statements = Arc::clone(&count);
    site.state.db.on_statement(move |_, _| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
    count
}

#[tokio::test]
async fn an_unknown_address_is_known_to_be_unknown_without_asking_the_database() {
    let (mut site, scope, grace) = administered().await;
    save(&scope, &grace, form("Imprint", "imprint")).await.unwrap();
    site.state.db.changes().watch(true);
    let count = counted(&mut site);
    let visit = async |slug: &str| {
        let reader = site.visitor();
        let path = format!("/{slug}");
        let is_there = static_pages::is_published(&reader, slug).await.unwrap();
        let redirect = redirects::find(&reader, &path, Some("a=b")).await.unwrap();
        (is_there, redirect)
    };
    assert_eq!(visit("imprint").await, (true, None));
    let before = count.load(Ordering::Relaxed);
    for number in 0..100 {
        assert_eq!(visit(&format!("nothing-{number}")).await, (false, None));
        assert_eq!(visit("imprint").await, (true, None));
    }
    assert_eq!(count.load(Ordering::Relaxed), before);
    // A page that appears on another server is noticed.
    insert(&site, "help").await;
    site.state.db.changes().record([Topic::Pages]);
    assert_eq!(visit("help").await, (true, None));
}
