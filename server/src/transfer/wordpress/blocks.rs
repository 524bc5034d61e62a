//! Fills in dynamic blocks, which have no text of their own because the old site generated it whenever the page was
//! requested.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::transfer::{growth::GrowthBudget, html::escaped};

/// The maximum nesting depth of shared blocks.
const DEPTH_MAX: usize = 3;

/// A text with its dynamic blocks filled in, and the losses.
#[derive(Debug, Default)]
pub(super) struct Filled {
    pub html: String,
    /// How many blocks of each unknown name were omitted.
    pub unknown: BTreeMap<String, usize>,
    /// The number of blocks that were omitted because they were nested too deeply.
    pub nested: usize,
    /// The number of blocks that were omitted because the text would have become too long.
    pub too_long: usize,
}

/// Fills in the blocks in `html`. `shared` contains the texts of reusable blocks by their ids, and `notes` the
/// footnotes.
pub(super) fn fill(
    html: &str,
    shared: &HashMap<String, String>,
    notes: &str,
    growth: &mut GrowthBudget,
) -> Filled {
    let mut filler = Filler {
        filled: Filled::default(),
        shared,
        notes: Err(notes),
        growth,
    };
    filler.add(html, 0);
    filler.filled
}

struct Filler<'a> {
    filled: Filled,
    shared: &'a HashMap<String, String>,
    /// The footnotes as HTML, or their source until a block shows them.
    notes: Result<String, &'a str>,
    growth: &'a mut GrowthBudget,
}

impl Filler<'_> {
    fn add(&mut self, html: &str, depth: usize) {
        let mut rest = html;
        while let Some((before, after)) = rest.split_once("<!-- wp:") {
            self.filled.html.push_str(before);
            let Some((block, after)) = after.split_once("-->") else {
                rest = after;
                break;
            };
            rest = after;
            match block.trim_end().strip_suffix('/') {
                Some(block) => self.block(block, depth),
                // The beginning of a block with text. The marker is kept because it shows that the text consists of
                // blocks, which determines how it is read.
                None => self.filled.html.push_str("<!-- wp: -->"),
            }
        }
        self.filled.html.push_str(rest);
    }

    /// Adds a block that consists only of its name and attributes.
    fn block(&mut self, block: &str, depth: usize) {
        let (name, told) = block.split_once(' ').unwrap_or((block, ""));
        let told: Value = serde_json::from_str(told.trim()).unwrap_or_default();
        match name {
            "block" => {
                let number = told.get("ref").map(Value::to_string).unwrap_or_default();
                match self.shared.get(&number) {
                    Some(_) if depth == DEPTH_MAX => self.filled.nested += 1,
                    Some(html) if self.growth.take(html.len()) => self.add(html, depth + 1),
                    Some(_) => self.filled.too_long += 1,
                    None => self.leave_out(name),
                }
            }
            "footnotes" => self.footnotes(),
            "more" | "nextpage" => {
                self.filled.html.push_str("<!--");
                self.filled.html.push_str(name);
                self.filled.html.push_str("-->");
            }
            "separator" => self.filled.html.push_str("<hr>"),
            "spacer" => {}
            _ => match told
                .get("url")
                .and_then(Value::as_str)
                .filter(|url| url.starts_with("http"))
            {
                Some(url) => {
                    self.filled.html.push_str("<iframe src=\"");
                    self.filled.html.push_str(&escaped(url));
                    self.filled.html.push_str("\"></iframe>");
                }
                None => self.leave_out(name),
            },
        }
    }

    fn leave_out(&mut self, name: &str) {
        *self.filled.unknown.entry(name.to_owned()).or_default() += 1;
    }

    fn footnotes(&mut self) {
        if let Err(notes) = self.notes {
            self.notes = Ok(footnotes(notes));
        }
        let html = self.notes.as_deref().unwrap_or_default();
        if self.growth.take(html.len()) {
            self.filled.html.push_str(html);
        } else {
            self.filled.too_long += 1;
        }
    }
}

/// Returns the footnotes of a text in the format of WordPress.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(texts: &[(&str, &str)]) -> HashMap<String, String> {
        let texts = texts
            .iter()
            .map(|(id, html)| ((*id).to_owned(), (*html).to_owned()));
        texts.collect()
    }

    #[test]
    fn blocks_without_a_text_get_theirs_or_are_named() {
        let shared = shared(&[("1", "a <!-- wp:block {\"ref\":2} /-->"), ("2", "b")]);
        let html = "<!-- wp:block {\"ref\":1} /--> <!-- wp:block {\"ref\":3} /--><!-- wp:nextpage /--><!-- wp:calendar /-->";
        let filled = fill(html, &shared, "", &mut GrowthBudget::new(0));
        assert_eq!(filled.html, "a b <!--nextpage-->");
        let unknown: Vec<_> = filled.unknown.into_iter().collect();
        assert_eq!(unknown, [("block".to_owned(), 1), ("calendar".to_owned(), 1)]);
    }

    #[test]
    fn a_text_with_many_shared_blocks_is_bounded_and_what_is_left_out_is_counted() {
        let within_itself = "<!-- wp:block {\"ref\":2} /-->".repeat(1_000);
        let shared = shared(&[("1", &"x".repeat(1 << 20)), ("2", &within_itself)]);
        let many = "<!-- wp:block {\"ref\":1} /-->".repeat(1_000);
        let filled = fill(&many, &shared, "", &mut GrowthBudget::new(0));
        assert!(filled.html.len() < 8 << 20, "{}", filled.html.len());
        assert_eq!(filled.too_long + filled.html.len() / (1 << 20), 1_000);
        let filled = fill(
            "<!-- wp:block {\"ref\":2} /-->",
            &shared,
            "",
            &mut GrowthBudget::new(0),
        );
        assert!(filled.nested > 0 && filled.too_long > 0);
    }

    #[test]
    fn footnotes_that_are_shown_again_and_again_are_bounded() {
        let notes = format!("[{{\"id\":\"a\",\"content\":\"{}\"}}]", "x".repeat(1 << 20));
        let many = "<!-- wp:footnotes /-->".repeat(1_000);
        let filled = fill(&many, &HashMap::new(), &notes, &mut GrowthBudget::new(0));
        assert!(filled.html.len() < 8 << 20 && filled.too_long > 900);
    }
}
