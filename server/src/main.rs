//! The program `broadsheet`: reads the configuration, builds the application and runs it.

use std::{io::IsTerminal, process::ExitCode};

use server::{
    Faults,
    application::{Application, StartError},
    cli::{self, CommandError},
    config::{Command, Config, ConfigCommand},
    http::{open_files, panics},
    ops::{shutdown, systemd, telemetry},
};

/// The memory allocator. mimalloc returns large blocks to the system at once, whereas glibc's allocator kept over 200
/// MB that password hashing had used.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit code for an invalid setting.
const SETTING: u8 = 2;

fn main() -> ExitCode {
    // All files are readable by their owner only, because the database holds password hashes and email addresses.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let (config, command) = match Config::from_environment() {
        Ok(invocation) => invocation,
        Err(stop) => return stop.report(),
    };
    let is_serving = matches!(command, None | Some(Command::Serve));
    let mut errors = None;
    if is_serving {
        match telemetry::serve(&config.log) {
            Ok(received) => errors = Some(received),
            Err(error) => {
                let path = config.log.file.unwrap_or_default();
                eprintln!(
                    "broadsheet: BROADSHEET_LOG_FILE: {} cannot be written: {error}",
                    path.display()
                );
                return ExitCode::from(SETTING);
            }
        }
    } else {
        telemetry::command();
    }
    panics::log();
    match runtime().map(|runtime| runtime.block_on(run(config, command, errors))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => failed(
            &error,
            if error.is_setting() {
                ExitCode::from(SETTING)
            } else {
                ExitCode::FAILURE
            },
        ),
        Err(error) => failed(&error, ExitCode::FAILURE),
    }
}

fn failed(error: &dyn std::error::Error, code: ExitCode) -> ExitCode {
    eprintln!("broadsheet: {error}");
    code
}

/// Returns the runtime. It has at least two threads, because with a single one, a page could block for ever while it
/// waits for its own data.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let threads = std::thread::available_parallelism()
        .map_or(2, std::num::NonZero::get)
        .max(2);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
}

async fn run(config: Config, command: Option<Command>, errors: Option<Faults>) -> Result<(), CommandError> {
    match command {
        None | Some(Command::Serve) => Ok(serve(config, errors).await?),
        Some(Command::Check { json, counts }) => cli::check::run(&config, json, counts).await,
        Some(Command::Config(ConfigCommand::Print { json })) => {
            cli::config::print(&config, json);
            Ok(())
        }
        Some(Command::Audit { limit, json, csv }) => cli::audit::run(&config, limit, (json, csv)).await,
        Some(Command::Post(command)) => cli::post::run(&config, command).await,
        Some(Command::Session(command)) => cli::session::run(&config, command).await,
        Some(Command::Setting(command)) => cli::setting::run(&config, command).await,
        Some(Command::User(command)) => cli::user::run(&config, command).await,
        Some(Command::Invite { arguments, command }) => cli::invite::run(&config, arguments, command).await,
        Some(Command::Db(command)) => cli::db::run(&config, command).await,
        Some(Command::Media(command)) => cli::media::run(&config, command).await,
        Some(Command::Migrate(command)) => cli::migrate::run(&config, command).await,
        Some(Command::Backup(arguments)) => cli::backup::take(&config, arguments).await,
        Some(Command::Restore(arguments)) => cli::backup::restore(&config, arguments).await,
        Some(Command::Export(arguments)) => cli::transfer::export(&config, arguments).await,
        Some(Command::Import(arguments)) => cli::transfer::import(&config, arguments).await,
        Some(Command::Shell(arguments)) => cli::shell::run(&config, arguments).await,
        Some(Command::Completions { shell }) => {
            clap_complete::generate(
                shell,
                &mut Config::command(),
                "broadsheet",
                &mut std::io::stdout(),
            );
            Ok(())
        }
        Some(Command::Demo(arguments)) => cli::demo::run(&config, arguments).await,
        Some(Command::Mail(command)) => cli::mail::run(&config, command).await,
        Some(Command::Jobs { command }) => cli::jobs::run(&config, command.unwrap_or_default()).await,
    }
}

async fn serve(config: Config, errors: Option<Faults>) -> Result<(), StartError> {
    open_files::raise();
    let mut application = Application::build(&config).await?;
    // The signal handlers are installed first, because a supervisor may request a stop as soon as the site is reported
    // as running.
    let requested = shutdown::requested();
    if let Ok(address) = application.address() {
        tracing::info!(%address, "serving");
    }
    // On a terminal, the next step for the operator is printed last.
    telemetry::print(&application.welcome());
    let is_terminal = std::io::stdout().is_terminal();
    match application.invitation(is_terminal).await {
        Ok(Some(invitation)) if is_terminal => telemetry::print(&invitation),
        Ok(Some(invitation)) => tracing::warn!("{invitation}"),
        Ok(None) | Err(_) => {}
    }
    if let Some(errors) = errors.filter(|_| config.mail.mails_errors) {
        application.mail_errors(errors);
    }
    systemd::notify(systemd::State::Ready);
    let stop = async {
        requested.await;
        systemd::notify(systemd::State::Stopping);
    };
    application.run_until(stop).await;
    Ok(())
}
