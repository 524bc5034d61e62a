//! Texts of another system.

use domain::markdown::slug;
use shared::{
    forms::post::{DetailsForm, TITLE_MAX},
    model::post::Visibility,
};
use time::OffsetDateTime;
use url::Url;

use super::ExternalComment;
use crate::transfer::{
    growth::GrowthBudget,
    html::{self, escaped},
};

/// The kind of a text in the other system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::transfer) enum Kind {
    #[default]
    Post,
    /// A page that is not part of the list of posts.
    Page,
}

/// The feature image of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::transfer) struct FeatureImage {
    pub address: String,
    /// The alternative text, without markup.
    pub alt: String,
    /// The caption, as HTML.
    pub caption: String,
}

/// A text of another system.
#[derive(Debug, Default)]
pub(in crate::transfer) struct Text {
    pub kind: Kind,
    /// The title, as plain text.
    pub title: String,
    pub slug: String,
    pub author: String,
    pub tags: Vec<String>,
    /// The excerpt that was written by hand, as plain text; empty if there is none.
    pub excerpt: String,
    /// The address at which the text was published first; empty if that is unknown.
    pub canonical: String,
    /// The address of the text, which is the base of relative addresses in it.
    pub address: String,
    /// The path of the text, if it is on the site.
    pub old_path: Option<String>,
    /// The feature image. It becomes the first picture.
    pub feature_image: Option<FeatureImage>,
    pub html: String,
    pub created_at: Option<OffsetDateTime>,
    pub updated_at: Option<OffsetDateTime>,
    pub is_published: bool,
    /// Who may read the text once it is published.
    pub visibility: Visibility,
    /// The comments on a post, each after the one that it answers.
    pub comments: Vec<ExternalComment>,
    /// Whether nobody can comment any more.
    pub has_closed_comments: bool,
}

/// Returns the path and the query of `address` if it is on the site at `site`.
pub(in crate::transfer) fn path_within(site: &str, address: &str) -> Option<String> {
    let (site, address) = (Url::parse(site).ok()?, Url::parse(address).ok()?);
    let path = match address.query() {
        Some(query) => format!("{}?{query}", address.path()),
        None => address.path().to_owned(),
    };
    (site.host() == address.host()).then_some(path)
}

impl FeatureImage {
    /// Returns the feature image with these parts, if there is enough `growth` for it.
    pub(in crate::transfer) fn new(
        address: &str,
        alt: &str,
        caption: &str,
        growth: &mut GrowthBudget,
    ) -> Option<Self> {
        let is_there = growth.take(address.len() + alt.len() + caption.len());
        is_there.then(|| Self {
            address: address.to_owned(),
            alt: alt.to_owned(),
            caption: caption.to_owned(),
        })
    }

    fn html(&self) -> String {
        let image = format!(
            "<img src=\"{}\" alt=\"{}\">",
            escaped(&self.address),
            escaped(&self.alt)
        );
        if self.caption.trim().is_empty() {
            format!("<p>{image}</p>")
        } else {
            format!(
                "<figure>{image}<figcaption>{}</figcaption></figure>",
                self.caption
            )
        }
    }
}

impl Text {
    /// Returns the form of the post with its excerpt, unless the text begins with it, and the address at which it was
    /// published first.
    pub(super) fn details(&self) -> DetailsForm {
        let excerpt = if self.begins_with_excerpt() {
            ""
        } else {
            &self.excerpt
        };
        DetailsForm {
            excerpt: one_line(excerpt),
            canonical: self.canonical.clone(),
            ..DetailsForm::default()
        }
    }

    /// Returns the text as HTML, together with its feature image if it is not part of it already. If `has_excerpt`, the
    /// same applies to its excerpt.
    pub(super) fn whole(&self, has_excerpt: bool) -> String {
        let lead = has_excerpt && !self.begins_with_excerpt();
        let lead = lead.then(|| format!("<p>{}</p>", escaped(&self.excerpt)));
        let picture = self.feature_image.as_ref().filter(|picture| {
            let address = picture.address.as_str();
            let is_there = self.html.contains(address) || self.html.contains(&escaped(address));
            !address.is_empty() && !is_there
        });
        let picture = picture.map(FeatureImage::html);
        lead.unwrap_or_default() + &picture.unwrap_or_default() + &self.html
    }

    /// Returns whether the text begins with the words of its excerpt, or it has none.
    fn begins_with_excerpt(&self) -> bool {
        let excerpt = one_line(&self.excerpt);
        let excerpt = excerpt.trim_end_matches(['.', '…', ' ', '[', ']']);
        html::words(&self.html).text.starts_with(excerpt)
    }

    /// Returns the slug, unchanged if possible.
    pub(super) fn slug(&self, title: &str) -> String {
        let words = if self.slug.is_empty() { title } else { &self.slug };
        slug::from_text(words, "post")
    }
}

/// Returns `text` as a title: one line, truncated to the maximum length.
pub(super) fn title(text: &str) -> String {
    one_line(text).chars().take(TITLE_MAX).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
