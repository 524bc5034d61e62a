use super::*;

#[test]
fn a_pause_in_typing_saves_the_text() {
    let mut page = Page::open(&EditorDocument::default(), Vec::new());
    page.type_text("Some words");
    assert_eq!(page.machine.status, Status::Waiting);
    assert_eq!(page.stored(&key(unsaved(), "own")), Some("Some words"));
    assert_eq!(page.elapse(), save::PAUSE);
    assert_eq!(page.sent(), Some("Some words"));
    page.effects();
    page.answer(1);
    assert_eq!(page.machine.status, Status::Saved(page.now));
    assert_eq!(page.machine.target, draft(5, 1));
    assert!(page.has_removed(&key(unsaved(), "own")));
    let effects = page.effects();
    assert!(effects.contains(&Effect::SetTarget(draft(5, 1))));
    assert!(effects.contains(&Effect::ShowAddress(draft(5, 1).path())));
}

#[test]
fn typing_without_a_pause_saves_after_a_while() {
    let mut page = Page::open_draft();
    for number in 0..11 {
        page.type_text(&format!("Word {number}"));
        assert_eq!(page.sent(), None);
        page.wait(1.0);
    }
    page.type_text("Word 11");
    assert_eq!(page.sent(), Some("Word 11"));
}

#[test]
fn text_typed_during_a_save_is_saved_afterwards() {
    let mut page = Page::open_draft();
    page.send("One");
    page.type_text("One, two");
    page.elapse();
    assert_eq!(page.sent(), Some("One"), "one request at a time");
    page.answer(2);
    assert_eq!(page.machine.status, Status::Waiting);
    assert_eq!(page.stored(&key(draft(5, 2), "own")), Some("One, two"));
    page.elapse();
    assert_eq!(page.sent(), Some("One, two"));
    assert_eq!(page.machine.sending.as_ref().unwrap().target, draft(5, 2));
}

#[test]
fn text_that_is_changed_back_is_not_saved() {
    let mut page = Page::open_draft();
    page.type_text("On the site!");
    page.effects();
    page.type_text("On the site");
    assert_eq!(page.machine.status, Status::Untouched);
    assert!(page.has_removed(&key(draft(5, 1), "own")));
    page.handle(Event::TimerElapsed);
    assert_eq!(page.sent(), None);
}

#[test]
fn an_empty_text_is_never_reported() {
    let mut page = Page::open_draft();
    for empty in ["", " \n"] {
        page.type_text(empty);
        page.elapse();
        assert_eq!(page.sent(), None);
        assert_eq!(page.machine.status, Status::Waiting);
    }
    assert!(
        !page
            .effects()
            .iter()
            .any(|effect| matches!(effect, Effect::SetProblem(_)))
    );
    // Unless somebody asks for it to be saved.
    page.handle(Event::SaveRequested);
    let required = FieldErrors::one(Field::Content, FieldProblem::Required);
    assert_eq!(page.effects(), [Effect::SetProblem(Some(required.into()))]);
}

#[test]
fn a_text_that_cannot_be_saved_is_reported_and_stored() {
    let mut page = Page::open_draft();
    page.text.title = "x".repeat(151);
    page.handle(Event::Changed);
    page.elapse();
    assert_eq!(page.sent(), None);
    assert!(matches!(
        page.machine.status,
        Status::Unsaved(AppError::Invalid(_))
    ));
    assert!(page.stored(&key(draft(5, 1), "own")).is_some());
}

#[test]
fn a_failed_save_is_repeated_after_eight_seconds_or_when_the_site_says() {
    for (error, seconds) in [
        (AppError::Unreachable, 8),
        (AppError::Internal, 8),
        (AppError::SignInRequired, 8),
        (AppError::Throttled(3), 8),
        (AppError::Throttled(60), 60),
    ] {
        let mut page = Page::open_draft();
        page.send("Words");
        page.refuse(error.clone());
        assert_eq!(page.machine.status, Status::Unsaved(error));
        assert_eq!(page.stored(&key(draft(5, 1), "own")), Some("Words"));
        // Typing does not repeat it earlier.
        page.wait(20.0);
        page.type_text("More words");
        assert_eq!(page.sent(), None);
        let delay = page.elapse();
        assert_eq!(delay, Duration::from_secs(seconds).max(save::RETRY));
        assert_eq!(page.sent(), Some("More words"));
    }
}

#[test]
fn a_save_that_can_never_succeed_is_not_repeated() {
    let mut page = Page::open_draft();
    page.send("Words");
    page.refuse(AppError::Forbidden);
    assert!(!page.machine.is_timer_running);
}

#[test]
fn an_outdated_page_keeps_the_text_and_saves_again_only_when_asked() {
    let mut page = Page::open_draft();
    page.send("Words");
    page.refuse(AppError::Outdated);
    page.type_text("More words");
    page.handle(Event::Online);
    page.wait(60.0);
    page.type_text("Even more words");
    page.handle(Event::Hidden);
    assert_eq!(page.sent(), None);
    assert!(!page.machine.is_timer_running);
    assert_eq!(page.machine.status, Status::Unsaved(AppError::Outdated));
    let own = key(draft(5, 1), "own");
    assert_eq!(page.stored(&own), Some("Even more words"));
    assert!(!page.has_removed(&own));
    page.handle(Event::SaveRequested);
    assert_eq!(page.sent(), Some("Even more words"));
    page.refuse(AppError::Outdated);
    assert_eq!(page.machine.status, Status::Unsaved(AppError::Outdated));
    assert!(!page.machine.is_timer_running);
}

#[test]
fn what_an_outdated_page_has_kept_is_saved_after_a_reload() {
    let mut page = Page::open_draft();
    page.send("Words");
    page.refuse(AppError::Outdated);
    page.type_text("More words");
    page.effects();
    page.handle(Event::Hidden);
    let draft = page.effects().into_iter().find_map(|effect| match effect {
        Effect::StoreDraft { key, draft } => Some((key, draft)),
        _ => None,
    });
    let mut page = Page::open(&document("On the site", super::draft(5, 1)), vec![draft.unwrap()]);
    assert_eq!(page.text.content, "More words");
    page.handle(Event::RestoredKept);
    assert_eq!(page.sent(), Some("More words"));
}

#[test]
fn a_connection_that_is_back_saves_at_once() {
    let mut page = Page::open_draft();
    page.send("Words");
    page.refuse(AppError::Unreachable);
    page.handle(Event::Online);
    assert_eq!(page.sent(), Some("Words"));
    assert!(!page.machine.is_timer_running);
}

#[test]
fn saving_on_request_does_not_wait() {
    let mut page = Page::open_draft();
    page.type_text("Words");
    page.handle(Event::SaveRequested);
    assert_eq!(page.sent(), Some("Words"));
    assert!(page.effects().contains(&Effect::SetProblem(None)));
}
