//! The summary of an import, as text or as JSON.

use std::collections::HashMap;

use domain::data::import::Counted;
use serde_json::{Value, json};

use crate::{
    cli::plural::counted,
    transfer::{Imported, Note},
};

/// Returns the complete summary of `imported` as JSON.
pub(super) fn json(imported: &Imported) -> Value {
    let counted = |counted: &Counted| json!({ "added": counted.added, "there": counted.there, "left_out": counted.left_out });
    let refused = |counted: &Counted| {
        let refused = counted.refused.iter();
        let refused = refused.map(|(title, error)| json!({ "title": title, "reason": error.message() }));
        refused.collect::<Value>()
    };
    let renamed = imported.renamed.iter();
    let renamed = renamed.map(|person| json!({ "from": person.from, "to": person.to }));
    let notes = imported.notes.iter();
    let notes = notes.map(|note| json!({ "title": note.title, "what": note.message(), "count": note.count }));
    json!({
        "people": counted(&imported.people),
        "posts": counted(&imported.posts),
        "posts_refused": refused(&imported.posts),
        "revisions": counted(&imported.revisions),
        "comments": counted(&imported.comments),
        "comments_refused": refused(&imported.comments),
        "comments_moved": imported.comments.moved,
        "drafts": counted(&imported.drafts),
        "pages": counted(&imported.pages),
        "pages_refused": refused(&imported.pages),
        "redirects": counted(&imported.redirects),
        "redirects_refused": refused(&imported.redirects),
        "pictures": imported.pictures,
        "pictures_elsewhere": imported.elsewhere,
        "flattened": imported.flattened,
        "renamed": renamed.collect::<Value>(),
        "passwords_left_out": imported.passwords_left_out,
        "notes": notes.collect::<Value>(),
    })
}

/// Returns the lines of the summary in plain text.
pub(super) fn lines(imported: &Imported) -> Vec<String> {
    let mut lines = Vec::new();
    let mut refused = Vec::new();
    for (one, many, outcome) in [
        ("person", "people", &imported.people),
        ("post", "posts", &imported.posts),
        ("revision", "revisions", &imported.revisions),
        ("comment", "comments", &imported.comments),
        ("draft", "drafts", &imported.drafts),
        ("page", "pages", &imported.pages),
        ("redirect", "redirects", &imported.redirects),
    ] {
        let added = counted(outcome.added, one, many);
        lines.push(format!("{added} added, {} already there.", outcome.there));
        if outcome.left_out > 0 {
            let left_out = counted(outcome.left_out, one, many);
            lines.push(format!("{left_out} left out: the author is not in the file."));
        }
        if outcome.moved > 0 {
            let moved = counted(outcome.moved, one, many);
            lines.push(format!(
                "{moved} now without what they answered, which is not in the file."
            ));
        }
        let texts = outcome.refused.iter();
        refused.extend(texts.map(|(title, error)| format!("“{title}” was not added. {}.", error.message())));
    }
    let pictures = counted(imported.pictures, "picture file", "picture files");
    lines.push(format!("{pictures} added."));
    if imported.elsewhere > 0 {
        let pictures = counted(
            imported.elsewhere,
            "picture in the texts is",
            "pictures in the texts are",
        );
        lines.push(format!("{pictures} still on the old site and shown from there."));
    }
    let renamed = imported.renamed.iter();
    let renamed: Vec<String> = renamed
        .map(|person| format!("{} is now {}", person.from, person.to))
        .collect();
    for (one, many, what, items) in [
        ("entry was", "entries were", "left out:", &refused),
        (
            "person has",
            "people have",
            "a different name from the one in the file, because that was taken:",
            &renamed,
        ),
        (
            "person needs",
            "people need",
            "to choose a new password by email: theirs is stored in a way that this program cannot check, or that is too costly to check:",
            &imported.passwords_left_out,
        ),
        (
            "text was",
            "texts were",
            "nested too deeply. All the words are there, but the deepest levels are now side by side:",
            &imported.flattened,
        ),
    ] {
        if !items.is_empty() {
            lines.push(format!("{} {what}", counted(items.len(), one, many)));
            lines.extend(shown(items));
        }
    }
    lines.extend(notes(&imported.notes));
    lines
}

/// Returns a line for each of the first `items`.
fn shown(items: &[String]) -> Vec<String> {
    const SHOWN: usize = 20;
    let mut lines: Vec<String> = items.iter().take(SHOWN).map(|item| format!("  {item}")).collect();
    if items.len() > SHOWN {
        let more = items.len() - SHOWN;
        lines.push(format!("  and {more} more; use --json to list them all"));
    }
    lines
}

/// One kind of change or loss.
struct Kind<'a> {
    what: &'a str,
    count: usize,
    /// The first texts and objects that are affected.
    names: Vec<String>,
    more: usize,
}

/// Returns a line for each kind of change or loss, with the first texts and objects that are affected.
fn notes(notes: &[Note]) -> Vec<String> {
    const SHOWN: usize = 5;
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for note in notes {
        let place = *places.entry(&note.what).or_insert_with(|| {
            kinds.push(Kind {
                what: &note.what,
                count: 0,
                names: Vec::new(),
                more: 0,
            });
            kinds.len() - 1
        });
        let Some(kind) = kinds.get_mut(place) else {
            continue;
        };
        kind.count += note.count;
        let name = name(note);
        if name.is_empty() {
            // Only the first names are listed; the others are counted.
            kind.more += note.count;
        } else if kind.names.len() == SHOWN {
            kind.more += 1;
        } else {
            kind.names.push(name);
        }
    }
    let line = |kind: Kind<'_>| {
        let begin = format!("{} × {}", kind.count, kind.what);
        let names = kind.names.join(", ");
        match (names.as_str(), kind.more) {
            ("", _) => begin,
            (names, 0) => format!("{begin}: {names}"),
            (names, more) => format!("{begin}: {names} and {more} more; use --json to list them all"),
        }
    };
    kinds.into_iter().map(line).collect()
}

/// Returns the text or object that `note` is about, or an empty string if it concerns the whole site.
fn name(note: &Note) -> String {
    match (note.title.as_str(), note.which.as_str()) {
        ("", "") => String::new(),
        (title, "") => format!("“{title}”"),
        ("", which) if note.count > 1 => format!("{which} ({})", note.count),
        ("", which) => which.to_owned(),
        (title, which) => format!("{which} in “{title}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(title: &str, what: &'static str, which: &str, count: usize) -> Note {
        Note {
            title: title.to_owned(),
            what: what.into(),
            which: which.to_owned(),
            count,
        }
    }

    #[test]
    fn each_kind_of_loss_is_a_line_with_its_first_names() {
        let mut all = vec![
            note("", "comment left out", "", 3),
            note("A", "form left out", "", 2),
            note("", "thing left out", "“menu”", 4),
            note("B", "form left out", "", 1),
            note("B", "code that is text now", "[box]", 1),
        ];
        all.extend((1..=8).map(|number| note("", "tag spelt differently", &number.to_string(), 1)));
        assert_eq!(
            notes(&all),
            [
                "3 × comment left out",
                "3 × form left out: “A”, “B”",
                "4 × thing left out: “menu” (4)",
                "1 × code that is text now: [box] in “B”",
                "8 × tag spelt differently: 1, 2, 3, 4, 5 and 3 more; use --json to list them all",
            ]
        );
    }
}
