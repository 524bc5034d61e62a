//! Tests of the warning about names that can be confused with those of moderators and administrators.

use domain::{
    Scope,
    accounts::{administration, impersonation},
    moderation,
    platform::entity::user,
    posts::author,
};
use sea_orm::{ConnectionTrait, EntityTrait};
use shared::{
    forms::{Username, moderation::Suspension},
    model::{
        account::{Role, Viewer},
        position::Position,
        profile::Resemblance,
    },
};

use crate::{
    profile::{named, save},
    site::Site,
};

/// Returns a site with the administrator Grace Hopper and the moderator joan, who is returned.
async fn site() -> (Site, Viewer) {
    let site = Site::new().await;
    let grace = site.member("grace").await;
    save(&site, &grace, named("grace", "Grace Hopper")).await;
    site.member("joan").await;
    for (name, role) in [("grace", Role::Administrator), ("joan", Role::Moderator)] {
        administration::set_role(&site.command_line(), name, role)
            .await
            .unwrap();
    }
    let joan = site.signed_in("joan").await.require_viewer().await.unwrap();
    (site, joan)
}

/// Returns what the name of `username` looks like on their profile, as `scope` sees it.
async fn on_profile(scope: &Scope, username: &str) -> Option<Resemblance> {
    author::profile(scope, username, 1).await.unwrap().resembles
}

/// Returns the usernames in the moderation overview.
async fn listed(site: &Site, moderator: &Viewer) -> Vec<String> {
    let overview = moderation::overview(&site.visitor(), moderator, Position::Newest)
        .await
        .unwrap();
    let people = overview.lookalikes.into_iter();
    people.map(|person| person.username).collect()
}

/// Returns that a name looks like this one of grace.
fn administrator(name: &str) -> Resemblance {
    Resemblance::Person {
        name: name.to_owned(),
        username: "grace".to_owned(),
        role: Role::Administrator,
    }
}

#[tokio::test]
async fn moderators_see_a_name_that_looks_like_that_of_an_administrator() {
    let (site, joan) = site().await;
    let eve = site.member("eve").await;
    let moderator = site.signed_in("joan").await;
    for trick in [
        "Grace Hopper",
        "GRACE HOPPER",
        "GraceHopper",
        "G r a c e  H-o-p-p-e-r.",
        "Grасе Норреr",
        "Ｇｒａｃｅ Ｈｏｐｐｅｒ",
        "𝐆𝐫𝐚𝐜𝐞 𝐇𝐨𝐩𝐩𝐞𝐫",
        "Grace H0pper",
        "Gráçe Hopper",
        "Grace Hopper ✔",
        "Gr\u{200c}ace Hopper",
        "grace",
        "ɡrасе",
    ] {
        save(&site, &eve, named("eve", trick)).await;
        let like = if trick.chars().count() == 5 {
            "grace"
        } else {
            "Grace Hopper"
        };
        assert_eq!(
            on_profile(&moderator, "eve").await,
            Some(administrator(like)),
            "{trick}"
        );
        assert_eq!(
            on_profile(&site.visitor(), "eve").await,
            None,
            "visitors are not told"
        );
        assert_eq!(listed(&site, &joan).await, ["eve"], "{trick}");
    }
    for title in ["Administrator", "Аdmin", "M o d e r a t o r"] {
        save(&site, &eve, named("eve", title)).await;
        assert_eq!(
            on_profile(&moderator, "eve").await,
            Some(Resemblance::Role),
            "{title}"
        );
        assert_eq!(listed(&site, &joan).await, ["eve"], "{title}");
    }
    for other in ["Grace Kelly", "Hopper", "Eve", ""] {
        save(&site, &eve, named("eve", other)).await;
        assert_eq!(on_profile(&moderator, "eve").await, None, "{other}");
        assert_eq!(listed(&site, &joan).await, [""; 0], "{other}");
    }
}

#[tokio::test]
async fn a_username_and_a_moderator_are_compared_as_well() {
    let (site, joan) = site().await;
    site.member("g_race").await;
    let joan_too = site.member("JoAn-").await;
    let joan_scope = site.signed_in("joan").await;
    assert_eq!(
        on_profile(&joan_scope, "g_race").await,
        Some(administrator("grace"))
    );
    assert_eq!(listed(&site, &joan).await, ["JoAn-", "g_race"]);
    save(&site, &joan_too, named("JoAn-", "Somebody else")).await;
    assert_eq!(listed(&site, &joan).await, ["g_race"]);

    // A moderator who looks like an administrator is listed, an administrator who looks like a moderator is not.
    save(&site, &joan, named("joan", "Grace Hopper")).await;
    assert_eq!(listed(&site, &joan).await, ["g_race", "joan"]);
    assert_eq!(on_profile(&joan_scope, "grace").await, None);
}

#[tokio::test]
async fn somebody_who_is_suspended_or_whose_name_no_longer_matters_is_not_listed() {
    let (site, joan) = site().await;
    let eve = site.member("eve").await;
    save(&site, &eve, named("eve", "Grace Hopper")).await;
    let suspension = Suspension {
        ground: shared::model::decision::Ground::default(),
        username: Username::parse("eve").unwrap(),
        reason: "Pretends to be Grace".to_owned(),
    };
    assert_eq!(listed(&site, &joan).await, ["eve"]);
    let scope = site.signed_in("joan").await;
    moderation::suspend(&scope, &joan, suspension).await.unwrap();
    assert_eq!(listed(&site, &joan).await, [""; 0]);
    moderation::reinstate(&scope, &joan, "eve").await.unwrap();
    assert_eq!(listed(&site, &joan).await, ["eve"]);
    // A site keeps an administrator.
    site.member("linus").await;
    for (name, role) in [("linus", Role::Administrator), ("grace", Role::Member)] {
        administration::set_role(&site.command_line(), name, role)
            .await
            .unwrap();
    }
    assert_eq!(listed(&site, &joan).await, [""; 0]);
}

#[tokio::test]
async fn names_that_another_version_has_written_are_compared_too() {
    let (site, joan) = site().await;
    let eve = site.member("eve").await;
    save(&site, &eve, named("eve", "Grace Hopper")).await;
    let forget = "UPDATE users SET name_skeleton = NULL";
    site.state.db.writer().execute_unprepared(forget).await.unwrap();
    assert_eq!(listed(&site, &joan).await, [""; 0]);
    assert_eq!(impersonation::fill(&site.job()).await, Ok(3));
    assert_eq!(impersonation::fill(&site.job()).await, Ok(0));
    assert_eq!(listed(&site, &joan).await, ["eve"]);
    let people = user::Entity::find().all(site.state.db.reader()).await.unwrap();
    assert!(people.iter().all(|person| person.name_skeleton.is_some()));
}
