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

/// A route, its address if it differs, the submitted fields, and the statuses for a visitor, for another member and for
/// the person concerned.
type Row = (&'static str, &'static str, &'static str, [u16; 3]);

/// Grace is the other member. The post 1, the deleted post 2, the draft 1, the comment 1 and the session belong to Ada, and the
/// comment 2 to Mary.
const TABLE: &[Row] = &[
    // Pages of which the declaration says too little, such as whose draft it is
    ("GET /home", "", "", [308, 308, 308]),
    ("GET /reset_password", "", "", [303, 303, 303]),
    ("GET /confirm_email", "", "", [410, 410, 410]),
    (
        "GET /draft/discard",
        "/draft/discard?draft=1",
        "",
        [303, 404, 200],
    ),
    ("GET /draft/links", "/draft/links?draft=1", "", [303, 404, 200]),
    ("GET /preview/{token}", "/preview/forged", "", [410, 410, 410]),
    ("GET /user/{username}", "/user/ada", "", [200, 200, 200]),
    ("GET /posts", "", "", [308, 308, 308]),
    ("GET /{page}", "/imprint", "", [404, 404, 404]),
    ("GET /page/{page}", "/page/imprint", "", [404, 404, 404]),
    ("GET /tag/{tag}", "/tag/rust", "", [404, 404, 404]),
    ("GET /post/new", "/post/new?draft=1", "", [303, 404, 200]),
    ("GET /post/update", "/post/update?post=1", "", [303, 403, 200]),
    ("GET /post/delete", "/post/delete?post=1", "", [303, 403, 200]),
    ("GET /post/{post}", "/post/1-shown", "", [200, 200, 200]),
    ("GET /first_administrator", "", "", [410, 410, 410]),
    ("GET /invite", "", "", [410, 410, 410]),
    (
        "GET /moderation/hide",
        "/moderation/hide?post=1",
        "",
        [303, 403, 403],
    ),
    (
        "GET /moderation/erase",
        "/moderation/erase?post=1&number=1",
        "",
        [303, 403, 403],
    ),
    (
        "GET /moderation/suspend",
        "/moderation/suspend?user=ada",
        "",
        [303, 403, 403],
    ),
    (
        "GET /moderation/freeze",
        "/moderation/freeze?user=ada",
        "",
        [303, 403, 403],
    ),
    // Data for pages
    (
        "GET /_/moderation",
        "/_/moderation?page=older-1-1",
        "",
        [401, 403, 403],
    ),
    ("GET /_/first_administrator", "", "", [410, 410, 410]),
    ("GET /_/invite", "", "", [410, 410, 410]),
    ("GET /_/admin/invitations", "", "", [401, 403, 403]),
    ("GET /_/admin/setup", "", "", [401, 403, 403]),
    ("GET /_/page", "/_/page?slug=imprint", "", [404, 404, 404]),
    ("GET /_/page/links", "", "", [200, 200, 200]),
    ("GET /_/pages", "", "", [401, 403, 403]),
    ("GET /_/page/open", "/_/page/open?id=1", "", [401, 403, 403]),
    ("GET /_/redirects", "", "", [401, 403, 403]),
    ("GET /_/about", "", "", [200, 200, 200]),
    ("GET /_/viewer", "", "", [200, 200, 200]),
    (
        "GET /_/profile",
        "/_/profile?username=ada&page=1",
        "",
        [200, 200, 200],
    ),
    ("GET /_/account", "", "", [401, 200, 200]),
    ("GET /_/sessions", "", "", [401, 200, 200]),
    ("GET /_/posts", "/_/posts?page=1", "", [200, 200, 200]),
    ("GET /_/post", "/_/post?id=1", "", [200, 200, 200]),
    (
        "GET /_/posts/tagged",
        "/_/posts/tagged?name=rust&page=1",
        "",
        [404, 404, 404],
    ),
    ("GET /_/tags", "", "", [200, 200, 200]),
    ("GET /_/authors", "/_/authors?page=1", "", [200, 200, 200]),
    ("GET /_/confirm_email", "", "", [410, 410, 410]),
    ("GET /_/reset_password", "", "", [410, 410, 410]),
    ("GET /_/drafts", "", "", [401, 200, 200]),
    ("GET /_/trash", "/_/trash?page=1", "", [401, 200, 200]),
    ("GET /_/unlisted", "/_/unlisted?page=1", "", [401, 200, 200]),
    (
        "GET /_/draft/links",
        "/_/draft/links?draft=1",
        "",
        [401, 404, 200],
    ),
    (
        "GET /_/draft/preview",
        "/_/draft/preview?token=forged",
        "",
        [410, 410, 410],
    ),
    ("GET /_/draft/open", "/_/draft/open?id=1", "", [401, 404, 200]),
    (
        "GET /_/post/history",
        "/_/post/history?post=1",
        "",
        [401, 403, 200],
    ),
    ("GET /post/history", "/post/history?post=1", "", [303, 403, 200]),
    (
        "GET /post/history/erase",
        "/post/history/erase?post=1&number=1",
        "",
        [303, 403, 404],
    ),
    ("GET /_/post/open", "/_/post/open?id=1", "", [401, 403, 200]),
    ("GET /_/comments", "/_/comments?post=1", "", [200, 200, 200]),
    ("GET /_/comment", "/_/comment?id=1", "", [200, 200, 200]),
    (
        "GET /_/comment/form",
        "/_/comment/form?post=1&parent=1",
        "",
        [401, 200, 200],
    ),
    ("GET /_/comment/open", "/_/comment/open?id=1", "", [401, 403, 200]),
    (
        "GET /_/comment/delete",
        "/_/comment/delete?id=1",
        "",
        [401, 403, 200],
    ),
    ("GET /_/comment/hide", "/_/comment/hide?id=2", "", [401, 403, 200]),
    ("GET /comments/{comment}", "/comments/1", "", [200, 200, 200]),
    ("GET /comments/new", "/comments/new?post=1", "", [303, 200, 200]),
    (
        "GET /comments/update",
        "/comments/update?comment=1",
        "",
        [303, 403, 200],
    ),
    (
        "GET /comments/delete",
        "/comments/delete?comment=1",
        "",
        [303, 403, 200],
    ),
    (
        "GET /comments/hide",
        "/comments/hide?comment=2",
        "",
        [303, 403, 200],
    ),
    // Changes
    ("POST /_/comment/preview", "", "content=x", [401, 200, 200]),
    (
        "POST /comments/new",
        "",
        "post=1&comment_content=x",
        [401, 200, 200],
    ),
    (
        "POST /comments/update",
        "",
        "comment=1&version=1&comment_content=x",
        [401, 403, 200],
    ),
    ("POST /comments/delete", "", "comment=1", [401, 403, 200]),
    ("POST /comments/hide", "", "comment=2&reason=x", [401, 403, 200]),
    ("POST /comments/show", "", "comment=2", [401, 403, 200]),
    ("POST /comments/close", "", "post=1", [401, 403, 200]),
    ("POST /comments/reopen", "", "post=1", [401, 403, 200]),
    ("POST /comments/pin", "", "comment=1", [401, 403, 200]),
    ("POST /comments/unpin", "", "post=1", [401, 403, 200]),
    (
        "POST /_/draft/save",
        "",
        "draft=1&draft_version=1&content=x",
        [401, 409, 200],
    ),
    ("POST /_/preview", "", "content=x", [401, 200, 200]),
    ("POST /register", "", "", [422, 422, 422]),
    ("POST /login", "", "login=ada&password=wrong", [401, 401, 401]),
    ("POST /logout", "", "", [200, 200, 200]),
    ("POST /theme", "", "theme=dark", [303, 303, 303]),
    (
        "POST /forgot_password",
        "",
        "email=x@example.org",
        [200, 200, 200],
    ),
    (
        // Without a link from a mail, this leads to the page for requesting one.
        "POST /reset_password",
        "",
        "new_password=long-enough-1&confirm_password=long-enough-1",
        [200, 200, 200],
    ),
    ("POST /confirm_email", "", "", [410, 410, 410]),
    ("POST /account", "", "username=&email=", [401, 422, 422]),
    ("POST /account/confirmation", "", "", [401, 200, 200]),
    ("POST /account/confirmation/give_up", "", "", [401, 200, 200]),
    (
        "POST /account/password",
        "",
        "current_password=wrong&new_password=long-enough-1&confirm_password=long-enough-1",
        [401, 422, 422],
    ),
    ("POST /account/picture/remove", "", "", [401, 200, 200]),
    ("POST /account/sessions/end", "", "id=0", [401, 404, 404]),
    ("POST /account/sessions/end_others", "", "", [401, 200, 200]),
    (
        "POST /account/delete",
        "",
        "current_password=wrong",
        [401, 422, 422],
    ),
    (
        "POST /first_administrator",
        "",
        "username=eve&email=eve@example.org&password=long-enough-1&confirm_password=long-enough-1",
        [410, 410, 410],
    ),
    (
        "POST /invite",
        "",
        "username=eve&email=eve@example.org&password=long-enough-1&confirm_password=long-enough-1",
        [410, 410, 410],
    ),
    ("POST /confirm", "", "current_password=wrong", [401, 422, 422]),
    (
        "POST /admin/setup",
        "",
        "step=site&site_name=x&site_description=",
        [401, 403, 403],
    ),
    ("POST /admin/setup/mail", "", "", [401, 403, 403]),
    ("POST /admin/invitations", "", "role=member", [401, 403, 403]),
    ("POST /admin/invitations/revoke", "", "id=1", [401, 403, 403]),
    ("POST /moderation/hide", "", "post=1&reason=x", [401, 403, 403]),
    ("POST /moderation/show", "", "id=1", [401, 403, 403]),
    (
        "POST /moderation/erase",
        "",
        "post=1&number=1&reason=x",
        [401, 403, 403],
    ),
    (
        "POST /moderation/suspend",
        "",
        "username=ada&reason=x",
        [401, 403, 403],
    ),
    ("GET /_/settings", "", "", [401, 403, 403]),
    ("POST /admin/navigation", "", "", [401, 403, 403]),
    ("POST /admin/appearance", "", "accent=%238c1d18", [401, 403, 403]),
    ("POST /admin/logo/remove", "", "", [401, 403, 403]),
    ("POST /admin/icon/remove", "", "", [401, 403, 403]),
    (
        "POST /admin/settings",
        "",
        "site_name=x&language=en&time_zone=UTC&registration=open&posts_per_page=5&comments=open",
        [401, 403, 403],
    ),
    (
        "POST /admin/pages/new",
        "",
        "title=A&content=b&address=c",
        [401, 403, 403],
    ),
    (
        "POST /admin/pages/update",
        "",
        "id=1&version=1&title=A&content=b&address=c",
        [401, 403, 403],
    ),
    ("POST /admin/pages/publish", "", "id=1", [401, 403, 403]),
    ("POST /admin/pages/unpublish", "", "id=1", [401, 403, 403]),
    ("POST /admin/pages/delete", "", "id=1", [401, 403, 403]),
    (
        "POST /admin/redirects",
        "",
        "old_path=/x&target=/about",
        [401, 403, 403],
    ),
    ("POST /admin/redirects/delete", "", "id=1", [401, 403, 403]),
    ("POST /draft/unschedule", "", "id=1", [401, 404, 200]),
    ("POST /draft/links", "", "draft=1&link_note=x", [401, 404, 200]),
    ("POST /draft/links/revoke", "", "id=1", [401, 404, 404]),
    ("POST /draft/discard", "", "id=1", [401, 200, 200]),
    ("POST /post/restore", "", "id=2", [401, 410, 200]),
    (
        "POST /post/history/restore",
        "",
        "post=1&number=1&present=1",
        [401, 403, 404],
    ),
    ("POST /post/history/erase", "", "post=1&number=1", [401, 403, 404]),
    ("POST /post/history/show", "", "post=1", [401, 403, 200]),
    ("POST /post/history/hide", "", "post=1", [401, 403, 200]),
    ("POST /post/new", "", "title=A&content=b", [401, 200, 200]),
    (
        "POST /post/update",
        "",
        "post=1&post_version=1&title=A&content=b",
        [401, 403, 200],
    ),
];

/// The rest of the table: routes whose requests are not forms.
const FILES: &[Row] = &[
    ("POST /first_administrator/promote", "", "", [401, 410, 410]),
    ("POST /moderation/reinstate", "", "username=ada", [401, 403, 403]),
    (
        "POST /moderation/freeze",
        "",
        "username=ada&days=7&reason=x",
        [401, 403, 403],
    ),
    ("POST /moderation/unfreeze", "", "username=ada", [401, 403, 403]),
    (
        "GET /first_administrator/{token}",
        "/first_administrator/x",
        "",
        [303, 303, 303],
    ),
    ("POST /post/trash", "", "id=1", [401, 403, 200]),
    ("POST /account/picture", "", "", [401, 415, 415]),
    ("POST /post/image", "", "", [401, 415, 415]),
    ("POST /admin/logo", "", "", [401, 415, 415]),
    ("POST /admin/icon", "", "", [401, 415, 415]),
    (
        "GET /media/site/{file}",
        "/media/site/0a-1b-1-1.webp",
        "",
        [404, 404, 404],
    ),
    (
        "GET /media/style/{file}",
        "/media/style/0a.css",
        "",
        [200, 200, 200],
    ),
    ("GET /favicon.ico", "", "", [200, 200, 200]),
    (
        "GET /reset_password/{token}",
        "/reset_password/x",
        "",
        [303, 303, 303],
    ),
    ("GET /invite/{token}", "/invite/x", "", [303, 303, 303]),
    (
        "GET /confirm_email/{token}",
        "/confirm_email/x",
        "",
        [303, 303, 303],
    ),
    (
        "GET /media/picture/{file}",
        "/media/picture/0a.jpg",
        "",
        [404, 404, 404],
    ),
    (
        "GET /media/image/{file}",
        "/media/image/0a-1-1.jpg",
        "",
        [404, 404, 404],
    ),
    (
        "GET /media/scaled/{file}",
        "/media/scaled/640-0a-1000-1.jpg",
        "",
        [404, 404, 404],
    ),
    (
        "GET /media/card/{file}",
        "/media/card/9-x.png",
        "",
        [404, 404, 404],
    ),
    ("GET /robots.txt", "", "", [200, 200, 200]),
    ("GET /sitemap.xml", "", "", [200, 200, 200]),
    ("GET /sitemap/{file}", "/sitemap/posts-1.xml", "", [200, 200, 200]),
    ("GET /manifest.webmanifest", "", "", [200, 200, 200]),
    ("GET /.well-known/security.txt", "", "", [404, 404, 404]),
    ("GET /.well-known/change-password", "", "", [303, 303, 303]),
    ("GET /atom.xml", "", "", [200, 200, 200]),
    ("GET /rss.xml", "", "", [200, 200, 200]),
    ("GET /feed.json", "", "", [200, 200, 200]),
    ("GET /feed", "", "", [308, 308, 308]),
    ("GET /rss", "", "", [308, 308, 308]),
    (
        "GET /user/{username}/atom.xml",
        "/user/ada/atom.xml",
        "",
        [200, 200, 200],
    ),
    (
        "GET /user/{username}/rss.xml",
        "/user/ada/rss.xml",
        "",
        [200, 200, 200],
    ),
    (
        "GET /user/{username}/feed.json",
        "/user/ada/feed.json",
        "",
        [200, 200, 200],
    ),
    (
        "GET /post/{post}/comments.atom",
        "/post/1-shown/comments.atom",
        "",
        [200, 200, 200],
    ),
    (
        "GET /tag/{tag}/atom.xml",
        "/tag/rust/atom.xml",
        "",
        [404, 404, 404],
    ),
    ("GET /tag/{tag}/rss.xml", "/tag/rust/rss.xml", "", [404, 404, 404]),
    (
        "GET /tag/{tag}/feed.json",
        "/tag/rust/feed.json",
        "",
        [404, 404, 404],
    ),
];

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
    let table: BTreeMap<&str, Row> = TABLE.iter().chain(FILES).map(|row| (row.0, *row)).collect();
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
