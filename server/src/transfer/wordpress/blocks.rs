//! Blocks that have no text of their own in a text: the old site put it there whenever somebody looked.

use std::collections::HashMap;

use serde_json::Value;

use super::super::html::escaped;

/// A block may be within another, which may be within another.
const DEPTH_MAX: usize = 3;
/// So many are put into one text.
const COUNT_MAX: usize = 100;

/// A text with what is known of such blocks, and the names of the others.
#[derive(Debug, Default)]
pub(super) struct Filled {
    pub html: String,
    pub unknown: Vec<String>,
    count: usize,
}

/// Fills `html`: `shared` has the texts that stand in many others, by their number; `notes` are its footnotes.
pub(super) fn fill(html: &str, shared: &HashMap<String, String>, notes: &str) -> Filled {
    let mut filled = Filled::default();
    filled.add(html, shared, notes, 0);
    filled
}

impl Filled {
    fn add(&mut self, html: &str, shared: &HashMap<String, String>, notes: &str, depth: usize) {
        let mut rest = html;
        while let Some((before, after)) = rest.split_once("<!-- wp:") {
            self.html.push_str(before);
            let Some((block, after)) = after.split_once("-->") else {
                rest = after;
                break;
            };
            rest = after;
            let Some(block) = block.trim_end().strip_suffix('/') else {
                // One with a text. That it is one of blocks tells how to read it.
                self.html.push_str("<!-- wp: -->");
                continue;
            };
            let (name, told) = block.split_once(' ').unwrap_or((block, ""));
            let told: Value = serde_json::from_str(told.trim()).unwrap_or_default();
            match name {
                "block" if depth < DEPTH_MAX && self.count < COUNT_MAX => {
                    self.count += 1;
                    let number = told.get("ref").map(Value::to_string).unwrap_or_default();
                    match shared.get(&number) {
                        Some(html) => self.add(html, shared, notes, depth + 1),
                        None => self.unknown.push("block".to_owned()),
                    }
                }
                "footnotes" => self.html.push_str(&footnotes(notes)),
                "more" | "nextpage" | "spacer" | "separator" => {}
                _ => match told
                    .get("url")
                    .and_then(Value::as_str)
                    .filter(|url| url.starts_with("http"))
                {
                    Some(url) => {
                        self.html.push_str("<iframe src=\"");
                        self.html.push_str(&escaped(url));
                        self.html.push_str("\"></iframe>");
                    }
                    None => self.unknown.push(name.to_owned()),
                },
            }
        }
        self.html.push_str(rest);
    }
}

/// The footnotes of a text, as WordPress shows them.
fn footnotes(notes: &str) -> String {
    let notes: Vec<Value> = serde_json::from_str(notes).unwrap_or_default();
    let items = notes.iter().map(|note| {
        let text = |name| note.get(name).and_then(Value::as_str).unwrap_or_default();
        format!(
            "<li id=\"{0}\">{1} <a href=\"#{0}-link\">↩︎</a></li>",
            escaped(text("id")),
            text("content")
        )
    });
    format!("<ol>{}</ol>", items.collect::<String>())
}
