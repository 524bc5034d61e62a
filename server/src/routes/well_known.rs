//! Small files that programs request at fixed addresses.

use axum::{
    extract::{Request, State},
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Redirect, Response},
};
use serde_json::{Value, json};
use shared::{
    error::AppError,
    model::site_image::{Icon, IconFile},
    paths,
};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use super::pages::Pages;

const FOR_A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
/// How long the security contact is valid (RFC 9116: less than a year).
const HOLDS: Duration = Duration::days(180);

/// Returns `robots.txt` (RFC 9309), which excludes the pages of one's own account.
pub(crate) async fn robots(State(pages): State<Pages>) -> Response {
    let private = [
        paths::ACCOUNT,
        paths::MODERATION,
        paths::ADMIN,
        paths::SERVER_FUNCTIONS,
        paths::NEW_POST,
        paths::UPDATE_POST,
        paths::DELETE_POST,
        paths::NEW_IMAGE,
        paths::DISCARD_DRAFT,
        paths::PREVIEW_LINKS,
        paths::RESET_PASSWORD,
        paths::CONFIRM_EMAIL,
        paths::FIRST_ADMINISTRATOR,
    ];
    let mut text = "User-agent: *\n".to_owned();
    for path in private {
        text.push_str("Disallow: ");
        text.push_str(path);
        text.push('\n');
    }
    text.push_str("\nSitemap: ");
    text.push_str(&pages.state().settings.site_url.absolute(paths::SITEMAP));
    text.push('\n');
    ([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, FOR_A_DAY)], text).into_response()
}

/// Returns `security.txt` (RFC 9116) if a security contact is configured.
pub(crate) async fn security(
    contact: Option<String>,
    State(pages): State<Pages>,
    request: Request,
) -> Response {
    let settings = &pages.state().settings;
    let expires = pages.state().clock.now() + HOLDS;
    let Some((contact, expires)) = contact.zip(day(expires)) else {
        return pages.problem(request.into_parts().0, AppError::NotFound).await;
    };
    let language = &pages.public().site().await.language;
    let own = settings.site_url.absolute(paths::SECURITY_TXT);
    let text = format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: {language}\nCanonical: {own}\n"
    );
    ([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, FOR_A_DAY)], text).into_response()
}

/// Returns the beginning of the day of `at`, so that the file stays the same all day.
fn day(at: OffsetDateTime) -> Option<String> {
    at.replace_time(time::Time::MIDNIGHT).format(&Rfc3339).ok()
}

/// Redirects password managers to the page for changing the password (w3c.github.io/webappsec-change-password-url).
pub(crate) async fn change_password() -> Response {
    Redirect::to(paths::ACCOUNT_PASSWORD).into_response()
}

/// Returns the web app manifest, with the site's name and icons for a home screen.
pub(crate) async fn manifest(State(pages): State<Pages>) -> Response {
    let scope = pages.public();
    let site = scope.site().await;
    let colour = site.accent.map(|accent| accent.light().to_string());
    let manifest = json!({
        "name": site.name,
        "description": site.description,
        "lang": site.language,
        "start_url": paths::HOME,
        "display": "browser",
        // The background colour of the light theme in `style/theme.css`.
        "background_color": "#fbfaf6",
        "theme_color": colour.as_deref().unwrap_or("#fbfaf6"),
        "icons": icons(site.icon.as_ref()),
    });
    let media_type = HeaderValue::from_static("application/manifest+json");
    (
        [
            (CONTENT_TYPE, media_type),
            // The name of the site may change at any time.
            (CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
        ],
        manifest.to_string(),
    )
        .into_response()
}

/// Returns the icons of the manifest.
fn icons(icon: Option<&Icon>) -> Value {
    let Some(icon) = icon else {
        return json!([
            { "src": "/favicon.svg", "sizes": "any", "type": "image/svg+xml" },
            { "src": "/icon-192.png", "sizes": "192x192", "type": "image/png" },
            { "src": "/icon-512.png", "sizes": "512x512", "type": "image/png" },
        ]);
    };
    let files = [
        (IconFile::Small, "any"),
        (IconFile::Large, "any"),
        (IconFile::Maskable, "maskable"),
    ];
    let entries = files.map(|(file, purpose)| {
        let pixels = file.pixels();
        json!({
            "src": paths::icon(icon, file),
            "sizes": format!("{pixels}x{pixels}"),
            "type": "image/png",
            "purpose": purpose,
        })
    });
    entries.into_iter().collect()
}
