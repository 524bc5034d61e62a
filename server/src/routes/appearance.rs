//! The custom CSS and the icon of the site.

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG},
    },
    response::{IntoResponse, Response},
};
use domain::media::Folder;
use shared::{
    error::AppError,
    model::site_image::{Icon, IconFile},
    paths,
};

use super::{
    assets::{self, FOR_EVER, NOT_AT_ALL},
    pages::Pages,
};
use crate::http::conditional;

const CSS: HeaderValue = HeaderValue::from_static("text/css; charset=utf-8");
const ICO: HeaderValue = HeaderValue::from_static("image/vnd.microsoft.icon");

/// Returns the custom CSS. A page that is older than the last change names another version; it gets the current CSS, which
/// is not cached under that address.
pub(crate) async fn custom_css(State(pages): State<Pages>, request: Request) -> Response {
    let parts = request.into_parts().0;
    let name = parts
        .uri
        .path()
        .strip_prefix(paths::CUSTOM_CSS)
        .unwrap_or_default();
    let version = name.strip_suffix(".css").unwrap_or_default();
    let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_version {
        return pages.problem(parts, AppError::NotFound).await;
    }
    let site = pages.public().site().await;
    let (caching, text) = match &site.custom_css {
        Some(css) if css.version == version => (FOR_EVER, css.text.clone()),
        Some(css) => (NOT_AT_ALL, css.text.clone()),
        None => (NOT_AT_ALL, String::new()),
    };
    ([(CONTENT_TYPE, CSS), (CACHE_CONTROL, caching)], text).into_response()
}

/// Returns the icon for programs that do not read the page, such as feed readers.
pub(crate) async fn favicon(State(pages): State<Pages>, request: Request) -> Response {
    let site = pages.public().site().await;
    let Some(icon) = &site.icon else {
        return assets::favicon(&request);
    };
    let tag = conditional::tag(icon.name());
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, ICO), (CACHE_CONTROL, NOT_AT_ALL)]);
    headers.extend(HeaderValue::try_from(&tag).ok().map(|tag| (ETAG, tag)));
    if conditional::is_known(request.headers(), &tag, None) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    match ico(&pages, icon).await {
        Ok(content) => (headers, content).into_response(),
        Err(error) => pages.problem(request.into_parts().0, error).await,
    }
}

/// Returns the smallest file of `icon` as an ICO file, which may contain a PNG.
async fn ico(pages: &Pages, icon: &Icon) -> Result<Vec<u8>, AppError> {
    let path = format!("{}/{}", Folder::Site.name(), icon.file(IconFile::Favicon));
    let png = pages.state().media.store.read_at(&path).await?;
    let side = u8::try_from(IconFile::Favicon.pixels()).unwrap_or_default();
    let length = u32::try_from(png.len()).unwrap_or(u32::MAX);
    // The header of a file with one icon, and its entry: the size, the number of colour planes and bits per pixel, and the
    // place of the PNG.
    let mut content = vec![0, 0, 1, 0, 1, 0, side, side, 0, 0, 1, 0, 32, 0];
    content.extend(length.to_le_bytes());
    content.extend(22_u32.to_le_bytes());
    content.extend(png);
    Ok(content)
}
