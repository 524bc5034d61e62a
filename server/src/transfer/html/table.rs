//! Tables.

use std::rc::Rc;

use htmd::{
    Element, Node,
    element_handler::{HandlerResult, Handlers},
};

use super::tree::{name, parents};

/// A table with more columns is none that anybody reads: all rows would have so many.
const COLUMNS_MAX: usize = 100;

/// Writes a table. One without headings shows where things stand, and Markdown has none within another: of these the content
/// is kept.
pub(super) fn write(handlers: &dyn Handlers, element: Element) -> HandlerResult {
    let table = element.node;
    let rows = rows(table);
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let has_headings = children(table).iter().any(|part| name(part) == "thead")
        || rows.iter().flatten().any(|cell| name(cell) == "th");
    let is_within = parents(table).any(|parent| ["td", "th"].contains(&name(&parent)));
    if !has_headings || is_within || columns == 0 || columns > COLUMNS_MAX {
        let content = handlers.walk_children(table).content;
        return format!("\n\n{}\n\n", content.trim_matches('\n')).into();
    }

    let mut written = String::from("\n\n");
    for caption in children(table).iter().filter(|part| name(part) == "caption") {
        written.push_str(&text(handlers, caption));
        written.push_str("\n\n");
    }
    for (number, row) in rows.iter().enumerate() {
        written.push('|');
        for cell in row {
            written.push(' ');
            written.push_str(&text(handlers, cell));
            written.push_str(" |");
        }
        if number == 0 {
            // Readers go by the first row: cells beyond its last one are not shown.
            written.push_str(&"  |".repeat(columns - row.len()));
            written.push_str("\n|");
            written.push_str(&" --- |".repeat(columns));
        }
        written.push('\n');
    }
    written.push('\n');
    written.into()
}

/// The cells of each row.
fn rows(table: &Rc<Node>) -> Vec<Vec<Rc<Node>>> {
    let mut rows = Vec::new();
    for part in children(table) {
        match name(&part) {
            "tr" => rows.push(part),
            "thead" | "tbody" | "tfoot" => {
                rows.extend(children(&part).into_iter().filter(|row| name(row) == "tr"));
            }
            _ => {}
        }
    }
    let cells = |row: &Rc<Node>| {
        let mut cells = children(row);
        cells.retain(|cell| ["td", "th"].contains(&name(cell)));
        cells
    };
    rows.iter().map(cells).filter(|row| !row.is_empty()).collect()
}

fn children(node: &Rc<Node>) -> Vec<Rc<Node>> {
    node.children.borrow().clone()
}

/// The content of a cell, which is one line.
fn text(handlers: &dyn Handlers, cell: &Rc<Node>) -> String {
    let content = handlers.walk_children(cell).content;
    let line = content.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('|', "\\|")
}
