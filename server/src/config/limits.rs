//! Settings for rate limits. Each limit consists of several rates, such as `5/25s,10/5m`.

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches, error::ErrorKind, value_parser};
use domain::platform::limit::{Limited, Rates};

use super::parse;

/// The unvalidated settings for rate limits.
#[derive(Debug, Clone, Args)]
pub(super) struct LimitSettings {
    /// `off` removes every limit below, for load tests
    #[arg(long, env = "BROADSHEET_LIMITS", value_name = "SWITCH", default_value = "on", value_parser = parse::switch,
          action = clap::ArgAction::Set)]
    limits: bool,

    #[command(flatten)]
    rates: RateSettings,
}

impl LimitSettings {
    pub(super) fn complete(self) -> Limited<Rates> {
        if self.limits {
            self.rates.0
        } else {
            Limited::unlimited()
        }
    }
}

/// The rates of each limit: a setting whose name is that of the limit.
#[derive(Debug, Clone)]
struct RateSettings(Limited<Rates>);

/// Returns the name of the setting for the limit `name`.
fn setting(name: &str) -> String {
    format!("limit_{name}")
}

impl Args for RateSettings {
    fn augment_args(command: Command) -> Command {
        let mut arguments = Vec::new();
        Limited::SETTINGS.map(|name, limit| {
            let setting = setting(name);
            let argument = Arg::new(setting.clone())
                .long(setting.replace('_', "-"))
                .env(format!("BROADSHEET_{}", setting.to_ascii_uppercase()))
                .value_name("RATES")
                .default_value(limit.default)
                .value_parser(value_parser!(Rates))
                .help(limit.about.trim().trim_end_matches('.'));
            arguments.push(argument);
        });
        command.args(arguments)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for RateSettings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let rates = Limited::SETTINGS.try_map(|name, _| {
            let rates = matches.get_one::<Rates>(&setting(name)).cloned();
            rates.ok_or_else(|| Error::new(ErrorKind::MissingRequiredArgument))
        });
        rates.map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
