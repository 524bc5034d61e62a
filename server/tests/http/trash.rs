//! Tests of deleting and restoring posts without JavaScript.

use crate::persona::Site;

#[tokio::test]
async fn an_author_deletes_a_post_after_a_question_and_brings_it_back() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = ada.publish("A title", "text").await;
    let question = ada.get("/post/delete?post=1").await;
    assert_eq!(question.text("h1"), "Delete this post?");
    assert_eq!(question.attributes(".post-button", "action"), ["/post/trash"]);
    ada.post("/post/trash", &[("id", "1")])
        .await
        .redirects_to("/account/trash");

    let trash = ada.get("/account/trash").await;
    assert!(trash.text(".flash").contains("in the trash"));
    assert_eq!(trash.texts(".row-title"), ["A title"]);
    let gone = site.visitor().get(&address).await;
    assert_eq!(
        (gone.status.as_u16(), gone.text("h1").as_str()),
        (410, "This post has been deleted")
    );
    assert_eq!(site.visitor().get("/").await.texts(".card"), [""; 0]);
    assert_eq!(site.visitor().get("/user/ada").await.texts(".card"), [""; 0]);

    ada.post("/post/restore", &[("id", "1")])
        .await
        .redirects_to(&address);
    assert_eq!(
        ada.get(&address).await.text(".flash"),
        "Your post is back on the site."
    );
    assert_eq!(site.visitor().get("/").await.texts(".card-title"), ["A title"]);
}

#[tokio::test]
async fn nobody_else_deletes_or_brings_back() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let address = ada.publish("A title", "text").await;
    assert_eq!(grace.post("/post/trash", &[("id", "1")]).await.status, 403);
    assert_eq!(
        site.visitor().post("/post/trash", &[("id", "1")]).await.status,
        401
    );
    assert_eq!(site.visitor().get(&address).await.status, 200);
    ada.post("/post/trash", &[("id", "1")]).await;
    assert_eq!(grace.post("/post/restore", &[("id", "1")]).await.status, 410);
    assert_eq!(site.visitor().get(&address).await.status, 410);
}
