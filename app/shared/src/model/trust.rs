//! How much a site trusts an account.

use serde::{Deserialize, Serialize};
use time::Duration;

/// The age of an account before it can earn [`TrustLevel::Trusted`].
pub const TRUSTED_AFTER: Duration = Duration::hours(24);
/// The number of comments that earn [`TrustLevel::Trusted`]. A single post does too.
pub const TRUSTED_COMMENTS: u64 = 3;
/// The age of an account before it can earn [`TrustLevel::Regular`].
pub const REGULAR_AFTER: Duration = Duration::days(30);
/// The number of replies that earn [`TrustLevel::Regular`].
pub const REGULAR_REPLIES: u64 = 10;
/// The number of people who have to have written them.
pub const REGULAR_PEOPLE: u64 = 5;
/// The number of links in a text of a new member that nobody has to approve.
pub const NEW_LINKS: usize = 2;
/// The number of comments on the first day that nobody has to approve.
pub const FIRST_DAY_COMMENTS: u64 = 10;
/// The number of new members after whose links to the same host a moderator has to look at them.
pub const SAME_HOST_PEOPLE: u64 = 3;

crate::variants! {
    /// How much the site trusts an account, in ascending order.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "lowercase")]
    pub enum TrustLevel {
        /// The account is new. Its links are shown as text, and a moderator looks at some of its texts first.
        #[cfg_attr(feature = "server", sea_orm(string_value = "new"))]
        New { number: 0, label: "New" },
        /// The account is trusted.
        #[default]
        #[cfg_attr(feature = "server", sea_orm(string_value = "trusted"))]
        Trusted { number: 1, label: "Trusted" },
        /// The account has taken part for a while. None of its texts waits for a moderator.
        #[cfg_attr(feature = "server", sea_orm(string_value = "regular"))]
        Regular { number: 2, label: "Regular" },
    }

    /// Returns the number, from 0 to 2.
    pub const fn number(self) -> u8;
    /// Returns the name as a label.
    pub const fn label(self) -> &'static str;
}

crate::variants! {
    /// Why an account has its [`TrustLevel`].
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "lowercase")]
    pub enum TrustReason {
        /// It was registered, and has done nothing yet that earns trust.
        #[cfg_attr(feature = "server", sea_orm(string_value = "registered"))]
        Registered { words: "the account is new" },
        /// It was created before the site had levels.
        #[default]
        #[cfg_attr(feature = "server", sea_orm(string_value = "existing"))]
        Existing { words: "the account existed before there were levels" },
        /// It was created with an invitation.
        #[cfg_attr(feature = "server", sea_orm(string_value = "invited"))]
        Invited { words: "the account was created with an invitation" },
        /// It was imported.
        #[cfg_attr(feature = "server", sea_orm(string_value = "imported"))]
        Imported { words: "the account comes from another site" },
        /// The operator has created it.
        #[cfg_attr(feature = "server", sea_orm(string_value = "operator"))]
        Operator { words: "an administrator created the account" },
        /// It has earned the level.
        #[cfg_attr(feature = "server", sea_orm(string_value = "earned"))]
        Earned { words: "of what you have published" },
        /// A moderator has approved a text.
        #[cfg_attr(feature = "server", sea_orm(string_value = "approved"))]
        Approved { words: "a moderator has approved one of your texts" },
        /// A moderator has decided so.
        #[cfg_attr(feature = "server", sea_orm(string_value = "given"))]
        Given { words: "a moderator has decided so" },
        /// A moderator has acted on a report.
        #[cfg_attr(feature = "server", sea_orm(string_value = "upheld"))]
        Upheld { words: "a moderator has acted on a report about one of your texts" },
    }

    /// Returns the words after "because".
    pub const fn words(self) -> &'static str;
}

crate::variants! {
    /// Why a text waits for a moderator.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "kebab-case")]
    pub enum HoldReason {
        /// It has more than [`NEW_LINKS`] links.
        #[cfg_attr(feature = "server", sea_orm(string_value = "links"))]
        Links { words: "its author is new here, and it has more than two links" },
        /// It is not among the first [`FIRST_DAY_COMMENTS`] comments.
        #[cfg_attr(feature = "server", sea_orm(string_value = "first-day"))]
        FirstDay { words: "its author is new here, and has written more than ten comments on the first day" },
        /// Another account has sent it already.
        #[cfg_attr(feature = "server", sea_orm(string_value = "repeated"))]
        Repeated { words: "another account has sent the same text" },
        /// [`SAME_HOST_PEOPLE`] new members have linked to the same host.
        #[cfg_attr(feature = "server", sea_orm(string_value = "same-host"))]
        SameHost { words: "several new members have linked to the same site" },
        /// A program seems to have sent it.
        #[cfg_attr(feature = "server", sea_orm(string_value = "automated"))]
        Automated { words: "it looks as if a program had sent it" },
        /// Several members have reported it.
        #[cfg_attr(feature = "server", sea_orm(string_value = "reported"))]
        Reported { words: "several members have reported it" },
    }

    /// Returns the words after "because".
    pub const fn words(self) -> &'static str;
}

/// The level of an account, as its user sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The level.
    pub level: TrustLevel,
    /// Why it has that level.
    pub reason: TrustReason,
}
