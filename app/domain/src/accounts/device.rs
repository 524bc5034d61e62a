//! Known devices: browsers that a user has logged in from before. Password guesses from elsewhere do not count
//! against them (OWASP, Slow Down Online Guessing Attacks with Device Cookies).

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use crate::platform::token::{Holder, Purpose, keep};
use crate::{
    Scope,
    client_info::ClientCookie,
    platform::{digest, entity::token},
};
use shared::{error::AppError, forms::Secret};

/// Returns whether the cookie has the format of our own: 32 bytes in hexadecimal.
fn is_ours(device: &Secret) -> bool {
    device.expose().len() == 64 && device.expose().bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns the hash that identifies a browser to `user_id`. Several users may share one browser.
fn device_hash(device: &Secret, user_id: i64) -> String {
    digest::sha256(format!("{}:{user_id}", device.expose()))
}

/// Returns the hash of this browser if it is a known device of `user_id`.
pub(super) async fn known(scope: &Scope, user_id: i64) -> Result<Option<String>, AppError> {
    let Some(device) = scope.client()?.kept(ClientCookie::Device) else {
        return Ok(None);
    };
    let hash = device_hash(&device, user_id);
    let known: Option<String> = token::Entity::find_by_id(hash)
        .select_only()
        .column(token::Column::Hash)
        .filter(token::Column::Purpose.eq(Purpose::KnownDevice.name()))
        .filter(token::Column::ExpiresAt.gt(scope.state.clock.now()))
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    Ok(known)
}

/// Records this browser as a known device of `user_id`.
pub(super) async fn remember(scope: &Scope, db: &impl ConnectionTrait, user_id: i64) -> Result<(), AppError> {
    let now = scope.state.clock.now();
    let device = match scope.client()?.kept(ClientCookie::Device).filter(is_ours) {
        Some(device) => device,
        None => Secret::from(digest::random::<32>()?.as_str()),
    };
    let hash = device_hash(&device, user_id);
    let renewed = token::Entity::update_many()
        .col_expr(
            token::Column::ExpiresAt,
            Expr::value(now + Purpose::KnownDevice.valid_for()),
        )
        .filter(token::Column::Hash.eq(hash.as_str()))
        .exec(db)
        .await?;
    if renewed.rows_affected == 0 {
        let holder = Holder {
            user_id: Some(user_id),
            ..Holder::default()
        };
        if !keep(db, now, Purpose::KnownDevice, &hash, holder).await? {
            // The account was deleted in the meantime.
            return Err(AppError::BadCredentials);
        }
    }
    scope.client()?.keep(ClientCookie::Device, &device);
    Ok(())
}
