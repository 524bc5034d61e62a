//! Reads the content of an element as blocks with inline content.

use std::{mem, rc::Rc, slice};

use super::{
    document::{Block, Inline, Span},
    elements::begins_a_line,
    looks,
    meaning::{self, Meaning},
    read::Reader,
    space::{collapsed, is_blank, tidy},
    tree::{Element, Node},
};

mod blocks;

/// Reads the blocks in `element`.
pub(super) fn read(reader: &mut Reader<'_>, element: &Element) -> Vec<Block> {
    let mut flow = Flow::new(reader);
    flow.begin(element);
    flow.nodes(&element.children);
    flow.end()
}

const LINK_IN_LINK: &str = "link within a link left out";

/// The content of an element, as far as it has been read.
struct Flow<'r, 'a> {
    reader: &'r mut Reader<'a>,
    blocks: Vec<Block>,
    /// The current line without its last part.
    line: Vec<Inline>,
    /// The inline content since the last start or end of a span.
    part: Vec<Inline>,
    /// The open spans, including those that contain blocks.
    around: Vec<(Rc<Span>, usize)>,
}

impl<'r, 'a> Flow<'r, 'a> {
    const fn new(reader: &'r mut Reader<'a>) -> Self {
        Self {
            reader,
            blocks: Vec::new(),
            line: Vec::new(),
            part: Vec::new(),
            around: Vec::new(),
        }
    }

    fn end(mut self) -> Vec<Block> {
        self.end_line(false);
        self.blocks
    }

    fn begin(&mut self, element: &Element) {
        if let Some(id) = self.reader.target(element) {
            self.part.push(Inline::Anchor(id));
        }
        if looks::has_looks(element) {
            self.reader.losses.insert(looks::LOOKS, 1);
        }
        if looks::has_direction(element) {
            self.reader.lose(looks::DIRECTION);
        }
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(text) => self.part.push(Inline::Text(collapsed(text))),
                Node::Element(element) if begins_a_line(&element.name) => self.block(element),
                Node::Element(element) => self.inline(element),
            }
        }
    }

    /// Returns the blocks in `element`, within the spans that are open around it.
    fn within(&mut self, element: &Element) -> Vec<Block> {
        let around = self.around.clone();
        let anchors = mem::take(&mut self.part);
        let mut flow = Flow::new(self.reader);
        flow.part = anchors;
        flow.around = around;
        flow.nodes(&element.children);
        flow.end()
    }

    /// Returns the blocks that `node` consists of.
    fn apart(&mut self, node: &Node) -> Vec<Block> {
        let around = self.around.clone();
        let mut flow = Flow::new(self.reader);
        flow.around = around;
        flow.nodes(slice::from_ref(node));
        flow.end()
    }

    /// Returns the blocks in `element`, including its own anchor.
    fn all(&mut self, element: &Element) -> Vec<Block> {
        self.begin(element);
        self.within(element)
    }

    fn inline(&mut self, element: &Element) {
        self.begin(element);
        let meaning = meaning::interpret(self.reader, element);
        if let Some(what) = meaning.loss() {
            self.reader.lose(what);
        }
        let is_apart = meaning::is_apart(element);
        self.space_if(is_apart);
        match meaning {
            Meaning::Nothing(_) => {}
            Meaning::Content(_) => self.nodes(&element.children),
            Meaning::Whole(part) => {
                self.reader.pictures += usize::from(matches!(part, Inline::Image { .. }));
                self.part.push(part);
            }
            Meaning::Words(words, _) => self.part.push(Inline::Text(words)),
            Meaning::Link(address, words, _) => self.player(address, words),
            Meaning::Code(text) => {
                // Spaces at the edges are moved out of the code.
                let code = text.trim_matches(' ');
                self.space_if(text.starts_with(' '));
                if !code.is_empty() {
                    self.part.push(Inline::Code(code.to_owned()));
                }
                self.space_if(text.ends_with(' '));
            }
            Meaning::Span(span) => self.span(span, element),
        }
        self.space_if(is_apart);
    }

    fn space_if(&mut self, is_there: bool) {
        if is_there {
            self.part.push(Inline::Text(" ".to_owned()));
        }
    }

    /// Adds a link that replaces a player or embedded page. It is placed on a line of its own, like the original.
    fn player(&mut self, address: String, words: String) {
        let last = self.part.last().or(self.line.last());
        if !matches!(last, Some(Inline::Break)) {
            self.part.push(Inline::Break);
        }
        if self.is_in_link() {
            self.reader.lose(LINK_IN_LINK);
            self.part.push(Inline::Text(address));
        } else {
            let link = Span::Link {
                address,
                title: String::new(),
            };
            let number = self.number();
            let words = vec![Inline::Text(words)];
            self.part.push(Inline::Span(Rc::new(link), number, words));
        }
        self.part.push(Inline::Break);
    }

    fn is_in_link(&self) -> bool {
        let mut around = self.around.iter();
        around.any(|(span, _)| matches!(**span, Span::Link { .. }))
    }

    const fn number(&mut self) -> usize {
        self.reader.spans += 1;
        self.reader.spans
    }

    fn span(&mut self, span: Span, element: &Element) {
        if matches!(span, Span::Link { .. }) && self.is_in_link() {
            self.reader.lose(LINK_IN_LINK);
        } else if !self.around.iter().any(|(around, _)| **around == span) {
            let number = self.number();
            self.end_part();
            self.around.push((Rc::new(span), number));
            self.nodes(&element.children);
            self.end_part();
            self.around.pop();
            return;
        }
        // The formatting is already in effect, so only the content is read.
        self.nodes(&element.children);
    }

    /// Wraps the pending inline content in the open spans.
    fn end_part(&mut self) {
        let part = mem::take(&mut self.part);
        if !part.is_empty() {
            let part = self.wrapped(part);
            self.line.extend(part);
        }
    }

    fn wrapped(&mut self, mut part: Vec<Inline>) -> Vec<Inline> {
        for (span, number) in self.around.iter().rev() {
            if !self.reader.spend(span) {
                continue;
            }
            part = vec![Inline::Span(Rc::clone(span), *number, part)];
        }
        part
    }

    fn end_line(&mut self, is_explicit: bool) {
        self.end_part();
        let line = tidy(mem::take(&mut self.line));
        // Some editors separate paragraphs with two line breaks.
        let mut lines: Vec<Vec<Inline>> = vec![Vec::new()];
        let (mut breaks, mut is_parted) = (0, false);
        for part in line {
            if matches!(part, Inline::Break) {
                breaks += 1;
                continue;
            }
            if breaks > 1 {
                lines.push(Vec::new());
                is_parted = true;
            }
            if let Some(last) = lines.last_mut() {
                if breaks == 1 {
                    last.push(Inline::Break);
                }
                last.push(part);
            }
            breaks = 0;
        }
        for line in lines.into_iter().filter(|line| !is_blank(line)) {
            self.blocks.push(Block::Paragraph {
                content: line,
                is_explicit: is_explicit || is_parted,
            });
        }
    }
}
