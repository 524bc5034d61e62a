//! The state of a text while its elements are read as a document.

use std::collections::{BTreeMap, HashSet};

use url::Url;

use super::{
    document::{Block, Span},
    flow,
    tree::Element,
};

/// The state of a text while it is read.
#[derive(Debug, Default)]
pub(super) struct Reader<'a> {
    /// The address of the text.
    base: Option<&'a Url>,
    /// The ids to which links of the text lead.
    targets: HashSet<String>,
    /// The losses, and how often each occurred.
    pub losses: BTreeMap<&'static str, usize>,
    /// The number of pictures.
    pub pictures: usize,
    /// The number of spans.
    pub spans: usize,
    /// The number of bytes by which the text may still grow: spans around several blocks are repeated for each block,
    /// and relative addresses are completed with the address of the old site.
    room: usize,
}

impl<'a> Reader<'a> {
    /// Returns a reader for a text of `length` bytes at the address `base`.
    pub(super) fn new(root: &Element, length: usize, base: Option<&'a Url>) -> Self {
        let mut reader = Self {
            base,
            room: 4 * length + 64 * 1024,
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

    /// Returns the blocks in `element`.
    pub(super) fn blocks(&mut self, element: &Element) -> Vec<Block> {
        flow::read(self, element)
    }

    /// Returns whether there is enough room to repeat `span`.
    pub(super) fn spend(&mut self, span: &Span) -> bool {
        let is_there = self.take(span.length());
        if !is_there {
            self.lose("link or style on too many blocks left out");
        }
        is_there
    }

    fn take(&mut self, bytes: usize) -> bool {
        let rest = self.room.checked_sub(bytes);
        self.room = rest.unwrap_or(self.room);
        rest.is_some()
    }

    /// Notes a loss.
    pub(super) fn lose(&mut self, what: &'static str) {
        *self.losses.entry(what).or_default() += 1;
    }

    /// Returns `address` as an absolute one, or `None` if links to it are not allowed in a text.
    pub(super) fn address(&mut self, address: &str) -> Option<String> {
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
            Err(url::ParseError::RelativeUrlWithoutBase) => Some(self.whole(address)),
            // An invalid web address is kept, because it may be a typing error.
            Err(_) => address.starts_with("http").then(|| address.to_owned()),
        }
    }

    /// Resolves a relative `address` against the address of the text.
    fn whole(&mut self, address: &str) -> String {
        let whole = self.base.and_then(|base| base.join(address).ok());
        let Some(whole) = whole.map(String::from) else {
            return address.to_owned();
        };
        if self.take(whole.len()) {
            return whole;
        }
        self.lose("address within the old site that no longer works, because there are too many of them");
        address.to_owned()
    }

    /// Returns the id of `element`, if a link of the text leads to it.
    pub(super) fn target(&self, element: &Element) -> Option<String> {
        let id = match element.attribute("id") {
            "" if element.name == "a" => element.attribute("name"),
            id => id,
        };
        self.targets.contains(id).then(|| id.to_owned())
    }
}

/// Returns whether `element` has the attribute `name`.
pub(super) fn has(element: &Element, name: &str) -> bool {
    element
        .attributes
        .iter()
        .any(|attribute| &*attribute.name.local == name)
}
