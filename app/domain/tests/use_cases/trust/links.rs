//! Tests of the links of new members.

use super::*;

const LINKED: &str = "[here](https://a.example)";
const PLAIN: &str = "<p>here (https://a.example)</p>\n";

#[tokio::test]
async fn links_of_a_new_member_are_text_until_a_moderator_trusts_them() {
    let (site, moderator, mary) = moderated().await;
    let grace = site.member("grace").await;
    let post = publish(&site, &grace, LINKED).await;
    let comment = say(&site, &grace, post.id, LINKED).await;
    assert!(!post.is_held && !comment.is_held);
    let visitor = site.visitor();

    let (shown, said) = (
        posts::read(&visitor, post.id).await.unwrap(),
        read(&visitor, comment.id).await,
    );
    assert_eq!((shown.html.as_str(), shown.has_plain_links), (PLAIN, false));
    assert_eq!((said.html.as_str(), said.has_plain_links), (PLAIN, false));
    let of_comments = comments::latest(&visitor, post.id).await.unwrap();
    assert_eq!(of_comments.entries[0].html, PLAIN);
    assert_eq!(in_feed(&visitor, post.id).await, PLAIN);
    // Its author learns why.
    let own = site.signed_in("grace").await;
    assert!(posts::read(&own, post.id).await.unwrap().has_plain_links);
    assert!(read(&own, comment.id).await.has_plain_links);
    let profile = author::profile(&moderator, "grace", 1).await.unwrap();
    assert!(profile.has_plain_links && profile.may_trust);

    trust::give(&moderator, &mary, "grace").await.unwrap();
    let visitor = site.visitor();
    let html = posts::read(&visitor, post.id).await.unwrap().html;
    assert!(html.contains("href=\"https://a.example\""), "{html}");
    let html = read(&visitor, comment.id).await.html;
    assert!(html.contains("href=\"https://a.example\""), "{html}");
    assert!(in_feed(&visitor, post.id).await.contains("<a href"));
    let profile = author::profile(&moderator, "grace", 1).await.unwrap();
    assert!(!profile.has_plain_links && !profile.may_trust);
}

async fn in_feed(scope: &Scope, post: i64) -> String {
    let read = feed::read(scope, feed::Source::Site).await.unwrap();
    let texts = feed::texts(scope, &read).await.unwrap();
    texts.get(&post).unwrap().html("https://example.org", "/post/1")
}

#[tokio::test]
async fn where_new_members_are_like_others_their_links_work_and_nothing_waits() {
    let (site, ..) = moderated().await;
    let grace = site.member("grace").await;
    let operator = site.command_line();
    domain::administration::settings::set(&operator, Setting::Trust, "off".to_owned())
        .await
        .unwrap();
    let post = publish(&site, &grace, &format!("{LINKED} {LINKED} {LINKED}")).await;
    assert!(!post.is_held);
    let html = posts::read(&site.visitor(), post.id).await.unwrap().html;
    assert!(html.contains("<a href"), "{html}");
    assert_eq!(standing(&site, "grace").await, None);
}
