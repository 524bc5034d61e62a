//! The examples of the `CommonMark` and GFM specifications. Both sides are sanitised before they are compared, and
//! what this site adds to every text is ignored: the ids of headings, links to them, and their level.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    Rendered,
    elements::{Trait, has},
    raw::below_the_title,
    sanitiser,
    tokens::{Token, tokens},
};

const COMMONMARK: &str = include_str!("../../tests/markdown/commonmark.json");
const GFM: &str = include_str!("../../tests/markdown/gfm.json");

#[derive(Deserialize)]
struct Example {
    #[serde(rename = "example")]
    number: usize,
    markdown: String,
    html: String,
}

/// The examples whose output differs, with the reasons.
type Differences = [(&'static str, &'static [usize])];

const SHOWN: &str = "a tag that no post may have is shown in a line of text: it may be meant, as in `Vec<T>`";
const ENDED: &str = "formatting ends with its block, where browsers open it again in each that follows";
const NO_LINK: &str = "the text of a link is shown without it where no post may lead: `irc:`, `ftp:`";
const LINK: &str = "an address is a link, as GitHub extends CommonMark";
const TASK: &str = "the box of a task is a sign, since a form has no place in a text";
const CAPTION: &str = "the title of an image that is a paragraph is its caption, as in Pandoc's Markdown";
const COMMENT: &str = "what a comment is has been changed in CommonMark 0.31";

const IN_COMMONMARK: &Differences = &[
    (SHOWN, &[201, 491, 524, 536, 617, 623, 627, 628, 629]),
    (
        ENDED,
        &[
            148, 187, 344, 476, 477, 494, 613, 614, 615, 616, 630, 631, 642, 643,
        ],
    ),
    (NO_LINK, &[596, 598, 599, 601]),
    (LINK, &[602, 608, 611, 612]),
    (CAPTION, &[572, 573, 576, 577, 584, 585, 586, 588, 589, 591]),
];
const IN_GFM: &Differences = &[
    (SHOWN, &[170, 500, 532, 544, 636, 642, 647, 648, 649]),
    (
        ENDED,
        &[
            118, 156, 354, 485, 486, 503, 632, 633, 634, 635, 650, 651, 653, 663, 664,
        ],
    ),
    (NO_LINK, &[604, 606, 607, 609, 628]),
    (LINK, &[610, 616, 619, 620]),
    (CAPTION, &[580, 581, 584, 585, 592, 593, 594, 596, 597, 599]),
    (TASK, &[279, 280]),
    (COMMENT, &[645, 646]),
];

/// Returns `html` without intended differences, as a list of tags and texts.
fn comparable(html: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut is_program = false;
    let mut is_anchor = false;
    for token in tokens(html) {
        match token {
            // Code may be highlighted.
            Token::Text(text) if is_program && parts.last().is_some_and(|part| !part.starts_with('<')) => {
                let before = parts.pop().unwrap_or_default();
                parts.push(before + text);
            }
            Token::Text(text) if is_program => parts.push(text.to_owned()),
            Token::Text(text) => {
                let words: Vec<&str> = text.split_whitespace().collect();
                if !words.is_empty() {
                    parts.push(words.join(" "));
                }
            }
            Token::StartTag(tag, name) => {
                is_program |= name == "pre";
                is_anchor = tag.contains("class=\"anchor\"");
                if !is_anchor && name != "span" {
                    parts.push(start(tag, name));
                }
            }
            Token::EndTag(_, name) => {
                is_program &= name != "pre";
                if !std::mem::take(&mut is_anchor) && name != "span" && !has(name, Trait::Void) {
                    parts.push(format!("</{}>", element(name)));
                }
            }
        }
    }
    parts
}

fn element(name: &str) -> &str {
    let is_heading = name.len() == 2 && name.starts_with('h') && name != "hr";
    if is_heading { "heading" } else { name }
}

/// Returns a start tag with the attributes that the specifications use.
fn start(tag: &str, name: &str) -> String {
    let mut start = format!("<{}", element(name));
    let mut values = tag.split('"');
    while let (Some(attribute), Some(value)) = (values.next(), values.next()) {
        let attribute = attribute.rsplit(' ').next().unwrap_or_default();
        if ["href=", "src=", "alt=", "title=", "start="].contains(&attribute) {
            start.push(' ');
            start.push_str(attribute);
            start.push_str(value);
        }
    }
    start
}

fn assert_differences(examples: &str, accepted: &Differences) {
    let examples: Vec<Example> = serde_json::from_str(examples).expect("examples");
    assert!(examples.len() > 600, "all of them");
    let mut accepted: BTreeMap<usize, &str> = accepted
        .iter()
        .flat_map(|(why, numbers)| numbers.iter().map(|number| (*number, *why)))
        .collect();
    let mut wrong = Vec::new();
    for Example {
        number,
        markdown,
        html,
    } in examples
    {
        let expected = comparable(&sanitiser::clean(&below_the_title(&html)));
        let found = comparable(&Rendered::from_markdown(&markdown).html);
        let is_accepted = accepted.remove(&number).is_some();
        if (expected == found) == is_accepted {
            wrong.push(format!(
                "{number}: {markdown:?}\n  expected {expected:?}\n  found    {found:?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} examples:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(accepted.is_empty(), "{accepted:?}");
}

#[test]
fn commonmarks_examples_come_out_as_specified_or_differ_for_a_reason() {
    assert_differences(COMMONMARK, IN_COMMONMARK);
}

#[test]
fn githubs_examples_come_out_as_specified_or_differ_for_a_reason() {
    assert_differences(GFM, IN_GFM);
}
