//! Browsers that somebody has logged in from before. Guesses at their password from elsewhere do not count against these
//! (OWASP, Slow Down Online Guessing Attacks with Device Cookies).

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::token::{Holder, Purpose, keep};
use crate::{
    Ctx,
    client_info::ClientCookie,
    platform::{digest, entity::token},
};
use shared::{error::AppError, forms::Secret};

/// Whether we may have given it: 32 bytes in hexadecimal, not something that somebody has planted.
fn is_ours(device: &Secret) -> bool {
    device.expose().len() == 64 && device.expose().bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// How `user_id` knows a browser. One browser may be known to several people.
fn device_hash(device: &Secret, user_id: i64) -> String {
    digest::sha256(format!("{}:{user_id}", device.expose()))
}

/// What this browser is known by to `user_id`, if it is.
pub(super) async fn known(ctx: &Ctx, user_id: i64) -> Result<Option<String>, AppError> {
    let Some(device) = ctx.visitor.kept(ClientCookie::Device) else {
        return Ok(None);
    };
    let hash = device_hash(&device, user_id);
    let known: Option<String> = token::Entity::find_by_id(hash)
        .select_only()
        .column(token::Column::Hash)
        .filter(token::Column::Purpose.eq(Purpose::KnownDevice.name()))
        .filter(token::Column::ExpiresAt.gt(ctx.state.clock.now()))
        .into_tuple()
        .one(ctx.state.db.reader())
        .await?;
    Ok(known)
}

/// Has `user_id` know this browser from now on.
pub(super) async fn remember(ctx: &Ctx, db: &impl ConnectionTrait, user_id: i64) -> Result<(), AppError> {
    let now = ctx.state.clock.now();
    let device = match ctx.visitor.kept(ClientCookie::Device).filter(is_ours) {
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
            // They have deleted their account meanwhile.
            return Err(AppError::BadCredentials);
        }
    }
    ctx.visitor.keep(ClientCookie::Device, &device);
    Ok(())
}
