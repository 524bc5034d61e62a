//! The elements of a text, as a tree of bounded depth.
//!
//! Browsers' way to build the tree takes a time that grows with the square of the nesting, and repeats elements that were left
//! open wherever they would still hold. Here a tag opens or closes one element, as far as it can, and the rest of the program
//! may walk the tree by recursion.

use std::{
    cell::{Cell, RefCell},
    iter,
};

use html5ever::{
    Attribute,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{StartTag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};

use super::{builder::Builder, elements::begins_a_line};

/// After so many spaces, slashes and quotation marks the reader is looked after.
const PIECE: usize = 256;
/// Within so many such pieces there is a whole tag: the reader takes a time that grows with the square of a tag's attributes.
const PIECES_MAX: usize = 32;

/// A part of a text.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Element(Element),
}

/// An element with what is in it.
#[derive(Debug)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<Attribute>,
    pub children: Vec<Node>,
    /// Whether a block is in it, however deeply.
    pub has_block: bool,
}

impl Element {
    pub(super) fn new(name: &str, attributes: Vec<Attribute>) -> Self {
        Self {
            name: name.to_owned(),
            attributes,
            children: Vec::new(),
            has_block: false,
        }
    }

    /// Adds `node` as the last child.
    pub(super) fn push(&mut self, node: Node) {
        if let Node::Element(child) = &node {
            self.has_block |= child.has_block || begins_a_line(&child.name);
        }
        self.children.push(node);
    }

    /// The value of the attribute called `name`; nothing where there is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        let found = self
            .attributes
            .iter()
            .find(|attribute| &*attribute.name.local == name);
        found.map_or("", |attribute| attribute.value.trim())
    }

    /// The elements directly in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }
}

/// A text that was read.
pub(super) struct Tree {
    /// The element that holds all others.
    pub root: Element,
    /// Whether elements were left out because they were nested too deeply.
    pub is_flattened: bool,
}

/// Reads `html`.
pub(super) fn parse(html: &str) -> Result<Tree, &'static str> {
    let reader = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut without_a_token = 0;
    for piece in pieces(html) {
        let before = reader.sink.tokens.get();
        queue.push_back(StrTendril::from_slice(piece));
        // It stops for scripts alone, which are never handed to it.
        let _ = reader.feed(&queue);
        without_a_token = if reader.sink.tokens.get() == before {
            without_a_token + 1
        } else {
            0
        };
        if without_a_token > PIECES_MAX {
            return Err("one of its tags has too many attributes");
        }
    }
    reader.end();
    let builder = reader.sink.builder.take();
    Ok(builder.finish())
}

/// `html` in parts, none with more than [`PIECE`] marks between two attributes.
fn pieces(html: &str) -> impl Iterator<Item = &str> {
    let is_mark = |char: char| char.is_ascii_whitespace() || "/\"'".contains(char);
    let mut rest = html;
    iter::from_fn(move || {
        let end = rest.match_indices(is_mark).nth(PIECE - 1);
        let end = end.map_or(rest.len(), |(at, mark)| at + mark.len());
        let (piece, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(piece).filter(|piece| !piece.is_empty())
    })
}

/// Takes what the reader finds.
#[derive(Default)]
struct Sink {
    builder: RefCell<Builder>,
    tokens: Cell<u64>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        self.tokens.set(self.tokens.get() + 1);
        let mut builder = self.builder.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == StartTag => return builder.start(tag),
            Token::TagToken(tag) => builder.end(&tag.name),
            Token::CharacterTokens(text) => builder.text(text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::{super::builder::DEPTH_MAX, *};

    /// How many elements there are, and how deeply they nest.
    fn size(root: &Element) -> (usize, usize) {
        let (mut count, mut deepest) = (0, 0);
        let mut rest = vec![(root, 0)];
        while let Some((element, depth)) = rest.pop() {
            count += usize::from(depth > 0);
            deepest = deepest.max(depth);
            rest.extend(element.elements().map(|child| (child, depth + 1)));
        }
        (count, deepest)
    }

    #[test]
    fn no_tag_makes_more_than_the_elements_around_one_cell_and_none_nests_too_deeply() {
        for (unit, times) in [
            ("<div>", 5_000),
            ("<p><b id=1><i id=2><font size=3>", 2_000),
            ("<b><p></b>", 2_000),
            ("<table>", 2_000),
            ("<table><tr><td><a href=x>", 2_000),
            ("</div></p></b><ul></li>", 2_000),
            ("<blockquote><ul></ul>x", 2_000),
        ] {
            let tree = parse(&unit.repeat(times)).expect("read");
            let (count, deepest) = size(&tree.root);
            let tags = unit.matches('<').count() * times;
            assert!(count <= 3 * tags, "{unit}: {count} elements");
            assert!(deepest <= DEPTH_MAX + 5, "{unit}: {deepest} deep");
        }
    }

    #[test]
    fn elements_that_mean_the_same_are_one() {
        let tree = parse(&"<b>a</b><strong>c</strong>".repeat(5_000)).expect("read");
        assert_eq!(size(&tree.root).0, 1);
        let tree = parse("<b>a</b><i>b</i><a href=x>c</a><a href=x>d</a><b class=x>e</b>").expect("read");
        assert_eq!(size(&tree.root).0, 5);
    }

    #[test]
    fn what_follows_a_nested_part_is_as_deep_as_it_was() {
        let html = format!(
            "<div>{}x{}<p>y</p></div><p>z</p>",
            "<blockquote>".repeat(1_000),
            "</blockquote>".repeat(1_000)
        );
        let tree = parse(&html).expect("read");
        assert!(tree.is_flattened);
        let names = |element: &Element| -> Vec<String> {
            element.elements().map(|child| child.name.clone()).collect()
        };
        assert_eq!(names(&tree.root), ["div", "p"]);
        let within = tree.root.elements().next().expect("a div");
        assert_eq!(names(within), ["blockquote", "p"]);
    }

    #[test]
    fn a_tag_with_thousands_of_attributes_is_refused() {
        for separator in [" ", "/"] {
            let many: Vec<String> = (0..50_000)
                .map(|number| format!("a{number}{separator}"))
                .collect();
            let many = many.concat();
            assert!(parse(&format!("<p {many}>x")).is_err(), "{separator}");
        }
        let many: Vec<String> = (0..100).map(|number| format!("a{number}='1' ")).collect();
        let many = many.concat();
        assert!(parse(&format!("<p {many}>x").repeat(100)).is_ok());
    }
}
