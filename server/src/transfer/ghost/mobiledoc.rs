//! Mobiledoc 0.3, in which Ghost keeps texts from version 1 to 4, as HTML: sections that refer to lists of markups, atoms
//! and cards.

use serde_json::Value;

use super::{card, fields::Fields, output::Output};

/// The tags that sections and markups may have.
const TAGS: [&str; 26] = [
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

/// The kind of a section.
const MARKUP: u64 = 1;
const IMAGE: u64 = 2;
const LIST: u64 = 3;
const CARD: u64 = 10;

/// Writes `document`, a whole text.
pub(super) fn write(out: &mut Output, document: &Value) {
    let document = Document {
        markups: Fields(document).list("markups"),
        atoms: Fields(document).list("atoms"),
        cards: Fields(document).list("cards"),
        sections: Fields(document).list("sections"),
    };
    for section in document.sections {
        document.section(out, section);
    }
}

struct Document<'a> {
    markups: &'a [Value],
    atoms: &'a [Value],
    cards: &'a [Value],
    sections: &'a [Value],
}

impl<'a> Document<'a> {
    fn section(&self, out: &mut Output, section: &'a Value) {
        match number(section, 0) {
            Some(MARKUP) => {
                let tag = match text(section, 1) {
                    "aside" | "pull-quote" => "blockquote",
                    other => known(other).unwrap_or("p"),
                };
                out.element(tag, |out| self.markers(out, list(section, 2)));
            }
            Some(IMAGE) => out.element("p", |out| out.open("img", &[("src", text(section, 1))])),
            Some(LIST) => {
                let tag = if text(section, 1) == "ol" { "ol" } else { "ul" };
                out.element(tag, |out| {
                    for item in list(section, 2) {
                        out.element("li", |out| self.markers(out, array(item)));
                    }
                });
            }
            Some(CARD) => match number(section, 1).and_then(|index| at(self.cards, index)) {
                Some(found) => {
                    let fields = found.get(1).unwrap_or(&Value::Null);
                    card::write(out, text(found, 0), Fields(fields));
                }
                None => out.lose("card that the file does not have left out"),
            },
            _ => out.lose("section of an unknown kind left out"),
        }
    }

    /// Texts and atoms, each with the markups that it opens and how many of those that are open it closes.
    fn markers(&self, out: &mut Output, markers: &'a [Value]) {
        let mut open: Vec<&'static str> = Vec::new();
        for marker in markers {
            for index in list(marker, 1).iter().filter_map(Value::as_u64) {
                let markup = at(self.markups, index);
                open.push(markup.map_or("", |markup| start(out, markup)));
            }
            if number(marker, 0) == Some(1) {
                let atom = number(marker, 3).and_then(|index| at(self.atoms, index));
                write_atom(out, atom);
            } else {
                out.text(text(marker, 3));
            }
            for _ in 0..number(marker, 2).unwrap_or_default() {
                let Some(tag) = open.pop() else { break };
                end(out, tag);
            }
        }
        while let Some(tag) = open.pop() {
            end(out, tag);
        }
    }
}

/// Opens the element of `markup`, and returns its name; nothing for one that is not known.
fn start(out: &mut Output, markup: &Value) -> &'static str {
    let Some(tag) = known(text(markup, 0)) else {
        return "";
    };
    let attributes = list(markup, 1);
    let href = attributes
        .chunks_exact(2)
        .find(|pair| pair.first().and_then(Value::as_str) == Some("href"));
    let href = href.and_then(|pair| pair.last()).and_then(Value::as_str);
    out.open(tag, &[("href", href.unwrap_or_default())]);
    tag
}

fn end(out: &mut Output, tag: &str) {
    if !tag.is_empty() {
        out.close(tag);
    }
}

fn write_atom(out: &mut Output, atom: Option<&Value>) {
    match atom {
        Some(atom) if text(atom, 0) == "soft-return" => out.html("<br>"),
        Some(atom) => out.text(text(atom, 1)),
        None => {}
    }
}

fn known(tag: &str) -> Option<&'static str> {
    TAGS.into_iter().find(|known| tag.eq_ignore_ascii_case(known))
}

fn at(values: &[Value], index: u64) -> Option<&Value> {
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

fn text(value: &Value, index: usize) -> &str {
    value.get(index).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(document: &Value) -> (String, Vec<String>) {
        let mut out = Output::default();
        write(&mut out, document);
        (out.html, out.lost)
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
}
