//! The status of a post: who may read it, and whether it is on the site.

use serde::{Deserialize, Serialize};

crate::variants! {
    /// The readers of a post, as its author has chosen.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "lowercase")]
    pub enum Visibility {
        /// Everybody, and the post is in lists.
        #[default]
        #[cfg_attr(feature = "server", sea_orm(string_value = "public"))]
        Public { name: "public", label: "Public: everybody, and in all lists", badge: None },
        /// Everybody who knows the address.
        #[cfg_attr(feature = "server", sea_orm(string_value = "unlisted"))]
        Unlisted { name: "unlisted", label: "Unlisted: everybody who knows the address", badge: Some("Unlisted") },
        /// Those who are logged in.
        #[cfg_attr(feature = "server", sea_orm(string_value = "members"))]
        Members { name: "members", label: "Members: everybody who is logged in and knows the address", badge: Some("Members only") },
        /// The author.
        #[cfg_attr(feature = "server", sea_orm(string_value = "private"))]
        Private { name: "private", label: "Private: you alone", badge: Some("Private") },
    }

    /// Returns the name in forms.
    pub const fn name(self) -> &'static str;
    /// Returns the label of the choice.
    pub const fn label(self) -> &'static str;
    /// Returns the words on the badge of a post that is not public.
    pub const fn badge(self) -> Option<&'static str>;
}

crate::variants! {
    /// The state of a post.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "lowercase")]
    pub enum PostState {
        /// It is on the site.
        #[default]
        #[cfg_attr(feature = "server", sea_orm(string_value = "published"))]
        Published,
        /// It waits for a moderator.
        #[cfg_attr(feature = "server", sea_orm(string_value = "held"))]
        Held,
        /// A moderator has hidden it.
        #[cfg_attr(feature = "server", sea_orm(string_value = "hidden"))]
        Hidden,
        /// It is in the trash.
        #[cfg_attr(feature = "server", sea_orm(string_value = "deleted"))]
        Deleted,
    }
}

/// The visibility and the state of a post, which together decide who may read it and where it is listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sea_orm::FromQueryResult))]
pub struct PostStatus {
    /// The readers whom the author has chosen.
    pub visibility: Visibility,
    /// The state.
    pub state: PostState,
}

impl PostStatus {
    /// Returns whether the post is in lists, counts, feeds and sitemaps, which are the same for everybody.
    #[must_use]
    pub const fn is_listed(self) -> bool {
        matches!(
            (self.visibility, self.state),
            (Visibility::Public, PostState::Published)
        )
    }
}
