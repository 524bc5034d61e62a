//! The elements of a text, as a tree of bounded depth.
//!
//! Browsers' way to build the tree takes a time that grows with the square of the nesting, and repeats elements that were left
//! open wherever they would still hold. Here a tag opens or closes one element, as far as it can, and the rest of the program
//! may walk the tree by recursion.

use std::{
    cell::{Cell, RefCell},
    iter,
    rc::{Rc, Weak},
};

use html5ever::{
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{StartTag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};
use markup5ever_rcdom::{Node, NodeData};

use super::builder::Builder;

/// After so many spaces, slashes and quotation marks the reader is looked after.
const PIECE: usize = 256;
/// Within so many such pieces there is a whole tag: the reader takes a time that grows with the square of a tag's attributes.
const PIECES_MAX: usize = 32;

/// A text that was read.
pub(super) struct Tree {
    /// The node that holds its elements.
    pub document: Rc<Node>,
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

/// The name of an element; of anything else, nothing.
pub(super) fn name(node: &Node) -> &str {
    match &node.data {
        NodeData::Element { name, .. } => &name.local,
        _ => "",
    }
}

/// The elements around `node`, the innermost first.
pub(super) fn parents(node: &Rc<Node>) -> impl Iterator<Item = Rc<Node>> {
    iter::successors(parent(node), parent)
}

fn parent(node: &Rc<Node>) -> Option<Rc<Node>> {
    // The cell cannot be looked into otherwise.
    let parent = node.parent.take();
    node.parent.set(parent.clone());
    parent.as_ref().and_then(Weak::upgrade)
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
    fn size(node: &Rc<Node>) -> (usize, usize) {
        let (mut count, mut deepest) = (0, 0);
        let mut rest = vec![(Rc::clone(node), 0)];
        while let Some((node, depth)) = rest.pop() {
            count += usize::from(!name(&node).is_empty());
            deepest = deepest.max(depth);
            let children = node.children.borrow();
            rest.extend(children.iter().map(|child| (Rc::clone(child), depth + 1)));
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
            let (count, deepest) = size(&tree.document);
            let tags = unit.matches('<').count() * times;
            assert!(count <= 3 * tags, "{unit}: {count} elements");
            assert!(deepest <= DEPTH_MAX + 5, "{unit}: {deepest} deep");
        }
    }

    #[test]
    fn elements_that_mean_the_same_are_one() {
        let tree = parse(&"<b>a</b><strong>c</strong>".repeat(5_000)).expect("read");
        assert_eq!(size(&tree.document).0, 1);
        let tree = parse("<b>a</b><i>b</i><a href=x>c</a><a href=x>d</a><b class=x>e</b>").expect("read");
        assert_eq!(size(&tree.document).0, 5);
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
        let outer = tree.document.children.borrow();
        let names: Vec<&str> = outer.iter().map(|node| name(node)).collect();
        assert_eq!(names, ["div", "p"]);
        let within = outer.first().expect("a div").children.borrow().clone();
        let names: Vec<&str> = within.iter().map(|node| name(node)).collect();
        assert_eq!(names, ["blockquote", "p"]);
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
