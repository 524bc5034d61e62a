//! The settings of the site.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::{appearance::AppearanceForm, navigation::NavRow, site::SettingsForm},
    model::site::SettingValues,
};

/// Returns the values of all settings.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::RoleRequired`] unless the viewer is an
/// administrator.
#[server(prefix = "/_", endpoint = "settings", input = GetUrl)]
pub async fn read_site_settings() -> Result<SettingValues, AppError> {
    use super::server::request;
    use domain::administration::settings;

    let (scope, viewer) = request::as_member().await?;
    settings::read(&scope, &viewer).await
}

/// Changes settings and redirects to their page.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer is an
/// administrator, and [`AppError::Invalid`] if a value is not valid or was changed by somebody else in the meantime.
#[server(prefix = "", endpoint = "admin/settings")]
pub async fn change_site_settings(#[server(flatten)] form: SettingsForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::administration::settings;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    settings::change(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::SettingsSaved, paths::ADMIN_SETTINGS);
    Ok(())
}

/// Changes the navigation bar and the links in the footer and redirects to their page.
///
/// # Errors
///
/// The same as [`change_site_settings`].
#[server(prefix = "", endpoint = "admin/navigation")]
pub async fn change_navigation(
    #[server(default)] navigation: Vec<NavRow>,
    #[server(default)] footer_links: Vec<NavRow>,
    #[server(default)] base: String,
) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::administration::settings;
    use shared::{
        forms::{Form, navigation::NavigationForm},
        paths,
    };

    let (scope, viewer) = request::as_member().await?;
    let form = NavigationForm {
        navigation,
        footer_links,
        base,
    };
    settings::change(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::SettingsSaved, paths::ADMIN_NAVIGATION);
    Ok(())
}

/// Changes the accent colour and the custom CSS and redirects to their page.
///
/// # Errors
///
/// The same as [`change_site_settings`].
#[server(prefix = "", endpoint = "admin/appearance")]
pub async fn change_appearance(#[server(flatten)] form: AppearanceForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::administration::settings;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    settings::change(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::SettingsSaved, paths::ADMIN_APPEARANCE);
    Ok(())
}

/// Removes the logo and redirects to its page.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::RoleRequired`] unless the viewer is an
/// administrator.
#[server(prefix = "", endpoint = "admin/logo/remove")]
pub async fn remove_logo() -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::administration::site_images;
    use shared::{model::site::Setting, paths};

    let (scope, viewer) = request::as_member().await?;
    site_images::remove(&scope, &viewer, Setting::Logo).await?;
    http::redirect_with(Flash::SettingsSaved, paths::ADMIN_LOGO);
    Ok(())
}

/// Removes the icon and redirects to its page.
///
/// # Errors
///
/// The same as [`remove_logo`].
#[server(prefix = "", endpoint = "admin/icon/remove")]
pub async fn remove_icon() -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::administration::site_images;
    use shared::{model::site::Setting, paths};

    let (scope, viewer) = request::as_member().await?;
    site_images::remove(&scope, &viewer, Setting::Icon).await?;
    http::redirect_with(Flash::SettingsSaved, paths::ADMIN_ICON);
    Ok(())
}
