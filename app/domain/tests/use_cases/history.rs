//! Tests of the history of posts.

use domain::{
    Scope,
    accounts::administration,
    posts::{self, drafts, history, history::WantedDifference},
};
use sea_orm::ConnectionTrait;
use shared::{
    error::AppError,
    forms::{Form, post::PostForm},
    model::{
        account::{Role, Viewer},
        history::{Change, Passage, PostHistory, Segment},
        post::DraftTarget,
    },
};
use time::Duration;

use crate::site::Site;

fn form(content: &str, note: &str) -> PostForm {
    PostForm {
        title: "On mills".to_owned(),
        content: content.to_owned(),
        change_note: note.to_owned(),
        ..PostForm::default()
    }
}

/// Publishes `content` as the next version of the post `id`.
async fn update(site: &Site, author: &Viewer, id: i64, content: &str, note: &str) {
    let scope = site.visitor();
    let target = DraftTarget {
        post: Some(id),
        post_version: drafts::open_post(&scope, author, id)
            .await
            .unwrap()
            .target
            .post_version,
        ..DraftTarget::default()
    };
    let new = form(content, note).validate().unwrap();
    posts::publish(&scope, author, target, new).await.unwrap();
}

/// Publishes a post and then one version of it each hour. Returns its id.
async fn versions(site: &Site, author: &Viewer, contents: &[&str]) -> i64 {
    let (first, rest) = contents.split_first().unwrap();
    let new = form(first, "").validate().unwrap();
    let published = posts::publish(&site.visitor(), author, DraftTarget::default(), new).await;
    let id = published.unwrap().id;
    for content in rest {
        site.state.clock.advance(Duration::hours(1));
        update(site, author, id, content, "").await;
    }
    id
}

async fn read(scope: &Scope, id: i64) -> Result<PostHistory, AppError> {
    history::read(scope, id, WantedDifference::default()).await
}

fn numbers(history: &PostHistory) -> Vec<i64> {
    history.versions.iter().map(|version| version.number).collect()
}

/// Returns the words of `passages` that were changed in this way.
fn words(passages: &[Passage], change: Change) -> Vec<&str> {
    let lines = passages.iter().filter_map(|passage| match passage {
        Passage::Line(line) => Some(line),
        Passage::Unchanged(_) => None,
    });
    let changed = lines
        .flatten()
        .filter(|segment: &&Segment| segment.change == change);
    changed.map(|segment| segment.text.as_str()).collect()
}

#[tokio::test]
async fn every_change_keeps_the_text_that_was_there_before() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = versions(&site, &ada, &["The old mill stands.", "The new mill stands."]).await;
    site.state.clock.advance(Duration::hours(1));
    update(&site, &ada, id, "The new mill stood.", "It is a ruin now").await;

    let scope = site.signed_in("ada").await;
    let shown = read(&scope, id).await.unwrap();
    assert_eq!(numbers(&shown), [3, 2, 1]);
    assert_eq!(shown.versions[0].note, "It is a ruin now");
    assert_eq!((shown.difference.from, shown.difference.to), (Some(2), 3));
    assert_eq!(words(&shown.difference.passages, Change::Deleted), ["stands"]);
    assert_eq!(words(&shown.difference.passages, Change::Inserted), ["stood"]);

    let wanted = WantedDifference {
        from: Some(1),
        to: Some(3),
        since: None,
    };
    let all = history::read(&scope, id, wanted).await.unwrap().difference;
    assert_eq!(words(&all.passages, Change::Deleted), ["old", "stands"]);
    let wanted = WantedDifference {
        from: None,
        to: Some(1),
        since: None,
    };
    let first = history::read(&scope, id, wanted).await.unwrap().difference;
    assert_eq!(
        (first.from, words(&first.passages, Change::Same)),
        (None, vec!["The old mill stands."])
    );
    assert_eq!(
        posts::read(&site.visitor(), id).await.unwrap().change_note,
        "It is a ruin now"
    );
}

#[tokio::test]
async fn versions_that_do_not_exist_have_no_difference() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = versions(&site, &ada, &["one", "two"]).await;
    let scope = site.signed_in("ada").await;
    for (from, to) in [
        (None, Some(0)),
        (None, Some(3)),
        (Some(2), Some(1)),
        (Some(1), Some(1)),
        (Some(0), Some(2)),
        (Some(i64::MIN), Some(i64::MAX)),
    ] {
        let wanted = WantedDifference {
            from,
            to,
            since: None,
        };
        let refused = history::read(&scope, id, wanted).await;
        assert_eq!(refused, Err(AppError::NotFound), "{from:?} {to:?}");
    }
    assert_eq!(read(&scope, id + 1).await, Err(AppError::NotFound));
}

#[tokio::test]
async fn small_changes_within_five_minutes_are_one() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = versions(&site, &ada, &["one", "two"]).await;
    for (content, note) in [("twö", "A typo"), ("tvö", ""), ("två", "")] {
        site.state.clock.advance(Duration::minutes(2));
        update(&site, &ada, id, content, note).await;
    }
    let scope = site.signed_in("ada").await;
    let shown = read(&scope, id).await.unwrap();
    // The third change came six minutes after the text before was replaced.
    assert_eq!(numbers(&shown), [5, 4, 1]);
    assert_eq!(shown.versions[1].note, "A typo");

    site.state.clock.advance(Duration::minutes(1));
    update(&site, &ada, id, &"another text ".repeat(20), "").await;
    assert_eq!(
        numbers(&read(&scope, id).await.unwrap()),
        [6, 5, 4, 1],
        "a large change"
    );
}

#[tokio::test]
async fn a_note_alone_makes_no_version_of_the_text() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = versions(&site, &ada, &["one", "two"]).await;
    site.state.clock.advance(Duration::hours(1));
    update(&site, &ada, id, "two", "It counts on").await;
    let shown = read(&site.signed_in("ada").await, id).await.unwrap();
    assert_eq!(shown.versions.len(), 2);
    assert_eq!(shown.versions[0].note, "It counts on");
}

#[tokio::test]
async fn a_hundred_long_versions_are_kept_and_no_more() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let long = |number: usize| format!("{number} {}", "word ".repeat(19_990));
    let id = versions(&site, &ada, &[&long(0)]).await;
    for number in 1..=25 {
        site.state.clock.advance(Duration::hours(1));
        update(&site, &ada, id, &long(number), "").await;
    }
    for number in 26..=140 {
        site.state.clock.advance(Duration::days(32));
        update(&site, &ada, id, &number.to_string(), "").await;
    }
    let shown = read(&site.signed_in("ada").await, id).await.unwrap();
    // The present version is one more.
    assert_eq!(shown.versions.len(), 101);
    assert_eq!(shown.versions.last().unwrap().number, 1);
    let wanted = WantedDifference {
        from: Some(1),
        to: None,
        since: None,
    };
    let whole = history::read(&site.signed_in("ada").await, id, wanted)
        .await
        .unwrap();
    assert!(words(&whole.difference.passages, Change::Deleted).concat().len() > 99_000);
}

#[tokio::test]
async fn a_restored_version_is_a_new_one_and_leaves_the_draft_alone() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = versions(&site, &ada, &["one", "two"]).await;
    let scope = site.signed_in("ada").await;
    let target = drafts::open_post(&scope, &ada, id).await.unwrap().target;
    drafts::save(&scope, &ada, target, form("a draft", "").draft().unwrap())
        .await
        .unwrap();

    history::restore(&scope, &ada, id, 1, 2).await.unwrap();
    assert_eq!(posts::read(&scope, id).await.unwrap().html, "<p>one</p>\n");
    let shown = read(&scope, id).await.unwrap();
    assert_eq!(numbers(&shown), [3, 2, 1]);
    assert_eq!(shown.versions[0].note, "Restored version 1");
    let draft = drafts::open_post(&scope, &ada, id).await.unwrap();
    assert_eq!(draft.content, "a draft");
}

#[tokio::test]
async fn of_two_who_restore_at_once_the_second_is_told_of_the_first() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = versions(&site, &ada, &["one", "two", "three"]).await;
    let scope = site.signed_in("ada").await;
    let (first, second) = tokio::join!(
        history::restore(&scope, &ada, id, 1, 3),
        history::restore(&scope, &ada, id, 2, 3)
    );
    let refused = [first.is_ok(), second.is_ok()];
    assert_eq!(refused.into_iter().filter(|is_ok| *is_ok).count(), 1);
    assert!([first, second].contains(&Err(AppError::Conflict)));
    assert_eq!(numbers(&read(&scope, id).await.unwrap()), [4, 3, 2, 1]);
}

#[tokio::test]
async fn the_history_is_seen_by_the_author_and_moderators_until_the_author_shows_it() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    site.member("eve").await;
    administration::set_role(&site.command_line(), "eve", Role::Moderator)
        .await
        .unwrap();
    let id = versions(&site, &ada, &["one", "two"]).await;
    let seen = async |who: &Scope| read(who, id).await.map(|history| history.may_change);
    let visitor = site.visitor();
    let (own, other, moderator) = (
        site.signed_in("ada").await,
        site.signed_in("grace").await,
        site.signed_in("eve").await,
    );
    assert_eq!(seen(&own).await, Ok(true));
    assert_eq!(seen(&moderator).await, Ok(false));
    assert_eq!(seen(&other).await, Err(AppError::Forbidden));
    assert_eq!(seen(&visitor).await, Err(AppError::SignInRequired));

    for refused in [
        history::set_public(&other, &grace, id, true).await,
        history::restore(&other, &grace, id, 1, 2).await.map(drop),
        history::restore(&other, &grace, id, 7, 2).await.map(drop),
        history::erase(&other, &grace, id, 1).await,
        history::erase(&other, &grace, id, 7).await,
    ] {
        assert_eq!(refused, Err(AppError::Forbidden));
    }
    history::set_public(&own, &ada, id, true).await.unwrap();
    assert_eq!(seen(&other).await, Ok(false));
    assert_eq!(seen(&visitor).await, Ok(false));
    assert!(posts::read(&visitor, id).await.unwrap().is_history_public);

    posts::trash::delete(&own, &ada, id).await.unwrap();
    for who in [&own, &other, &moderator, &visitor] {
        assert_eq!(seen(who).await, Err(AppError::Gone));
    }
}

#[tokio::test]
async fn a_reader_sees_what_has_changed_since_a_time() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let begun_at = site.state.clock.now().unix_timestamp();
    let id = versions(&site, &ada, &["one", "two", "three", "four"]).await;
    let scope = site.signed_in("ada").await;
    for (since, from) in [
        (begun_at - 1, 1),
        (begun_at, 1),
        (begun_at + 3_599, 1),
        (begun_at + 3_600, 2),
        (begun_at + 7_300, 3),
        // Nothing has changed since then, so the last change is shown.
        (begun_at + 99_999, 3),
        (i64::MAX, 3),
        (i64::MIN, 1),
    ] {
        let wanted = WantedDifference {
            since: Some(since),
            ..WantedDifference::default()
        };
        let shown = history::read(&scope, id, wanted).await.unwrap().difference;
        assert_eq!((shown.from, shown.to), (Some(from), 4), "{since}");
    }
}

#[tokio::test]
async fn an_erased_version_is_gone_and_the_others_stay() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = versions(&site, &ada, &["one", "a secret", "three"]).await;
    let scope = site.signed_in("ada").await;
    history::erase(&scope, &ada, id, 2).await.unwrap();
    let shown = read(&scope, id).await.unwrap();
    assert_eq!(numbers(&shown), [3, 1]);
    assert_eq!(words(&shown.difference.passages, Change::Deleted), ["one"]);
    for number in [2, 3, 0, i64::MAX] {
        let missing = history::erase(&scope, &ada, id, number).await;
        assert_eq!(missing, Err(AppError::NotFound), "{number}");
    }
    assert_eq!(
        history::restore(&scope, &ada, id, 2, 3).await.map(drop),
        Err(AppError::NotFound)
    );
}

#[tokio::test]
async fn an_erased_version_is_overwritten_in_the_database() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    // So long that SQLite keeps it on pages of its own.
    let secret = "the password is swordfish ".repeat(1_000);
    let id = versions(&site, &ada, &[&secret, "two"]).await;
    let is_stored = || String::from_utf8_lossy(&site.stored()).contains("swordfish");
    assert!(is_stored());
    history::erase(&site.signed_in("ada").await, &ada, id, 1)
        .await
        .unwrap();
    if !site.is_postgres() {
        // SQLite does this by itself when its log has grown.
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let writer = site.state.db.writer();
        writer.execute_unprepared(checkpoint).await.unwrap();
    }
    assert!(!is_stored());
}
