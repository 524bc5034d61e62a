//! Reads tables.

use super::{
    document::{Alignment, Block, Cell, Row, Table},
    looks::style,
    read::Reader,
    tree::Element,
};

/// The maximum number of columns and rows that a cell spans, which is also that of the renderer.
const COVERED_MAX: usize = 255;
/// The maximum number of columns. A table with more is not readable, and every row would have that many cells.
const COLUMNS_MAX: usize = 100;

/// Reads the table in `element`.
pub(super) fn read(reader: &mut Reader<'_>, element: &Element) -> Table {
    let mut table = Table::default();
    let mut foot = Vec::new();
    for part in element.elements() {
        match part.name.as_str() {
            "caption" => table.caption.extend(reader.blocks(part)),
            "tr" => table.rows.extend(row(reader, part, false)),
            name => {
                let rows = part.elements().filter(|row| row.name == "tr");
                let rows: Vec<Row> = rows
                    .filter_map(|part| row(reader, part, name == "thead"))
                    .collect();
                if name == "tfoot" {
                    foot.extend(rows);
                } else {
                    table.rows.extend(rows);
                }
            }
        }
    }
    // The footer is displayed last, wherever it occurs in the HTML.
    table.rows.extend(foot);
    let has_head = table.rows.iter().any(|row| row.is_head);
    if let Some(first) = table.rows.first_mut()
        && !has_head
    {
        first.is_head = first.cells.iter().all(|cell| cell.is_head);
    }
    table
}

fn row(reader: &mut Reader<'_>, element: &Element, is_head: bool) -> Option<Row> {
    let cells: Vec<Cell> = element
        .elements()
        .filter(|cell| ["td", "th"].contains(&cell.name.as_str()))
        .map(|cell| Cell {
            is_head: cell.name == "th",
            columns: covered(cell.attribute("colspan")),
            rows: covered(cell.attribute("rowspan")),
            alignment: alignment(cell),
            content: reader.blocks(cell),
        })
        .collect();
    (!cells.is_empty()).then_some(Row { is_head, cells })
}

fn covered(text: &str) -> usize {
    text.parse().unwrap_or(1).clamp(1, COVERED_MAX)
}

fn alignment(cell: &Element) -> Option<Alignment> {
    let class = cell
        .attribute("class")
        .split_ascii_whitespace()
        .find_map(|class| class.strip_prefix("has-text-align-"));
    let told = style(cell, "text-align")
        .or(class)
        .unwrap_or_else(|| cell.attribute("align"));
    match told {
        "left" => Some(Alignment::Left),
        "center" => Some(Alignment::Center),
        "right" => Some(Alignment::Right),
        _ => None,
    }
}

impl Table {
    /// Returns the number of columns.
    pub(super) fn columns(&self) -> usize {
        let rows = self.rows.iter();
        rows.map(|row| row.cells.len()).max().unwrap_or_default()
    }

    /// Returns whether Markdown can represent the table: it has at most one header row, and each cell consists of one
    /// line.
    pub(super) fn is_plain(&self) -> bool {
        let heads = self.rows.iter().filter(|row| row.is_head).count();
        let is_first = self.rows.first().is_some_and(|row| row.is_head);
        self.caption.is_empty()
            && self.columns() <= COLUMNS_MAX
            && (heads == 0 || (heads == 1 && is_first))
            && self.rows.iter().flat_map(|row| &row.cells).all(|cell| {
                cell.columns == 1 && cell.rows == 1 && super::document::line(&cell.content).is_some()
            })
    }

    /// Returns the alignment of each column.
    pub(super) fn alignments(&self) -> Vec<Option<Alignment>> {
        let first = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
            cells.into_iter().find_map(|cell| cell.alignment)
        };
        (0..self.columns()).map(first).collect()
    }

    /// Returns the content of all cells, one after the other.
    pub(super) fn content(&self) -> Vec<Block> {
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        self.caption
            .iter()
            .chain(cells.flat_map(|cell| &cell.content))
            .cloned()
            .collect()
    }
}
