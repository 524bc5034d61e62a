//! Tests that the contexts of the domain depend on each other only as documented.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::docs::{cells, code, read, root};

/// Returns the first names of the paths in the crate that the Rust code in `text` contains, such as `posts` in
/// `crate::posts::trash` and in `use crate::{accounts, posts::trash}`.
fn modules_in(text: &str) -> BTreeSet<&str> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let name = |path: &'_ str| path.find(|character| !is_name(character)).unwrap_or(path.len());
    let mut found = BTreeSet::new();
    for after in text.split("crate::").skip(1) {
        let Some(list) = after.strip_prefix('{') else {
            found.extend(after.get(..name(after)));
            continue;
        };
        let mut depth = 0;
        let mut is_first = true;
        for (at, character) in list.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' => is_first |= depth == 0,
                _ if is_first && is_name(character) => {
                    let path = list.get(at..).unwrap();
                    found.extend(path.get(..name(path)));
                    is_first = false;
                }
                _ => {}
            }
        }
    }
    found
}

/// Returns the Rust files at `path`, which is a module without its ending.
fn files_of(path: &Path) -> Vec<PathBuf> {
    let mut files = vec![path.with_extension("rs")];
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files
}

#[test]
fn each_context_of_the_domain_uses_only_those_below_it() {
    let text = read("docs/architecture.md");
    let (_, table) = text.split_once("| Context | What it is about |").unwrap();
    let contexts: Vec<&str> = table
        .lines()
        .skip(2)
        .map_while(|line| code(cells(line)?.first()?))
        .collect();
    assert!(contexts.contains(&"platform"), "{contexts:?}");
    let source = root().join("app/domain/src");
    for (place, context) in contexts.iter().enumerate() {
        let above = contexts.get(..place).unwrap();
        for file in files_of(&source.join(context)) {
            let text = fs::read_to_string(&file).unwrap();
            let used = modules_in(&text);
            let wrong: Vec<_> = above.iter().filter(|name| used.contains(**name)).collect();
            assert!(wrong.is_empty(), "{} uses {wrong:?}", file.display());
        }
    }
    let declared = read("app/domain/src/lib.rs");
    let declared = declared.lines().filter_map(|line| line.strip_prefix("pub mod "));
    let declared: BTreeSet<&str> = declared.filter_map(|name| name.strip_suffix(';')).collect();
    assert_eq!(declared, contexts.into_iter().collect());
}

/// Asserts that `modules_in` finds exactly these modules in `text`.
fn assert_modules(text: &str, expected: &[&str]) {
    assert_eq!(modules_in(text), expected.iter().copied().collect(), "{text}");
}

#[test]
fn modules_are_found_in_imports_of_one_path() {
    assert_modules("use crate::posts;", &["posts"]);
    assert_modules("use crate::posts::trash;", &["posts"]);
    assert_modules("use crate::posts::{drafts, trash::KEPT};", &["posts"]);
    assert_modules("pub(crate) use crate::audit_log::*;", &["audit_log"]);
}

#[test]
fn modules_are_found_in_nested_imports() {
    assert_modules("use crate::{media::{Folder}, posts};", &["media", "posts"]);
    assert_modules(
        "use crate::{\n    Ctx,\n    accounts::{password::{Hash, Hasher}, session},\n    \
         platform::{db::Db, entity::{post, user}},\n    mail,\n};",
        &["Ctx", "accounts", "mail", "platform"],
    );
    assert_modules("use crate::{media};\nuse shared::{posts};", &["media"]);
}

#[test]
fn modules_are_found_behind_new_names() {
    assert_modules("use crate::media as files;", &["media"]);
    assert_modules(
        "use crate::{media as files, posts::{self as texts, trash as bin}};",
        &["media", "posts"],
    );
}

#[test]
fn modules_are_found_in_paths_within_code() {
    assert_modules(
        "fn sweep(ctx: &crate::Ctx) -> crate::mail::Outcome { crate::posts::trash::sweep(ctx) }",
        &["Ctx", "mail", "posts"],
    );
    assert_modules("pub(in crate::media::processing) fn read() {}", &["media"]);
}

#[test]
fn modules_of_other_crates_are_not_found() {
    assert_modules(
        "use shared::posts;\nuse super::mail;\nlet posts = posts::list();",
        &[],
    );
}
