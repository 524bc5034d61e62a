//! The tree, while it is being built.

use std::{cell::RefCell, rc::Rc};

use html5ever::{
    Attribute, LocalName, Namespace, QualName,
    tendril::StrTendril,
    tokenizer::{Tag, TokenSinkResult, states::RawKind},
};
use markup5ever_rcdom::{Node, NodeData};

use super::{
    elements::{HEADINGS, IGNORED, ROWS, TABLE_PARTS, VOID, barriers, ended_by, is_block},
    tree::{Tree, name},
};

/// Elements nest at most this deeply.
pub(super) const DEPTH_MAX: usize = 100;
/// Those that begin each of their lines with something nest as deeply as posts show them.
const INDENTED_MAX: usize = 24;
const INDENTED: [&str; 3] = ["blockquote", "ol", "ul"];

/// A tree that is being built.
pub(super) struct Builder {
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
    /// Takes a start tag.
    pub(super) fn start(&mut self, tag: Tag) -> TokenSinkResult<()> {
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

    /// Takes an end tag.
    pub(super) fn end(&mut self, name: &LocalName) {
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

    /// Takes text.
    pub(super) fn text(&mut self, text: StrTendril) {
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

    /// Closes what is open, and gives the tree.
    pub(super) fn finish(mut self) -> Tree {
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
        let (names, barriers) = ended_by(name);
        if let Some(found) = self.find(names, barriers) {
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
