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
    Attribute, LocalName, Namespace, QualName,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{
        StartTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
    },
};
use markup5ever_rcdom::{Node, NodeData};

/// Elements nest at most this deeply.
const DEPTH_MAX: usize = 100;
/// Those that begin each of their lines with something nest as deeply as posts show them.
const INDENTED_MAX: usize = 24;
const INDENTED: [&str; 3] = ["blockquote", "ol", "ul"];

/// After so many spaces, slashes and quotation marks the reader is looked after.
const PIECE: usize = 256;
/// Within so many such pieces there is a whole tag: the reader takes a time that grows with the square of a tag's attributes.
const PIECES_MAX: usize = 32;

/// Elements without content.
const VOID: [&str; 15] = [
    "area", "base", "basefont", "br", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta",
    "param", "source", "wbr",
];
/// Elements whose tags tell nothing about a text.
const IGNORED: [&str; 5] = ["html", "head", "body", "col", "colgroup"];
const TABLE_PARTS: [&str; 7] = ["caption", "tbody", "td", "tfoot", "th", "thead", "tr"];
/// Those of them in which there are only others.
const ROWS: [&str; 4] = ["table", "tbody", "tfoot", "thead"];
const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
/// Elements that stand on lines of their own, in order (CommonMark 0.31.2, HTML blocks).
const BLOCKS: [&str; 66] = [
    "address",
    "article",
    "aside",
    "base",
    "basefont",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "menuitem",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "pre",
    "script",
    "search",
    "section",
    "style",
    "summary",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

/// A text that was read.
pub(super) struct Tree {
    /// What holds its elements.
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
            return Err("one of its tags has too many attributes, or one of its comments too many words");
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

fn is_block(name: &str) -> bool {
    BLOCKS.binary_search(&name).is_ok()
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

/// A tree that is being built.
struct Builder {
    document: Rc<Node>,
    /// Elements that are open, the innermost last.
    open: Vec<Rc<Node>>,
    /// How many of these are [`INDENTED`].
    indented: usize,
    /// Elements that were left out and are still open, each with how many were open around it.
    left_out: Vec<(LocalName, usize)>,
    is_flattened: bool,
    /// Whether a newline that comes next belongs to the tag before it.
    skips_newline: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            document: Node::new(NodeData::Document),
            open: Vec::new(),
            indented: 0,
            left_out: Vec::new(),
            is_flattened: false,
            skips_newline: false,
        }
    }
}

impl Builder {
    fn start(&mut self, tag: Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if IGNORED.contains(&name) {
            return TokenSinkResult::Continue;
        }
        self.close_for(name);
        self.make_room(name);
        self.skips_newline = name == "pre";
        let raw = match name {
            "script" => Some(RawKind::ScriptData),
            "iframe" | "noembed" | "noframes" | "noscript" | "style" | "xmp" => Some(RawKind::Rawtext),
            "textarea" | "title" => Some(RawKind::Rcdata),
            _ => None,
        };
        if let Some(raw) = raw {
            // Nothing nests in it.
            self.open(tag.name, tag.attrs);
            return TokenSinkResult::RawData(raw);
        }
        let is_drawing = || {
            let mut around = self.open.iter().map(|node| self::name(node));
            around.any(|name| ["svg", "math"].contains(&name))
        };
        if VOID.contains(&name) || (tag.self_closing && is_drawing()) {
            self.append(element(tag.name, tag.attrs));
        } else if self.open.len() >= DEPTH_MAX || (INDENTED.contains(&name) && self.indented >= INDENTED_MAX)
        {
            self.is_flattened = true;
            self.separate(name);
            self.left_out.push((tag.name, self.open.len()));
        } else {
            self.open(tag.name, tag.attrs);
        }
        TokenSinkResult::Continue
    }

    fn end(&mut self, name: &LocalName) {
        self.skips_newline = false;
        let tag: &str = name;
        let found = self.find(&[tag], barriers(tag));
        // Of those that were left out, the innermost ones are looked through: as many as may be open.
        let left_out = self
            .left_out
            .iter()
            .enumerate()
            .rev()
            .take(DEPTH_MAX)
            .find(|(_, (other, _))| other == name)
            .map(|(index, (_, around))| (index, *around));
        match (found, left_out) {
            (found, Some((index, around))) if found.is_none_or(|found| found < around) => {
                self.close_to(around);
                self.left_out.truncate(index);
                self.separate(name);
            }
            (Some(found), _) => self.close_to(found),
            (None, _) if tag == "br" => self.append(element(name.clone(), Vec::new())),
            (None, _) => {}
        }
    }

    fn text(&mut self, text: StrTendril) {
        let text = match text.strip_prefix('\n').filter(|_| self.skips_newline) {
            Some(rest) => StrTendril::from_slice(rest),
            None => text,
        };
        self.skips_newline = false;
        let is_blank = text.trim_ascii().is_empty();
        let is_between_cells = self
            .open
            .last()
            .is_some_and(|node| ROWS.contains(&name(node)) || name(node) == "tr");
        if text.is_empty() || (is_blank && is_between_cells) {
            return;
        }
        self.make_room("");
        let parent = self.innermost();
        if let Some(last) = parent.children.borrow().last()
            && let NodeData::Text { contents } = &last.data
        {
            contents.borrow_mut().push_tendril(&text);
            return;
        }
        self.append(Node::new(NodeData::Text {
            contents: RefCell::new(text),
        }));
    }

    fn finish(mut self) -> Tree {
        self.close_to(0);
        Tree {
            document: self.document,
            is_flattened: self.is_flattened,
        }
    }

    fn innermost(&self) -> Rc<Node> {
        Rc::clone(self.open.last().unwrap_or(&self.document))
    }

    fn append(&mut self, node: Rc<Node>) {
        let parent = self.innermost();
        node.parent.set(Some(Rc::downgrade(&parent)));
        parent.children.borrow_mut().push(node);
    }

    fn open(&mut self, name: LocalName, attributes: Vec<Attribute>) {
        self.indented += usize::from(INDENTED.contains(&&*name));
        let node = element(name, attributes);
        self.append(Rc::clone(&node));
        self.open.push(node);
    }

    /// Closes what is open until `depth` elements are.
    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth
            && let Some(node) = self.open.pop()
        {
            self.indented -= usize::from(INDENTED.contains(&name(&node)));
            combine(&self.innermost());
        }
        while self.left_out.last().is_some_and(|(_, around)| *around > depth) {
            self.left_out.pop();
        }
    }

    /// Where the innermost open element called one of `names` is, if none of `barriers` is within it.
    fn find(&self, names: &[&str], barriers: &[&str]) -> Option<usize> {
        for (index, node) in self.open.iter().enumerate().rev() {
            if names.contains(&name(node)) {
                return Some(index);
            }
            if barriers.contains(&name(node)) {
                return None;
            }
        }
        None
    }

    /// Closes what ends where an element called `name` begins.
    fn close_for(&mut self, name: &str) {
        let ends: (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["blockquote", "menu", "ol", "table", "td", "th", "ul"]),
            "dd" | "dt" => (&["dd", "dt"], &["dl", "table", "td", "th"]),
            "tr" => (&["tr", "caption"], &["table"]),
            "td" | "th" => (&["td", "th", "caption"], &["table", "tr"]),
            "caption" | "tbody" | "tfoot" | "thead" => {
                (&["caption", "tbody", "tfoot", "thead", "tr"], &["table"])
            }
            "option" => (&["option"], &["select"]),
            "rp" | "rt" => (&["rp", "rt"], &["ruby"]),
            "a" => (&["a"], &["table", "td", "th"]),
            _ => (&[], &[]),
        };
        if let Some(found) = self.find(ends.0, ends.1) {
            self.close_to(found);
        }
        // A part of a table closes its own kind wherever that is: `tbody` the last of the rows around the row that was found.
        if ["caption", "tbody", "tfoot", "thead"].contains(&name)
            && let Some(found) = self.find(&["tbody", "tfoot", "thead"], &["table"])
        {
            self.close_to(found);
        }
        let is_heading = HEADINGS.contains(&name);
        if is_block(name) {
            let is_closed = |node: &Rc<Node>| {
                self::name(node) == "p" || (is_heading && HEADINGS.contains(&self::name(node)))
            };
            let innermost = self.open.iter().rposition(|node| is_block(self::name(node)));
            if let Some(index) = innermost
                && self.open.get(index).is_some_and(is_closed)
            {
                self.close_to(index);
            }
        }
    }

    /// Opens the row and the cell that have to be around what is called `name` where it stands in a table: whatever is between
    /// the cells is kept in one of its own.
    fn make_room(&mut self, name: &str) {
        let innermost = self.innermost();
        let around = self::name(&innermost);
        if around == "table" && TABLE_PARTS.contains(&name) && !["td", "th", "tr"].contains(&name) {
            return;
        }
        if ROWS.contains(&around) && name != "tr" {
            self.open("tr".into(), Vec::new());
        }
        let is_in_row = self.open.last().is_some_and(|node| self::name(node) == "tr");
        if is_in_row && !["td", "th"].contains(&name) {
            self.open("td".into(), Vec::new());
        }
    }

    /// Keeps apart what stood in and beside an element called `name` that was left out.
    fn separate(&mut self, name: &str) {
        let parent = self.innermost();
        let is_apart = match parent.children.borrow().last() {
            Some(last) => is_block(self::name(last)) || self::name(last) == "br",
            None => true,
        };
        if is_block(name) && !is_apart {
            self.append(element("br".into(), Vec::new()));
        }
    }
}

/// What an end tag called `name` does not reach beyond.
fn barriers(name: &str) -> &'static [&'static str] {
    match name {
        "table" => &[],
        "li" => &["ol", "ul", "table", "td", "th"],
        name if TABLE_PARTS.contains(&name) => &["table"],
        _ => &["caption", "table", "td", "th"],
    }
}

fn element(name: LocalName, attributes: Vec<Attribute>) -> Rc<Node> {
    Node::new(NodeData::Element {
        name: QualName::new(None, Namespace::from("http://www.w3.org/1999/xhtml"), name),
        attrs: RefCell::new(attributes),
        template_contents: RefCell::new(None),
        mathml_annotation_xml_integration_point: false,
    })
}

/// Makes the last two elements in `parent` one, if they mean the same and have nothing but text: so does whatever writes the
/// Markdown, in a time that grows with the square of how many there are.
fn combine(parent: &Rc<Node>) {
    let mut children = parent.children.borrow_mut();
    let [.., before, last] = children.as_slice() else {
        return;
    };
    let (Some(text), Some(more)) = (only_text(before), only_text(last)) else {
        return;
    };
    if !means_the_same(before, last) {
        return;
    }
    if let (NodeData::Text { contents }, NodeData::Text { contents: more }) = (&text.data, &more.data) {
        contents.borrow_mut().push_tendril(&more.borrow());
    }
    children.pop();
}

/// The text in `node`, if it has nothing else.
fn only_text(node: &Rc<Node>) -> Option<Rc<Node>> {
    match node.children.borrow().as_slice() {
        [text] if matches!(text.data, NodeData::Text { .. }) => Some(Rc::clone(text)),
        _ => None,
    }
}

fn means_the_same(one: &Rc<Node>, other: &Rc<Node>) -> bool {
    let (NodeData::Element { attrs: mine, .. }, NodeData::Element { attrs: theirs, .. }) =
        (&one.data, &other.data)
    else {
        return false;
    };
    let meaning = |node: &Rc<Node>| match name(node) {
        "b" => "strong".to_owned(),
        "i" => "em".to_owned(),
        other => other.to_owned(),
    };
    // Two links are two.
    name(one) != "a" && !is_block(name(one)) && meaning(one) == meaning(other) && mine == theirs
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for separator in [" ", "/", "=''", "=\"\"", "\n"] {
            let many: String = (0..50_000)
                .map(|number| format!("a{number}{separator}"))
                .collect();
            assert!(parse(&format!("<p {many}>x")).is_err(), "{separator}");
        }
        let many: String = (0..100).map(|number| format!("a{number}='1' ")).collect();
        assert!(parse(&format!("<p {many}>x").repeat(100)).is_ok());
    }
}
