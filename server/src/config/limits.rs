//! Settings for rate limits. Each limit consists of several rates, such as `5/25s,10/5m`.

use clap::Args;
use domain::platform::limit::{Limited, Rates};

use super::parse;

/// The unvalidated settings for rate limits.
#[derive(Debug, Clone, Args)]
pub(super) struct LimitSettings {
    /// `off` removes every limit below, for load tests
    #[arg(long, env = "BROADSHEET_LIMITS", value_name = "SWITCH", default_value = "on", value_parser = parse::switch,
          action = clap::ArgAction::Set)]
    limits: bool,

    /// Logins from one address
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_LOGIN_ADDRESS",
        value_name = "RATES",
        default_value = "30/1m,200/1h"
    )]
    limit_login_address: Rates,

    /// Logins to one account from browsers that have not logged in to it before
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_LOGIN_ACCOUNT",
        value_name = "RATES",
        default_value = "5/25s,10/5m,20/20m"
    )]
    limit_login_account: Rates,

    /// Registrations from one address
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_REGISTER",
        value_name = "RATES",
        default_value = "10/1h,30/1d"
    )]
    limit_register: Rates,

    /// Requests from one address for a link to choose a new password
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_RECOVERY",
        value_name = "RATES",
        default_value = "5/5m,20/1h"
    )]
    limit_recovery: Rates,

    /// The same for one account; beyond this limit no email is sent, and the answer stays the same
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_RECOVERY_ACCOUNT",
        value_name = "RATES",
        default_value = "3/15m,10/1d"
    )]
    limit_recovery_account: Rates,

    /// Attempts to give the current password by one person who is logged in
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_PASSWORD",
        value_name = "RATES",
        default_value = "5/1m,20/1h"
    )]
    limit_password: Rates,

    /// Requests by one person for a link to confirm an email address
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_CONFIRMATION",
        value_name = "RATES",
        default_value = "5/1h"
    )]
    limit_confirmation: Rates,

    /// Posts by one person
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_WRITE",
        value_name = "RATES",
        default_value = "20/10m,200/1d"
    )]
    limit_write: Rates,

    /// Profile pictures uploaded by one person
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_UPLOAD",
        value_name = "RATES",
        default_value = "10/10m,50/1d"
    )]
    limit_upload: Rates,

    /// Drafts saved by one person; each pause in writing saves a draft
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_DRAFT",
        value_name = "RATES",
        default_value = "60/1m,2000/1d"
    )]
    limit_draft: Rates,

    /// Previews by one person
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_PREVIEW",
        value_name = "RATES",
        default_value = "60/1m,10000/1d"
    )]
    limit_preview: Rates,

    /// Pictures for posts uploaded by one person
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_IMAGE",
        value_name = "RATES",
        default_value = "40/10m,200/1d"
    )]
    limit_image: Rates,

    /// Searches from one address
    #[arg(
        long,
        env = "BROADSHEET_LIMIT_SEARCH",
        value_name = "RATES",
        default_value = "60/1m,1000/1h"
    )]
    limit_search: Rates,
}

impl LimitSettings {
    pub(super) fn complete(self) -> Limited<Rates> {
        if !self.limits {
            return Limited::unlimited();
        }
        Limited {
            login_address: self.limit_login_address,
            login_account: self.limit_login_account,
            register: self.limit_register,
            recovery: self.limit_recovery,
            recovery_account: self.limit_recovery_account,
            password: self.limit_password,
            confirmation: self.limit_confirmation,
            write: self.limit_write,
            draft: self.limit_draft,
            preview: self.limit_preview,
            upload: self.limit_upload,
            image: self.limit_image,
            search: self.limit_search,
        }
    }
}
