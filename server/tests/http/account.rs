//! Tests of registering, logging in and logging out.

use domain::site::values::fixed_by_flag;
use sea_orm::ConnectionTrait;
use server::router::{files_and_checks, routes};
use shared::{
    forms::{FieldProblem, Username},
    model::site::Setting,
};

use crate::persona::Site;

#[tokio::test]
async fn a_person_registers_logs_in_and_logs_out() {
    let site = Site::new().await;
    let ada = site.visitor();
    ada.register("ada").await.redirects_to("/login?name=ada");
    let login = ada.get("/login?name=ada").await;
    assert_eq!(
        login.text(".flash"),
        "Your account has been created. You can log in now. We have emailed you a link to confirm your address."
    );
    assert_eq!(login.attributes("#login", "value"), ["ada"]);

    ada.log_in("ada").await.redirects_to("/");
    let home = ada.get("/").await;
    assert_eq!(home.text(".flash"), "You are logged in.");
    assert_eq!(
        home.texts(".nav-entries li"),
        [
            "Home", "Explore", "About", "New post", "ada", "Account", "Log out"
        ]
    );
    assert_eq!(ada.get("/").await.text(".flash"), "", "a message is shown once");

    ada.post("/logout", &[]).await.redirects_to("/");
    let home = ada.get("/").await;
    assert_eq!(home.text(".flash"), "You are logged out.");
    assert_eq!(
        home.texts(".nav-entries li"),
        ["Home", "Explore", "About", "Log in", "Register"]
    );
}

#[tokio::test]
async fn a_refused_registration_keeps_what_was_typed_but_no_password() {
    let site = Site::new().await;
    let answer = site
        .visitor()
        .post(
            "/register",
            &[
                ("username", "a<\"b"),
                ("email", "nobody"),
                ("password", "hunter22"),
                ("confirm_password", "other"),
            ],
        )
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.text("title"), "Error: Register · Broadsheet");
    assert_eq!(answer.attributes("#username", "value"), ["a<\"b"]);
    assert_eq!(answer.attributes("#email", "value"), ["nobody"]);
    assert_eq!(answer.attributes("[type=password]", "value"), [""; 0]);
    assert!(!answer.body.contains("hunter22"));

    assert_eq!(
        answer.attributes(".summary a", "href"),
        ["#username", "#email", "#password", "#confirm_password"]
    );
    assert_eq!(answer.texts(".summary a"), answer.texts(".field-error"));
    assert_eq!(
        answer.attributes("[aria-invalid=true]", "id"),
        ["username", "email", "password", "confirm_password"]
    );
    assert_eq!(answer.attributes("#email", "aria-describedby"), ["email-error"]);
    assert_eq!(
        answer.attributes("#username", "aria-describedby"),
        ["username-hint username-error"]
    );
}

#[tokio::test]
async fn a_taken_name_is_told_beside_its_field() {
    let site = Site::new().await;
    site.visitor().register("ada").await;
    let password = ("password", "ada-secret!");
    let fields = [
        ("username", "ADA"),
        ("email", "a@b.c"),
        password,
        ("confirm_password", password.1),
    ];
    let answer = site.visitor().post("/register", &fields).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.text("#username-error"),
        "Enter another username: this one is taken"
    );
}

#[tokio::test]
async fn every_problem_of_a_registration_is_told_in_one_answer() {
    let site = Site::new().await;
    site.visitor().register("ada").await;
    for (fields, problems) in [
        (
            ["ada", "ada@example.org", "password123", "password124"],
            vec![
                "Enter another username: this one is taken",
                "Enter another email address: this one already has an account",
                "Enter another password: this one is too common",
                "Enter the same password twice",
            ],
        ),
        (
            ["a", "ADA@example.org", "short", "short"],
            vec![
                "Enter a username of at least 2 characters",
                "Enter another email address: this one already has an account",
                "Enter a password of at least 8 characters",
            ],
        ),
        (
            ["grace", "grace@example.org", "Grace@example.org", ""],
            vec![
                "Enter another password: this one is too common",
                "Enter the password again",
            ],
        ),
    ] {
        let [username, email, password, confirm_password] = fields;
        let form = [
            ("username", username),
            ("email", email),
            ("password", password),
            ("confirm_password", confirm_password),
        ];
        let answer = site.visitor().post("/register", &form).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.texts(".summary a"), problems, "{fields:?}");
    }
}

#[tokio::test]
async fn a_private_registration_tells_every_problem_but_whether_an_address_has_an_account() {
    let site = Site::with("http://localhost:3000", |config| {
        config.site = fixed_by_flag([(Setting::Registration, "private")]);
    })
    .await;
    for (username, problems) in [
        ("a", "Enter a username of at least 2 characters"),
        ("login", "Enter another username: this one is reserved"),
    ] {
        for email in ["ada@example.org", "nobody@example.org"] {
            let form = [
                ("username", username),
                ("email", email),
                ("password", "password123"),
                ("confirm_password", "password123"),
            ];
            let answer = site.visitor().post("/register", &form).await;
            assert_eq!(
                answer.texts(".summary a"),
                [problems, "Enter another password: this one is too common"],
                "{email}"
            );
        }
    }
}

#[tokio::test]
async fn an_address_with_an_umlaut_is_taken_as_mail_servers_know_it() {
    let site = Site::new().await;
    let ada = site.visitor();
    let fields = [
        ("username", "ada"),
        ("email", "ada@b\u{fc}cher.example"),
        ("password", "ada-secret!"),
        ("confirm_password", "ada-secret!"),
    ];
    ada.post("/register", &fields)
        .await
        .redirects_to("/login?name=ada");
    site.mail("ada@xn--bcher-kva.example", "Welcome").await;
    for address in ["ada@b\u{fc}cher.example", "ADA@xn--bcher-kva.example"] {
        let fields = [("login", address), ("password", "ada-secret!")];
        site.visitor().post("/login", &fields).await.redirects_to("/");
    }
}

// AUT-04
#[tokio::test]
async fn every_failed_login_gives_the_same_page() {
    let site = Site::new().await;
    site.visitor().register("ada").await;
    let mut pages = Vec::new();
    for name in ["ada", "nobody"] {
        let answer = site
            .visitor()
            .post("/login", &[("login", name), ("password", "wrong password")])
            .await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.text("title"), "Error: Log in · Broadsheet");
        assert_eq!(answer.attributes("#login", "value"), [name]);
        pages.push((answer.text(".summary"), answer.texts("main p")));
    }
    assert_eq!(pages[0], pages[1]);
}

// SES-01
#[tokio::test]
async fn a_remembered_session_outlives_the_browser_and_another_does_not() {
    let site = Site::new().await;
    site.visitor().register("ada").await;
    let fields = [("login", "ada"), ("password", "ada-secret!")];
    let session = |answer: &crate::persona::Answer| answer.set_cookie("session=");
    let passing = session(&site.visitor().post("/login", &fields).await);
    assert!(
        !passing.contains("Max-Age") && !passing.contains("Expires"),
        "{passing}"
    );
    let lasting = session(
        &site
            .visitor()
            .post("/login", &[fields[0], fields[1], ("remember", "true")])
            .await,
    );
    let age = lasting
        .split("Max-Age=")
        .nth(1)
        .and_then(|rest| rest.split(';').next())
        .unwrap();
    assert!(
        (2_591_000..=2_592_000).contains(&age.parse::<u32>().unwrap()),
        "{lasting}"
    );
    for cookie in [passing, lasting] {
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
            "{cookie}"
        );
    }
}

// SES-01
#[tokio::test]
async fn over_https_the_session_cookie_is_secure_and_bound_to_the_host() {
    let site = Site::at("https://example.org").await;
    let ada = site.visitor();
    ada.register("ada").await;
    let answer = ada.log_in("ada").await;
    let session = answer.set_cookie("__Host-session=");
    assert!(
        session.contains("Secure") && session.contains("Path=/") && !session.contains("Domain"),
        "{session}"
    );

    // Browsers accept a cookie with this name only with `Secure`, even for its removal.
    let answer = ada.post("/logout", &[]).await;
    let removal = answer.set_cookie("__Host-session=;");
    assert!(
        removal.contains("Max-Age=0") && removal.contains("Secure"),
        "{removal}"
    );
}

// SES-03
#[tokio::test]
async fn a_planted_session_id_does_not_survive_the_login() {
    let site = Site::new().await;
    let ada = site.visitor();
    ada.register("ada").await;
    ada.set_cookie("session", "AAAAAAAAAAAAAAAAAAAAAA");
    ada.log_in("ada").await.redirects_to("/");
    assert_ne!(ada.cookie("session").unwrap(), "AAAAAAAAAAAAAAAAAAAAAA");

    let thief = site.visitor();
    thief.set_cookie("session", "AAAAAAAAAAAAAAAAAAAAAA");
    thief
        .get("/post/new")
        .await
        .redirects_to("/login?next=%2Fpost%2Fnew");
}

#[tokio::test]
async fn logging_out_ends_the_session_also_for_a_copy_of_its_cookie() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let copy = ada.cookie("session").unwrap();
    ada.post("/logout", &[]).await;
    assert_eq!(ada.cookie("session"), None);
    let thief = site.visitor();
    thief.set_cookie("session", &copy);
    thief
        .get("/post/new")
        .await
        .redirects_to("/login?next=%2Fpost%2Fnew");
}

#[tokio::test]
async fn who_is_signed_in_is_sent_home_from_login_and_register() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.get("/login").await.redirects_to("/");
    ada.get("/register").await.redirects_to("/");
}

#[tokio::test]
async fn a_page_that_needs_a_login_is_reached_after_it() {
    let site = Site::new().await;
    let ada = site.visitor();
    ada.register("ada").await;
    ada.get("/login").await;
    let there = ada.get("/post/new").await;
    assert_eq!(there.status, 303);
    let login = ada.get(&there.location()).await;
    assert_eq!(login.text(".flash"), "Log in to see that page.");
    let next = login.attributes("[name=next]", "value");
    assert_eq!(next, ["/post/new"]);
    let fields = [("login", "ada"), ("password", "ada-secret!"), ("next", &next[0])];
    ada.post("/login", &fields).await.redirects_to("/post/new");
}

#[tokio::test]
async fn after_a_refused_login_the_way_on_and_the_ticked_box_are_kept() {
    let site = Site::new().await;
    let fields = [
        ("login", "ada"),
        ("password", "wrong"),
        ("remember", "true"),
        ("next", "/post/new"),
    ];
    let answer = site.visitor().post("/login", &fields).await;
    assert_eq!(answer.attributes("[name=next]", "value"), ["/post/new"]);
    assert_eq!(answer.attributes("#remember", "checked").len(), 1);
}

#[tokio::test]
async fn a_login_leads_to_no_other_site() {
    let site = Site::new().await;
    site.visitor().register("ada").await;
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\r\nx: y",
        "javascript:alert(1)",
    ] {
        let fields = [("login", "ada"), ("password", "ada-secret!"), ("next", next)];
        site.visitor().post("/login", &fields).await.redirects_to("/");
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("next", next)
            .finish();
        let page = site.visitor().get(&format!("/login?{query}")).await;
        assert_eq!(page.attributes("[name=next]", "value"), [""; 0], "{next:?}");
    }
}

#[tokio::test]
async fn the_way_on_keeps_its_query() {
    let site = Site::new().await;
    site.visitor()
        .get("/post/new?a=1&b=2")
        .await
        .redirects_to("/login?next=%2Fpost%2Fnew%3Fa%3D1%26b%3D2");
}

#[tokio::test]
async fn a_message_on_an_error_page_is_shown_once_as_well() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    assert_eq!(ada.get("/logout").await.text(".flash"), "You are logged in.");
    assert_eq!(ada.get("/").await.text(".flash"), "");
}

// NAM-02
// leptos spawns tasks while it lists the pages, so this test needs a runtime.
#[tokio::test]
async fn the_first_part_of_each_address_is_no_username() {
    let addresses = routes().into_iter().chain(files_and_checks());
    for (_, address) in addresses {
        let first = address.split('/').nth(1).unwrap_or_default();
        // Names of one character and those with dots or colons are no usernames in any case.
        if Username::parse(first).is_ok() {
            assert_eq!(Username::choose(first), Err(FieldProblem::Reserved), "{address}");
        }
    }
}

#[tokio::test]
async fn a_name_that_became_reserved_stays_with_its_owner() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let rename = "UPDATE users SET username = 'Series', username_key = 'series' WHERE username = 'ada'";
    site.state.db.writer().execute_unprepared(rename).await.unwrap();
    let profile = site.visitor().get("/user/series").await;
    assert_eq!(profile.text("h1"), "Series");
    let fields = [
        ("username", "Series"),
        ("email", "ada@example.org"),
        ("about", "Of numbers"),
    ];
    ada.post("/account", &fields).await.redirects_to("/account");
    let fields = [
        ("username", "developers"),
        ("email", "ada@example.org"),
        ("about", ""),
    ];
    let refused = ada.post("/account", &fields).await;
    assert_eq!(
        refused.text("#username-error"),
        "Enter another username: this one is reserved"
    );
}
