//! Tests of the light and dark theme without JavaScript.

use axum::http::StatusCode;

use crate::persona::Site;

#[tokio::test]
async fn a_chosen_theme_is_in_the_next_page_already() {
    let site = Site::new().await;
    let reader = site.visitor();
    let page = reader.get("/about").await;
    assert_eq!(page.attributes("html", "data-theme"), ["system"]);
    assert_eq!(page.attributes("form.theme [name=back]", "value"), ["/about"]);
    reader
        .post("/theme", &[("theme", "dark"), ("back", "/about")])
        .await
        .redirects_to("/about");
    let page = reader.get("/about").await;
    assert_eq!(page.attributes("html", "data-theme"), ["dark"]);
    assert_eq!(page.attributes("meta[name=color-scheme]", "content"), ["dark"]);
    assert_eq!(page.texts("form.theme [aria-pressed=true]"), ["Dark"]);
    // The theme is not personal, so the page is still public.
    assert_eq!(page.header("cache-control"), "private, no-cache");
    assert_eq!(page.header("vary"), "cookie");
    assert!(!page.header("etag").is_empty());
    reader
        .post("/theme", &[("theme", "system")])
        .await
        .redirects_to("/");
    assert_eq!(reader.get("/").await.attributes("html", "data-theme"), ["system"]);
}

#[tokio::test]
async fn a_theme_that_is_none_is_refused_and_leads_to_no_other_site() {
    let site = Site::new().await;
    let reader = site.visitor();
    for fields in [&[("theme", "pink")][..], &[("back", "/")]] {
        assert_eq!(
            reader.post("/theme", fields).await.status,
            StatusCode::BAD_REQUEST
        );
    }
    reader
        .post("/theme", &[("theme", "dark"), ("back", "//evil.example")])
        .await
        .redirects_to("/");
}
