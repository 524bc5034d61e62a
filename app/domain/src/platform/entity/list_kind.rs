//! The kinds of lists with numbered pages.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// A kind of list. Together with a key, it identifies a list in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")]
pub enum ListKind {
    /// The list of all posts. The key is 0.
    #[sea_orm(string_value = "posts")]
    Posts,
    /// The posts of a user. The key is the id of the user.
    #[sea_orm(string_value = "author")]
    PostsBy,
    /// The list of all authors. The key is 0.
    #[sea_orm(string_value = "authors")]
    Authors,
    /// The posts with a tag. The key is the id of the tag.
    #[sea_orm(string_value = "tag")]
    Tagged,
}
