//! Builds the tree of elements.

use html5ever::{
    Attribute, LocalName,
    tendril::StrTendril,
    tokenizer::{Tag, TokenSinkResult, states::RawKind},
};

use super::{
    elements::{HEADINGS, IGNORED, ROWS, TABLE_PARTS, VOID, barriers, ended_by, is_block},
    tree::{Element, Node, Tree},
};

/// The maximum nesting depth of elements.
pub(super) const DEPTH_MAX: usize = 100;
/// The maximum nesting depth of elements whose lines have a prefix in Markdown, which is also the depth up to which
/// posts show them.
const INDENTED_MAX: usize = 24;
const INDENTED: &[&str] = &["blockquote", "ol", "ul"];

/// A tree that is being built.
pub(super) struct Builder {
    root: Element,
    /// The open elements, innermost last.
    open: Vec<Element>,
    /// The number of open elements that are [`INDENTED`].
    indented: usize,
    /// The omitted elements that are still open, each with the number of elements that were open around it.
    left_out: Vec<(LocalName, usize)>,
    is_flattened: bool,
    /// Whether a newline at this position belongs to the tag before it.
    skips_newline: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            root: Element::new("", Vec::new()),
            open: Vec::new(),
            indented: 0,
            left_out: Vec::new(),
            is_flattened: false,
            skips_newline: false,
        }
    }
}

impl Builder {
    /// Processes a start tag.
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
            // Such an element cannot contain others.
            self.open(name, tag.attrs);
            return TokenSinkResult::RawData(raw);
        }
        let is_drawing = || {
            let mut around = self.open.iter();
            around.any(|element| ["svg", "math"].contains(&element.name.as_str()))
        };
        if VOID.contains(&name) || (tag.self_closing && is_drawing()) {
            self.append(Element::new(name, tag.attrs));
        } else if self.open.len() >= DEPTH_MAX || (INDENTED.contains(&name) && self.indented >= INDENTED_MAX)
        {
            self.is_flattened = true;
            self.separate(name);
            self.left_out.push((tag.name, self.open.len()));
        } else {
            self.open(name, tag.attrs);
        }
        TokenSinkResult::Continue
    }

    /// Processes an end tag.
    pub(super) fn end(&mut self, name: &LocalName) {
        self.skips_newline = false;
        let tag: &str = name;
        let found = self.find(&[tag], barriers(tag));
        // Only the innermost omitted elements are searched, up to the maximum nesting depth, so that the time is
        // bounded.
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
            (None, _) if tag == "br" => self.append(Element::new(name, Vec::new())),
            (None, _) => {}
        }
    }

    /// Processes text.
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
            .is_some_and(|element| ROWS.contains(&element.name.as_str()) || element.name == "tr");
        if text.is_empty() || (is_blank && is_between_cells) {
            return;
        }
        self.make_room("");
        let parent = self.innermost();
        if let Some(Node::Text(last)) = parent.children.last_mut() {
            last.push_str(&text);
        } else {
            parent.push(Node::Text(text.to_string()));
        }
    }

    /// Closes all open elements, and returns the tree.
    pub(super) fn finish(mut self) -> Tree {
        self.close_to(0);
        Tree {
            root: self.root,
            is_flattened: self.is_flattened,
        }
    }

    fn innermost(&mut self) -> &mut Element {
        self.open.last_mut().unwrap_or(&mut self.root)
    }

    fn append(&mut self, element: Element) {
        self.innermost().push(Node::Element(element));
    }

    fn open(&mut self, name: &str, attributes: Vec<Attribute>) {
        self.indented += usize::from(INDENTED.contains(&name));
        self.open.push(Element::new(name, attributes));
    }

    /// Closes elements until only `depth` are open.
    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth
            && let Some(element) = self.open.pop()
        {
            self.indented -= usize::from(INDENTED.contains(&element.name.as_str()));
            self.append(element);
            combine(self.innermost());
        }
        while self.left_out.last().is_some_and(|(_, around)| *around > depth) {
            self.left_out.pop();
        }
    }

    /// Returns the index of the innermost open element with one of `names`, unless one of `barriers` is inside it.
    fn find(&self, names: &[&str], barriers: &[&str]) -> Option<usize> {
        for (index, element) in self.open.iter().enumerate().rev() {
            if names.contains(&element.name.as_str()) {
                return Some(index);
            }
            if barriers.contains(&element.name.as_str()) {
                return None;
            }
        }
        None
    }

    /// Closes the elements that end where an element called `name` begins.
    fn close_for(&mut self, name: &str) {
        let (names, barriers) = ended_by(name);
        if let Some(found) = self.find(names, barriers) {
            self.close_to(found);
        }
        // A part of a table also closes the preceding part, which may be outside of the row that was found: `tbody`
        // closes the preceding group of rows.
        if ["caption", "tbody", "tfoot", "thead"].contains(&name)
            && let Some(found) = self.find(&["tbody", "tfoot", "thead"], &["table"])
        {
            self.close_to(found);
        }
        let is_heading = HEADINGS.contains(&name);
        if is_block(name) {
            let is_closed = |element: &Element| {
                element.name == "p" || (is_heading && HEADINGS.contains(&element.name.as_str()))
            };
            let innermost = self.open.iter().rposition(|element| is_block(&element.name));
            if let Some(index) = innermost
                && self.open.get(index).is_some_and(is_closed)
            {
                self.close_to(index);
            }
        }
    }

    /// Opens the row and the cell that are required around an element called `name` within a table. Content between
    /// cells gets a cell of its own.
    fn make_room(&mut self, name: &str) {
        let around = self.innermost().name.clone();
        let around = around.as_str();
        if around == "table" && TABLE_PARTS.contains(&name) && !["td", "th", "tr"].contains(&name) {
            return;
        }
        if ROWS.contains(&around) && name != "tr" {
            self.open("tr", Vec::new());
        }
        let is_in_row = self.open.last().is_some_and(|element| element.name == "tr");
        if is_in_row && !["td", "th"].contains(&name) {
            self.open("td", Vec::new());
        }
    }

    /// Separates the content of an omitted element called `name` from the content beside it.
    fn separate(&mut self, name: &str) {
        let is_apart = match self.innermost().children.last() {
            Some(Node::Element(last)) => is_block(&last.name) || last.name == "br",
            Some(Node::Text(_)) => false,
            None => true,
        };
        if is_block(name) && !is_apart {
            self.append(Element::new("br", Vec::new()));
        }
    }
}

/// Merges the last two elements in `parent` if they have the same meaning and contain only text, because a file may
/// contain thousands in a row.
fn combine(parent: &mut Element) {
    let [.., Node::Element(before), Node::Element(last)] = parent.children.as_mut_slice() else {
        return;
    };
    if !means_the_same(before, last) {
        return;
    }
    let ([Node::Text(text)], [Node::Text(more)]) = (before.children.as_mut_slice(), last.children.as_slice())
    else {
        return;
    };
    text.push_str(more);
    parent.children.pop();
}

fn means_the_same(one: &Element, other: &Element) -> bool {
    const FORMATTING: &[&str] = &["b", "del", "em", "i", "span", "strong", "u"];
    let meaning = |element: &Element| match element.name.as_str() {
        "b" => "strong".to_owned(),
        "i" => "em".to_owned(),
        other => other.to_owned(),
    };
    FORMATTING.contains(&one.name.as_str())
        && meaning(one) == meaning(other)
        && one.attributes == other.attributes
}
