//! Tests of links with which others can read a draft.

use domain::{
    Scope,
    posts::{self, drafts, preview_links},
};
use shared::{
    error::AppError,
    forms::{Field, Form, post::PostForm},
    model::{
        account::Viewer,
        post::{DraftTarget, Previewed},
        preview_link::{LINK_DAYS, LINKS_MAX},
    },
};
use time::Duration;

use crate::site::Site;

fn form(content: &str, target: DraftTarget) -> PostForm {
    PostForm {
        title: "A draft".to_owned(),
        content: content.to_owned(),
        post: target.post,
        post_version: target.post_version,
        draft: target.draft,
        draft_version: target.draft_version,
        ..PostForm::default()
    }
}

async fn save(scope: &Scope, author: &Viewer, content: &str, target: DraftTarget) -> DraftTarget {
    let text = form(content, target).draft().unwrap();
    drafts::save(scope, author, target, text).await.unwrap().target
}

/// Creates a link to the draft with this id. Returns its token.
async fn link(scope: &Scope, author: &Viewer, draft: i64) -> String {
    preview_links::create(scope, author, draft, "For my editor".to_owned())
        .await
        .unwrap();
    let links = preview_links::list(scope, author, draft).await.unwrap().links;
    // The newest is first, and the only one that is shown.
    let link = links.into_iter().find_map(|link| link.link).unwrap();
    link.rsplit('/').next().unwrap().to_owned()
}

/// Returns the HTML that the holder of the link with this token reads.
async fn html(site: &Site, token: &str) -> Result<String, AppError> {
    match preview_links::read(&site.visitor(), token).await? {
        Previewed::Draft(draft) => Ok(draft.html),
        Previewed::Published(post) => panic!("{post:?}"),
    }
}

/// Ada with a draft.
async fn ada(site: &Site) -> (Scope, Viewer, DraftTarget) {
    site.member("ada").await;
    let scope = site.signed_in("ada").await;
    let ada = scope.require_viewer().await.unwrap();
    let target = save(&scope, &ada, "first", DraftTarget::default()).await;
    (scope, ada, target)
}

#[tokio::test]
async fn whoever_has_a_link_reads_what_is_saved() {
    let site = Site::new().await;
    let (scope, ada, target) = ada(&site).await;
    let token = link(&scope, &ada, target.draft.unwrap()).await;
    assert!(html(&site, &token).await.unwrap().contains("first"));
    save(&scope, &ada, "second", target).await;
    assert!(html(&site, &token).await.unwrap().contains("second"));
    assert_eq!(html(&site, "forged").await, Err(AppError::BadToken));
    assert!(
        !site
            .stored()
            .windows(token.len())
            .any(|stored| stored == token.as_bytes())
    );
}

#[tokio::test]
async fn a_link_ends_when_it_is_revoked_or_old_or_the_draft_is_gone() {
    let site = Site::new().await;
    let (scope, ada, target) = ada(&site).await;
    let draft = target.draft.unwrap();
    let revoked = link(&scope, &ada, draft).await;
    let id = preview_links::list(&scope, &ada, draft).await.unwrap().links[0].id;
    assert_eq!(preview_links::revoke(&scope, &ada, id).await, Ok(draft));
    assert_eq!(
        preview_links::revoke(&scope, &ada, id).await,
        Err(AppError::NotFound)
    );
    assert_eq!(html(&site, &revoked).await, Err(AppError::BadToken));

    let old = link(&scope, &ada, draft).await;
    site.state
        .clock
        .advance(Duration::days(LINK_DAYS) - Duration::SECOND);
    assert!(html(&site, &old).await.is_ok());
    site.state.clock.advance(Duration::SECOND);
    assert_eq!(html(&site, &old).await, Err(AppError::BadToken));
    let now = site.state.clock.now();
    assert_eq!(
        preview_links::sweep(site.state.db.writer(), now).await.unwrap(),
        1
    );

    let gone = link(&scope, &ada, draft).await;
    drafts::discard(&scope, &ada, draft).await.unwrap();
    assert_eq!(html(&site, &gone).await, Err(AppError::BadToken));
}

#[tokio::test]
async fn a_link_leads_to_the_post_that_the_draft_has_become() {
    let site = Site::new().await;
    let (scope, ada, target) = ada(&site).await;
    let token = link(&scope, &ada, target.draft.unwrap()).await;
    let new = form("first", target).validate().unwrap();
    let post = posts::publish(&scope, &ada, target, new).await.unwrap();
    let read = async || preview_links::read(&site.visitor(), &token).await;
    assert_eq!(read().await, Ok(Previewed::Published(post.id)));
    // A draft of changes to this post leads there as well.
    let opened = drafts::open_post(&scope, &ada, post.id).await.unwrap().target;
    let changes = save(&scope, &ada, "second", opened).await;
    let token = link(&scope, &ada, changes.draft.unwrap()).await;
    assert!(html(&site, &token).await.unwrap().contains("second"));
    let new = form("second", changes).validate().unwrap();
    posts::publish(&scope, &ada, changes, new).await.unwrap();
    let read = preview_links::read(&site.visitor(), &token).await;
    assert_eq!(read, Ok(Previewed::Published(post.id)));
}

#[tokio::test]
async fn only_the_author_sees_and_makes_links() {
    let site = Site::new().await;
    let (scope, ada, target) = ada(&site).await;
    let draft = target.draft.unwrap();
    link(&scope, &ada, draft).await;
    let id = preview_links::list(&scope, &ada, draft).await.unwrap().links[0].id;
    site.member("grace").await;
    let other = site.signed_in("grace").await;
    let grace = other.require_viewer().await.unwrap();
    let created = preview_links::create(&other, &grace, draft, String::new()).await;
    assert_eq!(created, Err(AppError::NotFound));
    assert!(preview_links::list(&other, &grace, draft).await.is_err());
    assert_eq!(
        preview_links::revoke(&other, &grace, id).await,
        Err(AppError::NotFound)
    );
}

#[tokio::test]
async fn a_draft_has_a_limited_number_of_links_of_which_the_newest_is_shown() {
    let site = Site::new().await;
    let (scope, ada, target) = ada(&site).await;
    let draft = target.draft.unwrap();
    for _ in 0..LINKS_MAX {
        link(&scope, &ada, draft).await;
    }
    let refused = preview_links::create(&scope, &ada, draft, String::new()).await;
    let Err(AppError::Invalid(errors)) = refused else {
        panic!("{refused:?}");
    };
    assert!(errors.for_field(Field::LinkNote).is_some());
    let links = preview_links::list(&scope, &ada, draft).await.unwrap().links;
    let shown = links.iter().filter(|link| link.link.is_some()).count();
    assert_eq!((links.len() as u64, shown), (LINKS_MAX, 1));
    assert_eq!(links[0].note, "For my editor");
}
