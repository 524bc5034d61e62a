//! The commands about invitations.

use clap::{Args, Subcommand};
use shared::model::account::Role;

use crate::config::parse;

/// The arguments of `invite`.
#[derive(Debug, Clone, Args)]
pub struct InviteArguments {
    /// Role: `member`, `moderator` or `administrator`
    #[arg(long, default_value = "member", value_parser = parse::role)]
    pub role: Role,
    /// Email address to send the link to; only this address can register. Required for a role above member
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// Number of people who can register with the link [default: 1]
    #[arg(long, value_name = "N")]
    pub uses: Option<u32>,
    /// Number of days for which the link works [default: 7]; 2 for a role above member
    #[arg(long, value_name = "N")]
    pub days: Option<u32>,
}

/// A command about invitations, each named by its number.
#[derive(Debug, Clone, Subcommand)]
pub enum InviteCommand {
    /// List the invitations that can still be used, and who has accepted one
    List {
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke an invitation, whose link no longer works then
    Revoke {
        /// Invitation number
        id: i64,
    },
}
