//! Finds the text of a post, which different versions of Ghost store in different columns.

use quick_xml::escape::escape;
use serde_json::Value;

use super::{card::PART_FOR_MEMBERS, json, lexical, markdown, mobiledoc, output::Output};
use crate::transfer::growth::GrowthBudget;

/// The columns of a post that may contain its text.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sources<'a> {
    /// The rendered HTML.
    pub html: &'a str,
    /// Lexical, since version 5.
    pub lexical: &'a str,
    /// Mobiledoc, from version 1 to 4.
    pub mobiledoc: &'a str,
    /// Markdown, before version 1.
    pub markdown: &'a str,
    /// The words without markup.
    pub plaintext: &'a str,
}

/// A class in the HTML of every card. That HTML relies on Ghost's own styles and scripts, so the source is preferred.
const CARD: &str = "kg-card";
/// The markers around HTML that is visible to some visitors only.
const GATE: (&str, &str) = ("<!--kg-gated-block:begin", "<!--kg-gated-block:end-->");

/// Writes the text as HTML, from the best column that is not empty.
pub(super) fn write(sources: Sources<'_>, growth: &mut GrowthBudget) -> Output {
    let has_html = !sources.html.trim().is_empty();
    if has_html && !sources.html.contains(CARD) {
        return shown(sources.html);
    }
    let from_source = from_source(sources, growth);
    let has_source = !from_source.html.is_empty();
    if has_html && !(has_source && from_source.is_known()) {
        return shown(sources.html);
    }
    if has_source {
        return from_source;
    }
    let mut out = Output {
        lost: from_source.lost,
        ..Output::default()
    };
    if sources.markdown.trim().is_empty() {
        paragraphs(&mut out, sources.plaintext);
    } else {
        out.html(&markdown::to_html(sources.markdown));
    }
    out
}

/// Returns HTML without the parts that were visible to members only.
fn shown(html: &str) -> Output {
    let mut out = Output::default();
    let (begin, end) = GATE;
    let mut rest = html;
    while let Some((before, gated)) = rest.split_once(begin) {
        out.html(before);
        let (inside, after) = gated.split_once(end).unwrap_or((gated, ""));
        let (conditions, inside) = inside.split_once("-->").unwrap_or(("", inside));
        if conditions.contains("nonMember:false") {
            out.lose(PART_FOR_MEMBERS);
        } else {
            out.html(inside);
        }
        rest = after;
    }
    out.html(rest);
    out
}

/// Converts the source of the text. Parts that the source uses repeatedly reduce `growth`.
fn from_source(sources: Sources<'_>, growth: &mut GrowthBudget) -> Output {
    let mut out = Output::default();
    for (what, source) in [("Lexical", sources.lexical), ("Mobiledoc", sources.mobiledoc)] {
        if source.trim().is_empty() {
            continue;
        }
        match json::read::<Value>(source) {
            Ok((document, _)) if what == "Lexical" => lexical::write(&mut out, &document),
            Ok((document, _)) => mobiledoc::write(&mut out, &document, growth),
            Err(_) => out.lose_one("text in a format that cannot be read", what.to_owned()),
        }
        if !out.html.is_empty() {
            break;
        }
    }
    out
}

/// Writes plain text, in which an empty line ends a paragraph.
fn paragraphs(out: &mut Output, text: &str) {
    let text = text.replace("\r\n", "\n");
    for paragraph in text.split("\n\n") {
        let lines: Vec<_> = paragraph.trim().lines().map(escape).collect();
        out.wrapped("p", &lines.join("<br>"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(sources: Sources<'_>) -> Output {
        super::write(sources, &mut GrowthBudget::new(0))
    }

    #[test]
    fn a_gate_that_is_not_complete_hides_no_text() {
        let gated = |inside: &str| {
            let html = format!("<p>a</p>{}{inside}", GATE.0);
            shown(&html).html
        };
        assert_eq!(gated(" nonMember:false-->b"), "<p>a</p>");
        assert_eq!(gated(" nonMember:true-->b"), "<p>a</p>b");
        assert_eq!(gated("b"), "<p>a</p>b");
    }

    #[test]
    fn the_first_column_that_has_a_text_is_taken() {
        let lexical =
            r#"{"root":{"children":[{"type":"paragraph","children":[{"type":"text","text":"l"}]}]}}"#;
        let mobiledoc = r#"{"version":"0.3.1","sections":[[1,"p",[[0,[],0,"m"]]]]}"#;
        let all = Sources {
            html: "<p>h</p>",
            lexical,
            mobiledoc,
            markdown: "d",
            plaintext: "a\nb\n\nc <",
        };
        assert_eq!(write(all).html, "<p>h</p>");
        assert_eq!(write(Sources { html: " ", ..all }).html, "<p>l</p>");
        let older = Sources {
            html: "",
            lexical: "",
            ..all
        };
        assert_eq!(write(older).html, "<p>m</p>");
        let older = Sources {
            mobiledoc: "",
            ..older
        };
        assert_eq!(write(older).html, "<p>d</p>\n");
        let older = Sources {
            markdown: "",
            ..older
        };
        assert_eq!(write(older).html, "<p>a<br>b</p><p>c &lt;</p>");
    }

    #[test]
    fn html_of_cards_gives_way_to_what_it_was_made_from_if_all_of_that_is_known() {
        let html = "<p>h</p><div class=\"kg-card kg-callout-card\"><div>💡</div><div>c</div></div>";
        let card =
            |kind: &str| format!(r#"{{"root":{{"children":[{{"type":"{kind}","calloutText":"c"}}]}}}}"#);
        let of = |lexical: &str| {
            write(Sources {
                html,
                lexical,
                ..Sources::default()
            })
        };
        assert_eq!(of(&card("callout")).html, "<blockquote><p>c</p></blockquote>");
        for source in [card("news"), String::new(), "{".to_owned()] {
            let out = of(&source);
            assert_eq!((out.html.as_str(), out.told()), (html, Vec::new()), "{source}");
        }
    }

    #[test]
    fn what_members_alone_were_shown_is_not_in_the_html() {
        let html = "a<!--kg-gated-block:begin nonMember:false memberSegment:\"status:free\" --><p>m</p><!--kg-gated-block:end-->b\
                    <!--kg-gated-block:begin nonMember:true memberSegment:\"\" --><p>n</p><!--kg-gated-block:end-->c";
        let out = write(Sources {
            html,
            ..Sources::default()
        });
        assert_eq!((out.html.as_str(), out.lost.len()), ("ab<p>n</p>c", 1));
    }

    #[test]
    fn a_column_that_cannot_be_read_is_named_and_the_next_one_is_taken() {
        let out = write(Sources {
            lexical: "{",
            plaintext: "words",
            ..Sources::default()
        });
        assert_eq!(out.html, "<p>words</p>");
        assert!(
            out.lost.len() == 1 && out.told().concat().contains("Lexical"),
            "{:?}",
            out.lost
        );
    }
}
