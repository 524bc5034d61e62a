//! Parses the elements of a text as a tree of bounded depth.
//!
//! The algorithm of browsers takes quadratic time in the nesting depth, and repeats unclosed formatting elements
//! wherever they are still in effect. Here, each tag opens or closes a single element at most, and the bounded depth
//! allows the rest of the program to process the tree recursively.

use std::cell::RefCell;

use html5ever::{
    Attribute,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{StartTag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
};

use super::{builder::Builder, elements::begins_a_line, tags};

/// A node of the tree.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Element(Element),
}

/// An element with its content.
#[derive(Debug)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<Attribute>,
    pub children: Vec<Node>,
    /// Whether it contains a block at any depth.
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

    /// Appends `node` as the last child.
    pub(super) fn push(&mut self, node: Node) {
        if let Node::Element(child) = &node {
            self.has_block |= child.has_block || begins_a_line(&child.name);
        }
        self.children.push(node);
    }

    /// Returns the value of the attribute `name`, or an empty string if there is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        let found = self
            .attributes
            .iter()
            .find(|attribute| &*attribute.name.local == name);
        found.map_or("", |attribute| attribute.value.trim())
    }

    /// Returns the child elements.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }
}

/// A parsed text.
pub(super) struct Tree {
    /// The root, which contains all other elements.
    pub root: Element,
    /// Whether elements were omitted because they were nested too deeply.
    pub is_flattened: bool,
}

/// Parses `html`, whose tags have been simplified.
pub(super) fn parse(html: &tags::Light) -> Tree {
    let reader = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(&html.html));
    // The tokenizer only stops for scripts, of which the sink does not notify it.
    let _ = reader.feed(&queue);
    reader.end();
    reader.sink.builder.take().finish()
}

/// Receives the tokens.
#[derive(Default)]
struct Sink {
    builder: RefCell<Builder>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
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
    use super::*;
    use crate::transfer::html::builder::DEPTH_MAX;

    fn parse(html: &str) -> Tree {
        super::parse(&tags::lighten(html))
    }

    /// Returns the number of elements and their maximum nesting depth.
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
            let tree = parse(&unit.repeat(times));
            let (count, deepest) = size(&tree.root);
            let tags = unit.matches('<').count() * times;
            assert!(count <= 3 * tags, "{unit}: {count} elements");
            assert!(deepest <= DEPTH_MAX + 5, "{unit}: {deepest} deep");
        }
    }

    #[test]
    fn elements_that_mean_the_same_are_one() {
        let tree = parse(&"<b>a</b><strong>c</strong>".repeat(5_000));
        assert_eq!(size(&tree.root).0, 1);
        let tree = parse("<b>a</b><i>b</i><a href=x>c</a><a href=x>d</a><b class=x>e</b>");
        assert_eq!(size(&tree.root).0, 5);
    }

    #[test]
    fn what_follows_a_nested_part_is_as_deep_as_it_was() {
        let html = format!(
            "<div>{}x{}<p>y</p></div><p>z</p>",
            "<blockquote>".repeat(1_000),
            "</blockquote>".repeat(1_000)
        );
        let tree = parse(&html);
        assert!(tree.is_flattened);
        let names = |element: &Element| -> Vec<String> {
            element.elements().map(|child| child.name.clone()).collect()
        };
        assert_eq!(names(&tree.root), ["div", "p"]);
        let within = tree.root.elements().next().expect("a div");
        assert_eq!(names(within), ["blockquote", "p"]);
    }

    #[test]
    fn texts_with_light_tags_are_the_texts_that_they_were() {
        let parts = [
            "<",
            ">",
            "/",
            "a",
            "P",
            " ",
            "=",
            "\"",
            "'",
            "<!--",
            "-->",
            "<b",
            "</b",
            "<p x=",
            "&lt;",
            "<textarea>",
            "</textarea",
            "\n",
            "é",
            "<!x",
            "<?",
            "</",
            "-",
        ];
        let mut wrong = Vec::new();
        for seed in 0..50_000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let html: String = (0..random.usize(1..16))
                .filter_map(|_| random.choice(parts))
                .collect();
            let plain = tags::Light {
                html: html.clone(),
                left_out: 0,
            };
            let (light, plain) = (parse(&html), super::parse(&plain));
            let (light, plain) = (format!("{:?}", light.root), format!("{:?}", plain.root));
            if light != plain {
                wrong.push((html.len(), html, light, plain));
            }
        }
        // The shortest failing texts are the most informative ones.
        wrong.sort();
        let shown: Vec<_> = wrong.iter().take(5).collect();
        assert!(wrong.is_empty(), "{} texts: {shown:#?}", wrong.len());
    }
}
