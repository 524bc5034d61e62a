//! Tests that the documentation agrees with the program: settings, commands, addresses, promises, and the make targets
//! and files that it mentions.
//!
//! Each test reports which line is missing in which file. `UPDATE_DOCS=1 cargo test --test http docs` updates the list
//! of files of each promise.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use server::{
    config::Config,
    router::{files_and_checks, routes},
};

const CONFIGURATION: &str = "docs/configuration.md";
const COMMANDS: &str = "docs/commands.md";
const ADDRESSES: &str = "docs/addresses.md";
const PROMISES: &str = "docs/promises.md";

/// The families of test codes. Promises have the prefix `P` and a number.
const FAMILIES: &[&str] = &[
    "ACC", "AUT", "AVL", "DUR", "HDR", "INJ", "MAIL", "NAM", "OPS", "SES", "UPL", "XSS",
];

/// Returns the root folder of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the text of a file of the repository.
pub fn read(file: &str) -> String {
    let path = root().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the cells of a row of a Markdown table.
pub fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
    Some(row.split(" | ").collect())
}

/// Returns the text of a cell that consists of code only.
pub fn code(cell: &str) -> Option<&str> {
    let text = cell.strip_prefix('`')?.strip_suffix('`')?;
    (!text.contains('`')).then_some(text)
}

/// Fails if `file` lacks a row, or has one that is not needed.
fn compare(file: &str, documented: &BTreeSet<String>, rows: &BTreeMap<String, String>) {
    let lacking = rows.iter().filter(|(key, _)| !documented.contains(*key));
    let mut wrong: Vec<String> = lacking.map(|(_, row)| format!("add to {file}: {row}")).collect();
    let needless = documented.iter().filter(|key| !rows.contains_key(*key));
    wrong.extend(needless.map(|key| format!("take out of {file} the row of {key}")));
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_setting_is_documented_with_its_default() {
    let text = read(CONFIGURATION);
    let documented: BTreeMap<&str, &str> = text
        .lines()
        .filter_map(cells)
        .filter_map(|cells| Some((code(cells.first()?)?, *cells.get(1)?)))
        .collect();
    let mut rows = BTreeMap::new();
    let mut stale = Vec::new();
    for argument in Config::command().get_arguments() {
        let Some(name) = argument.get_env().and_then(|name| name.to_str()) else {
            continue;
        };
        let default = argument.get_default_values().first();
        let default = default.map(|value| format!("`{}`", value.to_string_lossy()));
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let shown = default.as_deref().unwrap_or("none");
        let row = format!("| `{name}` | {shown} | {help}. |");
        if let (Some(default), Some(found)) = (&default, documented.get(name))
            && found != default
        {
            stale.push(format!(
                "the row in {CONFIGURATION} should begin with: | `{name}` | {default} |"
            ));
        }
        rows.insert(name.to_owned(), row);
    }
    assert!(rows.len() > 40, "{rows:?}");
    let names = documented.into_keys().map(str::to_owned).collect();
    compare(CONFIGURATION, &names, &rows);
    assert!(stale.is_empty(), "\n{}\n", stale.join("\n"));
}

#[test]
fn the_names_of_a_setting_follow_from_each_other() {
    for argument in Config::command().get_arguments() {
        let variable = argument.get_env().and_then(|name| name.to_str());
        if let Some(name) = variable.and_then(|name| name.strip_prefix("BROADSHEET_")) {
            let key = name.to_ascii_lowercase();
            assert_eq!(argument.get_id(), key.as_str());
            assert_eq!(argument.get_long(), Some(key.replace('_', "-").as_str()));
        }
    }
}

/// Returns the syntax of `argument` in the format of the documentation.
fn synopsis(argument: &clap::Arg) -> String {
    let value = argument.get_value_names().and_then(|names| names.first());
    let takes_value = argument.get_action().takes_values();
    let value = value.filter(|_| takes_value).map(ToString::to_string);
    let text = match (argument.get_long(), value) {
        (Some(flag), Some(value)) => format!("--{flag} {value}"),
        (Some(flag), None) => format!("--{flag}"),
        (None, value) => value.unwrap_or_default(),
    };
    if argument.is_required_set() {
        text
    } else {
        format!("[{text}]")
    }
}

/// Adds the rows of the subcommands of `command`, whose full name is `path`.
fn add_commands(command: &clap::Command, path: &str, rows: &mut BTreeMap<String, String>) {
    for command in command.get_subcommands() {
        let name = command.get_name();
        if name == "help" {
            continue;
        }
        let path = format!("{path} {name}");
        if command.has_subcommands() {
            add_commands(command, &path, rows);
        }
        let is_own = |argument: &&clap::Arg| !["help", "version"].contains(&argument.get_id().as_str());
        if command.has_subcommands() && command.get_arguments().filter(is_own).count() == 0 {
            continue;
        }
        let arguments = command.get_arguments();
        let (values, flags): (Vec<_>, Vec<_>) = arguments
            .filter(is_own)
            .partition(|argument| argument.is_positional());
        let arguments = values.into_iter().chain(flags).map(synopsis);
        let mut words = vec![path.trim_start().to_owned()];
        words.extend(arguments);
        let line = words.join(" ");
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        rows.insert(line.clone(), format!("| `{line}` | {about}. |"));
    }
}

#[test]
fn every_command_is_documented_with_its_arguments() {
    let text = read(COMMANDS);
    let documented = text
        .lines()
        .filter_map(cells)
        .filter_map(|cells| code(cells.first()?).map(str::to_owned))
        .collect();
    let mut command = Config::command();
    command.build();
    let mut rows = BTreeMap::new();
    add_commands(&command, "", &mut rows);
    assert!(rows.len() > 30, "{rows:?}");
    compare(COMMANDS, &documented, &rows);
}

// leptos spawns tasks while it lists the pages, so this test needs a runtime.
#[tokio::test]
async fn every_address_is_documented() {
    let text = read(ADDRESSES);
    let documented = text
        .lines()
        .filter_map(cells)
        .filter_map(|cells| Some((code(cells.first()?)?, code(cells.get(1)?)?)))
        .map(|(method, address)| format!("{method} {address}"))
        .collect();
    let all = routes().into_iter().chain(files_and_checks());
    let rows = all
        .map(|(method, path)| {
            (
                format!("{method} {path}"),
                format!("| `{method}` | `{path}` | … |"),
            )
        })
        .collect();
    compare(ADDRESSES, &documented, &rows);
}

/// Returns the files below `folder` whose names end in one of `endings`, as paths relative to the root of the
/// repository.
pub fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if folder == "." {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        if entry.file_type().unwrap().is_dir() {
            if !["node_modules", "target"].contains(&name.as_str()) {
                found.extend(files(&path, endings));
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn is_code(word: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match word.split_once('-') {
        Some((family, number)) => FAMILIES.contains(&family) && number.len() == 2 && is_number(number),
        None => word.strip_prefix('P').is_some_and(is_number),
    }
}

/// Returns the codes at the beginning of a comment on `line`.
fn codes(line: &str) -> Vec<&str> {
    let line = line.trim_start();
    let comment = ["//!", "///", "//", "/**"]
        .iter()
        .find_map(|mark| line.strip_prefix(mark));
    let words = comment.unwrap_or_default().split_whitespace();
    words
        .map(|word| word.trim_end_matches([',', ':']))
        .take_while(|word| is_code(word))
        .collect()
}

/// Returns the files in which a comment begins with each code.
fn tests_by_code() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in ["app", "frontend", "migration", "server", "end2end"] {
        for file in files(folder, &[".rs", ".ts"]) {
            for line in read(&file).lines() {
                for code in codes(line) {
                    found.entry(code.to_owned()).or_default().insert(file.clone());
                }
            }
        }
    }
    found
}

/// Returns the last cell of the row of a code: the files that contain its tests.
fn shown_by(files: &BTreeSet<String>) -> String {
    let files: Vec<String> = files.iter().map(|file| format!("`{file}`")).collect();
    files.join(", ")
}

#[test]
fn every_code_in_a_comment_is_a_promise_that_is_documented_with_its_tests() {
    let text = read(PROMISES);
    let tests = tests_by_code();
    assert!(tests.len() > 50, "{tests:?}");
    let rows = tests
        .iter()
        .map(|(code, files)| (code.clone(), format!("| {code} | … | {} |", shown_by(files))))
        .collect();
    let mut documented = BTreeSet::new();
    let mut stale = Vec::new();
    let updated: Vec<String> = text
        .lines()
        .map(|line| match cells(line).as_deref() {
            Some([code, promise, files]) if is_code(code) => {
                documented.insert((*code).to_owned());
                let shown = tests.get(*code).map(shown_by).unwrap_or_default();
                let row = format!("| {code} | {promise} | {shown} |");
                if *files != shown {
                    stale.push(format!("the row of {code} in {PROMISES} should be: {row}"));
                }
                row
            }
            _ => line.to_owned(),
        })
        .collect();
    compare(PROMISES, &documented, &rows);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(PROMISES), updated.join("\n") + "\n").unwrap();
    } else {
        assert!(stale.is_empty(), "\n{}\n", stale.join("\n"));
    }
}

/// Returns the documents of the repository.
fn documents() -> Vec<String> {
    let mut documents = files("docs", &[".md"]);
    documents.extend(files("server/deploy", &[".md"]));
    documents.extend(files(".github", &[".md"]));
    documents.extend(["README.md", "CHANGELOG.md"].map(str::to_owned));
    documents
}

/// Returns the anchor that GitHub generates for a heading.
fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|letter| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| anchor(line.trim_start_matches('#').trim()))
        .collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut broken = Vec::new();
    for document in documents() {
        let text = read(&document);
        let folder = root().join(&document);
        let folder = folder.parent().unwrap();
        for link in text.split("](").skip(1) {
            let link = link.split([')', ' ']).next().unwrap();
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                root().join(&document)
            } else {
                folder.join(file)
            };
            let leads = target.exists()
                && (place.is_empty() || anchors(&fs::read_to_string(&target).unwrap()).contains(place));
            if !leads {
                broken.push(format!("{document}: {link} leads nowhere"));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn files_that_documents_name_are_there() {
    let tops = [
        ".ci/",
        ".github/",
        ".tools/",
        "app/",
        "docs/",
        "end2end/",
        "frontend/",
        "migration/",
        "public/",
        "server/",
        "style/",
    ];
    let mut missing = Vec::new();
    for document in documents() {
        let text = read(&document);
        for (number, line) in text.lines().enumerate() {
            let spans = line.split('`').skip(1).step_by(2);
            // An ellipsis is a placeholder for a name that a contributor chooses.
            let named =
                spans.filter(|span| tops.iter().any(|top| span.starts_with(top)) && !span.contains('…'));
            let lost = named.filter(|span| !span.contains(' ') && !root().join(span).exists());
            missing.extend(lost.map(|span| format!("{document}:{}: there is no {span}", number + 1)));
        }
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

#[test]
fn targets_of_make_that_documents_name_are_there() {
    let makefile = read("Makefile");
    let targets: BTreeSet<&str> = makefile
        .lines()
        .filter_map(|line| line.strip_prefix(".PHONY: "))
        .collect();
    assert!(targets.contains("test"), "{targets:?}");
    let mut missing = Vec::new();
    for document in documents() {
        let text = read(&document);
        let mut is_block = false;
        let mut named = Vec::new();
        for line in text.lines() {
            is_block ^= line.starts_with("```");
            let spans = line.split('`').skip(1).step_by(2);
            let commands = spans.chain(is_block.then_some(line));
            named.extend(
                commands.filter_map(|command| command.strip_prefix("make ")?.split_whitespace().next()),
            );
        }
        let lost = named.into_iter().filter(|target| !targets.contains(target));
        missing.extend(lost.map(|target| format!("{document}: there is no make {target}")));
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

#[test]
fn continuous_integration_runs_the_command_that_the_readme_names_for_tests() {
    let script = read(".ci/run");
    let command = script.lines().last().unwrap();
    let readme = read("README.md");
    let named = readme
        .lines()
        .any(|line| line.split('#').next().unwrap().trim_end() == command);
    assert!(named, "README.md does not name {command}");
}
