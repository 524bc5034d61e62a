//! The targets of links in mails. The token is removed from the address immediately: it is stored in a cookie that
//! scripts cannot read, and the visitor is redirected to an address without it. Following a link changes nothing,
//! because programs that scan mails follow links as well.

use app::flash::Flash;
use axum::{
    extract::{Request, State},
    http::{
        HeaderValue,
        header::{REFERRER_POLICY, SET_COOKIE},
    },
    response::{IntoResponse, Redirect, Response},
};
use domain::accounts::{confirmation, invitations::acceptance, recovery, setup_token};
use shared::{error::AppError, forms::Secret, paths};

use super::pages::Pages;

/// Hides the address, including the host, from the page that is visited next.
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

/// Handles a link to choose a new password.
pub(crate) async fn reset(State(pages): State<Pages>, request: Request) -> Response {
    let parts = request.into_parts().0;
    let followed = match pages.scope(&parts) {
        Some(scope) => recovery::follow(&scope, &token(parts.uri.path())).await,
        None => Err(AppError::Internal),
    };
    match followed {
        Ok(()) => led(paths::RESET_PASSWORD, None),
        Err(AppError::BadToken) => led(paths::FORGOT_PASSWORD, Some(Flash::LinkUseless)),
        Err(error) => pages.problem(parts, error).await,
    }
}

/// Handles a link to confirm an email address. An invalid link leads to the same page, which shows the error.
pub(crate) async fn confirm(State(pages): State<Pages>, request: Request) -> Response {
    let parts = request.into_parts().0;
    let followed = match pages.scope(&parts) {
        Some(scope) => confirmation::follow(&scope, &token(parts.uri.path())).await,
        None => Err(AppError::Internal),
    };
    match followed {
        Ok(()) | Err(AppError::BadToken) => led(paths::CONFIRM_EMAIL, None),
        Err(error) => pages.problem(parts, error).await,
    }
}

/// Handles the link of an invitation. An invalid link leads to the same page, which shows the error.
pub(crate) async fn invite(State(pages): State<Pages>, request: Request) -> Response {
    let parts = request.into_parts().0;
    let followed = match pages.scope(&parts) {
        Some(scope) => acceptance::follow(&scope, &token(parts.uri.path())).await,
        None => Err(AppError::Internal),
    };
    match followed {
        Ok(()) | Err(AppError::BadToken | AppError::RegistrationClosed) => led(paths::INVITE, None),
        Err(error) => pages.problem(parts, error).await,
    }
}

/// Handles the setup link for the first administrator. An invalid link leads to the same page, which shows the error.
pub(crate) async fn first_administrator(State(pages): State<Pages>, request: Request) -> Response {
    let parts = request.into_parts().0;
    let followed = match pages.scope(&parts) {
        Some(scope) => setup_token::follow(&scope, &token(parts.uri.path())).await,
        None => Err(AppError::Internal),
    };
    match followed {
        Ok(()) | Err(AppError::BadToken) => led(paths::FIRST_ADMINISTRATOR, None),
        Err(error) => pages.problem(parts, error).await,
    }
}

fn token(path: &str) -> Secret {
    Secret::from(path.rsplit('/').next().unwrap_or_default())
}

fn led(path: &str, message: Option<Flash>) -> Response {
    let mut response = ([(REFERRER_POLICY, NO_REFERRER)], Redirect::to(path)).into_response();
    if let Some(cookie) = message.and_then(|message| HeaderValue::try_from(message.to_cookie()).ok()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
