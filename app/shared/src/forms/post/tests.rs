use super::*;

fn form(title: &str, content: &str) -> PostForm {
    PostForm {
        title: title.to_owned(),
        content: content.to_owned(),
        ..PostForm::default()
    }
}

fn checked(title: &str, content: &str) -> Result<NewPost, FieldErrors> {
    form(title, content).validate()
}

#[test]
fn a_title_is_one_line_of_at_most_150_characters() {
    assert!(checked(&"é".repeat(150), "text").is_ok());
    for bad in [
        "",
        "  ",
        "\u{200b}\u{200b}",
        "\u{202e} \u{feff}",
        "a\nb",
        "a\u{7}b",
        &"é".repeat(151),
    ] {
        let errors = checked(bad, "text").expect_err(bad);
        assert!(errors.for_field(Field::Title).is_some() && errors.for_field(Field::Content).is_none());
    }
}

#[test]
fn content_is_kept_to_the_character() {
    let hostile = "  \u{202e}zalgo\u{0301}\u{0301} 👩‍👩‍👧 <script> & \u{feff}\ttab";
    assert_eq!(
        checked("t", hostile).map(|post| post.content),
        Ok(hostile.to_owned())
    );
}

#[test]
fn line_breaks_of_a_browser_become_line_feeds() {
    assert_eq!(
        checked("t", "a\r\nb\nc").map(|post| post.content),
        Ok("a\nb\nc".to_owned())
    );
}

#[test]
fn content_is_required_and_bounded() {
    assert!(checked("t", " \r\n\t").is_err());
    assert!(checked("t", &"a".repeat(CONTENT_MAX)).is_ok());
    assert!(checked("t", &"a".repeat(CONTENT_MAX + 1)).is_err());
}

#[test]
fn a_text_that_was_longer_may_stay_as_long() {
    let long = |length: usize| PostForm {
        content_max: 100_010,
        ..form("t", &"é".repeat(length))
    };
    assert!(long(100_010).validate().is_ok() && long(100_010).draft().is_ok());
    let refused = long(100_011);
    for errors in [refused.validate().map(drop), refused.draft().map(drop)] {
        let error = errors
            .expect_err("too long")
            .for_field(Field::Content)
            .map(|error| error.problem);
        assert_eq!(error, Some(FieldProblem::TooLong(100_010)));
    }
    let less = PostForm {
        content_max: 5,
        ..form("t", &"a".repeat(CONTENT_MAX))
    };
    assert!(less.validate().is_ok());
}

#[test]
fn a_text_is_scheduled_for_a_time_in_a_time_zone() {
    let scheduled = |publish_at: &str| {
        let form = PostForm {
            intent: Intent::Schedule,
            publish_at: publish_at.to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            ..form("t", "text")
        };
        form.submission()
    };
    for good in ["2026-12-24T18:00", "2026-12-24 18:00", " 2026-12-24T18:00 "] {
        let submission = scheduled(good).expect(good);
        let EditorSubmission::Schedule(_, time) = submission else {
            panic!("{good}");
        };
        assert_eq!(time.clock.date(), time::macros::date!(2026 - 12 - 24), "{good}");
    }
    for bad in [
        "",
        "tomorrow",
        "2026-13-01 10:00",
        "2026-12-24",
        "2026-12-24 25:00",
    ] {
        let errors = scheduled(bad).expect_err(bad);
        assert!(errors.for_field(Field::PublishAt).is_some(), "{bad}");
    }
    let untitled = PostForm {
        intent: Intent::Schedule,
        ..form("", "text")
    };
    let errors = untitled.submission().expect_err("nothing is right");
    for field in [Field::Title, Field::PublishAt, Field::TimeZone] {
        assert!(errors.for_field(field).is_some(), "{field:?}");
    }
}

#[test]
fn a_draft_may_lack_a_title_or_a_text_but_not_both() {
    assert!(form("", "text").draft().is_ok());
    assert!(form("A title", "").draft().is_ok());
    assert!(form(" ", "\r\n").draft().is_err());
    assert!(form("a\nb", "text").draft().is_err());
    assert!(form("", &"é".repeat(CONTENT_MAX)).draft().is_ok());
    assert!(form("", &"é".repeat(CONTENT_MAX + 1)).draft().is_err());
    assert_eq!(
        form("", "a\r\nb").draft().map(|draft| draft.content),
        Ok("a\nb".to_owned())
    );
}
