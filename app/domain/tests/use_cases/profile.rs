//! Tests of display names and of what people say about themselves.

use domain::{
    Scope,
    accounts::{administration, authors, settings},
    posts::{
        self, author,
        feed::{self, Source},
        social_preview,
    },
};
use shared::{
    forms::{Form, Secret, settings::ProfileForm},
    model::{
        account::{AuthorCard, Viewer},
        post::PostCard,
        profile::ProfileDetails,
    },
};

use crate::site::Site;

/// Returns the form of `username` with this display name.
pub fn named(username: &str, display_name: &str) -> ProfileForm {
    ProfileForm {
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        display_name: Some(display_name.to_owned()),
        ..ProfileForm::default()
    }
}

/// Saves the profile of `viewer`.
pub async fn save(site: &Site, viewer: &Viewer, form: ProfileForm) {
    settings::change_profile(&site.visitor(), viewer, form.validate().unwrap())
        .await
        .unwrap();
}

/// Returns the name of the author of the first post.
fn author_of(posts: &[PostCard]) -> String {
    posts.first().unwrap().author.name().to_owned()
}

/// Returns the name of the first author.
fn name_of(authors: &[AuthorCard]) -> String {
    authors.first().unwrap().author.name().to_owned()
}

/// Returns the name of ada in every place that shows it.
async fn names(scope: &Scope, post: i64) -> Vec<String> {
    let profile = author::profile(scope, "ada", 1).await.unwrap();
    let site = feed::read(scope, Source::Site).await.unwrap();
    let own = feed::read(scope, Source::Author("ada".to_owned())).await.unwrap();
    let tagged = posts::list_tagged(scope, "rust", 1).await.unwrap();
    let found = authors::search(scope, "ada", 1).await.unwrap();
    vec![
        author_of(&posts::list(scope, 1).await.unwrap().items),
        author_of(&tagged.items),
        profile.details.display_name.unwrap_or(profile.username),
        author_of(&profile.posts.items),
        posts::read(scope, post)
            .await
            .unwrap()
            .card
            .author
            .name()
            .to_owned(),
        name_of(&authors::list(scope, 1).await.unwrap().items),
        name_of(&found.items),
        site.entries.first().unwrap().card.author.name().to_owned(),
        own.author.unwrap().name,
    ]
}

#[tokio::test]
async fn a_display_name_is_shown_everywhere_at_once_and_the_username_without_one() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = site.publish_about(&ada, "On engines", "rust").await;
    site.state.db.changes().watch(true);
    let reader = site.visitor();
    assert_eq!(names(&reader, post).await, vec!["ada"; 9]);
    let before = social_preview::path("Broadsheet", &posts::read(&reader, post).await.unwrap().card);

    save(&site, &ada, named("ada", " Ada\u{a0} Lovelace ")).await;
    assert_eq!(names(&reader, post).await, vec!["Ada Lovelace"; 9]);
    let after = social_preview::path("Broadsheet", &posts::read(&reader, post).await.unwrap().card);
    assert_ne!(before, after, "the name is drawn");
    let viewer = site.signed_in("ada").await.require_viewer().await.unwrap();
    assert_eq!((viewer.username.as_str(), viewer.name()), ("ada", "Ada Lovelace"));

    save(&site, &ada, named("ada", "")).await;
    assert_eq!(names(&reader, post).await, vec!["ada"; 9]);
}

#[tokio::test]
async fn what_people_say_about_themselves_is_kept_and_the_biography_is_rendered() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for number in 0..6 {
        site.publish(&ada, &format!("Post {number}")).await;
    }
    let form = ProfileForm {
        pronouns: Some("she/her".to_owned()),
        location: Some("London".to_owned()),
        website: Some("ada.example".to_owned()),
        links: Some("https://social.example/@ada\nhttps://code.example/ada".to_owned()),
        biography: Some("I *count*. <script>alert(1)</script>".to_owned()),
        ..named("ada", "Ada Lovelace")
    };
    save(&site, &ada, form.clone()).await;
    let scope = site.signed_in("ada").await;
    let viewer = scope.require_viewer().await.unwrap();
    let kept = settings::read(&scope, &viewer).await.unwrap();
    let details = ProfileDetails {
        display_name: Some("Ada Lovelace".to_owned()),
        pronouns: "she/her".to_owned(),
        location: "London".to_owned(),
        website: "https://ada.example".to_owned(),
        links: vec![
            "https://social.example/@ada".to_owned(),
            "https://code.example/ada".to_owned(),
        ],
    };
    assert_eq!(
        (&kept.details, Some(&kept.biography)),
        (&details, form.biography.as_ref())
    );

    let shown = author::profile(&site.visitor(), "ada", 1).await.unwrap();
    assert_eq!(shown.details, details);
    assert!(
        shown.biography.starts_with("<p>I <em>count</em>."),
        "{}",
        shown.biography
    );
    assert!(!shown.biography.contains("<script"), "{}", shown.biography);
    let second = author::profile(&site.visitor(), "ada", 2).await.unwrap();
    assert_eq!((second.details, second.biography), (details, String::new()));
}

#[tokio::test]
async fn a_fact_that_a_form_does_not_contain_stays_and_an_empty_one_is_removed() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let typed = |text: &str| Some(text.to_owned());
    let form = ProfileForm {
        pronouns: typed("she/her"),
        about: typed("I count."),
        links: typed("https://code.example/ada"),
        biography: typed("I *count*."),
        ..named("ada", "Ada Lovelace")
    };
    save(&site, &ada, form.clone()).await;
    let read = async || {
        let scope = site.signed_in("ada").await;
        let viewer = scope.require_viewer().await.unwrap();
        settings::read(&scope, &viewer).await.unwrap()
    };
    let before = read().await;
    // The page of an earlier version asks only for these.
    let earlier = ProfileForm {
        username: form.username.clone(),
        email: form.email.clone(),
        about: typed("I count again."),
        ..ProfileForm::default()
    };
    save(&site, &ada, earlier).await;
    let after = read().await;
    assert_eq!(after.about, "I count again.");
    assert_eq!(
        (&after.details, &after.biography),
        (&before.details, &before.biography)
    );
    assert_eq!(after.details.display_name.as_deref(), Some("Ada Lovelace"));

    let empty = ProfileForm {
        pronouns: typed(""),
        about: typed(""),
        links: typed(""),
        biography: typed(""),
        ..named("ada", "")
    };
    save(&site, &ada, empty).await;
    let after = read().await;
    assert_eq!(after.details, ProfileDetails::default());
    assert_eq!((after.about.as_str(), after.biography.as_str()), ("", ""));
}

#[tokio::test]
async fn mails_greet_people_by_their_display_name() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    save(&site, &ada, named("ada", "Ada <b>Lovelace</b>")).await;
    site.mails().await;
    let password = Secret::from("an entirely new password");
    administration::set_password(&site.command_line(), "ada", password)
        .await
        .unwrap();
    let mail = site.mail().await;
    assert!(
        mail.text.starts_with("Hello Ada <b>Lovelace</b>,"),
        "{}",
        mail.text
    );
    assert!(!mail.html.contains("<b>"), "{}", mail.html);
}
