//! The commands about user accounts.

use clap::{Args, Subcommand};
use shared::model::account::Role;

use crate::config::parse;

/// A command about people, each named by username or email address.
#[derive(Debug, Clone, Subcommand)]
pub enum UserCommand {
    /// List user accounts by name
    List {
        /// Start of the names to list
        #[arg(default_value = "")]
        name: String,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a user account
    Show {
        /// Username or email address
        name: String,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Create a user account; asks for the password, or reads it from standard input
    Add(NewUserArguments),
    /// Set a new password and end all sessions; asks for the password, or reads it from standard input
    SetPassword {
        /// Username or email address
        name: String,
    },
    /// Change a username, email address, display name or description. The old name leads to the new one; the old address gets an email about the change
    Update(UpdateUserArguments),
    /// Change the role of a user
    Promote {
        /// Username or email address
        name: String,
        /// Role: `member`, `moderator` or `administrator`
        #[arg(long, default_value = "administrator", value_parser = parse::role)]
        role: Role,
    },
    /// Delete a user account and everything that belongs to it
    Delete {
        /// Username or email address
        name: String,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
    },
}

/// The arguments of `user add`.
#[derive(Debug, Clone, Args)]
pub struct NewUserArguments {
    /// Username
    pub name: String,
    /// Email address
    #[arg(long)]
    pub email: String,
    /// Role: `member`, `moderator` or `administrator`
    #[arg(long, default_value = "member", value_parser = parse::role)]
    pub role: Role,
    /// Display name, shown instead of the username
    #[arg(long, value_name = "NAME")]
    pub display_name: Option<String>,
}

/// The arguments of `user update`.
#[derive(Debug, Clone, Args)]
pub struct UpdateUserArguments {
    /// Username or email address
    pub name: String,
    /// New username
    #[arg(long = "name", value_name = "NAME")]
    pub username: Option<String>,
    /// New email address; used at once, and counts as confirmed
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// New display name; an empty one shows the username again
    #[arg(long, value_name = "NAME")]
    pub display_name: Option<String>,
    /// New text about the user
    #[arg(long, value_name = "TEXT")]
    pub about: Option<String>,
}
