//! The state of a text while its elements are read as a document, as a reader sees it.

use std::collections::{BTreeMap, HashSet};

use url::Url;

use super::{
    document::{Block, Span},
    flow,
    tree::Element,
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
    /// How many spans there are.
    pub spans: usize,
    /// By how many more bytes the text may grow: what is around many blocks is written for each of them, and an address within
    /// the old site with that of the site.
    room: usize,
}

impl<'a> Reader<'a> {
    /// For a text of `length` bytes that stood at `base`.
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

    /// The blocks in `element`.
    pub(super) fn blocks(&mut self, element: &Element) -> Vec<Block> {
        flow::read(self, element)
    }

    /// Whether `span` may be written once more.
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

    /// Notes that something cannot be kept as it was.
    pub(super) fn lose(&mut self, what: &'static str) {
        *self.losses.entry(what).or_default() += 1;
    }

    /// `address` as one that leads somewhere from here; nothing for one that browsers may not follow from a text.
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
            // Whoever wrote it meant something by it.
            Err(_) => address.starts_with("http").then(|| address.to_owned()),
        }
    }

    /// Returns `address`, which is one within the old site, as one of the web.
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

    /// The id of `element`, if a link of the text leads there.
    pub(super) fn target(&self, element: &Element) -> Option<String> {
        let id = match element.attribute("id") {
            "" if element.name == "a" => element.attribute("name"),
            id => id,
        };
        self.targets.contains(id).then(|| id.to_owned())
    }
}

/// Whether `element` has the attribute called `name`.
pub(super) fn has(element: &Element, name: &str) -> bool {
    element
        .attributes
        .iter()
        .any(|attribute| &*attribute.name.local == name)
}
