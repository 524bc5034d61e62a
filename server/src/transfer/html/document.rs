//! A text as a reader sees it: blocks, and the inline content of lines.

use std::rc::Rc;

/// A block, which begins on a line of its own.
#[derive(Debug, Clone)]
pub(super) enum Block {
    Paragraph {
        content: Vec<Inline>,
        /// Whether it was a `p` element, which has space around it.
        is_explicit: bool,
    },
    Heading(usize, Vec<Inline>),
    List(List),
    Quote(Vec<Self>),
    Code {
        text: String,
        language: String,
        /// The code as HTML, if it contains links or formatting.
        marked: Option<String>,
    },
    Rule,
    Table(Table),
    /// Terms and their definitions.
    Definitions(Vec<Definition>),
    Figure {
        content: Vec<Self>,
        caption: Vec<Self>,
    },
    Details {
        summary: Vec<Inline>,
        content: Vec<Self>,
        is_open: bool,
    },
}

#[derive(Debug, Clone)]
pub(super) struct List {
    /// The number of the first item, or `None` if the items are not numbered.
    pub start: Option<i64>,
    pub items: Vec<Vec<Block>>,
    /// Whether the items were found outside of a list.
    pub is_implied: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub is_term: bool,
    pub content: Vec<Block>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub caption: Vec<Block>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub is_head: bool,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    /// Whether it is the header of its row or column.
    pub is_head: bool,
    pub columns: usize,
    pub rows: usize,
    pub alignment: Option<Alignment>,
    pub content: Vec<Block>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alignment {
    Left,
    Center,
    Right,
}

/// Inline content.
#[derive(Debug, Clone)]
pub(super) enum Inline {
    Text(String),
    Break,
    Code(String),
    Image {
        address: String,
        alt: String,
        title: String,
    },
    /// A position within a word at which a line may be broken.
    WordBreak,
    /// The target of a link within the same text.
    Anchor(String),
    /// The checkbox of a task; the value says whether it is checked.
    Task(bool),
    /// Content with a meaning or formatting, with the number of its element.
    Span(Rc<Span>, usize, Vec<Self>),
}

/// The meaning or formatting of inline content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Span {
    Strong,
    Emphasis,
    Deleted,
    Link {
        address: String,
        title: String,
    },
    /// An element for which Markdown has no syntax.
    Other {
        name: &'static str,
        /// The expansion of an abbreviation.
        title: String,
        /// The explicit text direction, or an empty string if there is none.
        direction: &'static str,
    },
}

impl Span {
    /// Returns the name of the element.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Emphasis => "em",
            Self::Deleted => "del",
            Self::Link { .. } => "a",
            Self::Other { name, .. } => name,
        }
    }

    /// Returns the approximate number of bytes of its tags.
    pub(super) fn length(&self) -> usize {
        let tags = 2 * self.name().len() + "<></>".len();
        tags + match self {
            Self::Link { address, title } => address.len() + title.len(),
            Self::Other { title, .. } => title.len(),
            Self::Strong | Self::Emphasis | Self::Deleted => 0,
        }
    }
}

impl Block {
    /// Returns an explicit paragraph.
    pub(super) const fn paragraph(content: Vec<Inline>) -> Self {
        Self::Paragraph {
            content,
            is_explicit: true,
        }
    }
}

/// Returns the content of `blocks` if they consist of one line at most.
pub(super) fn line(blocks: &[Block]) -> Option<&[Inline]> {
    match blocks {
        [] => Some(&[]),
        [Block::Paragraph { content, .. }] => Some(content),
        _ => None,
    }
}
