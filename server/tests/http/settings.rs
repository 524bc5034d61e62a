//! Tests of a user's own account pages.

use axum::http::Method;
use leptos::server_fn::axum::server_fn_paths;
use shared::paths;

use crate::persona::Site;

#[tokio::test]
async fn the_pages_of_an_account_are_for_who_is_signed_in() {
    let site = Site::new().await;
    for path in [
        paths::ACCOUNT,
        paths::ACCOUNT_PICTURE,
        paths::ACCOUNT_PASSWORD,
        paths::ACCOUNT_SESSIONS,
        paths::ACCOUNT_DELETE,
    ] {
        let login = site.visitor().get(path).await;
        assert!(login.status.is_redirection(), "{path}");
        assert_eq!(login.location(), paths::login_then(path));
    }
}

#[tokio::test]
async fn nobody_changes_an_account_without_being_signed_in() {
    let site = Site::new().await;
    let paths: Vec<&str> = server_fn_paths()
        .filter(|(path, method)| *method == Method::POST && path.starts_with("/account"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(paths.len(), 9, "{paths:?}");
    for path in paths {
        let fields = [("id", "0"), ("current_password", "ada-secret!")];
        assert_eq!(site.visitor().post(path, &fields).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn the_profile_form_is_prefilled_and_what_it_says_is_seen_by_others() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let page = ada.get("/account").await;
    assert_eq!(page.attributes("#username", "value"), ["ada"]);
    assert_eq!(page.attributes("#email", "value"), ["ada@example.org"]);

    let hostile = "</textarea><script>alert(1)</script>\r\nI count.";
    let fields = [
        ("username", "Ada-L"),
        ("email", "ada@example.org"),
        ("about", hostile),
    ];
    ada.post("/account", &fields).await.redirects_to("/account");
    let page = ada.get("/account").await;
    assert_eq!(page.text(".flash"), "Your profile has been saved.");
    assert_eq!(page.text("#about"), hostile.replace("\r\n", "\n"));

    let profile = site.visitor().get("/user/ada-l").await;
    assert_eq!(profile.text("h1"), "Ada-L");
    assert_eq!(profile.text(".person-about"), hostile.replace("\r\n", "\n"));
    assert!(profile.text(".person-facts").contains("member since"));
    // The old name redirects to the new one, until another user takes it.
    let former = site.visitor().get("/user/ada").await;
    assert_eq!(
        (former.status.as_u16(), former.location().as_str()),
        (308, "/user/Ada-L")
    );
    let fields = [
        ("username", "ada"),
        ("email", "other@example.org"),
        ("password", "long-enough-1"),
        ("confirm_password", "long-enough-1"),
    ];
    site.visitor()
        .post("/register", &fields)
        .await
        .redirects_to("/login?name=ada");
    assert_eq!(site.visitor().get("/user/ada").await.text("h1"), "ada");
}

#[tokio::test]
async fn a_refused_profile_keeps_what_was_typed() {
    let site = Site::new().await;
    site.visitor().register("grace").await;
    let ada = site.member("ada").await;
    let fields = [
        ("username", "GRACE"),
        ("email", "ada@example.org"),
        ("about", "new words"),
    ];
    let answer = ada.post("/account", &fields).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.text("#username-error"),
        "Enter another username: this one is taken"
    );
    assert_eq!(answer.attributes("#username", "value"), ["GRACE"]);
    assert_eq!(answer.text("#about"), "new words");
    assert_eq!(answer.text("title"), "Error: Profile · Broadsheet");

    let fields = [
        ("username", "ada"),
        ("email", "new@example.org"),
        ("current_password", "wrong password"),
    ];
    let answer = ada.post("/account", &fields).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.text("#current_password-error"),
        "Enter your current password: this one is not correct"
    );
    assert!(!answer.body.contains("wrong password"));
}

// AUT-04
#[tokio::test]
async fn nobody_learns_by_changing_their_address_whether_it_has_an_account() {
    let site = Site::new().await;
    site.visitor().register("grace").await;
    let mut answers = Vec::new();
    for email in ["grace@example.org", "nobody@example.org"] {
        let name = if email.starts_with('g') { "ada" } else { "eve" };
        let person = site.member(name).await;
        let password = format!("{name}-secret!");
        let fields = [
            ("username", name),
            ("email", email),
            ("current_password", &password),
        ];
        let answer = person.post("/account", &fields).await;
        answers.push((
            answer.status,
            answer.location(),
            person.get("/account").await.text(".flash"),
        ));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_new_password_signs_out_elsewhere_and_not_here() {
    let site = Site::new().await;
    let here = site.member("ada").await;
    let elsewhere = site.visitor();
    elsewhere.log_in("ada").await;
    let before = here.cookie("session");
    let fields = [
        ("current_password", "ada-secret!"),
        ("new_password", "an entirely new password"),
        ("confirm_password", "an entirely new password"),
    ];
    here.post("/account/password", &fields)
        .await
        .redirects_to("/account");
    assert_ne!(here.cookie("session"), before);
    assert_eq!(here.get("/account").await.status, 200);
    assert!(elsewhere.get("/account").await.status.is_redirection());
    site.mail("ada@example.org", "was changed").await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_alone() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let elsewhere = site.visitor();
    elsewhere.log_in("ada").await;
    let page = ada.get("/account/sessions").await;
    assert_eq!(page.texts(".session").len(), 2);
    assert_eq!(page.texts(".badge"), ["This browser"]);
    let id = page.attributes(".session input[name=id]", "value").remove(0);

    let grace = site.member("grace").await;
    assert_eq!(
        grace.post("/account/sessions/end", &[("id", &id)]).await.status,
        404
    );
    assert_eq!(elsewhere.get("/account").await.status, 200);

    ada.post("/account/sessions/end", &[("id", &id)])
        .await
        .redirects_to("/account/sessions");
    assert!(elsewhere.get("/account").await.status.is_redirection());
    elsewhere.log_in("ada").await;
    ada.post("/account/sessions/end_others", &[])
        .await
        .redirects_to("/account/sessions");
    assert!(elsewhere.get("/account").await.status.is_redirection());
    assert_eq!(ada.get("/account/sessions").await.texts(".session").len(), 1);
}

#[tokio::test]
async fn an_account_is_deleted_with_its_password_alone() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = ada.publish("On engines", "text").await;
    let answer = ada
        .post("/account/delete", &[("current_password", "wrong password")])
        .await;
    assert_eq!(answer.status, 422);
    ada.post("/account/delete", &[("current_password", "ada-secret!")])
        .await
        .redirects_to("/");
    let home = ada.get("/").await;
    assert_eq!(
        home.text(".flash"),
        "Your account and everything in it have been deleted."
    );
    assert_eq!(
        home.texts(".nav-entries li"),
        ["Home", "Explore", "About", "Log in", "Register"]
    );
    for path in [post.as_str(), "/user/ada"] {
        assert_eq!(ada.get(path).await.status, 404);
    }
    assert_eq!(site.visitor().log_in("ada").await.status, 401);
}

#[tokio::test]
async fn a_remembered_browser_is_given_its_cookie_anew_each_day() {
    use time::Duration;

    let site = Site::new().await;
    site.visitor().register("ada").await;
    let ada = site.visitor();
    let fields = [
        ("login", "ada"),
        ("password", "ada-secret!"),
        ("remember", "true"),
    ];
    ada.post("/login", &fields).await;
    // The first request removes the flash message of the login. After that, no cookie is set.
    ada.get("/").await;
    assert!(!ada.get("/").await.headers.contains_key("set-cookie"));
    // The expiry of the cookie is also extended for a user who comes twice a day.
    site.state.clock.advance(Duration::hours(13));
    assert!(!ada.get("/about").await.headers.contains_key("set-cookie"));
    site.state.clock.advance(Duration::hours(13));
    let cookie = ada.get("/about").await.set_cookie("session=");
    assert!(cookie.contains("Max-Age=259"), "{cookie}");
}

#[tokio::test]
async fn every_problem_of_a_profile_and_of_a_new_password_is_told_in_one_answer() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    site.visitor().register("grace").await;
    let profile = [
        ("username", "Grace"),
        ("about", ""),
        ("email", "other@example.org"),
        ("current_password", "not-my-password"),
    ];
    let answer = ada.post("/account", &profile).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.texts(".summary a"),
        [
            "Enter another username: this one is taken",
            "Enter your current password: this one is not correct",
        ]
    );
    let password = [
        ("current_password", "not-my-password"),
        ("new_password", "password123"),
        ("confirm_password", "password123"),
    ];
    let answer = ada.post("/account/password", &password).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.texts(".summary a"),
        [
            "Enter your current password: this one is not correct",
            "Enter another password: this one is too common",
        ]
    );
}
