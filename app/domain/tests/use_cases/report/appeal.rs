//! Tests of decisions and appeals.

use super::*;

#[tokio::test]
async fn a_hidden_comment_has_a_reason_an_appeal_and_another_moderator() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let comment = scene.comment(post).await;
    let linus = scene.site.signed_in("linus").await;
    reports::report(&linus, report(ReportTarget::Comment(comment), "Rude"))
        .await
        .unwrap();
    let ((mary, mary_viewer), (joan, joan_viewer)) = (&scene.mary, &scene.joan);
    comments::hide(mary, mary_viewer, hidden(comment)).await.unwrap();
    assert!(scene.overview().await.cases.is_empty());
    let mail = scene.site.mail().await;
    assert_eq!(mail.to, "grace@example.org");
    assert!(mail.text.contains("It insults her"), "{}", mail.text);
    assert!(mail.text.contains("https://example.org/account/appeals"));
    assert!(!mail.text.contains("linus"), "{}", mail.text);
    let made = scene.decisions(&scene.grace).await;
    assert_eq!(made.len(), 1);
    assert_eq!(
        (made[0].act, made[0].ground),
        (Act::HideComment, Ground::Harassment)
    );
    assert_eq!(made[0].facts, "It insults her");
    assert!(made[0].is_appealable);
    assert_eq!(
        trust_of(&scene, "grace").await,
        (TrustLevel::New, TrustReason::Upheld)
    );

    let (own, id) = (scene.site.signed_in("grace").await, made[0].id);
    let others = decisions::appeal(&own, &scene.ada, appeal(id, "x")).await;
    assert_eq!(others, Err(AppError::NotFound));
    for _ in 0..2 {
        // The form is sent twice.
        decisions::appeal(&own, &scene.grace, appeal(id, "It was a joke"))
            .await
            .unwrap();
    }
    let again = decisions::appeal(&own, &scene.grace, appeal(id, "Another word")).await;
    assert_eq!(again, Err(AppError::Conflict));
    let waiting = scene.overview().await.appeals;
    assert_eq!((waiting.len(), waiting[0].may_decide), (1, false));
    assert!(appeals::read(joan, joan_viewer, id).await.unwrap().may_decide);
    let by_mary = appeals::decide(mary, mary_viewer, decided(id, "reverse")).await;
    assert_eq!(by_mary, Err(AppError::OwnDecision));
    appeals::decide(joan, joan_viewer, decided(id, "reverse"))
        .await
        .unwrap();
    let late = appeals::decide(joan, joan_viewer, decided(id, "keep")).await;
    assert_eq!(late, Err(AppError::NotFound));

    let shown = comments::read(&scene.site.visitor(), comment, None)
        .await
        .unwrap();
    assert_eq!(shown.comment.html, "<p>Nonsense</p>\n");
    assert_eq!(
        comments::drift(scene.site.state.db.reader()).await.unwrap(),
        Drift::default()
    );
    let mail = scene.site.mail().await;
    assert!(mail.text.contains("has granted your appeal"), "{}", mail.text);
    assert!(mail.text.contains("You are right"));
    let outcome = scene.decisions(&scene.grace).await[0]
        .appeal
        .clone()
        .unwrap()
        .outcome;
    assert!(outcome.unwrap().is_reversed);
    assert_eq!(
        trust_of(&scene, "grace").await,
        (TrustLevel::Trusted, TrustReason::Given)
    );
}

async fn trust_of(scene: &Scene, name: &str) -> (TrustLevel, TrustReason) {
    let person = administration::find(&scene.site.command_line(), name)
        .await
        .unwrap();
    (person.trust, person.trust_because)
}

#[tokio::test]
async fn every_act_is_a_decision_and_a_granted_appeal_undoes_it() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let (mary, viewer) = &scene.mary;
    let (username, reason) = ("ada".to_owned(), "Quarrels".to_owned());
    let hide = HideForm {
        post,
        ground: "copyright".to_owned(),
        reason: reason.clone(),
    };
    moderation::hide(mary, viewer, hide.validate().unwrap())
        .await
        .unwrap();
    let warning = WarnForm {
        username: username.clone(),
        ground: "spam".to_owned(),
        reason: reason.clone(),
    };
    moderation::warn(mary, viewer, warning.validate().unwrap())
        .await
        .unwrap();
    let freeze = FreezeForm {
        username: username.clone(),
        days: "7".to_owned(),
        ground: String::new(),
        reason: reason.clone(),
    };
    moderation::freeze(mary, viewer, freeze.validate().unwrap())
        .await
        .unwrap();
    let suspension = SuspendForm {
        username,
        ground: String::new(),
        reason,
    };
    moderation::suspend(mary, viewer, suspension.validate().unwrap())
        .await
        .unwrap();
    let made = scene.decisions(&scene.ada).await;
    let acts: Vec<_> = made
        .iter()
        .map(|decision| (decision.act, decision.ground))
        .collect();
    assert_eq!(
        acts,
        [
            (Act::Suspend, Ground::Other),
            (Act::Freeze, Ground::Other),
            (Act::Warn, Ground::Spam),
            (Act::HidePost, Ground::Copyright)
        ]
    );
    let lasts = made[1].until.unwrap() - made[1].created_at;
    assert_eq!(lasts.whole_days(), 7);
    let (joan, joan_viewer) = &scene.joan;
    for decision in &made {
        let own = scene.site.visitor();
        decisions::appeal(&own, &scene.ada, appeal(decision.id, "No"))
            .await
            .unwrap();
        appeals::decide(joan, joan_viewer, decided(decision.id, "reverse"))
            .await
            .unwrap();
    }
    let person = administration::find(&scene.site.command_line(), "ada")
        .await
        .unwrap();
    assert!(person.suspended_because.is_none() && person.frozen_until.is_none());
    assert!(posts::read(&scene.site.visitor(), post).await.is_ok());
}

#[tokio::test]
async fn an_appeal_that_is_refused_or_comes_too_late_changes_nothing() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let (first, second) = (scene.comment(post).await, scene.comment_again(post).await);
    let ((mary, mary_viewer), (joan, joan_viewer)) = (&scene.mary, &scene.joan);
    for comment in [first, second] {
        comments::hide(mary, mary_viewer, hidden(comment)).await.unwrap();
    }
    let made = scene.decisions(&scene.grace).await;
    let own = scene.site.visitor();
    decisions::appeal(&own, &scene.grace, appeal(made[0].id, "No"))
        .await
        .unwrap();
    appeals::decide(joan, joan_viewer, decided(made[0].id, "keep"))
        .await
        .unwrap();
    let hidden = comments::read(&scene.site.visitor(), second, None).await.unwrap();
    assert_eq!(hidden.comment.state, CommentState::Hidden);
    scene.site.state.clock.advance(Duration::days(184));
    assert!(!scene.decisions(&scene.grace).await[1].is_appealable);
    let late = decisions::appeal(&own, &scene.grace, appeal(made[1].id, "No")).await;
    assert_eq!(late, Err(AppError::NotFound));
}

#[tokio::test]
async fn where_there_is_one_moderator_they_decide_about_their_own_decisions() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let comment = scene.comment(post).await;
    let (mary, viewer) = &scene.mary;
    comments::hide(mary, viewer, hidden(comment)).await.unwrap();
    administration::set_role(&scene.site.command_line(), "joan", Role::Member)
        .await
        .unwrap();
    let id = scene.decisions(&scene.grace).await[0].id;
    decisions::appeal(&scene.site.visitor(), &scene.grace, appeal(id, "No"))
        .await
        .unwrap();
    assert!(scene.overview().await.appeals[0].may_decide);
    appeals::decide(mary, viewer, decided(id, "reverse"))
        .await
        .unwrap();
    let rows = decision::Entity::find()
        .all(scene.site.state.db.reader())
        .await
        .unwrap();
    assert!(rows.iter().all(|row| row.is_reversed));
}

#[tokio::test]
async fn a_granted_appeal_does_not_undo_what_was_decided_later() {
    let scene = Scene::new().await;
    let (mary, viewer) = &scene.mary;
    let suspend = async |reason: &str| {
        let form = SuspendForm {
            username: "ada".to_owned(),
            ground: String::new(),
            reason: reason.to_owned(),
        };
        moderation::suspend(mary, viewer, form.validate().unwrap())
            .await
            .unwrap();
    };
    suspend("Quarrels").await;
    let first = scene.decisions(&scene.ada).await[0].id;
    moderation::reinstate(mary, viewer, "ada").await.unwrap();
    suspend("Worse quarrels").await;
    decisions::appeal(&scene.site.visitor(), &scene.ada, appeal(first, "No"))
        .await
        .unwrap();
    let (joan, joan_viewer) = &scene.joan;
    appeals::decide(joan, joan_viewer, decided(first, "reverse"))
        .await
        .unwrap();
    let person = administration::find(&scene.site.command_line(), "ada")
        .await
        .unwrap();
    assert_eq!(person.suspended_because.as_deref(), Some("Worse quarrels"));
}

#[tokio::test]
async fn when_an_account_is_deleted_its_decisions_lose_their_texts_and_still_count() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let comment = scene.comment(post).await;
    let (mary, viewer) = &scene.mary;
    comments::hide(mary, viewer, hidden(comment)).await.unwrap();
    let id = scene.decisions(&scene.grace).await[0].id;
    let visitor = scene.site.visitor();
    decisions::appeal(&visitor, &scene.grace, appeal(id, "It was a joke"))
        .await
        .unwrap();
    administration::delete(&scene.site.command_line(), "grace")
        .await
        .unwrap();
    assert!(scene.overview().await.appeals.is_empty());
    let months = moderation::transparency(&visitor).await.unwrap();
    assert_eq!(months[0].number_of(Act::HideComment), 1);
    let row = decision::Entity::find_by_id(id)
        .one(scene.site.state.db.reader())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((row.user_id, row.appeal), (None, None));
    assert_eq!((row.subject, row.facts), (String::new(), String::new()));
}
