//! Converts Mobiledoc 0.3, in which Ghost stores texts from version 1 to 4, to HTML. Its sections refer to lists of
//! markups, atoms and cards.

use serde_json::Value;

use super::{card, fields::Fields, output::Output};
use crate::transfer::growth::{GrowthBudget, TOO_LONG};

/// The tags that sections and markups may have.
const TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "i",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "s",
    "strike",
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
    "pre",
];

/// The types of sections.
const MARKUP: u64 = 1;
const IMAGE: u64 = 2;
const LIST: u64 = 3;
const CARD: u64 = 10;

/// Writes `document`, which is a whole text. Sections may refer to the same card, atom or markup any number of times,
/// so each use reduces `growth`.
pub(super) fn write(out: &mut Output, document: &Value, growth: &mut GrowthBudget) {
    let document = Fields(document);
    let mut writer = MobiledocWriter {
        markups: document.list("markups").iter().map(markup).collect(),
        atoms: document.list("atoms"),
        cards: document.list("cards"),
        lengths: document.list("cards").iter().map(length).collect(),
        growth,
        out,
    };
    for section in document.list("sections") {
        writer.section(section);
    }
}

struct MobiledocWriter<'a> {
    /// The known markups: their tags, each with the target of its link.
    markups: Vec<Option<(&'static str, &'a str)>>,
    atoms: &'a [Value],
    cards: &'a [Value],
    /// The approximate size of each card, in bytes.
    lengths: Vec<usize>,
    growth: &'a mut GrowthBudget,
    out: &'a mut Output,
}

impl MobiledocWriter<'_> {
    fn section(&mut self, section: &Value) {
        match number(section, 0) {
            Some(MARKUP) => {
                let tag = match string_at(section, 1) {
                    "aside" | "pull-quote" => "blockquote",
                    other => known(other).unwrap_or("p"),
                };
                self.line(tag, list(section, 2));
            }
            Some(IMAGE) => {
                let picture = |out: &mut Output| out.open("img", &[("src", string_at(section, 1))]);
                self.out.element("p", picture);
            }
            Some(LIST) => {
                let tag = if string_at(section, 1) == "ol" { "ol" } else { "ul" };
                self.out.open(tag, &[]);
                for item in list(section, 2) {
                    self.line("li", array(item));
                }
                self.out.close(tag);
            }
            Some(CARD) => {
                let index = number(section, 1);
                let card =
                    index.and_then(|index| at(self.cards, index).zip(at(&self.lengths, index).copied()));
                match card {
                    Some((card, length)) if self.growth.take(length) => {
                        let fields = card.get(1).unwrap_or(&Value::Null);
                        card::write(self.out, string_at(card, 0), Fields(fields));
                    }
                    Some(_) => self.out.lose(TOO_LONG),
                    None => self.out.lose("card that is not in the file left out"),
                }
            }
            _ => self.out.lose("section of an unknown kind left out"),
        }
    }

    /// Writes the element `tag` with the content `markers`: texts and atoms, each with the markups that it opens and
    /// the number of open markups that it closes.
    fn line(&mut self, tag: &str, markers: &[Value]) {
        self.out.open(tag, &[]);
        let mut open: Vec<&'static str> = Vec::new();
        for marker in markers {
            for index in list(marker, 1).iter().filter_map(Value::as_u64) {
                let tag = self.start(index);
                open.push(tag);
            }
            if number(marker, 0) == Some(1) {
                self.atom(number(marker, 3).and_then(|index| at(self.atoms, index)));
            } else {
                self.out.text(string_at(marker, 3));
            }
            for _ in 0..number(marker, 2).unwrap_or_default() {
                let Some(tag) = open.pop() else { break };
                self.end(tag);
            }
        }
        while let Some(tag) = open.pop() {
            self.end(tag);
        }
        self.out.close(tag);
    }

    /// Opens the element of the markup with this `index`. Returns its name, or an empty string if it is unknown.
    fn start(&mut self, index: u64) -> &'static str {
        let Some((tag, href)) = at(&self.markups, index).copied().flatten() else {
            return "";
        };
        if !self.growth.take(href.len()) {
            self.out.lose(TOO_LONG);
            return "";
        }
        self.out.open(tag, &[("href", href)]);
        tag
    }

    fn end(&mut self, tag: &str) {
        if !tag.is_empty() {
            self.out.close(tag);
        }
    }

    fn atom(&mut self, atom: Option<&Value>) {
        match atom {
            Some(atom) if string_at(atom, 0) == "soft-return" => self.out.html("<br>"),
            Some(atom) if self.growth.take(string_at(atom, 1).len()) => self.out.text(string_at(atom, 1)),
            Some(_) => self.out.lose(TOO_LONG),
            None => {}
        }
    }
}

/// Returns the tag of a markup and the target of its link, or `None` if the tag is unknown.
fn markup(markup: &Value) -> Option<(&'static str, &str)> {
    let tag = known(string_at(markup, 0))?;
    let attributes = list(markup, 1);
    let href = attributes
        .chunks_exact(2)
        .find(|pair| pair.first().and_then(Value::as_str) == Some("href"));
    let href = href.and_then(|pair| pair.last()).and_then(Value::as_str);
    Some((tag, href.unwrap_or_default()))
}

/// Returns the approximate number of bytes in `value`.
fn length(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(length).sum(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| name.len() + length(value))
            .sum(),
    }
}

fn known(tag: &str) -> Option<&'static str> {
    TAGS.iter().copied().find(|known| tag.eq_ignore_ascii_case(known))
}

fn at<T>(values: &[T], index: u64) -> Option<&T> {
    values.get(usize::try_from(index).ok()?)
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn list(value: &Value, index: usize) -> &[Value] {
    value.get(index).map_or(&[], array)
}

fn number(value: &Value, index: usize) -> Option<u64> {
    value.get(index).and_then(Value::as_u64)
}

fn string_at(value: &Value, index: usize) -> &str {
    value.get(index).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(document: &Value) -> (String, Vec<String>) {
        let mut out = Output::default();
        write(&mut out, document, &mut GrowthBudget::new(0));
        let told = out.told();
        (out.html, told)
    }

    #[test]
    fn sections_markups_atoms_and_cards_become_the_elements_for_them() {
        let document = json!({
            "version": "0.3.1",
            "markups": [["strong"], ["em"], ["a", ["href", "/x?a&b", "rel", "nofollow"]], ["blink"]],
            "atoms": [["soft-return", "", {}], ["mention", "@ada", {}]],
            "cards": [["hr", {}], ["card-markdown", { "markdown": "**x**" }]],
            "sections": [
                [1, "h2", [[0, [], 0, "A & b"]]],
                [1, "p", [[0, [0], 0, "one"], [0, [1], 2, "two"], [1, [], 0, 0], [0, [2], 1, "three"], [1, [], 0, 1]]],
                [1, "p", [[0, [3], 1, "four"]]],
                [1, "aside", [[0, [], 0, "five"]]],
                [3, "ol", [[[0, [], 0, "a"]], [[0, [0], 1, "b"]]]],
                [2, "/i.png"],
                [10, 0],
                [10, 1],
            ],
        });
        assert_eq!(
            written(&document),
            (
                "<h2>A &amp; b</h2><p><strong>one<em>two</em></strong><br><a href=\"/x?a&amp;b\">three</a>@ada</p><p>four</p>\
                 <blockquote>five</blockquote><ol><li>a</li><li><strong>b</strong></li></ol><p><img src=\"/i.png\"></p><hr>\
                 <p><strong>x</strong></p>\n"
                    .to_owned(),
                Vec::new()
            )
        );
    }

    #[test]
    fn what_refers_to_nothing_closes_what_it_opens_and_is_named() {
        let document = json!({
            "markups": [["b"]],
            "sections": [[1, "p", [[0, [0, 7], 0, "a"], [0, [], 9, "b"], [1, [], 0, 5]]], [10, 3], [77]],
        });
        let (html, lost) = written(&document);
        assert_eq!(html, "<p><b>ab</b></p>");
        assert_eq!(lost.len(), 2, "{lost:?}");
        assert_eq!(written(&json!("none")), (String::new(), Vec::new()));
    }

    #[test]
    fn what_is_referred_to_again_and_again_is_bounded_and_named() {
        let long = "x".repeat(100_000);
        let many = |section: Value| Value::Array(vec![section; 1_000]);
        for document in [
            json!({ "cards": [["html", { "html": long }]], "sections": many(json!([10, 0])) }),
            json!({ "atoms": [["mention", long, {}]], "sections": many(json!([1, "p", [[1, [], 0, 0]]])) }),
            json!({ "markups": [["a", ["href", long]]], "sections": many(json!([1, "p", [[0, [0], 1, "a"]]])) }),
        ] {
            let (html, lost) = written(&document);
            assert!(html.len() < 8 << 20, "{}", html.len());
            assert_eq!(lost, [TOO_LONG]);
        }
    }
}
