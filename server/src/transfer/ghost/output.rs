//! Builds the HTML of a text.

use std::collections::BTreeMap;

use quick_xml::escape::escape;

/// The HTML of a text, and the parts of the text that are lost.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// The HTML so far.
    pub html: String,
    /// The changes and losses: kinds and names, and how often each occurred.
    pub lost: BTreeMap<(&'static str, String), usize>,
    /// Whether there was a part of an unknown kind.
    pub has_unknown: bool,
}

impl Output {
    /// Adds HTML.
    pub(super) fn html(&mut self, html: &str) {
        self.html.push_str(html);
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        self.html.push_str(&escape(text));
    }

    /// Notes that something is changed or lost.
    pub(super) fn lose(&mut self, what: &'static str) {
        self.lose_one(what, String::new());
    }

    /// Notes that the object called `which` is changed or lost.
    pub(super) fn lose_one(&mut self, what: &'static str, which: String) {
        *self.lost.entry((what, which)).or_default() += 1;
    }

    /// Notes that only the text of `which`, which is of an unknown kind, is kept.
    pub(super) fn lose_unknown(&mut self, which: String) {
        self.has_unknown = true;
        self.lose_one("unknown part left out, with its text kept", which);
    }

    /// Returns descriptions of the losses.
    #[cfg(test)]
    pub(super) fn told(&self) -> Vec<String> {
        let lost = self.lost.keys();
        lost.map(|(what, which)| format!("{what} {which}").trim_end().to_owned())
            .collect()
    }

    /// Returns whether all parts are of a known kind.
    pub(super) fn is_known(&self) -> bool {
        !self.has_unknown
    }

    /// Adds an element with the content that `content` writes.
    pub(super) fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.open(name, &[]);
        content(self);
        self.close(name);
    }

    /// Adds an element with some HTML, unless it is empty.
    pub(super) fn wrapped(&mut self, name: &str, html: &str) {
        if !html.trim().is_empty() {
            self.element(name, |out| out.html(html));
        }
    }

    /// Adds a paragraph of plain text, unless it is empty.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.wrapped("p", &escape(text));
    }

    /// Adds a start tag. Attributes without a value are omitted.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.html.push('<');
        self.html.push_str(name);
        for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.html.push(' ');
            self.html.push_str(name);
            self.html.push_str("=\"");
            self.text(value);
            self.html.push('"');
        }
        self.html.push('>');
    }

    /// Adds an end tag.
    pub(super) fn close(&mut self, name: &str) {
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
    }

    /// Adds a link, or only its text if the address is empty.
    pub(super) fn link(&mut self, address: &str, content: impl FnOnce(&mut Self)) {
        if address.is_empty() {
            return content(self);
        }
        self.open("a", &[("href", address)]);
        content(self);
        self.close("a");
    }

    /// Adds a paragraph that consists of a link with `text`, or with its address if `text` is empty.
    pub(super) fn link_paragraph(&mut self, address: &str, text: &str) {
        let text = if text.is_empty() { address } else { text };
        if !text.is_empty() {
            self.element("p", |out| out.link(address, |out| out.text(text)));
        }
    }
}
