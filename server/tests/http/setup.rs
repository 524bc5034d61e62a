//! Tests of setting up a new site.

use axum::http::StatusCode;
use domain::{Scope, accounts::administration, site::values::fixed_by_flag};
use shared::model::{account::Role, site::Setting};

use crate::persona::{Persona, Site};

/// Makes ada an administrator, and returns her browser.
async fn administrator(site: &Site) -> Persona {
    let ada = site.member("ada").await;
    let console = Scope::command_line(site.state.clone());
    administration::set_role(&console, "ada", Role::Administrator)
        .await
        .unwrap();
    ada
}

#[tokio::test]
async fn a_new_site_is_named_and_opened_in_steps_of_which_each_can_be_skipped() {
    let site = Site::new().await;
    let ada = administrator(&site).await;
    let page = ada.get("/admin/setup").await;
    assert_eq!(page.text("h1"), "Name your site");
    assert!(page.text("main").contains("Step 2 of 4."));
    let skip = page.attributes(".form-buttons a", "href");
    assert_eq!(skip, ["/admin/setup?step=registration"]);
    let base = page.attributes("input[name=base]", "value").remove(0);

    let named = [
        ("step", "site"),
        ("site_name", "The Daily Crumb"),
        ("site_description", "Bread, mostly"),
        ("base", base.as_str()),
    ];
    ada.post("/admin/setup?step=site", &named)
        .await
        .redirects_to("/admin/setup?step=registration");
    assert_eq!(
        site.visitor().get("/").await.text(".masthead-name"),
        "The Daily Crumb"
    );

    let page = ada.get("/admin/setup?step=registration").await;
    assert_eq!(page.text("h1"), "Choose who can register");
    let wrong = [
        ("step", "registration"),
        ("registration", "invited"),
        ("posts_per_page", "many"),
    ];
    let refused = ada.post("/admin/setup?step=registration", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.attributes("#posts_per_page", "value"), ["many"]);
    let base = page.attributes("input[name=base]", "value").remove(0);
    let chosen = [
        ("step", "registration"),
        ("registration", "invited"),
        ("posts_per_page", "9"),
        ("base", base.as_str()),
    ];
    ada.post("/admin/setup?step=registration", &chosen)
        .await
        .redirects_to("/admin/setup?step=mail");
    let page = site.visitor().get("/register").await;
    assert_eq!(page.text("h1"), "You need an invitation to register");
}

#[tokio::test]
async fn the_last_step_says_how_mail_is_set_up_and_sends_a_test_email() {
    let site = Site::new().await;
    let ada = administrator(&site).await;
    let page = ada.get("/admin/setup?step=mail").await;
    assert_eq!(page.text("h1"), "Check that email works");
    assert!(page.text("main").contains("BROADSHEET_SMTP_URL"), "{}", page.body);
    ada.post("/admin/setup/mail", &[])
        .await
        .redirects_to("/admin/setup?step=mail");
    let mail = site.mail("ada@example.org", "test email").await;
    assert!(mail.contains("Mail works"), "{mail}");
}

#[tokio::test]
async fn a_setting_that_the_operator_has_given_stays_as_it_is() {
    let site = Site::with("http://localhost:3000", |config| {
        config.site = fixed_by_flag([(Setting::SiteName, "Fixed")]);
    })
    .await;
    let ada = administrator(&site).await;
    let page = ada.get("/admin/setup").await;
    assert_eq!(page.attributes("#site_name", "value"), ["Fixed"]);
    let base = page.attributes("input[name=base]", "value").remove(0);
    let other = [("step", "site"), ("site_name", "Other"), ("base", base.as_str())];
    let refused = ada.post("/admin/setup?step=site", &other).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
