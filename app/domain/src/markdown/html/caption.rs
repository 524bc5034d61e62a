//! Captions: the title of an image that is a paragraph of its own.

use comrak::{Node, nodes::NodeValue};

use super::{HtmlWriter, link::is_fetched};

/// Returns the caption of the image that is the only content of `paragraph`, if it has one.
pub(super) fn of(paragraph: Node<'_>) -> Option<String> {
    let mut children = paragraph.children();
    let (only, None) = (children.next()?, children.next()) else {
        return None;
    };
    match &only.data().value {
        NodeValue::Image(link) if !link.title.trim().is_empty() && is_fetched(&link.url) => {
            Some(link.title.clone())
        }
        _ => None,
    }
}

impl HtmlWriter {
    pub(super) fn end_figure(&mut self, caption: &str) {
        self.html.push_str("<figcaption>");
        self.write_text(caption);
        self.html.push_str("</figcaption></figure>\n");
    }
}
