//! The SQL shell. It reads statements from a terminal with a history, from standard input, or from the command line.

use std::{
    io::{IsTerminal, Read, stdin},
    path::Path,
};

use domain::platform::db::{
    console::{Console, ConsoleError, Output, ROWS},
    snapshot,
};
use rustyline::{DefaultEditor, error::ReadlineError};
use serde_json::{Map, Value, json};

use super::CommandError;
use super::plural::counted;
use crate::config::{Config, ShellArguments};

/// The name of the history file in the data folder.
const HISTORY: &str = "shell_history";
/// The maximum width of a column, in characters.
const WIDTH: usize = 60;
const NOT_A_READ: &str = "enter one statement that starts with SELECT, WITH, VALUES, SHOW, EXPLAIN or PRAGMA and \
                          only reads, or use --write to allow changes";
const HELP: &str = "\
A statement ends with a semicolon and can have several lines.
.tables         list the tables
.schema TABLE   list the columns of a table
.help           show this help
.quit           quit (or Ctrl-D)";

/// Runs the given statement, or the statements from the terminal or standard input.
///
/// # Errors
/// Returns an error if the database cannot be opened, and if a statement fails, unless it was entered at a terminal.
pub async fn run(config: &Config, arguments: ShellArguments) -> Result<(), CommandError> {
    let url = config.database.url.expose();
    if let Some(file) = snapshot::file(url).filter(|file| !file.exists()) {
        return Err(CommandError::NoSite(file.display().to_string()));
    }
    let console = Console::open(url, arguments.write).await;
    let console =
        console.map_err(|error| CommandError::Wrong(format!("the database cannot be opened: {error}")))?;
    let mut shell = Shell {
        console,
        as_json: arguments.json,
    };
    if let Some(sql) = arguments.sql {
        return shell.enter(&sql).await.map_err(CommandError::Wrong);
    }
    if !stdin().is_terminal() {
        let mut sql = String::new();
        stdin().read_to_string(&mut sql).map_err(CommandError::Terminal)?;
        return shell.enter(&sql).await.map_err(CommandError::Wrong);
    }
    let mode = if arguments.write {
        ""
    } else {
        ", read-only; use --write to allow changes"
    };
    println!("SQL on the site's database{mode}. Type .help for help.");
    shell.converse(&config.data_dir.join(HISTORY)).await
}

struct Shell {
    console: Console,
    as_json: bool,
}

impl Shell {
    /// Reads statements from the terminal until the user leaves.
    async fn converse(&mut self, history: &Path) -> Result<(), CommandError> {
        let failed = |error: ReadlineError| CommandError::Terminal(std::io::Error::other(error));
        let mut editor = DefaultEditor::new().map_err(failed)?;
        // There is no history before the first use.
        let _ = editor.load_history(history);
        let mut typed = String::new();
        loop {
            let prompt = if typed.is_empty() { "sql> " } else { "...> " };
            match editor.readline(prompt) {
                Ok(line) => typed.push_str(&line),
                Err(ReadlineError::Interrupted) => {
                    typed.clear();
                    continue;
                }
                Err(ReadlineError::Eof) => break,
                Err(error) => return Err(failed(error)),
            }
            let entered = typed.trim();
            if entered == ".quit" {
                break;
            }
            if entered.is_empty() || entered.starts_with('.') || entered.ends_with(';') {
                let entered = std::mem::take(&mut typed);
                if !entered.trim().is_empty() {
                    // An entry that cannot be added to the history is not worth an error.
                    let _ = editor.add_history_entry(entered.trim());
                    if let Err(error) = self.enter(entered.trim()).await {
                        eprintln!("{error}");
                    }
                }
            } else {
                typed.push('\n');
            }
        }
        if let Err(error) = editor.save_history(history) {
            eprintln!("The history cannot be saved in {}: {error}", history.display());
        }
        Ok(())
    }

    /// Runs a command or statement and prints its result.
    async fn enter(&mut self, entered: &str) -> Result<(), String> {
        let mut words = entered.split_whitespace();
        let output = match (words.next(), words.next()) {
            (Some(".help"), _) => {
                println!("{HELP}");
                return Ok(());
            }
            (Some(".tables"), _) => self.console.tables().await,
            (Some(".schema"), Some(table)) => self.console.columns(table.trim_end_matches(';')).await,
            (Some(word), _) if word.starts_with('.') => {
                return Err(format!("{word} is unknown or incomplete; type .help for help"));
            }
            _ => self.console.run(entered).await,
        };
        let output = output.map_err(|error| refusal(&error))?;
        if self.as_json {
            println!("{:#}", to_json(&output));
        } else {
            print(&output);
        }
        Ok(())
    }
}

/// Returns the message for an error of a statement, with a possible solution.
fn refusal(error: &ConsoleError) -> String {
    match error {
        ConsoleError::NotARead => NOT_A_READ.to_owned(),
        ConsoleError::Denied(error) => format!("{error}; use --write to allow changes"),
        ConsoleError::Database(error) => error.to_string(),
    }
}

/// Returns the rows as JSON.
fn to_json(output: &Output) -> Value {
    let row = |row: &Vec<Option<String>>| {
        let fields = output
            .columns
            .iter()
            .cloned()
            .zip(row.iter().map(|value| json!(value)));
        Value::Object(fields.collect::<Map<String, Value>>())
    };
    output.rows.iter().map(row).collect()
}

/// Prints the rows as a table.
fn print(output: &Output) {
    if output.columns.is_empty() {
        println!("{} changed.", counted(output.changed, "row", "rows"));
        return;
    }
    let shown: Vec<Vec<String>> = output
        .rows
        .iter()
        .map(|row| row.iter().map(|value| cell(value.as_ref())).collect())
        .collect();
    let width = |column: usize| {
        let cells = shown.iter().filter_map(|row| row.get(column));
        let names = output.columns.get(column).into_iter();
        cells
            .chain(names)
            .map(|text| text.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..output.columns.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    println!("{}", line(&output.columns));
    println!(
        "{}",
        line(&widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>())
    );
    for row in &shown {
        println!("{}", line(row));
    }
    if output.is_cut {
        println!("(the first {ROWS} rows)");
    } else {
        println!("({})", counted(shown.len(), "row", "rows"));
    }
}

/// Returns a value on one line, truncated if it is too long.
fn cell(value: Option<&String>) -> String {
    let Some(text) = value else {
        return "NULL".to_owned();
    };
    let line: String = text
        .chars()
        .map(|it| if it.is_control() { ' ' } else { it })
        .collect();
    if line.chars().count() > WIDTH {
        line.chars().take(WIDTH - 1).chain(['…']).collect()
    } else {
        line
    }
}
