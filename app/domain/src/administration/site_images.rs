//! The logo and the icon.

use std::collections::BTreeMap;

use super::settings;
use crate::{
    Scope,
    media::{UploadPermit, site_images as files},
    policy::{Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    forms::site::SettingsChange,
    model::{account::Viewer, site::Setting},
};

/// Checks that `viewer` may upload a logo or an icon. Called before the body is read, so that a refused upload does not
/// occupy the memory reserved for others.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator, and [`AppError::Throttled`] after too many
/// uploads, or if processing of an earlier one takes too long.
pub async fn reserve(scope: &Scope, viewer: &Viewer) -> Result<UploadPermit, AppError> {
    may(Actor::from(viewer), Action::Administer, Target::Site)?;
    let limit = &scope.state.limits.upload;
    limit.check(&scope.state.db, viewer.id).await?;
    scope.state.media.reserve(viewer.id).await
}

/// Makes `upload` the logo or the icon, as `setting` says, and deletes the previous one.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator, and [`AppError::Invalid`] if `upload` is not a
/// usable image. The previous one is kept then.
pub async fn change(
    scope: &Scope,
    viewer: &Viewer,
    _permit: UploadPermit,
    setting: Setting,
    upload: Vec<u8>,
) -> Result<(), AppError> {
    let value = files::store(scope, setting, upload).await?;
    replace(scope, viewer, setting, value).await
}

/// Removes the logo or the icon, as `setting` says.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator.
pub async fn remove(scope: &Scope, viewer: &Viewer, setting: Setting) -> Result<(), AppError> {
    replace(scope, viewer, setting, String::new()).await
}

async fn replace(scope: &Scope, viewer: &Viewer, setting: Setting, value: String) -> Result<(), AppError> {
    let values = BTreeMap::from([(setting, value)]);
    settings::change(scope, viewer, SettingsChange { values, base: None }).await
}
