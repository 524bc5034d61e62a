//! Tests of the settings that administrators change while the site runs.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    AppState, Scope, SiteSettings, accounts::administration, administration::settings, audit_log, posts,
    site::values::fixed_by_flag,
};
use sea_orm::ConnectionTrait;
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, site::SettingsChange},
    model::{
        account::{Role, Viewer},
        site::Setting,
    },
};

use crate::site::Site;

/// Creates a user with a role. Returns the scope of their requests and the viewer.
async fn person(site: &Site, name: &str, role: Role) -> (Scope, Viewer) {
    site.member(name).await;
    administration::set_role(&site.command_line(), name, role)
        .await
        .unwrap();
    let scope = site.signed_in(name).await;
    let viewer = scope.require_viewer().await.unwrap();
    (scope, viewer)
}

fn change<const N: usize>(values: [(Setting, &str); N], base: Option<&str>) -> SettingsChange {
    SettingsChange {
        values: values
            .into_iter()
            .map(|(setting, value)| (setting, value.to_owned()))
            .collect(),
        base: base.map(str::to_owned),
    }
}

fn problem(setting: Setting, problem: FieldProblem) -> Result<(), AppError> {
    Err(FieldErrors::one(setting.field(), problem).into())
}

#[tokio::test]
async fn administrators_change_settings_and_nobody_else() {
    let site = Site::new().await;
    let renamed = || change([(Setting::SiteName, "The Daily Crumb")], None);
    for role in [Role::Member, Role::Moderator] {
        let (scope, viewer) = person(&site, &format!("eve-{}", role.name()), role).await;
        let refused = settings::change(&scope, &viewer, renamed()).await;
        assert_eq!(refused, Err(AppError::RoleRequired), "{role:?}");
        let read = settings::read(&scope, &viewer).await;
        assert_eq!(read.map(drop), Err(AppError::RoleRequired), "{role:?}");
    }
    assert_eq!(site.visitor().site().await.name, "Broadsheet");

    let (scope, viewer) = person(&site, "ada", Role::Administrator).await;
    settings::change(&scope, &viewer, renamed()).await.unwrap();
    assert_eq!(site.visitor().site().await.name, "The Daily Crumb");
    let records = audit_log::latest(&scope, 1).await.unwrap();
    assert_eq!(records[0].actor, "ada");
    assert_eq!(records[0].subject, "Name of the site");
    assert_eq!(records[0].reason, "from “Broadsheet” to “The Daily Crumb”");
}

#[tokio::test]
async fn the_second_of_two_changes_of_one_setting_is_refused() {
    let site = Site::new().await;
    let (ada, ada_viewer) = person(&site, "ada", Role::Administrator).await;
    let (eve, eve_viewer) = person(&site, "eve", Role::Administrator).await;
    let shown = settings::read(&ada, &ada_viewer).await.unwrap().base;

    let first = change(
        [(Setting::SiteName, "Crumb"), (Setting::Language, "en")],
        Some(&shown),
    );
    settings::change(&ada, &ada_viewer, first).await.unwrap();
    // Eve's form shows the old name, which she changes as well, and the language, which she changes alone.
    let second = change(
        [(Setting::SiteName, "Crust"), (Setting::Language, "de")],
        Some(&shown),
    );
    let refused = settings::change(&eve, &eve_viewer, second.clone()).await;
    assert_eq!(
        refused,
        problem(Setting::SiteName, FieldProblem::ChangedMeanwhile)
    );
    let now = site.visitor().site().await;
    assert_eq!((now.name.as_str(), now.language.as_str()), ("Crumb", "en"));

    let newest = settings::read(&eve, &eve_viewer).await.unwrap().base;
    let again = SettingsChange {
        base: Some(newest),
        ..second
    };
    settings::change(&eve, &eve_viewer, again).await.unwrap();
    let now = site.visitor().site().await;
    assert_eq!((now.name.as_str(), now.language.as_str()), ("Crust", "de"));
}

#[tokio::test]
async fn a_value_that_was_only_shown_takes_back_no_change_of_another_administrator() {
    let site = Site::new().await;
    let (ada, viewer) = person(&site, "ada", Role::Administrator).await;
    let shown = settings::read(&ada, &viewer).await.unwrap().base;
    settings::change(
        &ada,
        &viewer,
        change([(Setting::SiteName, "Crumb")], Some(&shown)),
    )
    .await
    .unwrap();
    let other = [(Setting::SiteName, "Broadsheet"), (Setting::PostsPerPage, "7")];
    settings::change(&ada, &viewer, change(other, Some(&shown)))
        .await
        .unwrap();
    let now = site.visitor().site().await;
    assert_eq!((now.name.as_str(), now.posts_per_page), ("Crumb", 7));
}

#[tokio::test]
async fn of_many_changes_at_once_from_the_same_form_one_succeeds() {
    let site = Site::new().await;
    let (ada, viewer) = person(&site, "ada", Role::Administrator).await;
    let shown = settings::read(&ada, &viewer).await.unwrap().base;
    let changes = (0..8).map(|number| {
        let name = format!("Paper {number}");
        let change = change([(Setting::SiteName, &name)], Some(&shown));
        let (scope, viewer) = (ada.clone(), viewer.clone());
        async move { settings::change(&scope, &viewer, change).await }
    });
    let answers = futures::future::join_all(changes).await;
    let succeeded = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(succeeded, 1, "{answers:?}");
}

#[tokio::test]
async fn a_setting_that_the_operator_gives_cannot_be_changed() {
    let mut site = Site::new().await;
    site.state.settings = Arc::new(SiteSettings {
        fixed: fixed_by_flag([(Setting::SiteName, "The Operator’s")]),
        ..(*site.state.settings).clone()
    });
    let (ada, viewer) = person(&site, "ada", Role::Administrator).await;
    assert_eq!(ada.site().await.name, "The Operator’s");
    let values = settings::read(&ada, &viewer).await.unwrap();
    let name = values.get(Setting::SiteName).unwrap();
    assert_eq!(name.fixed_by.as_deref(), Some("flag"));

    let refused = settings::change(&ada, &viewer, change([(Setting::SiteName, "Mine")], None)).await;
    assert_eq!(refused, problem(Setting::SiteName, FieldProblem::Fixed));
    // The form submits the value that it shows, together with others.
    let form = [
        (Setting::SiteName, "The Operator’s"),
        (Setting::PostsPerPage, "9"),
    ];
    settings::change(&ada, &viewer, change(form, Some(&values.base)))
        .await
        .unwrap();
    assert_eq!(ada.site().await.posts_per_page, 9);
}

#[tokio::test]
async fn an_invalid_value_changes_nothing() {
    let site = Site::new().await;
    let (ada, viewer) = person(&site, "ada", Role::Administrator).await;
    let values = [(Setting::SiteName, "Crumb"), (Setting::TimeZone, "Mars/Olympus")];
    let refused = settings::change(&ada, &viewer, change(values, None)).await;
    assert_eq!(refused, problem(Setting::TimeZone, FieldProblem::NotATimeZone));
    assert_eq!(Field::TimeZone, Setting::TimeZone.field());
    assert_eq!(ada.site().await.name, "Broadsheet");
}

#[tokio::test]
async fn a_notice_ends_with_its_last_day() {
    let site = Site::new().await;
    let operator = site.command_line();
    let today = site.state.clock.now().date().to_string();
    for (setting, value) in [
        (Setting::Notice, "We *move* tonight"),
        (Setting::NoticeUntil, today.as_str()),
    ] {
        settings::set(&operator, setting, value.to_owned()).await.unwrap();
    }
    let notice = async || site.visitor().site().await.notice.trim().to_owned();
    assert_eq!(notice().await, "<p>We <em>move</em> tonight</p>");
    site.state.clock.advance(time::Duration::days(1));
    assert_eq!(notice().await, "");
}

#[tokio::test]
async fn markup_in_texts_of_the_site_is_sanitised() {
    let site = Site::new().await;
    let operator = site.command_line();
    let hostile = "<script>alert(1)</script><b onclick=\"x()\">Bold</b>".to_owned();
    settings::set(&operator, Setting::FooterText, hostile)
        .await
        .unwrap();
    let footer = site.visitor().site().await.footer.clone();
    assert!(
        footer.contains("Bold") && !footer.contains("script") && !footer.contains("onclick"),
        "{footer}"
    );
}

#[tokio::test]
async fn lists_have_the_chosen_length_at_once() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for number in 0..4 {
        site.publish(&ada, &format!("Post {number}")).await;
    }
    let length = async || posts::list(&site.visitor(), 1).await.unwrap().items.len();
    assert_eq!(length().await, 4);
    settings::set(&site.command_line(), Setting::PostsPerPage, "3".to_owned())
        .await
        .unwrap();
    assert_eq!(length().await, 3);
}

#[tokio::test]
async fn without_the_database_the_last_settings_are_used() {
    let site = Site::new().await;
    let name = |state: &AppState| {
        let scope = Scope::public(state.clone());
        async move { scope.site().await.name.clone() }
    };
    settings::set(&site.command_line(), Setting::SiteName, "Crumb".to_owned())
        .await
        .unwrap();
    assert_eq!(name(&site.state).await, "Crumb");
    let writer = site.state.db.writer();
    writer.execute_unprepared("DROP TABLE settings").await.unwrap();
    assert_eq!(name(&site.state).await, "Crumb");
    // A server that has never read them uses those of the operator and the defaults.
    let state = AppState {
        site: Arc::default(),
        ..site.state.clone()
    };
    assert_eq!(name(&state).await, "Broadsheet");
}

#[tokio::test]
async fn an_import_brings_settings_that_nobody_has_changed_here() {
    let site = Site::new().await;
    let operator = site.command_line();
    settings::set(&operator, Setting::Language, "de".to_owned())
        .await
        .unwrap();
    let values = [
        ("site_name", "Crumb"),
        ("language", "fr"),
        ("posts_per_page", "many"),
        ("shoe_size", "42"),
    ];
    let values: BTreeMap<String, String> = values
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let unused = settings::import(&operator, values).await.unwrap();
    assert_eq!(unused.different, ["language"]);
    assert_eq!(unused.invalid, ["posts_per_page", "shoe_size"]);
    let exported = settings::export(&operator).await.unwrap();
    let exported: Vec<(&str, &str)> = exported
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(exported, [("language", "de"), ("site_name", "Crumb")]);
}
