//! Tests of invitations, of entering the password again, and of modes of registration.

use axum::http::StatusCode;
use domain::{Scope, accounts::administration, site::values::fixed_by_flag};
use shared::{
    forms::{Form, account::RegisterForm},
    model::{
        account::Role,
        site::{RegistrationMode, Setting},
    },
};
use time::Duration;

use crate::persona::{Answer, Persona, Site};

/// Returns a site with this mode of registration and the administrator grace, who is logged in.
async fn site_with(mode: RegistrationMode) -> (Site, Persona) {
    let site = Site::with("http://localhost:3000", |config| {
        config.site = fixed_by_flag([(Setting::Registration, mode.name())]);
    })
    .await;
    let form = RegisterForm {
        username: "grace".to_owned(),
        email: "grace@example.org".to_owned(),
        password: "grace-secret!".into(),
        confirm_password: "grace-secret!".into(),
    };
    let console = Scope::command_line(site.state.clone());
    administration::add(&console, form.validate().unwrap(), Role::Administrator, None)
        .await
        .unwrap();
    let grace = site.visitor();
    grace.log_in("grace").await.redirects_to("/");
    (site, grace)
}

fn account(username: &str) -> [(String, String); 4] {
    let (email, password) = (format!("{username}@example.org"), format!("{username}-secret!"));
    [
        ("username", username.to_owned()),
        ("email", email),
        ("password", password.clone()),
        ("confirm_password", password),
    ]
    .map(|(name, value)| (name.to_owned(), value))
}

async fn accept(persona: &Persona, username: &str) -> Answer {
    let fields = account(username);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    persona.post("/invite", &fields).await
}

#[tokio::test]
async fn an_administrator_passes_a_link_on_and_somebody_registers_with_it() {
    let (site, grace) = site_with(RegistrationMode::Invited).await;
    let refused = site.visitor().register("ada").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused.text(".summary").contains("need an invitation"),
        "{}",
        refused.body
    );

    let form = [("role", "member"), ("uses", "1"), ("days", "3")];
    grace
        .post("/admin/invitations", &form)
        .await
        .redirects_to("/admin/invitations");
    let page = grace.get("/admin/invitations").await;
    let link = page.text(".invitation-link");
    assert!(page.text(".rows").contains("Member: one person"));
    assert!(!site.visitor().get("/").await.body.contains(&link));
    // Another browser of an administrator does not show it.
    let elsewhere = site.visitor();
    elsewhere.log_in("grace").await;
    let page = elsewhere.get("/admin/invitations").await;
    assert!(page.texts(".invitation-link").is_empty());

    let ada = site.visitor();
    let followed = ada.follow(&link).await;
    followed.redirects_to("/invite");
    assert_eq!(followed.header("referrer-policy"), "no-referrer");
    // Looking at the form, as a program that scans mails does, uses nothing up.
    for _ in 0..2 {
        let page = ada.get("/invite").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.text("main")
                .contains("grace has invited you to join this site.")
        );
    }
    let wrong = ada
        .post("/invite", &[("username", "a"), ("email", "ada@example.org")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.attributes("#email", "value"), ["ada@example.org"]);
    accept(&ada, "ada").await.redirects_to("/login?name=ada");
    ada.log_in("ada").await.redirects_to("/");

    let page = grace.get("/admin/invitations").await;
    assert!(
        page.text("main").contains("ada, invited by grace"),
        "{}",
        page.body
    );
    let late = site.visitor();
    late.follow(&link).await.redirects_to("/invite");
    let page = late.get("/invite").await;
    assert_eq!(page.status, StatusCode::GONE);
    assert_eq!(page.text("h1"), "This invitation no longer works");
    assert_eq!(accept(&late, "eve").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn what_was_typed_is_there_when_somebody_else_has_used_the_invitation() {
    let (site, grace) = site_with(RegistrationMode::Invited).await;
    grace.post("/admin/invitations", &[]).await;
    let link = grace.get("/admin/invitations").await.text(".invitation-link");
    let (ada, eve) = (site.visitor(), site.visitor());
    for person in [&ada, &eve] {
        person.follow(&link).await.redirects_to("/invite");
    }
    accept(&ada, "ada").await.redirects_to("/login?name=ada");
    let late = accept(&eve, "eve").await;
    assert_eq!(late.status, StatusCode::GONE);
    assert_eq!(late.attributes("#username", "value"), ["eve"]);
    assert!(late.text(".summary").contains("only once"), "{}", late.body);
}

#[tokio::test]
async fn a_closed_site_says_so() {
    let (site, grace) = site_with(RegistrationMode::Closed).await;
    grace.post("/admin/invitations", &[]).await;
    let link = grace.get("/admin/invitations").await.text(".invitation-link");
    let ada = site.visitor();
    ada.follow(&link).await.redirects_to("/invite");
    for answer in [ada.register("ada").await, accept(&ada, "ada").await] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(
            answer.text("main").contains("does not accept new accounts"),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn somebody_who_is_logged_in_keeps_the_invitation_for_somebody_else() {
    let (_site, grace) = site_with(RegistrationMode::Open).await;
    grace.post("/admin/invitations", &[]).await;
    let link = grace.get("/admin/invitations").await.text(".invitation-link");
    grace.follow(&link).await.redirects_to("/invite");
    let page = grace.get("/invite").await;
    assert!(page.text("main").contains("you have an account already"));
    assert!(page.texts("main button").contains(&"Log out".to_owned()));
}

#[tokio::test]
async fn an_invitation_is_revoked_and_its_link_is_useless() {
    let (site, grace) = site_with(RegistrationMode::Open).await;
    grace.post("/admin/invitations", &[]).await;
    let link = grace.get("/admin/invitations").await.text(".invitation-link");
    grace
        .post("/admin/invitations/revoke", &[("id", "1")])
        .await
        .redirects_to("/admin/invitations");
    let page = grace.get("/admin/invitations").await;
    assert!(page.text("main").contains("No open invitations."));
    let ada = site.visitor();
    ada.follow(&link).await;
    assert_eq!(ada.get("/invite").await.status, StatusCode::GONE);
    let log = grace.get("/moderation").await;
    assert!(log.body.contains("revoked the invitation of"), "{}", log.body);
}

#[tokio::test]
async fn what_cannot_be_undone_asks_for_the_password_and_loses_nothing() {
    let (site, grace) = site_with(RegistrationMode::Open).await;
    let form = [("role", "moderator"), ("email", "ada@example.org")];
    site.state.clock.advance(Duration::minutes(15));
    let asked = grace.post("/admin/invitations", &form).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert_eq!(asked.attributes("#email", "value"), ["ada@example.org"]);
    let selected = asked.attributes("input[name=role][checked]", "value");
    assert_eq!(selected, ["moderator"]);
    let confirm = "/confirm?next=%2Fadmin%2Finvitations";
    assert_eq!(asked.attributes(".summary a", "href"), [confirm]);

    let page = grace.get(confirm).await;
    assert_eq!(page.text("h1"), "Confirm your password");
    let next = page.attributes("input[name=next]", "value");
    assert_eq!(next, ["/admin/invitations"]);
    let wrong = [("current_password", "wrong"), ("next", next[0].as_str())];
    let refused = grace.post("/confirm", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.attributes("input[name=next]", "value"), next);
    let right = [("current_password", "grace-secret!"), ("next", next[0].as_str())];
    grace
        .post("/confirm", &right)
        .await
        .redirects_to("/admin/invitations");
    grace
        .post("/admin/invitations", &form)
        .await
        .redirects_to("/admin/invitations");

    // A button without a form of its own leads there as well.
    site.state.clock.advance(Duration::minutes(15));
    let asked = grace.post("/admin/invitations/revoke", &[("id", "1")]).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.attributes("main a", "href").contains(&confirm.to_owned()));
}

#[tokio::test]
async fn the_password_page_leads_to_this_site_only() {
    let (site, grace) = site_with(RegistrationMode::Open).await;
    for next in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let form = [("current_password", "grace-secret!"), ("next", next)];
        grace.post("/confirm", &form).await.redirects_to("/");
    }
    let visitor = site.visitor();
    let answer = visitor.get("/confirm?next=%2Fadmin").await;
    assert!(
        answer.location().starts_with("/login?next="),
        "{}",
        answer.location()
    );
}

#[tokio::test]
async fn the_last_administrator_is_told_why_the_account_stays() {
    let (_site, grace) = site_with(RegistrationMode::Open).await;
    let refused = grace
        .post("/account/delete", &[("current_password", "grace-secret!")])
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused
            .text(".summary")
            .contains("Make somebody else an administrator first."),
        "{}",
        refused.body
    );
    assert_eq!(grace.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_invited_moderator_registers_with_the_mailed_link() {
    let (site, grace) = site_with(RegistrationMode::Private).await;
    let form = [("role", "moderator"), ("email", "ada@example.org")];
    grace.post("/admin/invitations", &form).await;
    let page = grace.get("/admin/invitations").await;
    // The site of the test has no mail server.
    assert!(page.text(".flash").contains("no mail server is set up"));
    assert!(page.texts(".invitation-link").is_empty());
    let mail = site.mail("ada@example.org", "Your invitation").await;
    let ada = site.visitor();
    ada.follow(&mail).await.redirects_to("/invite");
    let page = ada.get("/invite").await;
    assert!(page.text("main").contains("as a moderator"));
    assert_eq!(page.attributes("#email", "value"), ["ada@example.org"]);
    accept(&ada, "ada").await.redirects_to("/login?name=ada");
    ada.log_in("ada").await.redirects_to("/");
    assert_eq!(ada.get("/moderation").await.status, StatusCode::OK);
    assert_eq!(ada.get("/admin/invitations").await.status, StatusCode::FORBIDDEN);
}
