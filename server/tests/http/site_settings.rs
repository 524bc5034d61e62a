//! Tests of the page that changes the settings of the site, and of what shows them.

use axum::http::{Method, StatusCode};
use domain::{Scope, administration::settings, site::values::fixed_by_flag};
use server::router::routes;
use shared::model::{account::Role, site::Setting};

use crate::persona::{Persona, Site};

/// Returns the fields of the form at `/admin/settings` as it is shown, in the order of the page.
async fn fields(person: &Persona) -> Vec<(String, String)> {
    let page = person.get("/admin/settings").await;
    assert_eq!(page.status, StatusCode::OK);
    let inputs = page.attributes("form.form input:not([type=radio]):not([type=checkbox])", "name");
    let values = page.attributes("form.form input:not([type=radio]):not([type=checkbox])", "value");
    let mut fields: Vec<(String, String)> = inputs.into_iter().zip(values).collect();
    let areas = page.attributes("form.form textarea", "name");
    fields.extend(areas.into_iter().zip(page.texts("form.form textarea")));
    for checked in ["radio", "checkbox"] {
        let selector = format!("form.form input[type={checked}][checked]");
        let names = page.attributes(&selector, "name");
        fields.extend(names.into_iter().zip(page.attributes(&selector, "value")));
    }
    fields
}

fn with(fields: &[(String, String)], name: &str, value: &str) -> Vec<(String, String)> {
    let changed = fields.iter().map(|(field, before)| {
        let value = if field == name { value } else { before };
        (field.clone(), value.to_owned())
    });
    changed.collect()
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[tokio::test]
async fn a_change_is_on_every_page_at_the_next_request_although_pages_are_cached() {
    let site = Site::new().await;
    let ada = site.with_role("ada", Role::Administrator).await;
    let visitor = site.visitor();
    for _ in 0..2 {
        assert_eq!(visitor.get("/").await.text("title"), "Broadsheet");
    }
    let form = fields(&ada).await;
    let form = with(&form, "site_name", "The <Daily> Crumb");
    ada.post("/admin/settings", &borrowed(&form))
        .await
        .redirects_to("/admin/settings");
    assert_eq!(visitor.get("/").await.text("title"), "The <Daily> Crumb");
    assert_eq!(visitor.get("/about").await.text("h1"), "About The <Daily> Crumb");
    let page = ada.get("/admin/settings").await;
    assert_eq!(page.text(".flash"), "The settings have been saved.");
    assert_eq!(page.attributes("#site_name", "value"), ["The <Daily> Crumb"]);
}

#[tokio::test]
async fn a_wrong_value_is_explained_beside_its_field_and_nothing_typed_is_lost() {
    let site = Site::new().await;
    let ada = site.with_role("ada", Role::Administrator).await;
    let form = fields(&ada).await;
    let form = with(&with(&form, "posts_per_page", "many"), "site_name", "Crumb");
    let refused = ada.post("/admin/settings", &borrowed(&form)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.texts(".summary a"), ["Enter a number from 1 to 100"]);
    assert_eq!(
        refused.text("#posts_per_page-error"),
        "Enter a number from 1 to 100"
    );
    assert_eq!(refused.attributes("#site_name", "value"), ["Crumb"]);
    assert_eq!(site.visitor().get("/").await.text("title"), "Broadsheet");
}

#[tokio::test]
async fn the_second_of_two_administrators_is_shown_both_values_and_decides() {
    let site = Site::new().await;
    let ada = site.with_role("ada", Role::Administrator).await;
    let eve = site.with_role("eve", Role::Administrator).await;
    let (of_ada, of_eve) = (fields(&ada).await, fields(&eve).await);
    ada.post("/admin/settings", &borrowed(&with(&of_ada, "site_name", "Crumb")))
        .await
        .redirects_to("/admin/settings");
    let refused = eve
        .post("/admin/settings", &borrowed(&with(&of_eve, "site_name", "Crust")))
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.attributes("#site_name", "value"), ["Crust"]);
    assert_eq!(refused.texts(".field-theirs"), ["It is now “Crumb”."]);
    let base = refused.attributes("input[name=base]", "value").remove(0);
    let again = with(&with(&of_eve, "site_name", "Crust"), "base", &base);
    eve.post("/admin/settings", &borrowed(&again))
        .await
        .redirects_to("/admin/settings");
    assert_eq!(site.visitor().get("/").await.text("title"), "Crust");
}

#[tokio::test]
async fn a_setting_of_the_operator_is_shown_with_its_source_and_cannot_be_changed() {
    let site = Site::with("http://localhost:3000", |config| {
        config.site = fixed_by_flag([(Setting::SiteName, "Fixed"), (Setting::Registration, "open")]);
    })
    .await;
    let ada = site.with_role("ada", Role::Administrator).await;
    let page = ada.get("/admin/settings").await;
    assert_eq!(page.attributes("#site_name", "readonly"), [""]);
    assert!(page.text("#site_name-hint").contains("(flag)"));
    assert_eq!(
        page.attributes("input[name=registration]:not([disabled])", "value"),
        ["open"]
    );
    let form = fields(&ada).await;
    let changed = with(&form, "posts_per_page", "9");
    ada.post("/admin/settings", &borrowed(&changed))
        .await
        .redirects_to("/admin/settings");
    let forged = with(&fields(&ada).await, "site_name", "Mine");
    let refused = ada.post("/admin/settings", &borrowed(&forged)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.visitor().get("/").await.text("title"), "Fixed");
}

/// Renames the site and publishes something on it.
async fn renamed(name: &str, credit: &str) -> (Site, Persona) {
    let site = Site::with("http://localhost:3000", |config| {
        config.mail.from = "post@example.org".parse().unwrap();
        config.security_contact = Some("mailto:safe@example.org".to_owned());
    })
    .await;
    let operator = Scope::command_line(site.state.clone());
    for (setting, value) in [
        (Setting::SiteName, name),
        (Setting::SiteDescription, "Bread, every day."),
        (Setting::Language, "de-CH"),
        (Setting::SoftwareCredit, credit),
    ] {
        settings::set(&operator, setting, value.to_owned()).await.unwrap();
    }
    let ada = site.with_role("ada", Role::Administrator).await;
    ada.post(
        "/post/new",
        &[
            ("title", "First"),
            ("content", "text"),
            ("tags", "bread"),
            ("intent", "publish"),
        ],
    )
    .await;
    (site, ada)
}

/// Returns all addresses that can be requested, with examples for their parts that vary.
fn addresses() -> Vec<String> {
    let gets = routes().into_iter().filter(|(method, _)| *method == Method::GET);
    let example = |path: String| {
        path.replace("{username}", "ada")
            .replace("{tag}", "bread")
            .replace("{post}", "1-first")
            .replace("{file}", "posts-1.xml")
            .replace("{token}", "x")
    };
    let mut addresses: Vec<String> = gets.map(|(_, path)| example(path)).collect();
    addresses.extend(["/nothing", "/post/9", "/?page=99", "/post/update?post=1"].map(str::to_owned));
    addresses
}

#[tokio::test]
async fn a_renamed_site_says_its_own_name_everywhere() {
    let (site, ada) = renamed("The Daily Crumb", "off").await;
    let visitor = site.visitor();
    let mut named = 0;
    // The audit log says what the name was before.
    let addresses = addresses()
        .into_iter()
        .filter(|address| !address.contains("/moderation"));
    for address in addresses {
        for person in [&ada, &visitor] {
            let answer = person.get(&address).await;
            let headers = format!("{:?}", answer.headers);
            for text in [&answer.body, &headers] {
                assert!(!text.contains("Broadsheet"), "{address}: {text}");
            }
            named += usize::from(answer.body.contains("The Daily Crumb"));
        }
    }
    assert!(named > 60, "{named}");

    for (address, parts) in [
        (
            "/",
            vec![
                "<title>The Daily Crumb</title>",
                "lang=\"de-CH\"",
                "Bread, every day.",
            ],
        ),
        (
            "/atom.xml",
            vec![
                "<title>The Daily Crumb</title>",
                "<subtitle>Bread, every day.</subtitle>",
                "xml:lang=\"de-CH\"",
            ],
        ),
        (
            "/rss.xml",
            vec![
                "<title>The Daily Crumb</title>",
                "<description>Bread, every day.</description>",
                "<language>de-CH</language>",
            ],
        ),
        (
            "/feed.json",
            vec![
                "\"title\":\"The Daily Crumb\"",
                "\"description\":\"Bread, every day.\"",
                "\"language\":\"de-CH\"",
            ],
        ),
        ("/user/ada/atom.xml", vec!["<title>ada · The Daily Crumb</title>"]),
        (
            "/manifest.webmanifest",
            vec![
                "\"name\":\"The Daily Crumb\"",
                "\"description\":\"Bread, every day.\"",
            ],
        ),
        (
            "/post/1-first",
            vec![
                "og:site_name\" content=\"The Daily Crumb\"",
                "\"publisher\":{\"@type\":\"Organization\",\"name\":\"The Daily Crumb\"",
            ],
        ),
    ] {
        let body = visitor.get(address).await.body;
        for part in parts {
            assert!(body.contains(part), "{address} has no {part}: {body}");
        }
    }
}

/// Returns the mails once there are `count`, each of which has been written to its end.
async fn complete_mails(site: &Site, count: usize) -> Vec<Vec<u8>> {
    for _ in 0..500 {
        let mails: Vec<Vec<u8>> = site
            .mails()
            .iter()
            .map(|file| std::fs::read(file).unwrap())
            .collect();
        if mails.len() == count && mails.iter().all(|mail| mail.ends_with(b"--\r\n")) {
            return mails;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{:?}", site.mails());
}

#[tokio::test]
async fn mails_of_a_renamed_site_are_in_its_name() {
    let (site, ada) = renamed("The Daily Crumb", "on").await;
    ada.post(
        "/account/password",
        &[
            ("current_password", "ada-secret!"),
            ("new_password", "long-enough-1"),
            ("confirm_password", "long-enough-1"),
        ],
    )
    .await;
    // To a new account, and after the password was changed.
    for mail in complete_mails(&site, 2).await {
        let mail = mail_parser::MessageParser::default().parse(&mail).unwrap();
        let from = mail.from().and_then(|from| from.first()).unwrap();
        assert_eq!(from.name(), Some("The Daily Crumb"));
        let html = mail.body_html(0).unwrap();
        let texts = [mail.subject().unwrap(), &mail.body_text(0).unwrap(), &html];
        for text in texts {
            assert!(!text.contains("Broadsheet"), "{text}");
        }
        assert!(html.contains("Bread, every day."), "{html}");
    }
}

#[tokio::test]
async fn the_software_is_named_once_at_the_foot_unless_that_is_switched_off() {
    let (site, _) = renamed("The Daily Crumb", "on").await;
    let home = site.visitor().get("/").await;
    assert_eq!(home.body.matches("Broadsheet").count(), 1);
    assert!(home.text("footer").contains("Published with Broadsheet"));
}
