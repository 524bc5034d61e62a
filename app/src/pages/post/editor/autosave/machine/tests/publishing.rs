use super::*;

#[test]
fn nothing_is_saved_while_the_text_is_being_published() {
    let mut page = Page::open_draft();
    page.type_text("Words");
    page.handle(Event::PublishingBegan);
    assert!(page.effects().contains(&Effect::LockFields(true)));
    assert!(!page.machine.is_timer_running);
    page.wait(60.0);
    for event in [
        Event::Changed,
        Event::Online,
        Event::TimerElapsed,
        Event::SaveRequested,
    ] {
        page.handle(event);
        assert_eq!(page.sent(), None);
    }
}

#[test]
fn after_publishing_nothing_is_saved_and_the_local_draft_is_removed() {
    let mut page = Page::open_draft();
    page.type_text("Words");
    page.handle(Event::PublishingBegan);
    page.handle(Event::Published);
    assert!(page.has_removed(&key(draft(5, 1), "own")));
    page.effects();
    page.wait(60.0);
    page.type_text("Words after that");
    for event in [Event::Online, Event::SaveRequested, Event::Hidden, Event::Left] {
        page.handle(event);
    }
    assert_eq!(page.sent(), None);
    assert!(!page.machine.is_at_risk(Some(&page.text)));
    assert!(page.stored(&key(draft(5, 1), "own")).is_none());
    assert!(page.has_removed(&key(draft(5, 1), "own")));
}

#[test]
fn saving_goes_on_after_publishing_failed() {
    let mut page = Page::open_draft();
    page.type_text("Words");
    page.handle(Event::PublishingBegan);
    page.handle(Event::PublishingFailed);
    assert!(page.effects.contains(&Effect::LockFields(false)));
    page.elapse();
    assert_eq!(page.sent(), Some("Words"));
}

#[test]
fn publishing_again_after_a_conflict_overwrites_the_version_that_is_shown() {
    let mut page = Page::open_draft();
    page.type_text("Mine");
    for version in [2, 3] {
        page.handle(Event::PublishingBegan);
        page.handle(Event::PublishingFailed);
        page.handle(Event::ProblemChanged { is_conflict: true });
        let before = draft(5, version - 1);
        assert!(page.effects().contains(&Effect::LoadOther(before)));
        page.load(before, document("Theirs", draft(5, version)));
        assert_eq!(page.machine.target, draft(5, version));
        assert!(page.effects.contains(&Effect::SetTarget(draft(5, version))));
        assert_eq!(page.other(), Some(("Theirs", &Origin::Site)));
    }
}

#[test]
fn a_conflict_of_autosave_does_not_make_publishing_conflict_for_ever() {
    let mut page = Page::open_draft();
    page.send("Mine");
    page.refuse(AppError::Conflict);
    page.load(draft(5, 1), document("Theirs", draft(5, 2)));
    assert_eq!(
        page.machine.target,
        draft(5, 1),
        "publishing would not be a choice yet"
    );

    page.handle(Event::PublishingBegan);
    page.handle(Event::PublishingFailed);
    page.handle(Event::ProblemChanged { is_conflict: true });
    page.load(draft(5, 1), document("Theirs", draft(5, 2)));
    assert!(page.effects().contains(&Effect::SetTarget(draft(5, 2))));
    assert_eq!(page.stored(&key(draft(5, 2), "own")), None);
}

#[test]
fn a_choice_cannot_be_made_while_the_text_is_being_published() {
    let mut page = Page::open_draft();
    page.send("Mine");
    page.refuse(AppError::Conflict);
    page.load(draft(5, 1), document("Theirs", draft(5, 2)));
    page.handle(Event::PublishingBegan);
    page.effects();
    page.handle(Event::MineKept);
    page.handle(Event::OtherTaken {
        name: "aside".to_owned(),
    });
    assert_eq!(page.effects(), []);
    assert_eq!(page.other(), Some(("Theirs", &Origin::Site)));
    // It can be made afterwards.
    page.handle(Event::PublishingFailed);
    page.handle(Event::MineKept);
    assert_eq!(page.sent(), Some("Mine"));
    assert_eq!(page.machine.target, draft(5, 2));
}

#[test]
fn a_restored_draft_outlives_a_conflict() {
    let drafts = vec![left("left", "Restored", draft(5, 1))];
    let mut page = Page::open(&document("On the site", draft(5, 1)), drafts);
    page.handle(Event::PublishingBegan);
    page.handle(Event::PublishingFailed);
    page.handle(Event::ProblemChanged { is_conflict: true });
    page.effects();
    page.load(draft(5, 1), document("Theirs", draft(5, 2)));
    assert_eq!(page.stored(&key(draft(5, 2), "own")), Some("Restored"));
    page.handle(Event::MineKept);
    assert_eq!(page.sent(), Some("Restored"));
}
