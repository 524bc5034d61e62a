//! Tests of reports and cases.

use super::*;

#[tokio::test]
async fn all_reports_about_a_text_are_one_case_that_a_moderator_closes() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let comment = scene.comment(post).await;
    let target = ReportTarget::Comment(comment);
    for (name, content) in [("ada", "Rude"), ("linus", "Really rude"), ("ada", "Very rude")] {
        let scope = scene.site.signed_in(name).await;
        let asked = reports::question(&scope, target.clone()).await.unwrap();
        assert_eq!((asked.subject.as_str(), asked.is_guest), ("Nonsense", false));
        reports::report(&scope, report(target.clone(), content))
            .await
            .unwrap();
    }
    let open = scene.overview().await.cases;
    assert_eq!(open.len(), 1);
    assert_eq!(
        (open[0].reports, open[0].grounds.as_slice()),
        (2, &[Ground::Spam][..])
    );
    assert_eq!(open[0].subject.username.as_deref(), Some("grace"));
    let (mary, viewer) = &scene.mary;
    let page = cases::read(mary, viewer, open[0].id).await.unwrap();
    let said: Vec<_> = page
        .reports
        .iter()
        .map(|report| report.content.as_str())
        .collect();
    assert_eq!(said, ["Really rude", "Very rude"]);
    assert_eq!(page.html, "<p>Nonsense</p>\n");
    let member = scene.site.signed_in("grace").await;
    assert_eq!(
        cases::read(&member, &scene.grace, open[0].id).await.map(drop),
        Err(AppError::RoleRequired)
    );
    for _ in 0..2 {
        cases::close(mary, viewer, open[0].id).await.unwrap();
    }
    assert!(scene.overview().await.cases.is_empty());
    assert_eq!(scene.overview().await.records.items[0].action.words(), "closed");
    // It is opened again.
    let linus = scene.site.signed_in("linus").await;
    reports::report(&linus, report(target, "Still rude"))
        .await
        .unwrap();
    assert_eq!(scene.overview().await.cases[0].id, open[0].id);
}

#[tokio::test]
async fn a_case_that_is_claimed_is_left_to_its_moderator_for_a_quarter_of_an_hour() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let linus = scene.site.signed_in("linus").await;
    reports::report(&linus, report(ReportTarget::Post(post), "Lies"))
        .await
        .unwrap();
    let id = scene.overview().await.cases[0].id;
    let ((mary, mary_viewer), (joan, joan_viewer)) = (&scene.mary, &scene.joan);
    cases::claim(mary, mary_viewer, id).await.unwrap();
    assert!(cases::read(mary, mary_viewer, id).await.unwrap().is_mine);
    let theirs = cases::read(joan, joan_viewer, id).await.unwrap();
    assert_eq!(
        (theirs.is_mine, theirs.case.claimed_by.as_deref()),
        (false, Some("mary"))
    );
    assert_eq!(cases::claim(joan, joan_viewer, id).await, Err(AppError::Claimed));
    assert_eq!(cases::close(joan, joan_viewer, id).await, Err(AppError::Claimed));
    scene.site.state.clock.advance(Duration::minutes(16));
    cases::claim(joan, joan_viewer, id).await.unwrap();
    cases::close(joan, joan_viewer, id).await.unwrap();
    assert_eq!(cases::claim(mary, mary_viewer, id).await, Err(AppError::Claimed));
}

#[tokio::test]
async fn nobody_reports_their_own_or_what_they_cannot_read() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let ada = scene.site.signed_in("ada").await;
    for target in [ReportTarget::Post(post), ReportTarget::User("Ada".to_owned())] {
        let own = reports::report(&ada, report(target, "x")).await;
        assert_eq!(own, Err(AppError::Forbidden));
    }
    for target in [
        ReportTarget::Post(99),
        ReportTarget::Comment(99),
        ReportTarget::User("nobody".to_owned()),
    ] {
        let nothing = reports::report(&ada, report(target, "x")).await;
        assert_eq!(nothing, Err(AppError::NotFound));
    }
}

#[tokio::test]
async fn a_visitor_reports_illegal_content_and_is_told_of_the_decision() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let form = ReportForm {
        post: Some(post),
        kind: "illegal".to_owned(),
        report_content: "Against the law".to_owned(),
        email: "Reader@example.net".to_owned(),
        ..ReportForm::default()
    };
    let visitor = scene.site.visitor();
    assert!(reports::question(&visitor, form.target()).await.unwrap().is_guest);
    for (form, field, problem) in [
        (
            ReportForm {
                kind: "spam".to_owned(),
                ..form.clone()
            },
            Field::Kind,
            FieldProblem::NotAChoice,
        ),
        (
            ReportForm {
                email: String::new(),
                ..form.clone()
            },
            Field::Email,
            FieldProblem::Required,
        ),
    ] {
        let refused = reports::report(&visitor, form.validate().unwrap()).await;
        assert_eq!(refused, Err(FieldErrors::one(field, problem).into()));
    }
    reports::report(&visitor, form.validate().unwrap()).await.unwrap();
    let receipt = scene.site.mail().await;
    assert_eq!(receipt.to, "Reader@example.net");
    let link = format!("https://example.org/post/{post}");
    assert!(receipt.text.contains(&link), "{}", receipt.text);
    let hide = HideForm {
        post,
        ground: "illegal".to_owned(),
        reason: "It is".to_owned(),
    };
    moderation::hide(&scene.mary.0, &scene.mary.1, hide.validate().unwrap())
        .await
        .unwrap();
    let mails = scene.site.mails().await;
    let told = mails.iter().find(|mail| mail.to == "Reader@example.net").unwrap();
    assert!(told.text.contains("They have acted on it"), "{}", told.text);
    let rows = report::Entity::find()
        .all(scene.site.state.db.reader())
        .await
        .unwrap();
    assert!(rows.iter().all(|row| row.email.is_none()));
    // The author does not learn who it was.
    let to_author = mails.iter().find(|mail| mail.to == "ada@example.org").unwrap();
    assert!(
        !to_author.text.to_lowercase().contains("reader"),
        "{}",
        to_author.text
    );
}

#[tokio::test]
async fn visitors_report_once_a_day_with_an_address_and_members_ten_times() {
    let site = Site::with(
        RegistrationMode::Open,
        Limited::SETTINGS.map(|name, setting| {
            let rates = if name.starts_with("report") {
                setting.default
            } else {
                "10000/1s"
            };
            rates.parse().unwrap()
        }),
    )
    .await;
    let scene = Scene::on(site).await;
    let post = scene.post().await;
    let guest = NewReport {
        ground: Ground::Illegal,
        email: Some(shared::forms::Email::parse("reader@example.net").unwrap()),
        ..report(ReportTarget::Post(post), "x")
    };
    let visitor = scene.site.visitor();
    reports::report(&visitor, guest.clone()).await.unwrap();
    let again = reports::report(&visitor, guest).await;
    assert!(matches!(again, Err(AppError::Throttled(_))), "{again:?}");
    let linus = scene.site.signed_in("linus").await;
    for _ in 0..10 {
        reports::report(&linus, report(ReportTarget::Post(post), "x"))
            .await
            .unwrap();
    }
    let more = reports::report(&linus, report(ReportTarget::Post(post), "x")).await;
    assert!(matches!(more, Err(AppError::Throttled(_))), "{more:?}");
}

#[tokio::test]
async fn three_trusted_reporters_hold_a_text_of_a_new_member_and_of_nobody_else() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let comment = scene.comment(post).await;
    trusted(&scene, &scene.ada).await;
    for name in ["karl", "rosa", "linus", "ada"] {
        if name == "karl" || name == "rosa" {
            let person = scene.site.member(name).await;
            trusted(&scene, &person).await;
        }
        let scope = scene.site.signed_in(name).await;
        let target = ReportTarget::Comment(comment);
        reports::report(&scope, report(target, "Rude")).await.unwrap();
        let own = comments::read(&scene.site.signed_in("grace").await, comment, None)
            .await
            .unwrap()
            .comment;
        // Linus is new himself.
        let is_held = name == "ada";
        assert_eq!(own.state == CommentState::Held, is_held, "{name}");
        assert_eq!(own.held_because.is_some(), is_held);
        if is_held {
            assert_eq!(own.held_because, Some(HoldReason::Reported));
        }
        if name != "ada" {
            let scope = scene.site.signed_in(name).await;
            reports::report(&scope, report(ReportTarget::Post(post), "Lies"))
                .await
                .unwrap();
        }
    }
    let mary = scene.site.signed_in("mary").await;
    reports::report(&mary, report(ReportTarget::Post(post), "Lies"))
        .await
        .unwrap();
    assert!(posts::read(&scene.site.visitor(), post).await.is_ok());
    assert_eq!(
        comments::drift(scene.site.state.db.reader()).await.unwrap(),
        Drift::default()
    );
}

async fn trusted(scene: &Scene, person: &Viewer) {
    let row = user::ActiveModel {
        id: Set(person.id),
        trust: Set(TrustLevel::Trusted),
        ..Default::default()
    };
    row.update(scene.site.state.db.writer()).await.unwrap();
}

#[tokio::test]
async fn a_moderator_neither_sees_nor_decides_what_was_reported_about_themselves() {
    let scene = Scene::new().await;
    let ada = scene.site.signed_in("ada").await;
    reports::report(&ada, report(ReportTarget::User("mary".to_owned()), "Unfair"))
        .await
        .unwrap();
    let ((mary, mary_viewer), (joan, joan_viewer)) = (&scene.mary, &scene.joan);
    assert!(scene.overview().await.cases.is_empty());
    let open = moderation::overview(joan, joan_viewer, Position::Newest)
        .await
        .unwrap();
    let id = open.cases[0].id;
    for refused in [
        cases::read(mary, mary_viewer, id).await.map(drop),
        cases::claim(mary, mary_viewer, id).await,
        cases::close(mary, mary_viewer, id).await,
    ] {
        assert_eq!(refused, Err(AppError::NotFound));
    }
    // Another moderator has the same role.
    assert!(!cases::read(joan, joan_viewer, id).await.unwrap().may_act);
    assert_eq!(
        cases::close(joan, joan_viewer, id).await,
        Err(AppError::RoleRequired)
    );
}

#[tokio::test]
async fn a_case_does_not_show_what_its_author_has_taken_back() {
    let scene = Scene::new().await;
    let (first, second) = (scene.post().await, scene.post_called("Off to the mill").await);
    let linus = scene.site.signed_in("linus").await;
    for post in [first, second] {
        reports::report(&linus, report(ReportTarget::Post(post), "Lies"))
            .await
            .unwrap();
    }
    trash::delete(&scene.site.visitor(), &scene.ada, first)
        .await
        .unwrap();
    let target = DraftTarget {
        post: Some(second),
        post_version: 1,
        ..DraftTarget::default()
    };
    let form = PostForm {
        title: "Secret".to_owned(),
        content: "For me".to_owned(),
        visibility: Visibility::Private.name().to_owned(),
        ..PostForm::default()
    };
    posts::publish(
        &scene.site.visitor(),
        &scene.ada,
        target,
        form.validate().unwrap(),
    )
    .await
    .unwrap();
    let (mary, viewer) = &scene.mary;
    let open = scene.overview().await.cases;
    assert_eq!(open.len(), 2);
    for case in open {
        assert_eq!(case.subject.words, "A post that is not on the site");
        assert_eq!(cases::read(mary, viewer, case.id).await.unwrap().html, "");
    }
}

#[tokio::test]
async fn while_a_case_is_claimed_another_moderator_does_not_act_on_it() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let comment = scene.comment(post).await;
    let linus = scene.site.signed_in("linus").await;
    reports::report(&linus, report(ReportTarget::Comment(comment), "Rude"))
        .await
        .unwrap();
    let ((mary, mary_viewer), (joan, joan_viewer)) = (&scene.mary, &scene.joan);
    let id = scene.overview().await.cases[0].id;
    cases::claim(mary, mary_viewer, id).await.unwrap();
    let other = comments::hide(joan, joan_viewer, hidden(comment)).await;
    assert_eq!(other.map(drop), Err(AppError::Claimed));
    comments::hide(mary, mary_viewer, hidden(comment)).await.unwrap();
    // Its author may always delete theirs.
    let another = scene.comment_again(post).await;
    reports::report(&linus, report(ReportTarget::Comment(another), "Rude"))
        .await
        .unwrap();
    let id = scene.overview().await.cases[0].id;
    cases::claim(mary, mary_viewer, id).await.unwrap();
    comments::delete(&scene.site.visitor(), &scene.grace, another)
        .await
        .unwrap();
    assert!(scene.overview().await.cases.is_empty());
}

#[tokio::test]
async fn the_numbers_of_each_month_are_public() {
    let scene = Scene::new().await;
    let post = scene.post().await;
    let comment = scene.comment(post).await;
    let linus = scene.site.signed_in("linus").await;
    reports::report(&linus, report(ReportTarget::Comment(comment), "Rude"))
        .await
        .unwrap();
    let ((mary, mary_viewer), (joan, joan_viewer)) = (&scene.mary, &scene.joan);
    comments::hide(mary, mary_viewer, hidden(comment)).await.unwrap();
    let id = scene.decisions(&scene.grace).await[0].id;
    let visitor = scene.site.visitor();
    decisions::appeal(&visitor, &scene.grace, appeal(id, "No"))
        .await
        .unwrap();
    appeals::decide(joan, joan_viewer, decided(id, "reverse"))
        .await
        .unwrap();
    let months = moderation::transparency(&visitor).await.unwrap();
    assert_eq!(months.len(), 1);
    let month = &months[0];
    assert_eq!(month.number_of(Act::HideComment), 1);
    assert_eq!(month.number_of(Act::Warn), 0);
    assert_eq!((month.reports, month.appeals, month.reversed), (1, 1, 1));
    assert_eq!(month.month.len(), "2026-12".len());
}
