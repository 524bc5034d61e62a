//! The redirect after a registration.

use domain::accounts::Registered;
use shared::paths;

use crate::{flash::Flash, http};

/// Redirects the user who has registered as `username` to the login page.
pub(in crate::api) fn redirect(registered: Registered, username: &str) {
    let login = paths::login_as(username);
    match registered {
        Registered::Account => http::redirect_with(Flash::Registered, &login),
        Registered::ConfirmedAccount => http::redirect_with(Flash::AccountConfirmed, &login),
        Registered::CheckMail => http::redirect_with(Flash::RegisteredCheckMail, paths::LOGIN),
    }
}
