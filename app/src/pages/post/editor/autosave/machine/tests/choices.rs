use super::*;

/// Opens a draft that was changed elsewhere after it was opened here, whose other version has been loaded.
fn page_with_conflict() -> Page {
    let mut page = Page::open_draft();
    page.send("Mine");
    page.refuse(AppError::Conflict);
    assert!(page.effects().contains(&Effect::LoadOther(draft(5, 1))));
    page.load(draft(5, 1), document("Theirs", draft(5, 2)));
    assert_eq!(page.other(), Some(("Theirs", &Origin::Site)));
    page
}

#[test]
fn nothing_is_saved_before_the_choice() {
    let mut page = page_with_conflict();
    page.type_text("Mine, and more");
    page.elapse();
    assert_eq!(page.sent(), None);
    assert_eq!(page.stored(&key(draft(5, 1), "own")), Some("Mine, and more"));
    page.effects();
    page.handle(Event::SaveRequested);
    assert_eq!(page.effects(), [Effect::FocusOther]);
}

#[test]
fn the_text_in_the_form_can_be_kept() {
    let mut page = page_with_conflict();
    page.handle(Event::MineKept);
    assert_eq!(page.other(), None);
    assert_eq!(page.sent(), Some("Mine"));
    assert_eq!(page.machine.sending.as_ref().unwrap().target, draft(5, 2));
}

#[test]
fn the_other_version_can_be_taken_and_given_back() {
    let mut page = page_with_conflict();
    page.effects();
    page.handle(Event::OtherTaken {
        name: "aside".to_owned(),
    });
    let aside = key(draft(5, 2), "aside");
    assert_eq!(page.text, text("Theirs"));
    assert_eq!(page.sent(), None, "the site has it");
    assert_eq!(page.stored(&aside), Some("Mine"));
    assert_eq!(
        page.other(),
        Some(("Mine", &Origin::Browser(Some(aside.clone()))))
    );

    page.effects();
    page.handle(Event::OtherTaken {
        name: "again".to_owned(),
    });
    assert_eq!(page.text, text("Mine"));
    assert_eq!(page.sent(), Some("Mine"));
    assert!(page.has_removed(&aside));
}

#[test]
fn a_text_that_was_set_aside_but_not_stored_would_be_lost() {
    let mut page = page_with_conflict();
    page.handle(Event::OtherTaken {
        name: "aside".to_owned(),
    });
    assert!(!page.machine.is_at_risk(Some(&page.text)));
    page.handle(Event::DraftStored {
        key: key(draft(5, 2), "aside"),
        is_stored: false,
    });
    assert_eq!(page.other(), Some(("Mine", &Origin::Browser(None))));
    assert!(page.machine.is_at_risk(Some(&page.text)));
}

#[test]
fn a_draft_that_has_gone_can_be_kept_as_a_new_one() {
    let mut page = Page::open_draft();
    page.send("Mine");
    page.refuse(AppError::Conflict);
    page.handle(Event::OtherLoaded {
        target: draft(5, 1),
        document: Box::new(Err(AppError::NotFound)),
    });
    assert_eq!(page.other(), Some(("", &Origin::Gone)));
    page.handle(Event::MineKept);
    assert_eq!(page.sent(), Some("Mine"));
    assert_eq!(page.machine.sending.as_ref().unwrap().target, unsaved());
}

#[test]
fn another_version_that_cannot_be_loaded_is_asked_for_again() {
    let mut page = Page::open_draft();
    page.send("Mine");
    page.refuse(AppError::Conflict);
    page.handle(Event::OtherLoaded {
        target: draft(5, 1),
        document: Box::new(Err(AppError::Unreachable)),
    });
    assert_eq!(page.machine.status, Status::Unsaved(AppError::Unreachable));
    assert_eq!(page.elapse(), save::RETRY);
    assert_eq!(page.sent(), Some("Mine"));
}

#[test]
fn an_answer_after_a_choice_does_not_offer_the_version_again() {
    let mut page = page_with_conflict();
    page.handle(Event::MineKept);
    page.load(draft(5, 1), document("Theirs", draft(5, 2)));
    assert_eq!(page.other(), None);
    assert_eq!(page.machine.target, draft(5, 2));
}

#[test]
fn a_conflict_of_the_former_version_after_a_choice_is_none() {
    let mut page = Page::open_draft();
    page.send("Mine");
    page.refuse(AppError::Conflict);
    // Typing goes on before the other version arrives.
    page.send("Mine, and more");
    page.load(draft(5, 1), document("Theirs", draft(5, 2)));
    page.handle(Event::MineKept);
    page.effects();
    page.refuse(AppError::Conflict);
    let effects = page.effects();
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::LoadOther(_)))
    );
    assert_eq!(page.other(), None);
    page.elapse();
    assert_eq!(page.machine.sending.as_ref().unwrap().target, draft(5, 2));
}

#[test]
fn a_save_that_is_answered_after_another_text_was_taken_does_not_receive_it() {
    let mut page = Page::open_draft();
    let new = left("left", "A new text", unsaved());
    page.handle(Event::DraftsFound(vec![new]));
    page.send("On the site, changed");
    page.handle(Event::OtherTaken {
        name: "aside".to_owned(),
    });
    assert_eq!(page.machine.target, unsaved());
    assert!(
        page.effects()
            .contains(&Effect::ShowAddress(paths::NEW_POST.to_owned()))
    );
    page.answer(2);
    assert_eq!(page.machine.target, unsaved(), "the draft 5 keeps its own text");
    page.elapse();
    assert_eq!(page.sent(), Some("A new text"));
    assert_eq!(page.machine.sending.as_ref().unwrap().target, unsaved());
}
