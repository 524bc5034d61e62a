//! Static pages, as shown on pages.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::page::KeysetPage;
use crate::paths;

crate::variants! {
    /// Where a static page is linked on every page.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "lowercase")]
    pub enum Place {
        /// Nowhere.
        #[default]
        #[cfg_attr(feature = "server", sea_orm(string_value = "none"))]
        None { name: "none", label: "Nowhere" },
        /// In the navigation bar.
        #[cfg_attr(feature = "server", sea_orm(string_value = "bar"))]
        Bar { name: "bar", label: "In the bar at the top" },
        /// In the footer.
        #[cfg_attr(feature = "server", sea_orm(string_value = "footer"))]
        Footer { name: "footer", label: "In the footer" },
    }

    /// Returns the name in forms.
    pub const fn name(self) -> &'static str;
    /// Returns the label in forms and lists.
    pub const fn label(self) -> &'static str;
}

impl Place {
    /// Returns the place called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.name() == name)
    }
}

/// A link to a static page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLink {
    /// The path.
    pub path: String,
    /// The title.
    pub title: String,
}

/// The static pages that are linked on every page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLinks {
    /// Those in the navigation bar.
    pub bar: Vec<PageLink>,
    /// Those in the footer.
    pub footer: Vec<PageLink>,
}

/// A published static page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaticPage {
    /// The id.
    pub id: i64,
    /// The slug.
    pub slug: String,
    /// The title.
    pub title: String,
    /// The text as sanitised HTML.
    pub html: String,
    /// The beginning of the text, without markup.
    pub excerpt: String,
}

/// A static page in the list of the administrators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sea_orm::FromQueryResult))]
pub struct StaticPageCard {
    /// The id.
    pub id: i64,
    /// The slug.
    pub slug: String,
    /// The title.
    pub title: String,
    /// Where it is linked.
    pub place: Place,
    /// Whether it is published.
    pub is_published: bool,
    /// The time of the last change.
    #[serde(with = "time::serde::timestamp")]
    pub updated_at: OffsetDateTime,
}

impl StaticPageCard {
    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> String {
        paths::static_page(&self.slug)
    }

    /// Returns whether the address of the page belongs to the program by now, so that the page has moved.
    #[must_use]
    pub fn has_moved(&self) -> bool {
        paths::is_claimed(&self.slug)
    }
}

/// The list of the administrators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaticPages {
    /// A page of the list, those that were changed last first.
    pub pages: KeysetPage<StaticPageCard>,
    /// All that have moved because their addresses belong to the program by now.
    pub moved: Vec<StaticPageCard>,
}

/// A static page in the editor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaticPageDocument {
    /// The id; `None` for a new page.
    pub id: Option<i64>,
    /// The version.
    pub version: i64,
    /// The title.
    pub title: String,
    /// The slug.
    pub slug: String,
    /// Where it is linked.
    pub place: Place,
    /// Whether it is published.
    pub is_published: bool,
    /// The Markdown source.
    pub content: String,
    /// The maximum number of characters of the text.
    pub content_max: usize,
}

/// Returns the description of a static page in the audit log.
#[must_use]
pub fn describe_static_page(slug: &str, title: &str) -> String {
    format!("the page “{title}” ({})", paths::static_page(slug))
}
