//! Tests of who reads a post, and where it is listed, by its visibility and state.

use domain::{
    Scope,
    accounts::{administration, authors},
    data::{
        export::{self, Selection},
        import::{self, Numbers},
    },
    moderation,
    platform::{entity::post, list},
    posts::{
        self, author, feed,
        history::{self, WantedDifference},
        index::Addresses,
        social_preview, tags,
    },
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, Statement};
use shared::{
    error::AppError,
    forms::{Form, moderation::Hiding, post::PostForm},
    model::{
        account::{Role, Viewer},
        post::{DraftTarget, PostState, PostStatus, Visibility},
    },
};

use crate::site::{Site, migrations_since};

/// Returns every combination of visibility and state.
fn statuses() -> impl Iterator<Item = PostStatus> {
    let visibilities = Visibility::ALL.iter().copied();
    visibilities.flat_map(|visibility| {
        let states = PostState::ALL.iter().copied();
        states.map(move |state| PostStatus { visibility, state })
    })
}

/// Publishes a post of `author` with a tag. Returns its id.
async fn publish(site: &Site, author: &Viewer, title: &str) -> i64 {
    site.publish_about(author, title, "rust").await
}

async fn set(site: &Site, id: i64, PostStatus { visibility, state }: PostStatus) {
    let is_gone = matches!(state, PostState::Hidden | PostState::Deleted);
    let transaction = site.state.db.begin().await.unwrap();
    let row = post::ActiveModel {
        id: Set(id),
        visibility: Set(visibility),
        state: Set(state),
        deleted_at: Set(is_gone.then(|| site.state.clock.now())),
        hidden_because: Set((state == PostState::Hidden).then(|| "Spam".to_owned())),
        ..Default::default()
    };
    row.update(&transaction).await.unwrap();
    list::recount(&transaction).await.unwrap();
    site.state.db.commit(transaction).await.unwrap();
}

/// Publishes a post of `author` for each status. Returns their ids.
async fn publish_each(site: &Site, author: &Viewer) -> Vec<(i64, PostStatus)> {
    let mut posts = Vec::new();
    for status in statuses() {
        let id = publish(site, author, &format!("{status:?}")).await;
        set(site, id, status).await;
        posts.push((id, status));
    }
    posts
}

/// Returns the places that list the only post of ada to `reader`, with whether each does.
async fn places(scope: &Scope) -> Vec<(&'static str, bool)> {
    let all = posts::list(scope, 1).await.unwrap();
    let profile = author::profile(scope, "ada", 1).await.unwrap().posts;
    let tagged = posts::list_tagged(scope, "rust", 1).await;
    let authors = authors::list(scope, 1).await.unwrap();
    let found = authors::search(scope, "ada", 1).await.unwrap().items;
    let [ada] = found.as_slice() else {
        panic!("{found:?}")
    };
    let popular = tags::popular(scope).await.unwrap();
    let entries = async |source| match feed::read(scope, source).await {
        Ok(feed) => feed.entries.len(),
        Err(AppError::NotFound) => 0,
        Err(error) => panic!("{error:?}"),
    };
    let sitemap = async |list: Addresses| !list.batch(scope, 0, i64::MAX, 10).await.unwrap().0.is_empty();
    vec![
        ("home", !all.items.is_empty()),
        ("the number of posts", all.total > 0),
        ("the author's posts", !profile.items.is_empty()),
        ("the number of the author's posts", profile.total > 0),
        ("the tag", tagged.is_ok()),
        ("authors", !authors.items.is_empty()),
        ("the latest post of an author", ada.latest.is_some()),
        ("the count of an author", ada.posts > 0),
        ("popular tags", !popular.is_empty()),
        ("the feed", entries(feed::Source::Site).await > 0),
        (
            "the author's feed",
            entries(feed::Source::Author("ada".to_owned())).await > 0,
        ),
        (
            "the tag's feed",
            entries(feed::Source::Tag("rust".to_owned())).await > 0,
        ),
        ("the sitemap of posts", sitemap(Addresses::Posts).await),
        ("the sitemap of authors", sitemap(Addresses::Authors).await),
        ("the sitemap of tags", sitemap(Addresses::Tags).await),
    ]
}

/// A visitor, a member, a moderator, and the member ada.
struct Readers {
    visitor: Scope,
    member: Scope,
    moderator: Scope,
    author: Scope,
}

/// Registers the readers. Returns them and ada's viewer.
async fn readers(site: &Site) -> (Readers, Viewer) {
    let ada = site.member("ada").await;
    for name in ["grace", "hopper"] {
        site.member(name).await;
    }
    administration::set_role(&site.command_line(), "hopper", Role::Moderator)
        .await
        .unwrap();
    let readers = Readers {
        visitor: site.visitor(),
        member: site.signed_in("grace").await,
        moderator: site.signed_in("hopper").await,
        author: site.signed_in("ada").await,
    };
    (readers, ada)
}

#[tokio::test]
async fn a_post_is_listed_for_nobody_unless_it_is_public_and_published() {
    let site = Site::new().await;
    let (readers, ada) = readers(&site).await;
    let id = publish(&site, &ada, "A post").await;
    site.state.db.changes().watch(true);
    for status in statuses() {
        set(&site, id, status).await;
        let readers = [
            ("a visitor", &readers.visitor),
            ("a member", &readers.member),
            ("a moderator", &readers.moderator),
            ("the author", &readers.author),
        ];
        // The second time, they read from the cache.
        for (reader, scope) in [readers, readers].concat() {
            for (place, is_listed) in places(scope).await {
                assert_eq!(
                    is_listed,
                    status.is_listed(),
                    "{status:?} in {place} for {reader}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_post_that_is_not_listed_is_not_listed_by_editing_it() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for status in statuses() {
        let id = publish(&site, &ada, &format!("{status:?}")).await;
        set(&site, id, status).await;
        let edited = PostForm {
            title: "Edited".to_owned(),
            tags: "rust, looms".to_owned(),
            content: "text".to_owned(),
            ..PostForm::default()
        };
        let target = DraftTarget {
            post: Some(id),
            post_version: 1,
            ..DraftTarget::default()
        };
        let scope = site.visitor();
        let edited = posts::publish(&scope, &ada, target, edited.validate().unwrap()).await;
        let is_editable = matches!(status.state, PostState::Published | PostState::Held);
        assert_eq!(edited.is_ok(), is_editable, "{status:?}: {edited:?}");
        for (place, is_listed) in places(&scope).await {
            assert_eq!(is_listed, status.is_listed(), "{status:?} in {place}");
        }
        let looms = posts::list_tagged(&scope, "looms", 1).await;
        assert_eq!(looms.is_ok(), status.is_listed(), "{status:?}");
        post::Entity::delete_by_id(id)
            .exec(site.state.db.writer())
            .await
            .unwrap();
        let transaction = site.state.db.begin().await.unwrap();
        list::recount(&transaction).await.unwrap();
        site.state.db.commit(transaction).await.unwrap();
    }
}

#[tokio::test]
async fn a_post_and_all_that_shows_it_are_for_those_who_may_read_it() {
    use AppError::{Gone, NotFound, Removed, SignInRequired};

    let site = Site::new().await;
    let (readers, ada) = readers(&site).await;
    let id = publish(&site, &ada, "A post").await;
    let public = Scope::public(site.state.clone());
    history::set_public(&readers.author, &ada, id, true)
        .await
        .unwrap();
    site.state.db.changes().watch(true);
    let card = posts::read(&readers.visitor, id).await.unwrap().card;
    let preview = social_preview::path("Broadsheet", &card)
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    for status in statuses() {
        set(&site, id, status).await;
        let read = async |scope: &Scope| posts::read(scope, id).await.map(drop);
        let (visibility, state) = (status.visibility, status.state);
        let to_others = match state {
            PostState::Published => Ok(()),
            PostState::Held => Err(NotFound),
            PostState::Hidden => Err(Removed),
            PostState::Deleted => Err(Gone),
        };
        let by_member = match visibility {
            Visibility::Private => Err(NotFound),
            _ => to_others.clone(),
        };
        let by_visitor = match visibility {
            Visibility::Members => Err(SignInRequired),
            _ => by_member.clone(),
        };
        let by_moderator = match state {
            PostState::Held | PostState::Hidden => Ok(()),
            PostState::Published | PostState::Deleted => by_member.clone(),
        };
        let by_author = match state {
            PostState::Deleted => Err(Gone),
            _ => Ok(()),
        };
        let readers = [
            ("a visitor", &readers.visitor, &by_visitor),
            ("a member", &readers.member, &by_member),
            ("a moderator", &readers.moderator, &by_moderator),
            ("the author", &readers.author, &by_author),
        ];
        // The second time, they read from the cache.
        for (reader, scope, expected) in [readers, readers].concat() {
            assert_eq!(read(scope).await, *expected, "{status:?} by {reader}");
            let source = export::source(scope, id).await.map(drop);
            assert_eq!(source, *expected, "the source of {status:?} by {reader}");
            let history = history::read(scope, id, WantedDifference::default())
                .await
                .map(drop);
            assert_eq!(history, *expected, "the history of {status:?} by {reader}");
        }
        // The image is cached for everybody.
        let image = social_preview::read(&public, &preview).await.map(drop);
        assert_eq!(image, by_visitor, "the image of {status:?}");
    }
}

#[tokio::test]
async fn a_moderator_hides_no_post_that_they_may_not_read() {
    let site = Site::new().await;
    let (readers, ada) = readers(&site).await;
    let moderator = readers.moderator.require_viewer().await.unwrap();
    for status in statuses() {
        let id = publish(&site, &ada, &format!("{status:?}")).await;
        set(&site, id, status).await;
        let read = posts::read(&readers.moderator, id).await.map(drop);
        let hiding = Hiding {
            ground: shared::model::decision::Ground::default(),
            post: id,
            reason: "Spam".to_owned(),
        };
        let hidden = moderation::hide(&readers.moderator, &moderator, hiding).await;
        let expected = match status.state {
            PostState::Hidden => Err(AppError::Gone),
            _ => read,
        };
        assert_eq!(hidden, expected, "{status:?}");
    }
}

#[tokio::test]
async fn an_export_keeps_the_status_of_each_post() {
    let (site, other) = (Site::new().await, Site::new().await);
    let ada = site.member("ada").await;
    let before = publish_each(&site, &ada).await;
    let (from, to) = (site.command_line(), other.command_line());
    let people = export::people(&from, Selection::Site, 0).await.unwrap();
    let exported = export::posts(&from, Selection::Site, 0).await.unwrap();
    let own = export::posts(&from, Selection::Person(ada.id), 0).await.unwrap();
    assert_eq!(exported, own);
    let mut numbers = Numbers::default();
    import::people(&to, &mut numbers, people, true).await.unwrap();
    import::posts(&to, &mut numbers, exported).await.unwrap();
    import::finish(&to).await.unwrap();
    for (id, status) in before {
        let row = post::Entity::find_by_id(id)
            .one(other.state.db.reader())
            .await
            .unwrap()
            .unwrap();
        let after = PostStatus {
            visibility: row.visibility,
            state: row.state,
        };
        assert_eq!(after, status);
    }
    assert_eq!(posts::list(&other.visitor(), 1).await.unwrap().total, 1);
}

#[tokio::test]
async fn a_downgrade_hides_posts_that_are_not_public_and_deletes_none() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let before = publish_each(&site, &ada).await;
    let pool = site.state.db.writer().pool();
    Migrator::down(pool, Some(migrations_since("add_post_status")))
        .await
        .unwrap();
    for (id, status) in before {
        let statement = format!("SELECT deleted_at IS NULL, hidden_because FROM posts WHERE id = {id}");
        let statement = Statement::from_string(pool.get_database_backend(), statement);
        let row = pool.query_one_raw(statement).await.unwrap().unwrap();
        let is_shown: bool = row.try_get_by_index(0).unwrap();
        let reason: Option<String> = row.try_get_by_index(1).unwrap();
        assert_eq!(is_shown, status.is_listed(), "{status:?}");
        // The program of that time deletes what is in the trash after a month, but nothing that is hidden.
        let is_kept = !is_shown && status.state != PostState::Deleted;
        assert_eq!(reason.is_some(), is_kept, "{status:?}: {reason:?}");
    }
}

#[tokio::test]
async fn an_upgrade_gives_each_post_the_state_that_it_had() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let mut ids = Vec::new();
    for title in ["Shown", "Deleted", "Hidden", "Half hidden", "Later"] {
        ids.push(publish(&site, &ada, title).await);
    }
    let [shown, deleted, hidden, half, later] = ids[..] else {
        panic!("five posts")
    };
    let db = &site.state.db;
    let pool = db.writer().pool();
    Migrator::down(pool, Some(migrations_since("add_post_status")))
        .await
        .unwrap();
    let at = "'2026-01-01 00:00:00+00:00'";
    let old = |set: &str, id: i64| format!("UPDATE posts SET {set} WHERE id = {id}");
    for statement in [
        old(&format!("deleted_at = {at}"), deleted),
        old(&format!("deleted_at = {at}, hidden_because = 'Spam'"), hidden),
        // Half of what hiding a post did.
        old("hidden_because = 'Spam'", half),
    ] {
        db.writer().execute_unprepared(&statement).await.unwrap();
    }
    Migrator::up(pool, None).await.unwrap();
    let state = async |id: i64| {
        let row = post::Entity::find_by_id(id)
            .one(db.reader())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.visibility, Visibility::Public);
        let is_gone = matches!(row.state, PostState::Hidden | PostState::Deleted);
        assert_eq!(row.deleted_at.is_some(), is_gone, "{row:?}");
        row.state
    };
    assert_eq!(state(shown).await, PostState::Published);
    assert_eq!(state(deleted).await, PostState::Deleted);
    assert_eq!(state(hidden).await, PostState::Hidden);
    assert_eq!(state(half).await, PostState::Hidden);

    // A server of the version before deletes, hides and restores during a rolling update.
    for (set, id, expected) in [
        (format!("deleted_at = {at}"), later, PostState::Deleted),
        ("deleted_at = NULL".to_owned(), later, PostState::Published),
        (
            format!("deleted_at = {at}, hidden_because = 'Spam'"),
            later,
            PostState::Hidden,
        ),
        (
            "deleted_at = NULL, hidden_because = NULL".to_owned(),
            hidden,
            PostState::Published,
        ),
    ] {
        db.writer().execute_unprepared(&old(&set, id)).await.unwrap();
        assert_eq!(state(id).await, expected, "{set}");
    }
}
