//! Tests of lists with the links "Newer" and "Older", on the audit log.

use domain::{accounts::administration, moderation, platform::entity::audit_record};
use sea_orm::{ActiveValue::Set, EntityTrait};
use shared::model::{
    account::{Role, Viewer},
    moderation::{AuditAction, AuditRecord},
    page::KeysetPage,
    position::{Cursor, Position},
};
use time::Duration;

use crate::site::Site;

/// The number of entries per page of the audit log.
const PER_PAGE: usize = 20;

/// Creates a site with a moderator and an empty log.
async fn moderated() -> (Site, Viewer) {
    let site = Site::new().await;
    site.register("grace").await;
    administration::set_role(&site.command_line(), "grace", Role::Moderator)
        .await
        .unwrap();
    let grace = site.signed_in("grace").await.viewer().await.unwrap().unwrap();
    audit_record::Entity::delete_many()
        .exec(site.state.db.writer())
        .await
        .unwrap();
    (site, grace)
}

/// Adds entries with the numbers in `subjects`, `together` of them in each second. Returns their ids.
async fn add(site: &Site, subjects: impl Iterator<Item = usize>, together: usize) -> Vec<i64> {
    let mut ids = Vec::new();
    for subject in subjects {
        if subject % together == 0 {
            site.state.clock.advance(Duration::seconds(1));
        }
        let row = audit_record::ActiveModel {
            at: Set(site.state.clock.now()),
            actor: Set("grace".to_owned()),
            action: Set(AuditAction::Suspend.name().to_owned()),
            subject: Set(subject.to_string()),
            reason: Set(String::new()),
            ..Default::default()
        };
        let added = audit_record::Entity::insert(row).exec(site.state.db.writer());
        ids.push(added.await.unwrap().last_insert_id);
    }
    ids
}

async fn page(site: &Site, grace: &Viewer, position: Position) -> KeysetPage<AuditRecord> {
    let shown = moderation::overview(&site.visitor(), grace, position).await;
    shown.unwrap().records
}

async fn remove(site: &Site, id: i64) {
    audit_record::Entity::delete_by_id(id)
        .exec(site.state.db.writer())
        .await
        .unwrap();
}

/// Returns the numbers of the entries of a page.
fn subjects(page: &KeysetPage<AuditRecord>) -> Vec<usize> {
    page.items
        .iter()
        .map(|entry| entry.subject.parse().unwrap())
        .collect()
}

/// Returns the numbers from `from` to `to`, where `from` is the higher one.
fn down(from: usize, to: usize) -> Vec<usize> {
    (to..=from).rev().collect()
}

#[tokio::test]
async fn every_entry_is_on_one_page_also_among_many_of_the_same_second() {
    let (site, grace) = moderated().await;
    add(&site, 1..=65, 30).await;
    let (mut pages, mut position) = (Vec::new(), Some(Position::Newest));
    while let Some(at) = position {
        let page = page(&site, &grace, at).await;
        position = page.older;
        pages.push(page);
    }
    let found: Vec<Vec<usize>> = pages.iter().map(subjects).collect();
    assert_eq!(found, [down(65, 46), down(45, 26), down(25, 6), down(5, 1)]);

    // Back to the newest entries.
    let mut position = pages.last().and_then(|last| last.newer);
    for expected in [down(25, 6), down(45, 26), down(65, 46)] {
        let page = page(&site, &grace, position.unwrap()).await;
        assert_eq!(subjects(&page), expected);
        assert!(page.older.is_some());
        position = page.newer;
    }
    assert_eq!(position, None);
}

#[tokio::test]
async fn the_first_and_the_last_page_have_no_link_beyond_them() {
    let (site, grace) = moderated().await;
    let empty = page(&site, &grace, Position::Newest).await;
    assert_eq!((subjects(&empty), empty.newer, empty.older), (vec![], None, None));

    add(&site, 1..=PER_PAGE, 1).await;
    let only = page(&site, &grace, Position::Newest).await;
    assert_eq!(
        (subjects(&only), only.newer, only.older),
        (down(PER_PAGE, 1), None, None),
        "exactly a page"
    );

    add(&site, std::iter::once(PER_PAGE + 1), 1).await;
    let first = page(&site, &grace, Position::Newest).await;
    assert_eq!(first.newer, None);
    let last = page(&site, &grace, first.older.unwrap()).await;
    assert_eq!((subjects(&last), last.older), (vec![1], None));
    assert!(last.newer.is_some());
}

#[tokio::test]
async fn entries_that_come_and_go_between_two_pages_shift_none() {
    let (site, grace) = moderated().await;
    let ids = add(&site, 1..=50, 4).await;
    let first = page(&site, &grace, Position::Newest).await;
    assert_eq!(subjects(&first), down(50, 31));
    add(&site, 51..=53, 4).await;
    for gone in [49, 40, 28] {
        remove(&site, ids[gone - 1]).await;
    }
    let second = page(&site, &grace, first.older.unwrap()).await;
    assert_eq!(
        subjects(&second),
        [down(30, 29), down(27, 10)].concat(),
        "none twice and none left out"
    );
    let newer = page(&site, &grace, second.newer.unwrap()).await;
    assert_eq!(
        subjects(&newer),
        [vec![52, 51, 50], down(48, 41), down(39, 31)].concat()
    );
    let newest = page(&site, &grace, newer.newer.unwrap()).await;
    assert_eq!((subjects(&newest), newest.newer), (vec![53], None));
}

#[tokio::test]
async fn the_position_of_a_removed_entry_leads_to_its_neighbours() {
    let (site, grace) = moderated().await;
    let ids = add(&site, 1..=30, 7).await;
    let at = page(&site, &grace, Position::Newest).await.items[9].at;
    let cursor = Cursor { at, id: ids[20] };
    remove(&site, ids[20]).await;
    let older = page(&site, &grace, Position::Older(cursor)).await;
    assert_eq!(subjects(&older), down(20, 1));
    let newer = page(&site, &grace, Position::Newer(cursor)).await;
    assert_eq!(subjects(&newer), down(30, 22));
}

#[tokio::test]
async fn a_page_whose_entries_have_all_gone_leads_back() {
    let (site, grace) = moderated().await;
    let ids = add(&site, 1..=25, 1).await;
    let first = page(&site, &grace, Position::Newest).await;
    for id in &ids[..5] {
        remove(&site, *id).await;
    }
    let gone = page(&site, &grace, first.older.unwrap()).await;
    assert_eq!(
        (subjects(&gone), gone.newer, gone.older),
        (vec![], Some(Position::Newest), None)
    );
}
