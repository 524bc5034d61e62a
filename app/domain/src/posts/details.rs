//! Checks of what a post carries besides its text, for which the database or the address of the site is needed.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{SiteUrl, markdown::slug, platform::entity::image};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem},
    model::post::PostDetails,
};

/// Checks the `details` of a post of `author` that carried `before`.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the text is said to be published first on this site, or if the author has not
/// uploaded the picture of the cover. What the post carried before stays valid.
pub(super) async fn require(
    db: &impl ConnectionTrait,
    site_url: &SiteUrl,
    author: i64,
    details: &PostDetails,
    before: &PostDetails,
) -> Result<(), AppError> {
    let mut errors = FieldErrors::default();
    if details.canonical != before.canonical && is_own(&details.canonical, site_url) {
        errors.merge(FieldErrors::one(Field::Canonical, FieldProblem::OwnAddress));
    }
    let image = details.cover.as_ref().map(|cover| &cover.image);
    let image = image.filter(|image| before.cover.as_ref().map(|cover| &cover.image) != Some(image));
    if let Some(image) = image {
        let uploaded = image::Entity::find_by_id(image.name.as_str())
            .filter(image::Column::OwnerId.eq(author))
            .count(db)
            .await?;
        if uploaded == 0 {
            errors.merge(FieldErrors::one(Field::Cover, FieldProblem::NoSuchPicture));
        }
    }
    Ok(errors.into_result()?)
}

/// Returns whether `address` is one of this site, by whichever scheme.
fn is_own(address: &str, site_url: &SiteUrl) -> bool {
    let without_scheme = |address: &str| address.split_once("://").map(|(_, rest)| rest.to_owned());
    let (Some(address), Some(site)) = (without_scheme(address), without_scheme(site_url.origin())) else {
        return false;
    };
    address
        .strip_prefix(site.as_str())
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

/// Returns the slug of a post with these `details` and this `title`.
pub(crate) fn slug_of(details: &PostDetails, title: &str) -> String {
    let words = if details.slug.is_empty() {
        title
    } else {
        &details.slug
    };
    slug::from_text(words, "post")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_site_is_recognized_by_its_host() {
        let site = "https://example.org".parse().expect("a URL of a site");
        for own in [
            "https://example.org",
            "https://example.org/post/1",
            "http://example.org/?a",
        ] {
            assert!(is_own(own, &site), "{own}");
        }
        for other in [
            "https://example.org.evil.net/",
            "https://blog.example.org/",
            "https://example.com",
            "",
        ] {
            assert!(!is_own(other, &site), "{other}");
        }
    }
}
