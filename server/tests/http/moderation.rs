//! Tests of moderation, and of creating the first administrator.

use axum::http::StatusCode;
use domain::{Scope, accounts::administration, platform::topic::Topic};
use sea_orm::ConnectionTrait;
use server::application::Application;
use shared::model::account::Role;

use crate::{
    config::config,
    persona::{Persona, Site},
};

/// Returns the text of the audit log, latest entry first.
async fn log(person: &Persona) -> String {
    let page = person.get("/moderation").await;
    assert_eq!(page.status, StatusCode::OK);
    page.texts("section:last-of-type").join(" ")
}

#[tokio::test]
async fn a_hidden_post_is_off_the_site_until_a_moderator_shows_it_again() {
    let site = Site::new().await;
    let (ada, reader) = (site.member("ada").await, site.visitor());
    let grace = site.with_role("grace", Role::Moderator).await;
    let address = ada.publish("Spam", "Buy this").await;
    assert!(grace.get(&address).await.body.contains("/moderation/hide?post=1"));
    assert!(!ada.get(&address).await.body.contains("/moderation/hide"));

    let nothing = grace
        .post("/moderation/hide?post=1", &[("post", "1"), ("reason", " ")])
        .await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("Enter a reason"));
    grace
        .post(
            "/moderation/hide",
            &[("post", "1"), ("reason", "An <b>advertisement</b>")],
        )
        .await
        .redirects_to("/moderation");

    let gone = reader.get(&address).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert_eq!(gone.text("h1"), "A moderator has hidden this post");
    let mail = site.mail("ada@example.org", "has hidden your post").await;
    assert!(
        mail.contains("An <b>advertisement</b>") && mail.contains("/account/appeals"),
        "{mail}"
    );
    assert!(!reader.get("/").await.body.contains("Spam"));
    // Its author and moderators can see it, with the reason.
    for person in [&ada, &grace] {
        let page = person.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.texts(".notice").join("").contains("An <b>advertisement</b>"));
    }
    let trash = ada.get("/account/trash").await;
    assert!(trash.texts(".row").join("").contains("Hidden by a moderator"));
    assert_eq!(
        ada.post("/post/restore", &[("id", "1")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(ada.get("/post/update?post=1").await.status, StatusCode::FORBIDDEN);
    let again = grace
        .post("/moderation/hide", &[("post", "1"), ("reason", "Twice")])
        .await;
    assert_eq!(again.status, StatusCode::GONE);

    grace
        .post("/moderation/show", &[("id", "1")])
        .await
        .redirects_to("/moderation");
    assert_eq!(reader.get(&address).await.status, StatusCode::OK);
    assert!(reader.get("/").await.body.contains("Spam"));
    let again = grace.post("/moderation/show", &[("id", "1")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let log = log(&grace).await;
    assert!(log.contains("grace unhid “Spam” by ada (post 1)"), "{log}");
    assert!(log.contains("grace hid “Spam” by ada (post 1)"), "{log}");
    assert!(log.contains("An <b>advertisement</b>"), "{log}");

    let page = grace.get("/moderation").await;
    let links = page.attributes("section:last-of-type a", "href");
    assert_eq!(links[..2], ["/user/grace", "/post/1"]);
    assert!(
        page.text("section:last-of-type time").ends_with(" UTC"),
        "to the minute"
    );
}

#[tokio::test]
async fn a_member_is_told_that_moderation_is_for_moderators() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for path in [
        "/moderation",
        "/moderation/hide?post=1",
        "/moderation/suspend?user=ada",
    ] {
        let page = ada.get(path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert_eq!(page.text("h1"), "Your role does not allow this");
    }
}

#[tokio::test]
async fn the_log_has_pages_that_lead_to_older_and_newer_entries() {
    let site = Site::new().await;
    let grace = site.with_role("grace", Role::Moderator).await;
    site.member("ada").await;
    let console = Scope::command_line(site.state.clone());
    let first = grace.get("/moderation").await;
    assert_eq!(first.attributes(".pager a", "href"), Vec::<String>::new());
    for role in [Role::Moderator, Role::Member].iter().cycle().take(20) {
        administration::set_role(&console, "ada", *role).await.unwrap();
    }

    // 21 entries: the oldest is about grace.
    let first = grace.get("/moderation").await;
    assert_eq!(first.texts("section:last-of-type .row").len(), 20);
    assert_eq!(first.attributes(".pager a", "rel"), ["next"]);
    let older = first.attributes(".pager a", "href").remove(0);
    let last = grace.get(&older).await;
    assert_eq!(last.texts("section:last-of-type .row").len(), 1);
    assert!(last.text("section:last-of-type .row").contains("grace"));
    assert_eq!(last.attributes(".pager a", "rel"), ["prev"]);
    let newer = last.attributes(".pager a", "href").remove(0);
    let back = grace.get(&newer).await;
    assert_eq!(
        back.texts("section:last-of-type .row"),
        first.texts("section:last-of-type .row")
    );

    for bad in ["2", "older-1", "older-01-1", "oldest-1-1"] {
        let page = grace.get(&format!("/moderation?page={bad}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{bad}");
        let data = grace.get(&format!("/api/moderation?page={bad}")).await;
        assert_eq!(data.status, StatusCode::NOT_FOUND, "{bad}");
    }
}

#[tokio::test]
async fn a_suspended_account_is_logged_out_and_logs_in_again_when_it_is_reinstated() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let grace = site.with_role("grace", Role::Moderator).await;
    let address = ada.publish("Shown", "text").await;
    assert!(
        grace
            .get("/user/ada")
            .await
            .body
            .contains("/moderation/suspend?user=ada")
    );
    grace
        .post("/moderation/suspend", &[("username", "ada"), ("reason", "Spam")])
        .await
        .redirects_to("/moderation");
    ada.get("/account").await.redirects_to("/login?next=%2Faccount");
    let refused = ada.log_in("ada").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text(".summary").contains("This account is suspended"));
    assert!(refused.text(".summary").contains("The reason: “Spam”"));
    let mail = site.mail("ada@example.org", "is suspended").await;
    assert!(
        mail.contains("Spam") && mail.contains("reply to this email"),
        "{mail}"
    );
    // A visitor who does not know the password cannot find out about the suspension.
    let guess = ada
        .post("/login", &[("login", "ada"), ("password", "wrong")])
        .await;
    assert_eq!(guess.status, StatusCode::UNAUTHORIZED);
    assert!(!guess.body.contains("suspended"));
    assert_eq!(
        site.visitor().get(&address).await.status,
        StatusCode::OK,
        "the posts stay"
    );

    grace
        .post("/moderation/reinstate", &[("username", "ada")])
        .await
        .redirects_to("/moderation");
    ada.log_in("ada").await.redirects_to("/");
    site.mail("ada@example.org", "You can use your account").await;
    let log = log(&grace).await;
    assert!(
        log.contains("grace reinstated ada") && log.contains("grace suspended ada"),
        "{log}"
    );
}

#[tokio::test]
async fn a_frozen_account_is_told_so_wherever_it_would_write() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let grace = site.with_role("grace", Role::Moderator).await;
    let post = ada.publish("Before", "text").await;
    let profile = grace.get("/user/ada").await;
    assert!(profile.body.contains("/moderation/freeze?user=ada"));
    let form = [("username", "ada"), ("days", "3"), ("reason", "Quarrels")];
    grace
        .post("/moderation/freeze", &form)
        .await
        .redirects_to("/moderation");
    let overview = grace.get("/moderation").await;
    assert!(overview.body.contains("Quarrels") && overview.body.contains("Unfreeze"));
    assert!(
        grace
            .get("/user/ada")
            .await
            .body
            .contains("This account is frozen until")
    );
    let visitor = site.visitor();
    assert!(!visitor.get("/user/ada").await.body.contains("frozen"));

    let account = ada.get("/account").await;
    assert!(account.text(".notice").contains("Quarrels"));
    for path in ["/post/new", post.as_str()] {
        let page = ada.get(path).await;
        assert!(page.text(".notice").contains("Your account is frozen"), "{path}");
    }
    let kept = ada
        .post(
            "/post/new",
            &[
                ("title", "After"),
                ("content", "Kept words"),
                ("intent", "publish"),
            ],
        )
        .await;
    assert_eq!(kept.status, StatusCode::FORBIDDEN);
    assert!(kept.text(".summary").contains("has frozen your account"));
    assert!(kept.body.contains("Kept words"));

    grace
        .post("/moderation/unfreeze", &[("username", "ada")])
        .await
        .redirects_to("/moderation");
    assert!(!ada.get("/post/new").await.body.contains("Your account is frozen"));
    let log = log(&grace).await;
    assert!(
        log.contains("grace froze ada") && log.contains("grace unfroze ada"),
        "{log}"
    );
}

#[tokio::test]
async fn a_comment_that_waits_is_approved_from_the_overview_and_leaves_it() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let grace = site.with_role("grace", Role::Moderator).await;
    let post = ada.publish("On mills", "They turn.").await;
    ada.post(
        "/comments/new",
        &[("post", "1"), ("comment_content", "They *do*")],
    )
    .await;
    let hold = "UPDATE comments SET state = 'held'";
    site.state.db.writer().execute_unprepared(hold).await.unwrap();
    site.state.db.changes().record([Topic::Everything]);
    assert!(!site.visitor().get(&post).await.body.contains("They <em>do</em>"));
    let overview = grace.get("/moderation").await;
    assert!(
        overview.body.contains("Comments that wait for a moderator") && overview.body.contains("They do")
    );
    grace
        .post("/moderation/approve", &[("comment", "1")])
        .await
        .redirects_to("/moderation");
    let overview = grace.get("/moderation").await;
    assert!(!overview.body.contains("Comments that wait for a moderator"));
    assert!(site.visitor().get(&post).await.body.contains("They <em>do</em>"));
    assert!(log(&grace).await.contains("grace approved"));
}

#[tokio::test]
async fn a_moderator_is_offered_nothing_that_would_be_refused() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let grace = site.with_role("grace", Role::Moderator).await;
    let joan = site.with_role("joan", Role::Moderator).await;
    let barbara = site.with_role("barbara", Role::Administrator).await;
    let by_member = ada.publish("By a member", "text").await;
    let by_moderator = joan.publish("By a moderator", "text").await;
    for (who, name, post, is_offered) in [
        (&grace, "ada", &by_member, true),
        (&grace, "joan", &by_moderator, false),
        (&barbara, "joan", &by_moderator, true),
        (&joan, "joan", &by_moderator, false),
        (&ada, "joan", &by_moderator, false),
    ] {
        let profile = who.get(&format!("/user/{name}")).await.body;
        let post = who.get(post).await.body;
        assert_eq!(
            (
                profile.contains("/moderation/suspend?"),
                post.contains("/moderation/hide?")
            ),
            (is_offered, is_offered),
            "{name}"
        );
    }
}

#[tokio::test]
async fn nobody_acts_on_who_has_the_same_role_or_a_higher_one() {
    let site = Site::new().await;
    let member = site.member("ada").await;
    let moderator = site.with_role("grace", Role::Moderator).await;
    let other = site.with_role("joan", Role::Moderator).await;
    let administrator = site.with_role("barbara", Role::Administrator).await;
    administrator.publish("By the administrator", "text").await;
    other.publish("By a moderator", "text").await;
    for (who, username, post, status) in [
        (&member, "grace", "2", StatusCode::FORBIDDEN),
        (&member, "ada", "2", StatusCode::FORBIDDEN),
        (&moderator, "joan", "2", StatusCode::FORBIDDEN),
        (&moderator, "barbara", "1", StatusCode::FORBIDDEN),
        (&administrator, "barbara", "1", StatusCode::FORBIDDEN),
        (&administrator, "joan", "2", StatusCode::SEE_OTHER),
    ] {
        let suspended = who
            .post("/moderation/suspend", &[("username", username), ("reason", "x")])
            .await;
        let hidden = who
            .post("/moderation/hide", &[("post", post), ("reason", "x")])
            .await;
        assert_eq!((suspended.status, hidden.status), (status, status), "{username}");
    }
    // A role that is revoked is lost immediately.
    administration::set_role(&Scope::command_line(site.state.clone()), "grace", Role::Member)
        .await
        .unwrap();
    assert_eq!(moderator.get("/moderation").await.status, StatusCode::FORBIDDEN);
    let refused = moderator
        .post("/moderation/suspend", &[("username", "ada"), ("reason", "x")])
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

// OPS-06
#[tokio::test]
async fn the_console_s_link_makes_the_first_administrator_once() {
    let folder = tempfile::tempdir().unwrap();
    let application = Application::build(&config("http://localhost:3000", folder.path()))
        .await
        .unwrap();
    let first = application.invitation(true).await.unwrap().unwrap();
    let second = application.invitation(true).await.unwrap().unwrap();
    let site = Site::of(application, folder);
    assert!(first.contains("become the administrator"), "{first}");
    let last = second.lines().last().unwrap();
    assert!(
        last.starts_with("http://localhost:3000/first_administrator/"),
        "{second}"
    );
    let link = |text: &str| {
        text.lines()
            .find(|line| line.starts_with("http"))
            .unwrap()
            .to_owned()
    };
    let visitor = site.visitor();
    visitor
        .follow(&link(&first))
        .await
        .redirects_to("/first_administrator");
    assert_eq!(
        visitor.get("/first_administrator").await.status,
        StatusCode::GONE,
        "a newer one counts"
    );

    let fields = [
        ("username", "ada"),
        ("email", "ada@example.org"),
        ("password", "ada-secret!"),
        ("confirm_password", "ada-secret!"),
    ];
    let other = site.visitor();
    for person in [&visitor, &other] {
        person
            .follow(&link(&second))
            .await
            .redirects_to("/first_administrator");
        assert_eq!(person.get("/first_administrator").await.status, StatusCode::OK);
    }
    let taken = visitor.post("/first_administrator", &[("username", "a")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    visitor
        .post("/first_administrator", &fields)
        .await
        .redirects_to("/login?name=ada&next=%2Fadmin%2Fsetup");
    visitor.log_in("ada").await.redirects_to("/");
    assert_eq!(visitor.get("/moderation").await.status, StatusCode::OK);

    let mut others = fields;
    (others[0].1, others[1].1) = ("eve", "eve@example.org");
    let late = other.post("/first_administrator", &others).await;
    assert_eq!(late.status, StatusCode::GONE);
    other.log_in("eve").await;
    assert_eq!(other.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_console_s_link_makes_an_account_that_is_logged_in_the_first_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let application = Application::build(&config("http://localhost:3000", folder.path()))
        .await
        .unwrap();
    let invitation = application.invitation(true).await.unwrap().unwrap();
    let site = Site::of(application, folder);
    let link = invitation.lines().find(|line| line.starts_with("http")).unwrap();
    let (ada, eve) = (site.member("ada").await, site.member("eve").await);
    let without = ada.post("/first_administrator/promote", &[]).await;
    assert_eq!(without.status, StatusCode::GONE, "the link is what counts");

    for person in [&ada, &eve] {
        person.follow(link).await.redirects_to("/first_administrator");
        let page = person.get("/first_administrator").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.text("main")
                .contains("who is the administrator of this site")
        );
        assert!(page.texts("main button").contains(&"Log out".to_owned()));
    }
    ada.post("/first_administrator/promote", &[])
        .await
        .redirects_to("/admin/setup");
    assert_eq!(ada.get("/moderation").await.status, StatusCode::OK);
    let late = eve.post("/first_administrator/promote", &[]).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert_eq!(eve.get("/moderation").await.status, StatusCode::FORBIDDEN);
    assert!(log(&ada).await.contains("ada gave a role to ada"));
}

#[tokio::test]
async fn a_moderator_erases_a_version_with_a_reason_that_the_author_receives() {
    let site = Site::new().await;
    let (ada, other) = (site.member("ada").await, site.member("eve").await);
    let grace = site.with_role("grace", Role::Moderator).await;
    ada.publish("On mills", "A secret").await;
    site.state.clock.stop();
    site.state.clock.advance(time::Duration::hours(1));
    let fields = [
        ("post", "1"),
        ("post_version", "1"),
        ("title", "On mills"),
        ("content", "Mills"),
    ];
    ada.post("/post/update", &fields)
        .await
        .redirects_to("/post/1-on-mills");

    let page = grace.get("/post/history?post=1&to=1").await;
    let erase = "/moderation/erase?post=1&number=1";
    assert!(page.attributes("a", "href").iter().any(|link| link == erase));
    assert!(!ada.get("/post/history?post=1&to=1").await.body.contains(erase));
    assert_eq!(grace.get(erase).await.status, StatusCode::OK);
    // The present text can be hidden instead.
    let present = grace.get("/moderation/erase?post=1&number=2").await;
    assert_eq!(present.status, StatusCode::NOT_FOUND);

    let version = [("post", "1"), ("number", "1")];
    let nothing = grace.post(erase, &[version[0], version[1], ("reason", "")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reasoned = [version[0], version[1], ("reason", "It names a child")];
    let refused = other.post("/moderation/erase", &reasoned).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let erased = grace.post("/moderation/erase", &reasoned).await;
    erased.redirects_to("/post/history?post=1");
    let again = grace.post("/moderation/erase", &reasoned).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let mail = site
        .mail("ada@example.org", "has erased an earlier version")
        .await;
    assert!(
        mail.contains("It names a child") && mail.contains("/post/history?post=1"),
        "{mail}"
    );
    assert!(log(&grace).await.contains("erased a version of"));
    assert!(!ada.get("/post/history?post=1").await.body.contains("Version 1"));
}
