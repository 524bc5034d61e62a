use super::*;

/// Opens a draft with the local draft "Restored", which an earlier page has left.
fn page_with_restored_draft() -> Page {
    let drafts = vec![left("left", "Restored", draft(5, 1))];
    let page = Page::open(&document("On the site", draft(5, 1)), drafts);
    assert_eq!(page.text, text("Restored"));
    assert!(page.effects.contains(&Effect::SetRestored(true)));
    page
}

#[test]
fn a_draft_that_is_up_to_date_is_restored_and_waits_for_an_answer() {
    let mut page = page_with_restored_draft();
    let moved = Effect::MoveDraft {
        from: key(draft(5, 1), "left"),
        to: key(draft(5, 1), "own"),
        draft: LocalDraft {
            open_at: START,
            ..left("own", "Restored", draft(5, 1)).1
        },
    };
    assert!(page.effects.contains(&moved));
    assert!(
        !page.has_removed(&key(draft(5, 1), "left")),
        "the browser may refuse to move it"
    );
    page.handle(Event::Changed);
    page.handle(Event::Online);
    assert_eq!(page.sent(), None);
    assert_eq!(page.machine.status, Status::Untouched);
}

#[test]
fn editing_a_restored_draft_accepts_it() {
    let mut page = page_with_restored_draft();
    page.type_text("Restored!");
    assert!(page.effects().contains(&Effect::SetRestored(false)));
    page.type_text("Restored");
    page.elapse();
    assert_eq!(page.sent(), Some("Restored"));
}

#[test]
fn a_restored_draft_is_saved_when_it_is_kept() {
    for event in [Event::RestoredKept, Event::SaveRequested] {
        let mut page = page_with_restored_draft();
        page.handle(event);
        assert!(page.effects().contains(&Effect::SetRestored(false)));
        assert_eq!(page.sent(), Some("Restored"));
    }
}

#[test]
fn a_restored_draft_can_be_discarded() {
    let mut page = page_with_restored_draft();
    page.effects();
    page.handle(Event::RestoredDiscarded);
    assert_eq!(page.text, text("On the site"));
    assert!(page.has_removed(&key(draft(5, 1), "own")));
    page.handle(Event::Changed);
    page.handle(Event::Online);
    assert_eq!(page.sent(), None);
}

#[test]
fn a_restored_draft_that_another_one_replaces_is_set_aside() {
    let drafts = vec![
        left("older", "Older", unsaved()),
        left("newer", "Newer", unsaved()),
    ];
    let mut page = Page::open(&EditorDocument::default(), drafts);
    assert_eq!(page.text, text("Newer"));
    page.handle(Event::OtherTaken {
        name: "aside".to_owned(),
    });
    assert!(page.effects.contains(&Effect::SetRestored(false)));
    assert_eq!(page.stored(&key(unsaved(), "aside")), Some("Newer"));
    assert_eq!(page.sent(), Some("Older"));
}

#[test]
fn a_draft_older_than_the_site_is_offered() {
    let drafts = vec![
        left("first", "Older", draft(5, 1)),
        left("second", "On the site", draft(5, 1)),
        left("third", "Old", draft(5, 1)),
    ];
    let page = Page::open(&document("On the site", draft(5, 2)), drafts);
    assert_eq!(page.text, text("On the site"));
    let third = key(draft(5, 1), "third");
    assert_eq!(page.other(), Some(("Old", &Origin::Browser(Some(third)))));
    assert_eq!(page.machine.other.as_ref().unwrap().more, 1);
    assert!(page.has_removed(&key(draft(5, 1), "second")));
}

#[test]
fn discarding_an_offered_draft_offers_the_next_one() {
    let drafts = vec![left("left", "Older", draft(5, 1))];
    let mut page = Page::open(&document("On the site", draft(5, 2)), drafts);
    page.effects();
    page.handle(Event::MineKept);
    assert!(page.has_removed(&key(draft(5, 1), "left")));
    assert_eq!(page.other(), None);
    assert!(page.effects().contains(&Effect::FindDrafts(key(draft(5, 2), ""))));
}

#[test]
fn a_new_text_that_was_left_becomes_a_draft_of_its_own() {
    let drafts = vec![left("left", "Another", unsaved())];
    let mut page = Page::open(&document("On the site", draft(5, 1)), drafts);
    assert_eq!(page.text, text("On the site"));
    page.handle(Event::OtherTaken {
        name: "aside".to_owned(),
    });
    assert_eq!(page.other(), None, "the site has the former text");
    assert_eq!(page.sent(), Some("Another"));
    assert_eq!(page.machine.sending.as_ref().unwrap().target, unsaved());
}

#[test]
fn text_that_is_nowhere_else_is_at_risk() {
    let mut page = Page::open_draft();
    page.type_text("Words");
    assert!(!page.machine.is_at_risk(Some(&page.text)));
    page.handle(Event::DraftStored {
        key: key(draft(5, 1), "own"),
        is_stored: false,
    });
    assert!(page.effects().contains(&Effect::SetStored(false)));
    assert!(page.machine.is_at_risk(Some(&page.text)));
    page.elapse();
    page.answer(2);
    assert!(!page.machine.is_at_risk(Some(&page.text)));
}

#[test]
fn a_page_that_is_left_stores_the_text_and_sends_it() {
    let mut page = Page::open_draft();
    page.type_text("Words");
    page.effects();
    page.handle(Event::Left);
    assert_eq!(page.stored(&key(draft(5, 1), "own")), Some("Words"));
    assert_eq!(page.sent(), Some("Words"));
    let expected = Effect::SetDraftOpenAt {
        key: key(draft(5, 1), "own"),
        at: page.now,
    };
    assert_eq!(page.effects().last(), Some(&expected));
}

#[test]
fn text_typed_during_a_save_is_stored_when_the_page_is_left() {
    let mut page = Page::open_draft();
    page.send("One");
    page.type_text("One, two");
    page.effects();
    page.handle(Event::Left);
    let stored = left("own", "One, two", draft(5, 1));
    let expected = Effect::StoreDraft {
        key: stored.0,
        draft: stored.1,
    };
    assert_eq!(page.effects(), [Effect::StopTimer, expected]);
}

#[test]
fn a_late_answer_removes_only_the_draft_that_was_sent() {
    let sent = || Sent {
        key: "key".to_owned(),
        target: draft(5, 1),
        text: text("Sent"),
    };
    let (same, newer) = (text("Sent"), text("Sent, and more"));
    let removed = Some(Effect::RemoveDraft("key".to_owned()));
    assert_eq!(after_leaving(sent(), true, Some(&same)), removed);
    assert_eq!(after_leaving(sent(), true, None), removed);
    assert_eq!(after_leaving(sent(), true, Some(&newer)), None);
    assert_eq!(after_leaving(sent(), false, Some(&newer)), None);
    let expected = Effect::SetDraftOpenAt {
        key: "key".to_owned(),
        at: LEFT,
    };
    assert_eq!(after_leaving(sent(), false, Some(&same)), Some(expected));
    let stored = Effect::StoreDraft {
        key: "key".to_owned(),
        draft: left("own", "Sent", draft(5, 1)).1,
    };
    assert_eq!(after_leaving(sent(), false, None), Some(stored));
}
