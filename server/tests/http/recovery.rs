//! Tests of links in mails.

use domain::site::values::fixed_by_flag;
use shared::model::site::Setting;

use crate::persona::{Persona, Site};

const NEW: &str = "an entirely new password";

/// Returns a site with the user ada, a browser that has followed the link in the mail that she requested, and the mail.
async fn followed(url: &str) -> (Site, Persona, String) {
    let site = Site::at(url).await;
    let ada = site.visitor();
    ada.register("ada").await;
    let answer = ada
        .post("/forgot_password", &[("email", "ada@example.org")])
        .await;
    answer.redirects_to("/login");
    let mail = site.mail("ada@example.org", "new password").await;
    (site, ada, mail)
}

async fn choose(persona: &Persona) -> crate::persona::Answer {
    let fields = [("new_password", NEW), ("confirm_password", NEW)];
    persona.post("/reset_password", &fields).await
}

// AUT-08
#[tokio::test]
async fn who_has_forgotten_their_password_follows_a_link_and_chooses_another() {
    let (site, ada, mail) = followed("http://localhost:3000").await;
    assert!(
        ada.get("/login")
            .await
            .text(".flash")
            .contains("Check your email")
    );
    let answer = ada.follow(&mail).await;
    answer.redirects_to("/reset_password");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let cookie = answer.set_cookie("mail-token=");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let page = ada.get("/reset_password").await;
    assert_eq!(page.status, 200);
    assert!(
        !page.body.contains(&ada.cookie("mail-token").unwrap()),
        "no token in the page"
    );

    let fields = [("new_password", NEW), ("confirm_password", "another")];
    let refused = ada.post("/reset_password", &fields).await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.text("#confirm_password-error"),
        "Enter the same password twice"
    );

    choose(&ada).await.redirects_to("/login");
    assert_eq!(ada.cookie("mail-token"), None);
    assert!(
        ada.get("/login")
            .await
            .text(".flash")
            .contains("Log in with the new one")
    );
    ada.post("/login", &[("login", "ada"), ("password", NEW)])
        .await
        .redirects_to("/");
    site.mail("ada@example.org", "was changed").await;
}

#[tokio::test]
async fn over_https_the_token_is_bound_to_the_host() {
    let (_site, ada, mail) = followed("https://example.org").await;
    assert!(mail.contains("https://example.org/reset_password/"));
    let cookie = ada.follow(&mail).await.set_cookie("__Host-mail-token=");
    assert!(cookie.contains("Secure") && cookie.contains("Path=/"), "{cookie}");
}

#[tokio::test]
async fn a_link_that_is_forged_or_used_leads_to_the_page_that_sends_another() {
    let (site, ada, mail) = followed("http://localhost:3000").await;
    ada.follow(&mail).await;
    choose(&ada).await;
    for link in [
        mail.as_str(),
        "http://localhost:3000/reset_password/nonsense",
        "http://h/reset_password/%00%ff",
    ] {
        let visitor = site.visitor();
        visitor.follow(link).await.redirects_to("/forgot_password");
        let page = visitor.get("/forgot_password").await;
        assert!(page.text(".flash-warning").contains("no longer works"));
    }
    let visitor = site.visitor();
    visitor
        .get("/reset_password")
        .await
        .redirects_to("/forgot_password");
    choose(&visitor).await.redirects_to("/forgot_password");
}

// INJ-05
#[tokio::test]
async fn an_address_in_the_mail_is_the_configured_one_whatever_the_request_says() {
    use axum::{body::Body, http::Method};

    let site = Site::new().await;
    let ada = site.visitor();
    ada.register("ada").await;
    let request = ada
        .request(Method::POST, "/forgot_password")
        .header("x-forwarded-host", "evil.example")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded");
    let mut request = request.body(Body::from("email=ada%40example.org")).unwrap();
    request
        .headers_mut()
        .insert("host", "192.0.2.66:81".parse().unwrap());
    ada.send(request).await.redirects_to("/login");
    let mail = site.mail("ada@example.org", "new password").await;
    assert!(
        mail.contains("http://localhost:3000/reset_password/")
            && !mail.contains("evil")
            && !mail.contains("192.0.2.66")
    );
}

// AUT-04
#[tokio::test]
async fn forgetting_says_the_same_whether_or_not_there_is_an_account() {
    let site = Site::new().await;
    site.visitor().register("ada").await;
    let mut answers = Vec::new();
    for email in ["ada@example.org", "nobody@example.org"] {
        let visitor = site.visitor();
        let answer = visitor.post("/forgot_password", &[("email", email)]).await;
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        answers.push((
            answer.status,
            answer.location(),
            names,
            visitor.get("/login").await.body.len(),
        ));
    }
    assert_eq!(answers[0], answers[1]);
    let refused = site
        .visitor()
        .post("/forgot_password", &[("email", "nobody")])
        .await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.attributes("#email", "value"), ["nobody"]);
}

#[tokio::test]
async fn who_is_signed_in_is_sent_home_from_these_pages() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for path in ["/login", "/register", "/forgot_password", "/reset_password"] {
        ada.get(path).await.redirects_to("/");
    }
    assert!(ada.get("/").await.text(".flash").contains("log out first"));
}

#[tokio::test]
async fn the_welcome_mail_confirms_the_address() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    assert!(
        ada.get("/account")
            .await
            .text(".notice")
            .contains("Not confirmed yet: ada@example.org")
    );
    let mail = site.mail("ada@example.org", "Welcome").await;
    ada.follow(&mail).await.redirects_to("/confirm_email");
    let page = ada.get("/confirm_email").await;
    assert!(
        page.text("main")
            .contains("Is ada@example.org your email address?")
    );
    assert_eq!(
        ada.get("/account").await.texts(".notice").len(),
        1,
        "following changes nothing"
    );
    ada.post("/confirm_email", &[]).await.redirects_to("/account");
    let page = ada.get("/account").await;
    assert_eq!(page.text(".flash"), "Your email address is confirmed.");
    assert_eq!(page.texts(".notice"), [""; 0]);

    let again = site.visitor();
    again.follow(&mail).await.redirects_to("/confirm_email");
    assert_eq!(again.get("/confirm_email").await.status, 410);
    assert_eq!(again.post("/confirm_email", &[]).await.status, 410);
}

// AUT-04
#[tokio::test]
async fn a_private_site_tells_nobody_whether_an_address_has_an_account() {
    let site = Site::with("http://localhost:3000", |config| {
        config.site = fixed_by_flag([(Setting::Registration, "private")]);
    })
    .await;
    let ada = site.visitor();
    ada.register("ada").await.redirects_to("/login");
    assert!(
        ada.get("/login")
            .await
            .text(".flash")
            .contains("Check your email")
    );
    assert_eq!(ada.log_in("ada").await.status, 401, "not before it is confirmed");
    ada.follow(&site.mail("ada@example.org", "Finish").await).await;
    let refused = ada.post("/confirm_email", &[("password", "not the one")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text("#password-error").contains("when you registered"));
    ada.post("/confirm_email", &[("password", "ada-secret!")])
        .await
        .redirects_to("/login");
    ada.log_in("ada").await.redirects_to("/");

    let eve = site.visitor();
    let fields = [
        ("username", "eve"),
        ("email", "ada@example.org"),
        ("password", "eve-secret!"),
        ("confirm_password", "eve-secret!"),
    ];
    eve.post("/register", &fields).await.redirects_to("/login");
    assert!(
        eve.get("/login")
            .await
            .text(".flash")
            .contains("Check your email")
    );
    site.mail("ada@example.org", "You have an account").await;
}
