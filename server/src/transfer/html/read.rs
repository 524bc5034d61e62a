//! Reads a tree of elements as a document, as a reader sees it.

use std::{
    collections::{BTreeMap, HashSet},
    mem,
    rc::Rc,
    slice,
};

use url::Url;

use super::{
    document::{Block, Definition, Inline, List, Span, Table},
    elements::{HEADINGS, begins_a_line},
    meaning::{self, Meaning},
    preformatted,
    space::{collapsed, is_blank, tidy},
    table,
    tree::{Element, Node},
};

/// The state of the whole text while it is read.
#[derive(Debug, Default)]
pub(super) struct Reader<'a> {
    /// Where the text stood.
    base: Option<&'a Url>,
    /// The ids to which links of the text lead.
    targets: HashSet<String>,
    /// Losses, and how often each occurred.
    pub losses: BTreeMap<&'static str, usize>,
    /// How many pictures there are.
    pub pictures: usize,
    spans: usize,
    /// How many more bytes of addresses may be written: a link around many blocks is written for each of them.
    addresses: usize,
}

impl<'a> Reader<'a> {
    /// For a text of `length` bytes that stood at `base`.
    pub(super) fn new(root: &Element, length: usize, base: Option<&'a Url>) -> Self {
        let mut reader = Self {
            base,
            addresses: 2 * length + 64 * 1024,
            ..Self::default()
        };
        let mut rest = vec![root];
        while let Some(element) = rest.pop() {
            if element.name == "a"
                && let Some(id) = element.attribute("href").strip_prefix('#')
            {
                reader.targets.insert(id.to_owned());
            }
            rest.extend(element.elements());
        }
        reader
    }

    /// The blocks in `element`.
    pub(super) fn blocks(&mut self, element: &Element) -> Vec<Block> {
        let mut flow = Flow::new(self);
        flow.begin(element);
        flow.nodes(&element.children);
        flow.end()
    }

    /// Notes that something cannot be kept as it was.
    pub(super) fn lose(&mut self, what: &'static str) {
        *self.losses.entry(what).or_default() += 1;
    }

    /// `address` as one that leads somewhere from here; nothing for one that browsers may not follow from a text.
    pub(super) fn address(&self, address: &str) -> Option<String> {
        let address: String = address.chars().filter(|char| !char.is_control()).collect();
        let address = address.trim();
        if address.is_empty() {
            return None;
        }
        if address.starts_with('#') {
            return Some(address.to_owned());
        }
        if address.starts_with("//") {
            return Some(format!("https:{address}"));
        }
        match Url::parse(address) {
            Ok(url) => ["http", "https", "mailto", "tel"]
                .contains(&url.scheme())
                .then(|| address.to_owned()),
            Err(url::ParseError::RelativeUrlWithoutBase) => Some(
                self.base
                    .and_then(|base| base.join(address).ok())
                    .map_or_else(|| address.to_owned(), String::from),
            ),
            // Whoever wrote it meant something by it.
            Err(_) => address.starts_with("http").then(|| address.to_owned()),
        }
    }

    /// The id of `element`, if a link of the text leads there.
    fn target(&self, element: &Element) -> Option<String> {
        let id = match element.attribute("id") {
            "" if element.name == "a" => element.attribute("name"),
            id => id,
        };
        self.targets.contains(id).then(|| id.to_owned())
    }
}

/// The content of one element, as far as it was read.
struct Flow<'r, 'a> {
    reader: &'r mut Reader<'a>,
    blocks: Vec<Block>,
    /// The line that is being read, but for its last part.
    line: Vec<Inline>,
    /// The parts that were read since a span began or ended around them.
    part: Vec<Inline>,
    /// The spans with blocks in them that are open.
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
        if meaning::has_looks(element) {
            self.reader.losses.insert(meaning::LOOKS, 1);
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

    fn block(&mut self, element: &Element) {
        self.end_line(false);
        self.begin(element);
        if ["dl", "dir", "hr", "menu", "ol", "pre", "table", "ul"].contains(&element.name.as_str()) {
            self.end_line(false);
        }
        match element.name.as_str() {
            "p" => {
                self.nodes(&element.children);
                self.end_line(true);
            }
            name if HEADINGS.contains(&name) => {
                let level = HEADINGS
                    .iter()
                    .position(|heading| *heading == name)
                    .unwrap_or_default()
                    + 1;
                self.heading(level, element);
            }
            "blockquote" => {
                let content = self.within(element);
                if !content.is_empty() {
                    self.blocks.push(Block::Quote(content));
                }
            }
            "ul" | "ol" | "menu" | "dir" => self.list(element),
            "li" => self.item(element),
            "dl" => {
                let mut definitions = Vec::new();
                self.definitions(element, &mut definitions);
                if !definitions.is_empty() {
                    self.blocks.push(Block::Definitions(definitions));
                }
            }
            "dt" | "dd" => {
                let definition = self.definition(element);
                if let Some(Block::Definitions(definitions)) = self.blocks.last_mut() {
                    definitions.push(definition);
                } else {
                    self.blocks.push(Block::Definitions(vec![definition]));
                }
            }
            "pre" => {
                let code = preformatted::read(self.reader, element);
                self.blocks.extend(code);
            }
            "hr" => self.blocks.push(Block::Rule),
            "table" => {
                let mut table = table::read(self.reader, element);
                self.wrap_cells(&mut table);
                if !table.rows.is_empty() || !table.caption.is_empty() {
                    self.blocks.push(Block::Table(table));
                }
            }
            "figure" => self.figure(element),
            "details" => self.details(element),
            _ => {
                if element.name == "form" {
                    self.reader.lose("form, whose fields are left out");
                }
                match embedded(element).and_then(|address| self.reader.address(address)) {
                    Some(address) => {
                        self.reader.lose(meaning::PLAYER);
                        self.link(address.clone(), address);
                    }
                    None => self.nodes(&element.children),
                }
                self.end_line(false);
            }
        }
    }

    /// The blocks in `element`, with the spans that are open around it.
    fn within(&mut self, element: &Element) -> Vec<Block> {
        let around = self.around.clone();
        let anchors = mem::take(&mut self.part);
        let mut flow = Flow::new(self.reader);
        flow.part = anchors;
        flow.around = around;
        flow.nodes(&element.children);
        flow.end()
    }

    /// The blocks that `node` is.
    fn apart(&mut self, node: &Node) -> Vec<Block> {
        let around = self.around.clone();
        let mut flow = Flow::new(self.reader);
        flow.around = around;
        flow.nodes(slice::from_ref(node));
        flow.end()
    }

    /// The blocks in `element`, which was not begun.
    fn all(&mut self, element: &Element) -> Vec<Block> {
        self.begin(element);
        self.within(element)
    }

    fn wrap_cells(&mut self, table: &mut Table) {
        if self.around.is_empty() {
            return;
        }
        let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells);
        for block in cells.flat_map(|cell| &mut cell.content) {
            if let Block::Paragraph { content, .. } = block {
                let whole = mem::take(content);
                *content = self.wrapped(whole);
            }
        }
    }

    fn heading(&mut self, level: usize, element: &Element) {
        let mut blocks = self.within(element).into_iter().peekable();
        let mut line: Vec<Inline> = Vec::new();
        while let Some(Block::Paragraph { content, .. }) =
            blocks.next_if(|block| matches!(block, Block::Paragraph { .. }))
        {
            if !line.is_empty() {
                line.extend([Inline::Break, Inline::Break]);
            }
            line.extend(content);
        }
        if !line.is_empty() {
            self.blocks.push(Block::Heading(level, line));
        }
        self.blocks.extend(blocks);
    }

    fn list(&mut self, element: &Element) {
        let mut items: Vec<Vec<Block>> = Vec::new();
        let is_numbered = element.name == "ol";
        if is_numbered && (!element.attribute("type").is_empty() || has(element, "reversed")) {
            self.reader
                .lose("list whose letters or descending numbers are plain numbers now");
        }
        for node in &element.children {
            match node {
                Node::Element(item) if item.name == "li" => {
                    if !item.attribute("value").is_empty() {
                        self.reader.lose("number of a list's item is the next one now");
                    }
                    items.push(self.all(item));
                }
                Node::Text(text) if text.trim().is_empty() => {}
                // Lists and words between the items belong to the item before them.
                other => {
                    let blocks = self.apart(other);
                    match items.last_mut() {
                        Some(last) => last.extend(blocks),
                        None if blocks.is_empty() => {}
                        None => items.push(blocks),
                    }
                }
            }
        }
        if !items.is_empty() {
            let start = element.attribute("start").parse().unwrap_or(1);
            self.blocks.push(Block::List(List {
                start: is_numbered.then_some(start),
                items,
                is_implied: false,
            }));
        }
    }

    /// An item outside of any list.
    fn item(&mut self, element: &Element) {
        let content = self.within(element);
        if let Some(Block::List(list)) = self.blocks.last_mut()
            && list.is_implied
        {
            list.items.push(content);
            return;
        }
        self.blocks.push(Block::List(List {
            start: None,
            items: vec![content],
            is_implied: true,
        }));
    }

    fn definitions(&mut self, element: &Element, definitions: &mut Vec<Definition>) {
        for node in &element.children {
            match node {
                Node::Element(child) if ["dt", "dd"].contains(&child.name.as_str()) => {
                    self.begin(child);
                    let definition = self.definition(child);
                    definitions.push(definition);
                }
                // They may stand in groups.
                Node::Element(child) if child.name == "div" => self.definitions(child, definitions),
                Node::Text(text) if text.trim().is_empty() => {}
                other => {
                    let content = self.apart(other);
                    if !content.is_empty() {
                        definitions.push(Definition {
                            is_term: false,
                            content,
                        });
                    }
                }
            }
        }
    }

    fn definition(&mut self, element: &Element) -> Definition {
        Definition {
            is_term: element.name == "dt",
            content: self.within(element),
        }
    }

    fn figure(&mut self, element: &Element) {
        let mut caption = Vec::new();
        let begin = self.blocks.len();
        for node in &element.children {
            match node {
                Node::Element(child) if child.name == "figcaption" => {
                    self.end_line(false);
                    caption.extend(self.all(child));
                }
                other => self.nodes(slice::from_ref(other)),
            }
        }
        self.end_line(false);
        if caption.is_empty() {
            return;
        }
        let content = self.blocks.split_off(begin);
        self.blocks.push(Block::Figure { content, caption });
    }

    fn details(&mut self, element: &Element) {
        let mut summary = Vec::new();
        let before = self.blocks.len();
        for node in &element.children {
            match node {
                Node::Element(child) if child.name == "summary" && summary.is_empty() => {
                    self.end_line(false);
                    for block in self.all(child) {
                        let (Block::Paragraph { content, .. } | Block::Heading(_, content)) = block else {
                            self.blocks.push(block);
                            continue;
                        };
                        if !summary.is_empty() {
                            summary.push(Inline::Break);
                        }
                        summary.extend(content);
                    }
                }
                other => self.nodes(slice::from_ref(other)),
            }
        }
        self.end_line(false);
        let content = self.blocks.split_off(before);
        self.blocks.push(Block::Details {
            summary,
            content,
            is_open: has(element, "open"),
        });
    }

    fn inline(&mut self, element: &Element) {
        self.begin(element);
        let meaning = meaning::of(self.reader, element);
        if let Some(what) = meaning.loss() {
            self.reader.lose(what);
        }
        match meaning {
            Meaning::Nothing(_) => {}
            Meaning::Content(_) => self.nodes(&element.children),
            Meaning::Whole(part) => {
                self.reader.pictures += usize::from(matches!(part, Inline::Image { .. }));
                self.part.push(part);
            }
            Meaning::Words(words, _) => self.part.push(Inline::Text(words)),
            Meaning::Link(address, words, _) => self.link(address, words),
            Meaning::Code(text) => {
                // Space at its edges stands outside.
                let space = |is_there: bool| is_there.then(|| Inline::Text(" ".to_owned()));
                let code = text.trim_matches(' ');
                self.part.extend(space(text.starts_with(' ')));
                if !code.is_empty() {
                    self.part.push(Inline::Code(code.to_owned()));
                }
                self.part.extend(space(text.ends_with(' ') && !code.is_empty()));
            }
            Meaning::Span(span) => self.span(span, element),
        }
    }

    fn link(&mut self, address: String, words: String) {
        let link = Span::Link {
            address,
            title: String::new(),
        };
        let number = self.number();
        let words = vec![Inline::Text(words)];
        self.part.push(Inline::Span(Rc::new(link), number, words));
    }

    const fn number(&mut self) -> usize {
        self.reader.spans += 1;
        self.reader.spans
    }

    fn span(&mut self, span: Span, element: &Element) {
        let is_link = |span: &Span| matches!(span, Span::Link { .. });
        let mut around = self.around.iter();
        if is_link(&span) && around.any(|(around, _)| is_link(around)) {
            self.reader.lose("link within a link left out");
        } else if !self.around.iter().any(|(around, _)| **around == span) {
            let number = self.number();
            self.end_part();
            self.around.push((Rc::new(span), number));
            self.nodes(&element.children);
            self.end_part();
            self.around.pop();
            return;
        }
        // It is so already.
        self.nodes(&element.children);
    }

    /// Puts what was read into the spans around it.
    fn end_part(&mut self) {
        let part = mem::take(&mut self.part);
        if !part.is_empty() {
            let part = self.wrapped(part);
            self.line.extend(part);
        }
    }

    fn wrapped(&mut self, mut part: Vec<Inline>) -> Vec<Inline> {
        for (span, number) in self.around.iter().rev() {
            if let Span::Link { address, title } = &**span {
                let Some(rest) = self.reader.addresses.checked_sub(address.len() + title.len()) else {
                    self.reader.lose("link around too many blocks left out");
                    continue;
                };
                self.reader.addresses = rest;
            }
            part = vec![Inline::Span(Rc::clone(span), *number, part)];
        }
        part
    }

    fn end_line(&mut self, is_explicit: bool) {
        self.end_part();
        let line = tidy(mem::take(&mut self.line));
        // Two breaks in a row are how some editors part paragraphs.
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

/// The address of what WordPress shows in `element`, which has nothing else.
fn embedded(element: &Element) -> Option<&str> {
    let is_embedded = element.attribute("class").contains("wp-block-embed__wrapper");
    match element.children.as_slice() {
        [Node::Text(text)] if is_embedded && text.trim().starts_with("http") => Some(text.trim()),
        _ => None,
    }
}

/// Whether `element` has the attribute called `name`.
pub(super) fn has(element: &Element, name: &str) -> bool {
    element
        .attributes
        .iter()
        .any(|attribute| &*attribute.name.local == name)
}
