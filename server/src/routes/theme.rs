//! Handles the choice of a theme without JavaScript.

use app::theme::Theme;
use axum::{
    Form,
    extract::{FromRequest, Request, State},
    http::{HeaderValue, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use shared::{error::AppError, paths};

use super::pages::Pages;

/// The maximum size of the form, which contains only an address and a word, in bytes.
const BODY_MAX: usize = 16 * 1024;

/// The fields of the form.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    theme: String,
    #[serde(default)]
    back: String,
}

/// Stores the choice in a cookie, and redirects to the page where it was made.
pub(crate) async fn choose(State(pages): State<Pages>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let client = pages.client(&parts);
    let read = pages.bodies().read(client, &parts.headers, body, BODY_MAX).await;
    let form = match read {
        Ok((form, _)) => form,
        Err(error) => return pages.problem(parts, error).await,
    };
    let read = Form::<Choice>::from_request(Request::from_parts(parts.clone(), form.into()), &()).await;
    let choice = read.ok().map(|Form(choice)| choice);
    let theme = choice.as_ref().and_then(|choice| Theme::named(&choice.theme));
    let (Some(choice), Some(theme)) = (choice, theme) else {
        return pages.problem(parts, AppError::Malformed).await;
    };
    let back = paths::local(&choice.back).unwrap_or(paths::HOME);
    let mut response = Redirect::to(back).into_response();
    if let Ok(cookie) = HeaderValue::try_from(theme.to_cookie()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
