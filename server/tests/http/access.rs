//! ACC-01: who may do what, for every route. A route that is neither in the table nor a declared page fails the test.

use std::collections::BTreeMap;

use app::pages::route::{Audience, PageRoute};
use axum::{
    body::Body,
    http::{
        Method,
        header::{ACCEPT, CONTENT_TYPE, LOCATION, ORIGIN},
    },
};
use server::router::routes;
use shared::paths;

use crate::persona::{Persona, Site};

use self::{files::FILES, forms::FORMS};

mod files;
mod forms;

/// A route, its address if it differs, the submitted fields, and the statuses for a visitor, for another member and for
/// the person concerned.
type Row = (&'static str, &'static str, &'static str, [u16; 3]);

/// Returns the statuses of a page for a visitor and for two members, as its declaration says. Nobody in this test is a
/// moderator; the rights of moderators are tested in `moderation.rs`.
const fn declared(audience: Audience) -> [u16; 3] {
    match audience {
        Audience::Everybody => [200, 200, 200],
        Audience::Visitors => [200, 303, 303],
        Audience::Members => [303, 200, 200],
        Audience::Moderators | Audience::Administrators => [303, 403, 403],
    }
}

/// Returns the row of a page whose address has no parameter.
fn row_of_page(method: &Method, path: &str) -> Option<Row> {
    let page = PageRoute::at(path).filter(|page| page.address() == path && method == Method::GET)?;
    Some(("", "", "", declared(page.audience())))
}

async fn ask(person: &Persona, method: Method, path: &str, fields: &str) -> u16 {
    let is_page = method == Method::GET && !path.starts_with(paths::SERVER_FUNCTIONS);
    let mut request = person
        .request(method, path)
        .header(ORIGIN, "http://localhost:3000")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(fields.to_owned()))
        .unwrap();
    if !is_page {
        request
            .headers_mut()
            .insert(ACCEPT, "application/json".parse().unwrap());
    }
    person.send(request).await.status.as_u16()
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_on_every_route() {
    let table: BTreeMap<&str, Row> = FORMS.iter().chain(FILES).map(|row| (row.0, *row)).collect();
    let mut wrong = Vec::new();
    let mut routes = routes();
    routes.sort_by_key(|(method, path)| (path.clone(), method.to_string()));
    for (method, path) in &routes {
        let name = format!("{method} {path}");
        let row = table.get(name.as_str()).copied();
        let Some((_, example, fields, expected)) = row.or_else(|| row_of_page(method, path)) else {
            wrong.push(format!("{name} is neither in the table nor a declared page"));
            continue;
        };
        let address = if example.is_empty() {
            path.as_str()
        } else {
            example
        };
        let site = Site::new().await;
        let (ada, grace) = (site.member("ada").await, site.member("grace").await);
        ada.publish("Shown", "text").await;
        ada.publish("Deleted", "text").await;
        ada.post("/post/trash", &[("id", "2")]).await;
        ada.post(
            "/post/new",
            &[("title", "Draft"), ("content", "x"), ("intent", "save")],
        )
        .await;
        let mary = site.member("mary").await;
        for person in [&ada, &mary] {
            let comment = [("post", "1"), ("comment_content", "Hello")];
            person.post("/comments/new", &comment).await;
        }
        let nobody = site.visitor();
        for (who, person, expected) in [
            ("nobody", &nobody, expected[0]),
            ("another", &grace, expected[1]),
            ("the owner", &ada, expected[2]),
        ] {
            let status = ask(person, method.clone(), address, fields).await;
            if status != expected {
                wrong.push(format!("{name} by {who}: {status}, not {expected}"));
            }
        }
    }
    let known: Vec<String> = routes
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let gone = table
        .keys()
        .filter(|name| !known.iter().any(|known| known == *name));
    wrong.extend(gone.map(|name| format!("{name} is in the table, but no route")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

// The table may say more than the declaration of a page, but not the opposite.
#[tokio::test]
async fn every_page_leads_visitors_to_the_login_if_it_is_declared_for_members() {
    let site = Site::new().await;
    let nobody = site.visitor();
    for page in PageRoute::ALL {
        let address = page.address();
        let answer = nobody.get(&address.replace(':', "a-")).await;
        let location = answer.headers.get(LOCATION).map(|value| value.to_str().unwrap());
        let is_led_to_login = location.is_some_and(|location| location.starts_with(paths::LOGIN));
        assert_eq!(is_led_to_login, page.audience().needs_login(), "{address}");
    }
}

// SES-07
#[tokio::test]
async fn no_address_that_is_only_looked_at_changes_anything() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.publish("Shown", "text").await;
    ada.post(
        "/post/new",
        &[("title", "Draft"), ("content", "x"), ("intent", "save")],
    )
    .await;
    let seen = async || {
        let mut pages = Vec::new();
        for path in [
            "/",
            "/user/ada",
            "/account",
            "/account/drafts",
            "/account/trash",
            "/account/sessions",
        ] {
            pages.push(ada.get(path).await.texts("main"));
        }
        pages
    };
    let before = seen().await;
    for (_, path) in routes() {
        let query =
            "id=1&title=A&content=b&intent=publish&current_password=ada-secret!&username=eve&post=1&draft=1";
        let address = path
            .replace("{username}", "ada")
            .replace("{post}", "1")
            .replace("{file}", "x")
            .replace("{token}", "x");
        let request = ada
            .request(Method::GET, &format!("{address}?{query}"))
            .body(Body::empty())
            .unwrap();
        let status = ada.send(request).await.status;
        assert!(!status.is_server_error(), "{path}: {status}");
    }
    assert_eq!(seen().await, before);
}
