//! Determines the meaning of inline elements.

use super::{
    document::{Inline, Span},
    looks::{LOOKS, direction, style},
    read::{Reader, has},
    space::collapsed,
    tree::{Element, Node},
};

const DRAWING: &str = "drawing left out, with its words kept";
/// The loss of an embedded page or player, which becomes a link.
pub(super) const PLAYER: &str = "embedded page, video, sound or file that is now a link";

/// The meaning of an inline element.
pub(super) enum Meaning {
    /// Invisible, or cannot be kept.
    Nothing(Option<&'static str>),
    /// Its content only.
    Content(Option<&'static str>),
    Whole(Inline),
    /// Words in its place.
    Words(String, &'static str),
    /// A link with the given address and words.
    Link(String, String, &'static str),
    /// Code that contains only text.
    Code(String),
    Span(Span),
}

impl Meaning {
    /// Returns the loss, if any.
    pub(super) const fn loss(&self) -> Option<&'static str> {
        match self {
            Self::Nothing(what) | Self::Content(what) => *what,
            Self::Words(_, what) | Self::Link(_, _, what) => Some(*what),
            Self::Whole(_) | Self::Code(_) | Self::Span(_) => None,
        }
    }
}

/// Returns the meaning of `element`.
pub(super) fn interpret(reader: &mut Reader<'_>, element: &Element) -> Meaning {
    match element.name.as_str() {
        "b" | "strong"
            if style(element, "font-weight").is_some_and(|weight| ["normal", "400"].contains(&weight)) =>
        {
            Meaning::Content(None)
        }
        "b" | "strong" => Meaning::Span(Span::Strong),
        "i" | "em" | "dfn" => Meaning::Span(Span::Emphasis),
        "del" | "s" | "strike" => Meaning::Span(Span::Deleted),
        "code" | "tt" => match only_text(element) {
            Some(text) => Meaning::Code(collapsed(&text)),
            None => other("code", element),
        },
        "acronym" => other("abbr", element),
        "a" => link(reader, element),
        "img" | "image" => image(reader, element),
        "br" => Meaning::Whole(Inline::Break),
        "span" | "font" => styled(element),
        "audio" | "bgsound" | "embed" | "frame" | "iframe" | "object" | "video" => player(reader, element),
        "canvas" => Meaning::Nothing(Some(DRAWING)),
        "svg" => Meaning::Content(Some(DRAWING)),
        "math" => Meaning::Content(Some("formula whose symbols are now on one line")),
        "script" => script(reader, element),
        "input" => input(element),
        "button" | "select" | "textarea" | "label" | "option" | "output" => Meaning::Content(None),
        "area" => Meaning::Nothing(Some("link on a part of a picture left out")),
        "meter" | "progress" => Meaning::Content(Some("bar left out, with its words kept")),
        "base" | "basefont" | "datalist" | "keygen" | "link" | "meta" | "noembed" | "noscript" | "param"
        | "source" | "style" | "template" | "track" => Meaning::Nothing(None),
        "big" | "blink" | "marquee" => Meaning::Content(Some(LOOKS)),
        "wbr" => Meaning::Whole(Inline::WordBreak),
        "bdo" if direction(element).is_empty() => Meaning::Content(None),
        name => match KEPT.iter().find(|kept| **kept == name) {
            Some(name) => other(name, element),
            None => Meaning::Content(None),
        },
    }
}

/// The elements that are kept unchanged.
const KEPT: &[&str] = &[
    "abbr", "bdi", "bdo", "cite", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "samp", "small", "sub",
    "sup", "u", "var",
];

fn other(name: &'static str, element: &Element) -> Meaning {
    let title = if name == "abbr" {
        collapsed(element.attribute("title"))
    } else {
        String::new()
    };
    let direction = if ["bdi", "bdo"].contains(&name) {
        direction(element)
    } else {
        ""
    };
    Meaning::Span(Span::Other {
        name,
        title,
        direction,
    })
}

/// Returns whether `element` is displayed with space around it although it is inline, such as a button or a field.
pub(super) fn is_apart(element: &Element) -> bool {
    match element.name.as_str() {
        "button" | "output" | "select" | "textarea" => true,
        "input" => !["checkbox", "hidden", "radio"].contains(&element.attribute("type")),
        "a" => {
            let mut classes = element.attribute("class").split_ascii_whitespace();
            classes.any(|class| class.contains("button") || class.contains("btn"))
        }
        _ => false,
    }
}

fn styled(element: &Element) -> Meaning {
    let decoration = style(element, "text-decoration").unwrap_or_default();
    let weight = style(element, "font-weight").unwrap_or_default();
    if decoration.contains("underline") {
        other("u", element)
    } else if decoration.contains("line-through") {
        Meaning::Span(Span::Deleted)
    } else if ["bold", "bolder", "600", "700", "800", "900"].contains(&weight) {
        Meaning::Span(Span::Strong)
    } else if style(element, "font-style").is_some_and(|style| ["italic", "oblique"].contains(&style)) {
        Meaning::Span(Span::Emphasis)
    } else {
        match style(element, "vertical-align") {
            Some("super") => other("sup", element),
            Some("sub") => other("sub", element),
            _ => Meaning::Content(None),
        }
    }
}

fn link(reader: &mut Reader<'_>, element: &Element) -> Meaning {
    let given = element.attribute("href");
    match reader.address(given) {
        Some(address) => Meaning::Span(Span::Link {
            address,
            title: collapsed(element.attribute("title")),
        }),
        None if given.is_empty() => Meaning::Content(None),
        None => Meaning::Content(Some("link to something other than a web address left out")),
    }
}

fn image(reader: &mut Reader<'_>, element: &Element) -> Meaning {
    // Pages with lazily loaded pictures store the address in another attribute.
    let given = [
        "data-src",
        "data-lazy-src",
        "data-original",
        "data-orig-file",
        "src",
    ]
    .into_iter()
    .map(|name| element.attribute(name))
    .filter(|address| !address.is_empty() && !address.starts_with("data:"));
    let shown = match element.attribute("src") {
        address if !address.is_empty() && !address.starts_with("data:") => Some(address),
        _ => given.into_iter().next(),
    };
    let from_set = || {
        let set = element.attribute("srcset");
        set.split([' ', ',']).next().filter(|address| !address.is_empty())
    };
    match shown
        .or_else(from_set)
        .and_then(|address| reader.address(address))
    {
        Some(address) if !address.starts_with(['#']) && !address.starts_with("mailto:") => {
            Meaning::Whole(Inline::Image {
                address,
                alt: collapsed(element.attribute("alt")).trim().to_owned(),
                title: collapsed(element.attribute("title")),
            })
        }
        _ => {
            let loss = "picture embedded in the text, or without an address, left out";
            let alt = collapsed(element.attribute("alt"));
            if alt.trim().is_empty() {
                Meaning::Nothing(Some(loss))
            } else {
                Meaning::Words(alt, loss)
            }
        }
    }
}

/// Returns a link to the media or page that `element` embeds.
fn player(reader: &mut Reader<'_>, element: &Element) -> Meaning {
    let own = ["src", "data", "data-src", "data-lazy-src"]
        .into_iter()
        .map(|name| element.attribute(name))
        .find(|address| !address.is_empty() && *address != "about:blank");
    let within = element.elements().find_map(|child| match child.name.as_str() {
        "source" | "embed" | "iframe" => Some(child.attribute("src")),
        "param" if ["movie", "src"].contains(&child.attribute("name")) => Some(child.attribute("value")),
        _ => None,
    });
    let address = own.or(within).and_then(|address| reader.address(address));
    match address {
        Some(address) => {
            let title = collapsed(element.attribute("title"));
            let words = if title.trim().is_empty() {
                address.clone()
            } else {
                title
            };
            Meaning::Link(address, words, PLAYER)
        }
        None if element.name == "iframe" => {
            Meaning::Nothing(Some("embedded page without an address left out"))
        }
        None => Meaning::Content(Some("video, sound or file without an address left out")),
    }
}

/// Returns the meaning of a script: a link to an embedded Gist, or else nothing, because its output is unknown.
fn script(reader: &mut Reader<'_>, element: &Element) -> Meaning {
    let source = element.attribute("src");
    let piece = source
        .strip_suffix(".js")
        .filter(|address| address.contains("://gist.github.com/"))
        .and_then(|address| reader.address(address));
    match piece {
        Some(address) => Meaning::Link(address.clone(), address, PLAYER),
        None => Meaning::Nothing(Some("script left out, with anything it showed")),
    }
}

fn input(element: &Element) -> Meaning {
    match element.attribute("type").to_ascii_lowercase().as_str() {
        "checkbox" | "radio" => Meaning::Whole(Inline::Task(has(element, "checked"))),
        "submit" | "button" | "reset" => Meaning::Whole(Inline::Text(element.attribute("value").to_owned())),
        "hidden" => Meaning::Nothing(None),
        _ => Meaning::Nothing(Some("form field left out")),
    }
}

/// Returns the text in `element`, or `None` if it contains anything else.
fn only_text(element: &Element) -> Option<String> {
    let mut text = String::new();
    for child in &element.children {
        match child {
            Node::Text(part) => text.push_str(part),
            Node::Element(child) if child.name == "span" && style(child, "font-weight").is_none() => {
                text.push_str(&only_text(child)?);
            }
            Node::Element(_) => return None,
        }
    }
    Some(text)
}
