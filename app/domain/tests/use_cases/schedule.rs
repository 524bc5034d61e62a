//! Tests of drafts that are published later.

use domain::{
    accounts::administration,
    moderation,
    platform::entity::{draft, post, user},
    posts::{self, drafts, preview_links, schedule},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use shared::{
    error::AppError,
    forms::{
        Field, FieldProblem, Form,
        moderation::FreezeForm,
        post::{EditorSubmission, Intent, PostForm, SCHEDULE_MAX_DAYS},
    },
    model::{
        account::{Role, Viewer},
        post::{DraftCard, DraftTarget, Previewed, ScheduleProblem},
    },
};
use time::{Duration, OffsetDateTime, macros::format_description};

use crate::site::Site;

/// Returns the time of the site in some minutes, as a clock in UTC shows it.
fn clock(site: &Site, in_minutes: i64) -> String {
    let at = site.state.clock.now() + Duration::minutes(in_minutes);
    at.format(format_description!("[year]-[month]-[day]T[hour]:[minute]"))
        .unwrap()
}

fn form(title: &str, publish_at: &str, time_zone: &str, target: DraftTarget) -> PostForm {
    PostForm {
        intent: Intent::Schedule,
        title: title.to_owned(),
        content: "text".to_owned(),
        publish_at: publish_at.to_owned(),
        time_zone: time_zone.to_owned(),
        post: target.post,
        post_version: target.post_version,
        draft: target.draft,
        draft_version: target.draft_version,
        ..PostForm::default()
    }
}

async fn submit(site: &Site, author: &Viewer, form: PostForm) -> Result<(), AppError> {
    let EditorSubmission::Schedule(text, time) = form.submission()? else {
        panic!("{form:?}");
    };
    schedule::set(&site.visitor(), author, form.target(), text, time).await
}

/// Schedules a new post in an hour.
async fn in_an_hour(site: &Site, author: &Viewer, title: &str) {
    let form = form(title, &clock(site, 60), "UTC", DraftTarget::default());
    submit(site, author, form).await.unwrap();
}

async fn only_draft(site: &Site, author: &Viewer) -> DraftCard {
    let drafts = drafts::list(&site.visitor(), author).await.unwrap();
    let [draft] = drafts.as_slice() else {
        panic!("{drafts:?}");
    };
    draft.clone()
}

/// Has `hours` go by and publishes what is due. Returns the number of posts that were published.
async fn wait(site: &Site, hours: i64) -> u64 {
    site.state.clock.advance(Duration::hours(hours));
    schedule::publish_due(&site.job()).await.unwrap()
}

/// Returns the problem of the only draft, which is due.
async fn problem(site: &Site, author: &Viewer) -> Option<ScheduleProblem> {
    only_draft(site, author).await.schedule.unwrap().problem
}

async fn titles(site: &Site) -> Vec<String> {
    let page = posts::list(&site.visitor(), 1).await.unwrap();
    page.items.into_iter().map(|card| card.title).collect()
}

#[tokio::test]
async fn a_draft_is_published_at_its_time_and_once() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    in_an_hour(&site, &ada, "Later").await;
    let next = schedule::next(&site.job()).await.unwrap().unwrap();
    assert!(next > site.state.clock.now() && next <= site.state.clock.now() + Duration::hours(1));
    assert_eq!(schedule::publish_due(&site.job()).await.unwrap(), 0);
    assert!(titles(&site).await.is_empty());
    assert_eq!(wait(&site, 1).await, 1);
    assert_eq!(titles(&site).await, ["Later"]);
    assert_eq!(wait(&site, 1).await, 0);
    assert!(drafts::list(&site.visitor(), &ada).await.unwrap().is_empty());
    assert_eq!(schedule::next(&site.job()).await.unwrap(), None);
}

// DUR-11
#[tokio::test]
async fn several_servers_publish_each_draft_once() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for number in 0..12 {
        in_an_hour(&site, &ada, &format!("Number {number}")).await;
    }
    site.state.clock.advance(Duration::hours(1));
    let jobs = [site.job(), site.job(), site.job()];
    let [first, second, third] = &jobs;
    let published = tokio::join!(
        schedule::publish_due(first),
        schedule::publish_due(second),
        schedule::publish_due(third)
    );
    let published = [published.0, published.1, published.2];
    assert_eq!(published.iter().flatten().sum::<u64>(), 12, "{published:?}");
    assert_eq!(posts::list(&site.visitor(), 1).await.unwrap().total, 12);
}

#[tokio::test]
async fn saving_a_scheduled_draft_keeps_its_time() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    in_an_hour(&site, &ada, "First").await;
    let draft = only_draft(&site, &ada).await;
    let opened = drafts::open(&site.visitor(), &ada, draft.id).await.unwrap();
    assert_eq!(opened.schedule, draft.schedule);
    let edited = PostForm {
        intent: Intent::Save,
        ..form("Second", "", "", opened.target)
    };
    drafts::save(&site.visitor(), &ada, edited.target(), edited.draft().unwrap())
        .await
        .unwrap();
    assert_eq!(only_draft(&site, &ada).await.schedule, draft.schedule);
    assert_eq!(wait(&site, 1).await, 1);
    assert_eq!(titles(&site).await, ["Second"]);
}

#[tokio::test]
async fn a_draft_that_is_no_longer_scheduled_stays_a_draft() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    in_an_hour(&site, &ada, "Later").await;
    let id = only_draft(&site, &ada).await.id;
    let by_other = schedule::cancel(&site.visitor(), &grace, id).await;
    assert_eq!(by_other, Err(AppError::NotFound));
    assert!(only_draft(&site, &ada).await.schedule.is_some());
    schedule::cancel(&site.visitor(), &ada, id).await.unwrap();
    assert_eq!(only_draft(&site, &ada).await.schedule, None);
    assert_eq!(wait(&site, 1).await, 0);
}

#[tokio::test]
async fn changes_of_a_post_are_published_later_with_what_was_there_before() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = site.publish(&ada, "Before").await;
    let target = drafts::open_post(&site.visitor(), &ada, id).await.unwrap().target;
    submit(&site, &ada, form("After", &clock(&site, 60), "UTC", target))
        .await
        .unwrap();
    assert_eq!(titles(&site).await, ["Before"]);
    assert_eq!(wait(&site, 1).await, 1);
    assert_eq!(titles(&site).await, ["After"]);
    let scope = site.signed_in("ada").await;
    let history = posts::history::read(&scope, id, posts::history::WantedDifference::default()).await;
    assert_eq!(history.unwrap().versions.len(), 2);
}

#[tokio::test]
async fn a_text_that_is_refused_stays_a_draft_with_the_reason_and_a_mail() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    in_an_hour(&site, &ada, "Later").await;
    let opened = drafts::open(&site.visitor(), &ada, only_draft(&site, &ada).await.id)
        .await
        .unwrap();
    // A draft may lack a title, a post may not.
    let untitled = form("", "", "", opened.target);
    drafts::save(
        &site.visitor(),
        &ada,
        untitled.target(),
        untitled.draft().unwrap(),
    )
    .await
    .unwrap();
    site.mails().await;
    assert_eq!(wait(&site, 1).await, 0);
    let problem = problem(&site, &ada).await.unwrap();
    assert!(
        matches!(problem, ScheduleProblem::Refused(AppError::Invalid(_))),
        "{problem:?}"
    );
    let mail = site.mail().await;
    assert!(mail.text.contains("Enter a title."), "{}", mail.text);
    // It is not tried again, and no second mail is sent.
    assert_eq!(wait(&site, 1).await, 0);
    assert!(site.mails().await.is_empty());
}

#[tokio::test]
async fn changes_of_a_post_that_was_changed_meanwhile_wait_for_their_author() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = site.publish(&ada, "Before").await;
    let target = drafts::open_post(&site.visitor(), &ada, id).await.unwrap().target;
    submit(&site, &ada, form("Later", &clock(&site, 60), "UTC", target))
        .await
        .unwrap();
    let row = post::ActiveModel {
        id: Set(id),
        version: Set(7),
        ..Default::default()
    };
    row.update(site.state.db.writer()).await.unwrap();
    assert_eq!(wait(&site, 1).await, 0);
    let problem = problem(&site, &ada).await;
    assert_eq!(problem, Some(ScheduleProblem::Refused(AppError::Conflict)));
}

#[tokio::test]
async fn nothing_is_published_for_somebody_who_is_suspended() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    in_an_hour(&site, &ada, "Later").await;
    let row = user::ActiveModel {
        id: Set(ada.id),
        suspended_because: Set(Some("Spam".to_owned())),
        ..Default::default()
    };
    row.update(site.state.db.writer()).await.unwrap();
    assert_eq!(wait(&site, 1).await, 0);
    assert!(titles(&site).await.is_empty());
    let drafts = draft::Entity::find().all(site.state.db.reader()).await.unwrap();
    assert!(drafts[0].publish_problem.is_some());
}

#[tokio::test]
async fn a_draft_that_is_a_day_late_waits_for_its_author() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    in_an_hour(&site, &ada, "Later").await;
    assert_eq!(wait(&site, 26).await, 0);
    assert_eq!(problem(&site, &ada).await, Some(ScheduleProblem::Late));
    // The author chooses another time.
    let target = drafts::open(&site.visitor(), &ada, only_draft(&site, &ada).await.id)
        .await
        .unwrap()
        .target;
    submit(&site, &ada, form("Later", &clock(&site, 60), "UTC", target))
        .await
        .unwrap();
    assert_eq!(problem(&site, &ada).await, None);
    assert_eq!(wait(&site, 1).await, 1);
}

#[tokio::test]
async fn drafts_of_a_restored_site_wait_for_their_authors() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    site.mails().await;
    in_an_hour(&site, &ada, "Later").await;
    assert_eq!(schedule::hold_all(site.state.db.writer()).await.unwrap(), 1);
    assert_eq!(wait(&site, 1).await, 0);
    let job = site.job();
    assert_eq!(schedule::tell_of_restoration(&job).await.unwrap(), 1);
    assert_eq!(problem(&site, &ada).await, Some(ScheduleProblem::Restored));
    let mail = site.mail().await;
    assert!(mail.text.contains("restored from a backup"), "{mail:?}");
    // The next start of the server tells nobody again.
    assert_eq!(schedule::tell_of_restoration(&job).await.unwrap(), 0);
    assert_eq!(wait(&site, 1).await, 0);
}

#[tokio::test]
async fn what_is_due_while_its_author_is_frozen_waits_for_them() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    site.member("mary").await;
    administration::set_role(&site.command_line(), "mary", Role::Moderator)
        .await
        .unwrap();
    in_an_hour(&site, &ada, "Later").await;
    let moderator = site.signed_in("mary").await;
    let mary = moderator.require_viewer().await.unwrap();
    let form = FreezeForm {
        ground: String::new(),
        username: "ada".to_owned(),
        days: "3".to_owned(),
        reason: "Quarrels".to_owned(),
    };
    moderation::freeze(&moderator, &mary, form.validate().unwrap())
        .await
        .unwrap();
    let another = self::form("Another", &clock(&site, 60), "UTC", DraftTarget::default());
    assert_eq!(submit(&site, &ada, another).await, Err(AppError::Frozen));
    assert_eq!(wait(&site, 1).await, 0);
    let expected = ScheduleProblem::Refused(AppError::Frozen);
    assert_eq!(problem(&site, &ada).await, Some(expected));
}

#[tokio::test]
async fn a_link_to_a_scheduled_draft_leads_to_the_post() {
    let site = Site::new().await;
    site.member("ada").await;
    let scope = site.signed_in("ada").await;
    let ada = scope.require_viewer().await.unwrap();
    in_an_hour(&site, &ada, "Later").await;
    let id = only_draft(&site, &ada).await.id;
    preview_links::create(&scope, &ada, id, String::new())
        .await
        .unwrap();
    let links = preview_links::list(&scope, &ada, id).await.unwrap().links;
    let token = links[0]
        .link
        .as_ref()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(wait(&site, 1).await, 1);
    let read = preview_links::read(&site.visitor(), &token).await.unwrap();
    assert!(matches!(read, Previewed::Published(_)), "{read:?}");
}

#[tokio::test]
async fn a_time_is_refused_that_is_over_or_far_away_or_not_on_the_clock() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let year = site.state.clock.now().year() + 1;
    let day = |month: time::Month| {
        // The last Sunday of the month, on which clocks in Europe change.
        let end = time::Date::from_calendar_date(year, month, 31).unwrap();
        let back = i64::from(end.weekday().number_days_from_sunday());
        (end - Duration::days(back)).to_string()
    };
    let spring = format!("{}T02:30", day(time::Month::March));
    let autumn = format!("{}T02:30", day(time::Month::October));
    for (publish_at, zone, expected) in [
        (clock(&site, -60), "UTC", FieldProblem::InThePast),
        (
            clock(&site, 60 * 24 * 367),
            "UTC",
            FieldProblem::TooFarAhead(SCHEDULE_MAX_DAYS),
        ),
        (spring, "Europe/Berlin", FieldProblem::Skipped(120, 180)),
        (autumn, "Europe/Berlin", FieldProblem::Repeated(120, 180)),
    ] {
        let refused = submit(&site, &ada, form("t", &publish_at, zone, DraftTarget::default())).await;
        let Err(AppError::Invalid(errors)) = refused else {
            panic!("{publish_at}: {refused:?}");
        };
        let found = errors.for_field(Field::PublishAt).map(|error| error.problem);
        assert_eq!(found, Some(expected), "{publish_at}");
    }
    let nowhere = submit(
        &site,
        &ada,
        form("t", &clock(&site, 60), "Mars/Olympus", DraftTarget::default()),
    )
    .await;
    let Err(AppError::Invalid(errors)) = nowhere else {
        panic!("{nowhere:?}");
    };
    assert!(errors.for_field(Field::TimeZone).is_some());
    assert!(drafts::list(&site.visitor(), &ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_time_is_that_of_the_time_zone() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let at = site.state.clock.now() + Duration::hours(3);
    let in_kolkata = at.to_offset(time::macros::offset!(+5:30));
    let shown = in_kolkata
        .format(format_description!("[year]-[month]-[day] [hour]:[minute]"))
        .unwrap();
    submit(
        &site,
        &ada,
        form("t", &shown, "Asia/Kolkata", DraftTarget::default()),
    )
    .await
    .unwrap();
    let schedule = only_draft(&site, &ada).await.schedule.unwrap();
    let minute = |at: OffsetDateTime| at.unix_timestamp() / 60;
    assert_eq!(minute(schedule.at), minute(at));
    assert_eq!(schedule.clock.replace('T', " "), shown);
    assert_eq!(schedule.time_zone, "Asia/Kolkata");
}

#[tokio::test]
async fn a_deleted_post_does_not_come_back_by_a_schedule() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = site.publish(&ada, "Before").await;
    let target = drafts::open_post(&site.visitor(), &ada, id).await.unwrap().target;
    submit(&site, &ada, form("After", &clock(&site, 60), "UTC", target))
        .await
        .unwrap();
    posts::trash::delete(&site.visitor(), &ada, id).await.unwrap();
    assert_eq!(only_draft(&site, &ada).await.schedule, None);
    assert_eq!(wait(&site, 1).await, 0);
}

#[tokio::test]
async fn a_schedule_that_would_be_refused_is_refused_at_once() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let form = PostForm {
        canonical: "https://example.org/first".to_owned(),
        ..form("t", &clock(&site, 60), "UTC", DraftTarget::default())
    };
    let Err(AppError::Invalid(errors)) = submit(&site, &ada, form).await else {
        panic!("it is accepted");
    };
    assert!(errors.for_field(Field::Canonical).is_some());
    assert!(drafts::list(&site.visitor(), &ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_clock_that_is_put_back_publishes_nothing_twice() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    in_an_hour(&site, &ada, "Later").await;
    in_an_hour(&site, &ada, "Later as well").await;
    assert_eq!(wait(&site, 1).await, 2);
    for hours in [-5, 5, 30] {
        assert_eq!(wait(&site, hours).await, 0);
    }
    assert_eq!(titles(&site).await.len(), 2);
}

#[tokio::test]
async fn a_draft_whose_post_was_deleted_is_published_later_as_another_post() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = site.publish(&ada, "Before").await;
    let target = drafts::open_post(&site.visitor(), &ada, id).await.unwrap().target;
    let changes = PostForm {
        intent: Intent::Save,
        ..form("After", "", "", target)
    };
    drafts::save(&site.visitor(), &ada, target, changes.draft().unwrap())
        .await
        .unwrap();
    posts::trash::delete(&site.visitor(), &ada, id).await.unwrap();
    let draft = only_draft(&site, &ada).await.id;
    let opened = drafts::open(&site.visitor(), &ada, draft).await.unwrap().target;
    assert_eq!(opened.post, None);
    submit(&site, &ada, form("After", &clock(&site, 60), "UTC", opened))
        .await
        .unwrap();
    assert_eq!(wait(&site, 1).await, 1);
    assert_eq!(titles(&site).await, ["After"]);
}

#[tokio::test]
async fn a_text_with_a_later_time_is_published_now_only_if_it_was_scheduled_for_it() {
    let site = Site::new().await;
    let at = clock(&site, 60);
    let typed = at.replace('T', " ");
    for (publish_at, scheduled_at, is_published) in [
        ("", "", true),
        (" ", "", true),
        (at.as_str(), "", false),
        ("never", "", false),
        (at.as_str(), at.as_str(), true),
        (typed.as_str(), at.as_str(), true),
        (at.as_str(), "2026-01-01T00:00", false),
        ("", at.as_str(), true),
    ] {
        let form = PostForm {
            intent: Intent::Publish,
            scheduled_at: scheduled_at.to_owned(),
            ..form("t", publish_at, "UTC", DraftTarget::default())
        };
        let problem = form
            .submission()
            .err()
            .and_then(|errors| errors.for_field(Field::PublishAt));
        let expected = (!is_published).then_some(FieldProblem::NotScheduled);
        assert_eq!(
            problem.map(|error| error.problem),
            expected,
            "{publish_at:?} {scheduled_at:?}"
        );
    }
}
