//! A text as what a reader sees: blocks, and what is in a line.

use std::rc::Rc;

/// A part of a text that stands on lines of its own.
#[derive(Debug, Clone)]
pub(super) enum Block {
    Paragraph {
        content: Vec<Inline>,
        /// Whether it was an element, which has space around it.
        is_explicit: bool,
    },
    Heading(usize, Vec<Inline>),
    List(List),
    Quote(Vec<Self>),
    Code {
        text: String,
        language: String,
        /// The same as HTML, where words in it are links or stand out.
        marked: Option<String>,
    },
    Rule,
    Table(Table),
    /// Terms and what they mean.
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
    /// The number of the first item, if they have numbers.
    pub start: Option<i64>,
    pub items: Vec<Vec<Block>>,
    /// Whether its items were found outside of any list.
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
    /// Whether it says what the others in its row or column are.
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

/// A part of a line.
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
    /// A place within a word where a line may end.
    WordBreak,
    /// Where a link of the same text leads.
    Anchor(String),
    /// A box of a task, ticked or not.
    Task(bool),
    /// Parts that mean something, or look different, with the number of the element that they are in.
    Span(Rc<Span>, usize, Vec<Self>),
}

/// The meaning of a part of a line, or its look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Span {
    Strong,
    Emphasis,
    Deleted,
    Link {
        address: String,
        title: String,
    },
    /// An element that Markdown has no marks for.
    Other {
        name: &'static str,
        /// The words that it is an abbreviation of.
        title: String,
        /// The direction in which it is written by hand; nothing where it has none of its own.
        direction: &'static str,
    },
}

impl Span {
    /// The name of its element.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Emphasis => "em",
            Self::Deleted => "del",
            Self::Link { .. } => "a",
            Self::Other { name, .. } => name,
        }
    }

    /// Returns about how many bytes its tags have.
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
    /// A paragraph of its own.
    pub(super) const fn paragraph(content: Vec<Inline>) -> Self {
        Self::Paragraph {
            content,
            is_explicit: true,
        }
    }
}

/// The content of `blocks` if it is that of one line at most.
pub(super) fn line(blocks: &[Block]) -> Option<&[Inline]> {
    match blocks {
        [] => Some(&[]),
        [Block::Paragraph { content, .. }] => Some(content),
        _ => None,
    }
}
