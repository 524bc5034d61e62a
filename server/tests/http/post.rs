//! Tests of writing, listing and reading posts, as a visitor and as a member.

use crate::persona::Site;

#[tokio::test]
async fn a_member_publishes_and_everybody_reads() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = ada.publish("Notes on the Engine", "It *weaves* patterns.").await;
    assert_eq!(address, "/post/1-notes-on-the-engine");
    assert_eq!(
        ada.get(&address).await.text(".flash"),
        "Your post has been published."
    );

    let reader = site.visitor();
    let home = reader.get("/").await;
    assert_eq!(home.text(".card-title"), "Notes on the Engine");
    assert_eq!(home.attributes(".card-title a", "href"), [address.as_str()]);
    assert_eq!(home.text(".card-excerpt"), "It weaves patterns.");
    assert_eq!(home.attributes(".byline a", "href"), ["/user/ada"]);

    let post = reader.get(&address).await;
    assert_eq!(post.status, 200);
    assert_eq!(post.text("title"), "Notes on the Engine · Broadsheet");
    assert_eq!(post.texts("h1"), ["Notes on the Engine"]);
    assert_eq!(post.text(".prose em"), "weaves");
    assert_eq!(post.attributes("time", "datetime").len(), 1);
}

#[tokio::test]
async fn nobody_can_publish_without_a_login_and_their_text_is_not_lost() {
    let site = Site::new().await;
    let anonymous = site.visitor();
    anonymous
        .get("/post/new")
        .await
        .redirects_to("/login?next=%2Fpost%2Fnew");
    let answer = anonymous
        .post("/post/new", &[("title", "A title"), ("content", "A long\ntext")])
        .await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.text("#content"), "A long\ntext");
    assert_eq!(answer.attributes("#title", "value"), ["A title"]);
    assert!(answer.text(".summary").contains("Log in"));
    assert_eq!(site.visitor().get("/").await.texts(".card"), [""; 0]);
}

#[tokio::test]
async fn a_failing_database_loses_no_text() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    site.break_sessions().await;
    let answer = ada
        .post("/post/new", &[("title", "A title"), ("content", "A long text")])
        .await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(answer.text("textarea"), "A long text");
    assert_eq!(answer.attributes("#title", "value"), ["A title"]);
    assert!(answer.text(".summary").contains("Try again in 5 seconds"));
}

#[tokio::test]
async fn a_refused_post_keeps_its_text() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let text = "\r\nfirst line empty, then <b>&amp;</b> </textarea>";
    let answer = ada.post("/post/new", &[("title", ""), ("content", text)]).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.text("title"), "Error: New post · Broadsheet");
    assert_eq!(answer.text("#title-error"), "Enter a title");
    let selector = scraper::Selector::parse("#content").unwrap();
    let kept: String = answer
        .page()
        .select(&selector)
        .flat_map(|element| element.text().collect::<Vec<_>>())
        .collect();
    assert_eq!(kept, text.replace("\r\n", "\n"));
}

#[tokio::test]
async fn every_other_spelling_of_a_posts_address_leads_to_the_right_one() {
    let site = Site::new().await;
    let address = site.member("ada").await.publish("A title", "text").await;
    for other in ["/post/1", "/post/1-", "/post/1-an-old-title", "/post/01-a-title"] {
        let answer = site.visitor().get(other).await;
        assert_eq!(answer.status, 308, "{other}");
        answer.redirects_to(&address);
    }
}

#[tokio::test]
async fn the_home_page_is_numbered_newest_first_with_five_posts_a_page() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for number in 1..=12 {
        ada.publish(&format!("Post {number}"), "text").await;
    }
    let visitor = site.visitor();
    let home = visitor.get("/").await;
    assert_eq!(
        home.texts(".card-title"),
        ["Post 12", "Post 11", "Post 10", "Post 9", "Post 8"]
    );
    assert_eq!(home.texts(".pager li"), ["1", "2", "3", "Older"]);
    assert_eq!(home.texts(".pager [aria-current=page]"), ["1"]);

    let last = visitor.get("/?page=3").await;
    assert_eq!(last.texts(".card-title"), ["Post 2", "Post 1"]);
    assert_eq!(last.text("title"), "Page 3 · Broadsheet");
    assert_eq!(last.texts(".pager li"), ["Newer", "1", "2", "3"]);
    assert_eq!(
        last.attributes(".pager a", "href"),
        ["/?page=2", "/", "/?page=2", "/?page=3"]
    );

    let profile = visitor.get("/user/ada?page=3").await;
    assert_eq!(profile.texts(".card-title"), ["Post 2", "Post 1"]);
    assert!(profile.text(".person-facts").starts_with("12 posts"));
}

#[tokio::test]
async fn what_is_no_page_of_a_list_is_a_clear_404() {
    let site = Site::new().await;
    site.member("ada").await;
    for page in [
        "2",
        "0",
        "-1",
        "abc",
        "99999999999999999999999999",
        "1%00",
        "%ff",
        "1&page=2",
    ] {
        for path in ["/", "/user/ada"] {
            let answer = site.visitor().get(&format!("{path}?page={page}")).await;
            assert_eq!(answer.status, 404, "{path}?page={page}");
            assert_eq!(answer.texts("h1").len(), 1);
        }
    }
}
