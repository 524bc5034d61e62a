//! Find the people who write.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    model::{account::Writer, page::Page},
};

/// Page `page` of everybody who has published, or of those in whose names a word begins with `name`.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such page.
#[server(prefix = "/api", endpoint = "writers", input = GetUrl)]
pub async fn list(#[server(default)] name: String, page: u64) -> Result<Page<Writer>, AppError> {
    use super::request;
    use domain::accounts::authors;

    let ctx = request::current()?;
    if name.trim().is_empty() {
        authors::list(&ctx, page).await
    } else {
        authors::search(&ctx, &name, page).await
    }
}
