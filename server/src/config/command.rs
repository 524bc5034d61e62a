//! The commands that the program knows, and what each takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;
use domain::{media::StorageUrl, platform::entity::user::Role};

use super::parse;

/// What to do; without one, serve.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Serve the site; the same without a command
    Serve,
    /// Look whether the site can run, and say what to do
    Check {
        /// Print it for a program
        #[arg(long)]
        json: bool,
    },
    /// Look at the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look at the database's schema, and change it
    #[command(subcommand)]
    Migrate(MigrateCommand),
    /// Move the site to another database
    #[command(subcommand)]
    Db(DbCommand),
    /// Move the site's pictures to another place
    #[command(subcommand)]
    Media(MediaCommand),
    /// Look after the people of the site
    #[command(subcommand)]
    User(UserCommand),
    /// Look after the posts of the site
    #[command(subcommand)]
    Post(PostCommand),
    /// Show the audit log: what people with a role have done to others, latest first
    #[command(visible_alias = "acts")]
    Audit {
        /// The largest number of records to show
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
        limit: u64,
        /// Print them for a program
        #[arg(long)]
        json: bool,
    },
    /// Look after who is signed in
    #[command(subcommand)]
    Session(SessionCommand),
    /// See whether mail works
    #[command(subcommand)]
    Mail(MailCommand),
    /// Write the site into a file while it is being used
    Backup(BackupArguments),
    /// Put a backup in the place of the site, which must be stopped
    Restore(RestoreArguments),
    /// Write the site, or what belongs to one person, into a ZIP file of Markdown
    Export(ExportArguments),
    /// Bring such a file in, or a site of WordPress or Ghost
    Import(ImportArguments),
    /// Type SQL on the site's database
    Shell(ShellArguments),
    /// Fill the site with people and posts to try it with
    Demo(DemoArguments),
    /// Print what a shell needs to complete these commands
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// What to do about settings.
#[derive(Debug, Clone, Subcommand)]
pub enum ConfigCommand {
    /// Print all of them, and where each comes from; secrets are masked
    Print {
        /// Print them for a program
        #[arg(long)]
        json: bool,
    },
}

/// What to do with whole databases.
#[derive(Debug, Clone, Subcommand)]
pub enum DbCommand {
    /// Copy the site into another database, which has to be empty; go on with a copy that has stopped. Stop the site before:
    /// what is written to it afterwards stays behind
    Copy {
        /// The database that has the site; the configured one unless set
        #[arg(long, value_name = "URL", value_parser = parse::database_url)]
        from: Option<String>,
        /// The database that is to have it
        #[arg(long, value_name = "URL", value_parser = parse::database_url)]
        to: String,
    },
}

/// What to do with all pictures.
#[derive(Debug, Clone, Subcommand)]
pub enum MediaCommand {
    /// Copy all pictures that the site uses to another place; what is there already is left alone. People may use the site
    /// meanwhile. Afterwards set `BROADSHEET_MEDIA_URL`, start again, and run it once more with --from: what was uploaded
    /// between the two follows
    Move {
        /// Where they are; the configured place unless set
        #[arg(long, value_name = "URL", value_parser = StorageUrl::parse)]
        from: Option<StorageUrl>,
        /// Where they are to be. Two buckets have the same keys
        #[arg(long, value_name = "URL", value_parser = StorageUrl::parse)]
        to: StorageUrl,
        /// Delete them at the old place when all are at the new one
        #[arg(long)]
        remove: bool,
        /// Do not ask
        #[arg(long, requires = "remove")]
        yes: bool,
    },
}

/// What to do about the schema.
#[derive(Debug, Clone, Subcommand)]
pub enum MigrateCommand {
    /// List its steps, and which of them the database has
    Status {
        /// Print them for a program
        #[arg(long)]
        json: bool,
    },
    /// Apply what is missing; the server does so when it starts
    Up,
    /// Take the last steps back, with all that they have added
    Down {
        /// How many
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// Where a backup goes.
#[derive(Debug, Clone, Args)]
pub struct BackupArguments {
    /// The new file; one in `BROADSHEET_BACKUP_DIR` unless given
    pub file: Option<PathBuf>,
    /// Print what was written for a program
    #[arg(long)]
    pub json: bool,
}

/// Where a backup comes from.
#[derive(Debug, Clone, Args)]
pub struct RestoreArguments {
    /// The file
    pub file: PathBuf,
    /// Even if there is a site; its database is kept beside the new one
    #[arg(long)]
    pub force: bool,
}

/// What is exported.
#[derive(Debug, Clone, Args)]
pub struct ExportArguments {
    /// The new file
    pub file: PathBuf,
    /// What belongs to this person alone, without their password
    #[arg(long)]
    pub user: Option<String>,
    /// Print what was written for a program
    #[arg(long)]
    pub json: bool,
}

/// What is imported.
#[derive(Debug, Clone, Args)]
pub struct ImportArguments {
    /// The files: ZIPs of `export`, XMLs of WordPress (all parts of a site at once) or JSONs of Ghost
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Add them to a site that has members already
    #[arg(long)]
    pub yes: bool,
    /// Believe their roles, passwords and confirmed addresses; a new site does
    #[arg(long)]
    pub trust: bool,
    /// The address of the site that a JSON of Ghost comes from, for its pictures and links
    #[arg(long, value_name = "URL", value_parser = parse::web_address)]
    pub from: Option<String>,
    /// Print what was added for a program
    #[arg(long)]
    pub json: bool,
}

/// What is done on the database.
#[derive(Debug, Clone, Args)]
pub struct ShellArguments {
    /// A statement; without one they are typed, or read from standard input
    pub sql: Option<String>,
    /// Allow changes, and several statements at a time
    #[arg(long)]
    pub write: bool,
    /// Print rows for a program
    #[arg(long)]
    pub json: bool,
}

/// How much demo content to make.
#[derive(Debug, Clone, Args)]
pub struct DemoArguments {
    /// How many people
    #[arg(long, default_value_t = 20, value_parser = parse::up_to::<100_000>)]
    pub users: usize,
    /// How many posts
    #[arg(long, default_value_t = 120, value_parser = parse::up_to::<10_000_000>)]
    pub posts: usize,
    /// The same number makes the same people and posts
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Add it to a site that has members already
    #[arg(long)]
    pub yes: bool,
}

/// What to do about people. Each is named by username or e-mail address.
#[derive(Debug, Clone, Subcommand)]
pub enum UserCommand {
    /// List them in the order of their names
    List {
        /// How the names begin
        #[arg(default_value = "")]
        name: String,
        /// Print them for a program
        #[arg(long)]
        json: bool,
    },
    /// Show one of them
    Show {
        /// Whom
        name: String,
        /// Print it for a program
        #[arg(long)]
        json: bool,
    },
    /// Make an account; the password is asked for, or read from standard input
    Add(NewUserArguments),
    /// Set another password, which is asked for, or read from standard input; ends all sessions
    SetPassword {
        /// Whose
        name: String,
    },
    /// Change somebody's name, address or words. The old name leads to the new one; a mail to the old address says that it was changed
    Update(UpdateUserArguments),
    /// Give somebody a role
    Promote {
        /// Whom
        name: String,
        /// `member`, `moderator` or `administrator`
        #[arg(long, default_value = "administrator", value_parser = parse::role)]
        role: Role,
    },
    /// Delete somebody with all that is theirs
    Delete {
        /// Whom
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// What to do about posts. Each is named by the number in its address.
#[derive(Debug, Clone, Subcommand)]
pub enum PostCommand {
    /// List the newest, those in the trash as well
    List {
        /// Whose
        #[arg(long)]
        author: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
        limit: u64,
        /// Print them for a program
        #[arg(long)]
        json: bool,
    },
    /// Show one of them with its text
    Show {
        /// Its number
        id: i64,
        /// Print it for a program
        #[arg(long)]
        json: bool,
    },
    /// Publish a new one, or begin a draft, for somebody
    Add(NewPostArguments),
    /// Change one of them; what is not given stays
    Update(UpdatePostArguments),
    /// Put one of them into its author's trash, for 30 days
    Delete {
        /// Its number
        id: i64,
    },
    /// Bring one of them back
    Restore {
        /// Its number
        id: i64,
    },
}

/// What to do about sessions.
#[derive(Debug, Clone, Subcommand)]
pub enum SessionCommand {
    /// End all sessions of somebody
    Revoke {
        /// Whose: a username or an email address
        name: String,
    },
}

/// Somebody new.
#[derive(Debug, Clone, Args)]
pub struct NewUserArguments {
    /// The name
    pub name: String,
    /// The e-mail address
    #[arg(long)]
    pub email: String,
    /// `member`, `moderator` or `administrator`
    #[arg(long, default_value = "member", value_parser = parse::role)]
    pub role: Role,
}

/// Changes of somebody's account.
#[derive(Debug, Clone, Args)]
pub struct UpdateUserArguments {
    /// Whose
    pub name: String,
    /// The new name
    #[arg(long = "name", value_name = "NAME")]
    pub username: Option<String>,
    /// The new e-mail address; it holds at once, and counts as confirmed
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// Their words about themselves
    #[arg(long, value_name = "TEXT")]
    pub about: Option<String>,
}

/// A new post.
#[derive(Debug, Clone, Args)]
pub struct NewPostArguments {
    /// The title
    pub title: String,
    /// Whose it is: a username or an email address
    #[arg(long, value_name = "NAME")]
    pub author: String,
    /// Its tags, with commas between them
    #[arg(long, default_value = "")]
    pub tags: String,
    /// A file with the text, in Markdown; standard input unless given
    #[arg(long)]
    pub file: Option<PathBuf>,
    /// Do not publish it: keep it as a draft
    #[arg(long)]
    pub draft: bool,
}

/// Changes of a post.
#[derive(Debug, Clone, Args)]
pub struct UpdatePostArguments {
    /// Its number
    pub id: i64,
    /// The new title
    #[arg(long)]
    pub title: Option<String>,
    /// Its tags, with commas between them
    #[arg(long)]
    pub tags: Option<String>,
    /// A file with the new text, in Markdown; `-` is standard input
    #[arg(long)]
    pub file: Option<PathBuf>,
}

/// What to do about mail.
#[derive(Debug, Clone, Subcommand)]
pub enum MailCommand {
    /// Send a mail now, and say how it went
    Test {
        /// Whom to send it to
        address: String,
    },
    /// List the mails that have not left, and why
    Queue,
    /// Try again what was given up
    Retry,
}

/// What `--help` ends with.
pub(super) const EXAMPLES: &str = "\
Examples:
  broadsheet                                            serve on http://127.0.0.1:3000, data in ./data
  broadsheet --listen 0.0.0.0:8080                      serve on every address of this machine
  BROADSHEET_DATABASE_URL=postgres://… broadsheet       use PostgreSQL
  broadsheet check                                      see whether the site can run, and what to do
  broadsheet config print                               see which settings hold, and why
  broadsheet migrate status                             see which steps the schema has
  broadsheet backup                                     write the site into a file, while it is being used
  broadsheet restore data/backups/broadsheet-….zip      put a backup in the place of the site
  broadsheet export site.zip                            write the site into a file of Markdown, to be kept or carried on
  broadsheet import wordpress.xml                       bring in a site of WordPress, Ghost or Broadsheet
  broadsheet shell 'SELECT count(*) FROM posts'         ask the database; without a statement, type them
  broadsheet demo --users 1000 --posts 100000           fill a new site with content to try it with
  broadsheet user add ada --email ada@example.org       create an account
  broadsheet user promote ada                           make somebody an administrator
  broadsheet user update ada --name lovelace            give somebody another name
  broadsheet post add 'First words' --author ada --file first.md
                                                        publish a text for somebody
  broadsheet mail test ada@example.org                  see whether mail works
  broadsheet mail queue                                 list the mails that have not left";
