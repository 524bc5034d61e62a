//! Tests of finding writers.

use crate::persona::Site;

#[tokio::test]
async fn writers_are_listed_with_what_they_have_written() {
    let site = Site::new().await;
    let empty = site.visitor().get("/explore").await;
    assert_eq!(
        empty.text(".explore-summary"),
        "Nobody has published anything yet."
    );
    let ada = site.member("ada").await;
    site.member("silent").await;
    ada.publish("First", "text").await;
    site.state.clock.advance(time::Duration::hours(1));
    let latest = ada.publish("Second", "text").await;
    let page = site.visitor().get("/explore").await;
    assert_eq!(page.texts(".author-name"), ["ada"]);
    assert!(page.text(".author-facts").starts_with("2 posts · latest Second,"));
    assert_eq!(page.attributes(".author-facts a", "href"), [latest]);
    assert_eq!(page.attributes(".author-name a", "href"), ["/user/ada"]);
}

#[tokio::test]
async fn people_are_searched_by_name_and_the_search_keeps_its_pages() {
    let site = Site::new().await;
    for number in 10..24 {
        site.visitor().register(&format!("ada{number}")).await;
    }
    site.visitor().register("grace").await;
    let found = site.visitor().get("/explore?q=ADA").await;
    assert_eq!(found.texts(".author-name").len(), 12);
    assert_eq!(found.attributes("#q", "value"), ["ADA"]);
    assert!(
        found
            .text(".explore-summary")
            .starts_with("14 people found for “ADA”.")
    );
    assert!(
        found
            .attributes(".pager a", "href")
            .contains(&"/explore?q=ADA&page=2".to_owned())
    );
    let second = site.visitor().get("/explore?q=ADA&page=2").await;
    assert_eq!(second.texts(".author-name"), ["ada22", "ada23"]);

    for nothing in ["%25", "x%27%20OR%201=1", "%00", "%3Cscript%3E", "%ff"] {
        let answer = site.visitor().get(&format!("/explore?q={nothing}")).await;
        assert_eq!(answer.status, 200, "{nothing}");
        assert!(answer.texts(".author-name").is_empty(), "{nothing}");
    }
    assert_eq!(site.visitor().get("/explore?q=ada&page=3").await.status, 404);
    assert_eq!(site.visitor().get("/explore?page=x").await.status, 404);
}
