//! Reads block elements.

use std::{mem, slice};

use super::Flow;
use crate::transfer::html::{
    document::{Block, Definition, Inline, List, Table},
    elements::HEADINGS,
    meaning, preformatted,
    read::has,
    table,
    tree::{Element, Node},
};

impl Flow<'_, '_> {
    /// Reads the block `element`.
    pub(super) fn block(&mut self, element: &Element) {
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
                        self.player(address.clone(), address);
                    }
                    None => self.nodes(&element.children),
                }
                self.end_line(false);
            }
        }
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
                .lose("list whose letters or descending numbers are now plain numbers");
        }
        for node in &element.children {
            match node {
                Node::Element(item) if item.name == "li" => {
                    if !item.attribute("value").is_empty() {
                        self.reader.lose("number of a list item that is now the next one");
                    }
                    items.push(self.all(item));
                }
                Node::Text(text) if text.trim().is_empty() => {}
                // Lists and words between items belong to the preceding item.
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

    /// Reads an item outside of a list.
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
                // Terms and definitions may be grouped in `div` elements.
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
}

/// Returns the address of the embed in `element`, if it consists only of the address that WordPress would replace by
/// the embedded page.
fn embedded(element: &Element) -> Option<&str> {
    let is_embedded = element.attribute("class").contains("wp-block-embed__wrapper");
    match element.children.as_slice() {
        [Node::Text(text)] if is_embedded && text.trim().starts_with("http") => Some(text.trim()),
        _ => None,
    }
}
