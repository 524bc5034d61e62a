//! The commands of the program and their arguments.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;
use domain::media::StorageUrl;

use super::parse;

mod invite;
mod jobs;
mod mail;
mod post;
mod setting;
mod user;

pub use self::{
    invite::{InviteArguments, InviteCommand},
    jobs::JobsCommand,
    mail::MailCommand,
    post::{NewPostArguments, PostCommand, UpdatePostArguments},
    setting::SettingCommand,
    user::{NewUserArguments, UpdateUserArguments, UserCommand},
};

/// A command. Without one, the site is served.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Serve the site (the default command)
    Serve,
    /// Check whether the site can run, and what to do if not
    Check {
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
        /// Also count all comments, which takes seconds on a large site, and compare with the stored numbers
        #[arg(long)]
        counts: bool,
    },
    /// Show the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Show or change the database schema
    #[command(subcommand)]
    Migrate(MigrateCommand),
    /// Move the site to another database
    #[command(subcommand)]
    Db(DbCommand),
    /// Move the site's pictures to another place
    #[command(subcommand)]
    Media(MediaCommand),
    /// Manage user accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Invite people to register, and list and revoke invitations
    #[command(args_conflicts_with_subcommands = true)]
    Invite {
        /// Invite people to register, and list and revoke invitations
        #[command(flatten)]
        arguments: InviteArguments,
        /// Without a command, an invitation is created
        #[command(subcommand)]
        command: Option<InviteCommand>,
    },
    /// Manage posts
    #[command(subcommand)]
    Post(PostCommand),
    /// Show the audit log: what moderators, administrators and commands have done, latest first
    #[command(visible_alias = "acts")]
    Audit {
        /// Maximum number of records to show
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
        limit: u64,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
        /// Print the result as a table of comma-separated values (RFC 4180)
        #[arg(long, conflicts_with = "json")]
        csv: bool,
    },
    /// Manage login sessions
    #[command(subcommand)]
    Session(SessionCommand),
    /// Test email, and manage emails that have not been sent
    #[command(subcommand)]
    Mail(MailCommand),
    /// List and change the settings that administrators change in the browser
    #[command(subcommand)]
    Setting(SettingCommand),
    /// List and manage jobs, such as emails to be sent
    Jobs {
        /// Without a command, the jobs are listed
        #[command(subcommand)]
        command: Option<JobsCommand>,
    },
    /// Back up the site to a file, while it is in use
    Backup(BackupArguments),
    /// Restore the site from a backup; stop the site first
    Restore(RestoreArguments),
    /// Export the site, or the data of one person, to a ZIP file of Markdown
    Export(ExportArguments),
    /// Import an exported file, or a site from WordPress or Ghost
    Import(ImportArguments),
    /// Run SQL on the site's database
    Shell(ShellArguments),
    /// Fill the site with sample people and posts
    Demo(DemoArguments),
    /// Print the shell completions for these commands
    Completions {
        /// Shell to print completions for
        shell: Shell,
    },
}

/// A command about settings.
#[derive(Debug, Clone, Subcommand)]
pub enum ConfigCommand {
    /// Show all settings and where each comes from; secrets are masked
    Print {
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
}

/// A command about whole databases.
#[derive(Debug, Clone, Subcommand)]
pub enum DbCommand {
    /// Copy the site to another, empty database, or continue a copy that has stopped. Stop the site first:
    /// changes made after that are not copied
    Copy {
        /// Database to copy from [default: the configured database]
        #[arg(long, value_name = "URL", value_parser = parse::database_url)]
        from: Option<String>,
        /// Database to copy to
        #[arg(long, value_name = "URL", value_parser = parse::database_url)]
        to: String,
    },
}

/// A command about all pictures.
#[derive(Debug, Clone, Subcommand)]
pub enum MediaCommand {
    /// Copy all pictures that the site uses to another place; pictures already there are left alone. The site can stay in
    /// use. Afterwards set `BROADSHEET_MEDIA_URL`, restart the site, and run this command again with --from, to copy what
    /// was uploaded in between
    Move {
        /// Place to copy from [default: the configured place]
        #[arg(long, value_name = "URL", value_parser = StorageUrl::parse)]
        from: Option<StorageUrl>,
        /// Place to copy to. Two buckets need the same keys
        #[arg(long, value_name = "URL", value_parser = StorageUrl::parse)]
        to: StorageUrl,
        /// Delete the pictures at the old place once all are at the new one
        #[arg(long)]
        remove: bool,
        /// Do not ask for confirmation
        #[arg(long, requires = "remove")]
        yes: bool,
    },
}

/// A command about the schema.
#[derive(Debug, Clone, Subcommand)]
pub enum MigrateCommand {
    /// List all migrations and whether the database has them
    Status {
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Apply missing migrations; the server also does this when it starts
    Up,
    /// Revert the last migrations, and delete everything they have added
    Down {
        /// Number of migrations to revert
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
    },
}

/// The arguments of `backup`.
#[derive(Debug, Clone, Args)]
pub struct BackupArguments {
    /// New file to write [default: a file in `BROADSHEET_BACKUP_DIR`]
    pub file: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `restore`.
#[derive(Debug, Clone, Args)]
pub struct RestoreArguments {
    /// Backup file to restore
    pub file: PathBuf,
    /// Replace an existing site; its database is kept beside the new one
    #[arg(long)]
    pub force: bool,
}

/// The arguments of `export`.
#[derive(Debug, Clone, Args)]
pub struct ExportArguments {
    /// New file to write
    pub file: PathBuf,
    /// Export only the data of this person, without their password
    #[arg(long)]
    pub user: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `import`.
#[derive(Debug, Clone, Args)]
pub struct ImportArguments {
    /// Files to import: ZIP files from `export`, XML files from WordPress (all parts of a site at once) or JSON files from Ghost
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Import even if the site already has members
    #[arg(long)]
    pub yes: bool,
    /// Trust the roles, passwords and confirmed addresses in the files, as a new site does
    #[arg(long)]
    pub trust: bool,
    /// Address of the site that a JSON file from Ghost comes from, for its pictures and links
    #[arg(long, value_name = "URL", value_parser = parse::web_address)]
    pub from: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `shell`.
#[derive(Debug, Clone, Args)]
pub struct ShellArguments {
    /// SQL statement to run [default: type statements, or read them from standard input]
    pub sql: Option<String>,
    /// Allow changes, and several statements at once
    #[arg(long)]
    pub write: bool,
    /// Print the rows as JSON
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `demo`.
#[derive(Debug, Clone, Args)]
pub struct DemoArguments {
    /// Number of people to add
    #[arg(long, default_value_t = 20, value_parser = parse::up_to::<100_000>)]
    pub users: usize,
    /// Number of posts to add
    #[arg(long, default_value_t = 120, value_parser = parse::up_to::<10_000_000>)]
    pub posts: usize,
    /// Seed; the same seed creates the same people and posts
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Add sample content even if the site already has members
    #[arg(long)]
    pub yes: bool,
}

/// A command about sessions.
#[derive(Debug, Clone, Subcommand)]
pub enum SessionCommand {
    /// End all sessions of a user
    Revoke {
        /// Username or email address
        name: String,
    },
}

/// The end of the output of `--help`.
pub(super) const EXAMPLES: &str = "\
Examples:
  broadsheet                                            serve on http://127.0.0.1:3000, data in ./data
  broadsheet --listen 0.0.0.0:8080                      serve on every address of this machine
  BROADSHEET_DATABASE_URL=postgres://… broadsheet       use PostgreSQL
  broadsheet check                                      check whether the site can run
  broadsheet config print                               show all settings and where each comes from
  broadsheet setting set site_name 'The Daily Crumb'    change a setting of the site
  broadsheet migrate status                             list migrations
  broadsheet backup                                     back up the site to a file, while it is in use
  broadsheet restore data/backups/broadsheet-….zip      restore the site from a backup
  broadsheet export site.zip                            export the site to a ZIP file of Markdown
  broadsheet import wordpress.xml                       import a site from WordPress, Ghost or Broadsheet
  broadsheet shell 'SELECT count(*) FROM posts'         query the database; without SQL, type statements
  broadsheet demo --users 1000 --posts 100000           fill a new site with sample content
  broadsheet user add ada --email ada@example.org       create a user account
  broadsheet user promote ada                           make a user an administrator
  broadsheet user update ada --name lovelace            change a username
  broadsheet invite --role moderator --email ada@example.org
                                                        invite somebody to be a moderator
  broadsheet post add 'First words' --author ada --file first.md
                                                        publish a post for a user
  broadsheet mail test ada@example.org                  send a test email
  broadsheet jobs                                       list the jobs that are not done, such as emails to be sent";
