//! Links and images.

use std::fmt::Write as _;

use comrak::{
    Node,
    html::escape_href,
    nodes::{NodeLink, NodeValue},
};

use super::{HtmlWriter, caption};
use crate::markdown::{
    autolinks,
    plain_text::plain_text,
    sanitiser::{ID_PREFIX, has_allowed_scheme},
};
use shared::{model::media::IMAGE_SIZES, paths};

impl HtmlWriter {
    /// Starts a link unless its scheme is not allowed; then only its text is written. Returns whether the whole link
    /// was written.
    pub(super) fn link(&mut self, link: &NodeLink, node: Node<'_>) -> bool {
        if !self.is_link(link) {
            return false;
        }
        let Some(autolink) = autolinks::split(link, node) else {
            self.start_link(&link.url, &link.title);
            return false;
        };
        self.start_link(&autolink.url, "");
        self.write_text(&autolink.text);
        self.html.push_str("</a>");
        self.write_text(&autolink.rest);
        true
    }

    pub(super) fn is_link(&self, link: &NodeLink) -> bool {
        self.is_within_depth() && has_allowed_scheme(&link.url)
    }

    pub(super) fn start_link(&mut self, url: &str, title: &str) {
        self.html.push_str("<a href=\"");
        match url.strip_prefix('#') {
            // The ids of headings in the text have this prefix.
            Some(name) if !name.is_empty() => {
                let _ = write!(self.html, "#{ID_PREFIX}");
                self.write_text(name);
            }
            _ => {
                let _ = escape_href(&mut self.html, url, false);
            }
        }
        if !title.is_empty() {
            self.html.push_str("\" title=\"");
            self.write_text(title);
        }
        self.html.push_str("\">");
    }

    /// Writes an image. The dimensions of an uploaded image are known by its name.
    pub(super) fn image(&mut self, link: &NodeLink, node: Node<'_>) {
        let alt = plain_text(node);
        if !is_fetched(&link.url) {
            return self.write_text(&alt);
        }
        self.html.push_str("<img src=\"");
        let _ = escape_href(&mut self.html, &link.url, false);
        self.html.push_str("\" alt=\"");
        self.write_text(&alt);
        let is_captioned = node.parent().is_some_and(|parent| {
            matches!(parent.data().value, NodeValue::Paragraph) && caption::of(parent).is_some()
        });
        if !link.title.is_empty() && !is_captioned {
            self.html.push_str("\" title=\"");
            self.write_text(&link.title);
        }
        self.html.push('"');
        if let Some(image) = paths::image_at(&link.url) {
            let _ = write!(
                self.html,
                " width=\"{}\" height=\"{}\"",
                image.width, image.height
            );
            if let Some(widths) = paths::image_widths(&image) {
                let _ = write!(self.html, " srcset=\"{widths}\" sizes=\"{IMAGE_SIZES}\"");
            }
        }
        self.html.push('>');
    }
}

/// Returns whether a browser may load an image from `address`: relative or over HTTP(S).
pub(super) fn is_fetched(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_none_or(|scheme| {
        scheme.contains(['/', '?', '#'])
            || scheme.eq_ignore_ascii_case("https")
            || scheme.eq_ignore_ascii_case("http")
    })
}
