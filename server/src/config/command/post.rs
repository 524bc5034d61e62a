//! The commands about posts.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// A command about posts, each named by the number in its address.
#[derive(Debug, Clone, Subcommand)]
pub enum PostCommand {
    /// List the newest posts, including those in the trash
    List {
        /// Show only posts by this author (username or email address)
        #[arg(long)]
        author: Option<String>,
        /// Maximum number of posts to show
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
        limit: u64,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a post and its text
    Show {
        /// Post number, as in the address of the post
        id: i64,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Publish a post, or save a draft, for a user
    Add(NewPostArguments),
    /// Change a post; anything you do not give stays the same
    Update(UpdatePostArguments),
    /// Move a post to its author's trash, for 30 days
    Delete {
        /// Post number, as in the address of the post
        id: i64,
    },
    /// Restore a post from the trash
    Restore {
        /// Post number, as in the address of the post
        id: i64,
    },
}

/// The arguments of `post add`.
#[derive(Debug, Clone, Args)]
pub struct NewPostArguments {
    /// Title
    pub title: String,
    /// Author, by username or email address
    #[arg(long, value_name = "NAME")]
    pub author: String,
    /// Tags, separated by commas
    #[arg(long, default_value = "")]
    pub tags: String,
    /// File with the text in Markdown [default: standard input]
    #[arg(long)]
    pub file: Option<PathBuf>,
    /// Save a draft instead of publishing
    #[arg(long)]
    pub draft: bool,
}

/// The arguments of `post update`.
#[derive(Debug, Clone, Args)]
pub struct UpdatePostArguments {
    /// Post number, as in the address of the post
    pub id: i64,
    /// New title
    #[arg(long)]
    pub title: Option<String>,
    /// Tags, separated by commas
    #[arg(long)]
    pub tags: Option<String>,
    /// File with the new text in Markdown; `-` is standard input
    #[arg(long)]
    pub file: Option<PathBuf>,
}
