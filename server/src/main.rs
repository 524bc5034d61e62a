//! `broadsheet`: reads the configuration, builds the application, runs it.

use std::process::ExitCode;

use server::{application::Application, config::Config, shutdown, telemetry};

fn main() -> ExitCode {
    let config = match Config::from_environment() {
        Ok(config) => config,
        Err(stop) => return stop.report(),
    };
    telemetry::init(&config.log);
    match runtime().and_then(|runtime| runtime.block_on(run(config))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("broadsheet: {error}");
            ExitCode::FAILURE
        }
    }
}

/// At least two threads: with one, a page that waits for its own data could wait for ever.
fn runtime() -> Result<tokio::runtime::Runtime, Box<dyn std::error::Error>> {
    let threads = std::thread::available_parallelism()
        .map_or(2, std::num::NonZero::get)
        .max(2);
    Ok(tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()?)
}

async fn run(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    let application = Application::build(&config).await?;
    println!("{}", application.welcome());
    application.run_until(shutdown::requested()).await?;
    Ok(())
}
