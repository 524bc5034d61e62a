//! The commands about the settings of the site.

use clap::Subcommand;

/// A command about the settings that administrators change in the browser.
#[derive(Debug, Clone, Subcommand)]
pub enum SettingCommand {
    /// List all settings of the site, with their values and where each comes from
    List {
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the value of a setting
    Get {
        /// Name of the setting, such as `site_name`
        name: String,
    },
    /// Change a setting
    Set {
        /// Name of the setting, such as `site_name`
        name: String,
        /// New value
        value: String,
    },
    /// Give a setting its default value
    Reset {
        /// Name of the setting, such as `site_name`
        name: String,
    },
}
