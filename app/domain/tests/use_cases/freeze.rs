//! Tests of freezing accounts.

use domain::{
    Scope,
    accounts::{administration, settings},
    comments,
    media::{avatars, inline_images},
    moderation,
    posts::{self, drafts, history, preview_links, trash},
};
use image::ImageFormat;
use shared::{
    error::AppError,
    forms::{
        Form,
        comment::{CommentForm, EditedComment, HiddenComment},
        moderation::{FreezeForm, NewFreeze},
        post::PostForm,
        settings::ProfileForm,
    },
    model::{
        account::{Role, Viewer},
        comment::{Commenting, CommentsPosition, Discussion},
        post::DraftTarget,
    },
};
use time::Duration;

use crate::{
    picture::{encoded, halves},
    site::Site,
};

fn seven_days(username: &str, reason: &str) -> NewFreeze {
    let form = FreezeForm {
        ground: String::new(),
        username: username.to_owned(),
        days: "7".to_owned(),
        reason: reason.to_owned(),
    };
    form.validate().unwrap()
}

/// Returns a site with the member "ada" and the moderator "mary", and the scope of the latter.
async fn moderated() -> (Site, Viewer, Scope, Viewer) {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    site.member("mary").await;
    administration::set_role(&site.command_line(), "mary", Role::Moderator)
        .await
        .unwrap();
    let scope = site.signed_in("mary").await;
    let mary = scope.require_viewer().await.unwrap();
    site.mails().await;
    (site, ada, scope, mary)
}

fn text(title: &str) -> PostForm {
    PostForm {
        title: title.to_owned(),
        content: "Some words.".to_owned(),
        ..PostForm::default()
    }
}

async fn publish(site: &Site, author: &Viewer, title: &str) -> Result<i64, AppError> {
    let new = text(title).validate().unwrap();
    let published = posts::publish(&site.visitor(), author, DraftTarget::default(), new).await;
    published.map(|post| post.id)
}

fn square() -> Vec<u8> {
    encoded(&halves(60, 60), ImageFormat::Png)
}

fn comment(post: i64, content: &str) -> CommentForm {
    CommentForm {
        post,
        content: content.to_owned(),
        ..CommentForm::default()
    }
}

#[tokio::test]
async fn whose_account_is_frozen_reads_and_deletes_but_publishes_nothing() {
    let (site, ada, moderator, mary) = moderated().await;
    let post = publish(&site, &ada, "Before").await.unwrap();
    let say = async |content: &str| {
        let new = comment(post, content).validate().unwrap();
        comments::create(&site.visitor(), &ada, new)
            .await
            .map(|link| link.id)
    };
    let before = say("Before").await.unwrap();
    moderation::freeze(&moderator, &mary, seven_days("ada", "Quarrels"))
        .await
        .unwrap();

    let scope = site.signed_in("ada").await;
    assert!(scope.require_viewer().await.unwrap().is_frozen);
    assert_eq!(publish(&site, &ada, "After").await, Err(AppError::Frozen));
    assert_eq!(say("After").await, Err(AppError::Frozen));
    let profile = ProfileForm {
        username: "ada".to_owned(),
        email: "ada@example.org".to_owned(),
        about: Some("Buy this".to_owned()),
        ..ProfileForm::default()
    };
    let changed = settings::change_profile(&scope, &ada, profile.validate().unwrap()).await;
    assert_eq!(changed.map(drop), Err(AppError::Frozen));
    let saved = drafts::save(
        &scope,
        &ada,
        DraftTarget::default(),
        text("A draft").draft().unwrap(),
    );
    let draft = saved.await.unwrap().target.draft.unwrap();
    let link = preview_links::create(&scope, &ada, draft, String::new()).await;
    assert_eq!(link, Err(AppError::Frozen));
    let Discussion::Shown(page) = comments::of_post(&scope, post, CommentsPosition::default())
        .await
        .unwrap()
    else {
        panic!("the comments are not shown");
    };
    assert_eq!(page.commenting, Commenting::Frozen);
    assert_eq!(
        settings::read(&scope, &ada).await.unwrap().freeze.unwrap().reason,
        "Quarrels"
    );

    comments::delete(&scope, &ada, before).await.unwrap();
    trash::delete(&scope, &ada, post).await.unwrap();
    let restored = trash::restore(&scope, &ada, post).await;
    assert_eq!(restored.map(drop), Err(AppError::Frozen));
    let mail = site.mail().await;
    assert!(
        mail.text.contains("for 7 days") && mail.text.contains("Quarrels"),
        "{mail:?}"
    );
}

#[tokio::test]
async fn a_frozen_account_may_change_its_address_alone() {
    let (site, ada, moderator, mary) = moderated().await;
    moderation::freeze(&moderator, &mary, seven_days("ada", "Quarrels"))
        .await
        .unwrap();
    let scope = site.signed_in("ada").await;
    let profile = ProfileForm {
        username: "ada".to_owned(),
        email: "new@example.org".to_owned(),
        current_password: "ada-secret!".into(),
        ..ProfileForm::default()
    };
    let changed = settings::change_profile(&scope, &ada, profile.validate().unwrap()).await;
    assert_eq!(changed, Ok(settings::Changed::CheckMail));
}

#[tokio::test]
async fn a_freeze_ends_by_itself_or_by_a_moderator() {
    let (site, ada, moderator, mary) = moderated().await;
    let freeze = async || moderation::freeze(&moderator, &mary, seven_days("ada", "Quarrels")).await;
    freeze().await.unwrap();
    site.mail().await;
    // The form was sent twice.
    freeze().await.unwrap();
    assert!(site.mails().await.is_empty());
    let position = shared::model::position::Position::Newest;
    let shown = moderation::overview(&moderator, &mary, position).await.unwrap();
    assert_eq!(shown.frozen.len(), 1);

    site.state.clock.advance(Duration::days(7) - Duration::minutes(1));
    assert_eq!(moderation::end_freezes(&site.job()).await.unwrap(), 0);
    assert_eq!(publish(&site, &ada, "Too early").await, Err(AppError::Frozen));
    site.state.clock.advance(Duration::minutes(2));
    assert_eq!(moderation::end_freezes(&site.job()).await.unwrap(), 1);
    publish(&site, &ada, "In time").await.unwrap();

    freeze().await.unwrap();
    moderation::unfreeze(&moderator, &mary, "ada").await.unwrap();
    let mails = site.mails().await;
    assert!(
        mails.iter().any(|mail| mail.subject.contains("no longer frozen")),
        "{mails:?}"
    );
    publish(&site, &ada, "Unfrozen").await.unwrap();
    let again = moderation::unfreeze(&moderator, &mary, "ada").await;
    assert_eq!(again, Err(AppError::NotFound));
}

#[tokio::test]
async fn only_who_outranks_a_user_freezes_their_account() {
    let (site, ada, moderator, mary) = moderated().await;
    let scope = site.signed_in("ada").await;
    let refused = moderation::freeze(&scope, &ada, seven_days("mary", "Revenge")).await;
    assert_eq!(refused, Err(AppError::RoleRequired));
    let own = moderation::freeze(&moderator, &mary, seven_days("mary", "Rest")).await;
    assert_eq!(own, Err(AppError::RoleRequired));
    let nobody = moderation::freeze(&moderator, &mary, seven_days("nobody", "x")).await;
    assert_eq!(nobody, Err(AppError::NotFound));
    for days in ["", "0", "91", "-1", "many"] {
        let form = FreezeForm {
            ground: String::new(),
            username: "ada".to_owned(),
            days: days.to_owned(),
            reason: "x".to_owned(),
        };
        assert!(form.validate().is_err(), "{days}");
    }
}

#[tokio::test]
async fn every_way_to_change_what_others_see_is_closed_to_a_frozen_account() {
    let (site, ada, moderator, mary) = moderated().await;
    let post = publish(&site, &ada, "Before").await.unwrap();
    let target = DraftTarget {
        post: Some(post),
        post_version: 1,
        ..DraftTarget::default()
    };
    // Later changes keep the text before them.
    site.state.clock.advance(Duration::minutes(10));
    let edited = text("Changed").validate().unwrap();
    posts::publish(&site.visitor(), &ada, target, edited)
        .await
        .unwrap();
    let trashed = publish(&site, &ada, "Trashed").await.unwrap();
    trash::delete(&site.visitor(), &ada, trashed).await.unwrap();
    let said = comment(post, "Words").validate().unwrap();
    let said = comments::create(&site.visitor(), &ada, said).await.unwrap().id;
    let other = site.member("grace").await;
    let theirs = comment(post, "Others").validate().unwrap();
    let theirs = comments::create(&site.visitor(), &other, theirs)
        .await
        .unwrap()
        .id;
    let scope = site.signed_in("ada").await;
    let saved = drafts::save(
        &scope,
        &ada,
        DraftTarget::default(),
        text("Shared").draft().unwrap(),
    );
    let draft = saved.await.unwrap().target.draft.unwrap();
    preview_links::create(&scope, &ada, draft, String::new())
        .await
        .unwrap();
    let links = preview_links::list(&scope, &ada, draft).await.unwrap().links;
    let token = links[0].link.as_ref().unwrap().rsplit('/').next().unwrap();
    moderation::freeze(&moderator, &mary, seven_days("ada", "Quarrels"))
        .await
        .unwrap();

    let target = DraftTarget {
        post_version: 2,
        ..target
    };
    let again = text("Again").validate().unwrap();
    let permit = avatars::reserve(&scope, &ada).await.unwrap();
    let avatar = avatars::change(&scope, &ada, permit, square()).await;
    let hidden = HiddenComment {
        ground: shared::model::decision::Ground::default(),
        comment: theirs,
        reason: "x".to_owned(),
    };
    let edit = EditedComment {
        comment: said,
        version: 1,
        content: "Other words".to_owned(),
    };
    let image = inline_images::reserve(&scope, &ada).await.unwrap();
    let refused = [
        posts::publish(&scope, &ada, target, again).await.map(drop),
        history::restore(&scope, &ada, post, 1, 2).await.map(drop),
        history::set_public(&scope, &ada, post, true).await,
        trash::restore(&scope, &ada, trashed).await.map(drop),
        avatar,
        inline_images::add(&scope, &ada, image, square()).await.map(drop),
        comments::update(&scope, &ada, edit).await.map(drop),
        comments::close(&scope, &ada, post).await.map(drop),
        comments::pin(&scope, &ada, theirs).await.map(drop),
        comments::hide(&scope, &ada, hidden).await.map(drop),
    ];
    for (number, answer) in refused.into_iter().enumerate() {
        assert_eq!(answer, Err(AppError::Frozen), "{number}");
    }
    let shared = preview_links::read(&site.visitor(), token).await;
    assert_eq!(shared.map(drop), Err(AppError::BadToken));

    // Drafts are saved, also of what is published, and what was written is deleted.
    let opened = drafts::open_post(&scope, &ada, post).await.unwrap();
    assert_eq!(opened.title, "Changed");
    let kept = drafts::save(&scope, &ada, target, text("Later").draft().unwrap());
    kept.await.unwrap();
    history::erase(&scope, &ada, post, 1).await.unwrap();
    avatars::remove(&scope, &ada).await.unwrap();
}
