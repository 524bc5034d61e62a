//! Tests of properties that all pages have.

use crate::persona::Site;

#[tokio::test]
async fn every_page_is_complete_html_with_a_title_and_one_heading() {
    let site = Site::new().await;
    let post = site.member("ada").await.publish("A title", "text").await;
    let visitor = site.visitor();
    for (path, title) in [
        ("/", "Broadsheet"),
        ("/about", "About · Broadsheet"),
        ("/login", "Log in · Broadsheet"),
        ("/register", "Register · Broadsheet"),
        ("/user/ada", "ada · Broadsheet"),
        (post.as_str(), "A title · Broadsheet"),
    ] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.texts("title"), [title], "{path}");
        assert_eq!(answer.texts("h1").len(), 1, "{path}");
        assert_eq!(answer.attributes("html", "lang"), ["en"]);
        assert_eq!(answer.texts("nav[aria-label=Main]").len(), 1);
    }
}

#[tokio::test]
async fn home_has_a_second_address() {
    let site = Site::new().await;
    let answer = site.visitor().get("/home").await;
    assert_eq!(answer.status, 308);
    answer.redirects_to("/");
}

#[tokio::test]
async fn links_do_not_depend_on_who_asks_for_html() {
    let site = Site::new().await;
    let visitor = site.visitor();
    let request = visitor.request(axum::http::Method::GET, "/post/new");
    let mut request = request.body(axum::body::Body::empty()).unwrap();
    request.headers_mut().remove("accept");
    let answer = visitor.send(request).await;
    assert_eq!(answer.status, 303);
    answer.redirects_to("/login?next=%2Fpost%2Fnew");
}

#[tokio::test]
async fn a_supervisor_can_ask_whether_the_program_is_alive() {
    let answer = Site::new().await.visitor().get("/healthz").await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "ok"));
}

#[tokio::test]
async fn a_load_balancer_learns_whether_to_send_visitors_here() {
    use sea_orm::ConnectionTrait;

    let site = Site::new().await;
    let ready = async || site.visitor().get("/readyz").await;
    assert_eq!(ready().await.status, 200);
    // If another server has already migrated the database, this one continues to run.
    let db = site.state.db.writer();
    db.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m99991231_000001_later', 0)")
        .await
        .unwrap();
    assert_eq!(ready().await.status, 200);
    db.execute_unprepared("DELETE FROM seaql_migrations WHERE version LIKE '%create_users'")
        .await
        .unwrap();
    let lacking = ready().await;
    assert_eq!(lacking.status, 503);
    assert!(
        lacking.body.contains("\"migrations\":\"pending\""),
        "{}",
        lacking.body
    );
}

#[tokio::test]
async fn what_is_not_there_is_not_kept_in_caches() {
    let site = Site::new().await;
    assert_eq!(
        site.visitor()
            .get("/pkg/nothing.js")
            .await
            .header("cache-control"),
        "no-store"
    );
    assert_eq!(
        site.visitor().get("/_/viewer").await.header("cache-control"),
        "no-store"
    );
    assert_eq!(
        site.visitor().get("/").await.header("cache-control"),
        "private, no-cache"
    );
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let site = Site::new().await;
    for path in ["/", "/about", "/_/viewer", "/healthz"] {
        let visitor = site.visitor();
        let request = visitor
            .request(axum::http::Method::HEAD, path)
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = visitor.send(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_str()),
            (200, ""),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_data_folder_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    Site::in_folder(&data).await;
    assert_eq!(
        std::fs::metadata(&data).unwrap().permissions().mode() & 0o777,
        0o700
    );
}

#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_address_without_it() {
    let site = Site::new().await;
    site.visitor().get("/about/").await.redirects_to("/about");
    site.visitor()
        .get("/user/ada/?page=2")
        .await
        .redirects_to("/user/ada?page=2");
    site.visitor().get("//").await.redirects_to("/");
    assert_eq!(site.visitor().get("//evil.example/").await.status, 404);
}

#[tokio::test]
async fn the_marks_of_nothing_are_comments_and_nobody_s_text_changes_by_it() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let text = "![a](/media/image/0a-1-1.webp \"<!>\") `<!>` \\<!> <!>";
    let address = ada.publish("A <!> title", text).await;
    for path in [address.as_str(), "/", "/nowhere", "/account"] {
        assert!(!ada.get(path).await.body.contains("<!>"), "{path}");
    }
    let post = ada.get(&address).await;
    assert_eq!(post.text("h1"), "A <!> title");
    assert_eq!(post.attributes(".prose img", "title"), ["<!>"]);
    assert_eq!(post.texts(".prose code"), ["<!>"]);
    let form = ada.get("/post/update?post=1").await;
    assert_eq!(form.text("#content"), text);
    assert_eq!(form.attributes("#title", "value"), ["A <!> title"]);
}
