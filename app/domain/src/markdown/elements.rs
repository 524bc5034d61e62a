//! The HTML elements that are allowed in posts, with the traits that decide how each is treated.

use Trait::{Aside, Cell, Container, Directed, Item, List, Phrasing, Separator, Target, Void};

/// A trait of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trait {
    /// Stands within a line (HTML, 3.2.5.2.5: phrasing content).
    Phrasing,
    /// Has no content and no end tag.
    Void,
    /// Separates words although it stands within a line.
    Separator,
    /// May contain Markdown: stays open until its end tag or the end of its parent.
    Container,
    /// Contains items.
    List,
    /// Is an item of a list or a cell of a table.
    Item,
    /// Is a cell of a table, with the attributes of cells.
    Cell,
    /// Has the direction of its own text: blocks, and those in italics, which the style sheet sets upright in
    /// right-to-left text (`style/prose.css`).
    Directed,
    /// May have an id.
    Target,
    /// Is left out of excerpts.
    Aside,
}

/// The allowed elements and their traits.
const ELEMENTS: &[(&str, &[Trait])] = &[
    ("a", &[Phrasing, Target]),
    ("abbr", &[Phrasing]),
    ("b", &[Phrasing]),
    ("bdi", &[Phrasing]),
    ("bdo", &[Phrasing]),
    ("blockquote", &[Container, Directed]),
    ("br", &[Phrasing, Void, Separator]),
    ("caption", &[Directed]),
    ("cite", &[Phrasing, Directed]),
    ("code", &[Phrasing]),
    ("dd", &[Container, Item, Directed]),
    ("del", &[Phrasing, Container]),
    ("details", &[Container, Directed]),
    ("div", &[Container, Directed, Target]),
    ("dl", &[Container, List, Directed]),
    ("dt", &[Container, Item, Directed, Target]),
    ("em", &[Phrasing, Directed]),
    ("figcaption", &[Directed, Aside]),
    ("figure", &[Container, Directed, Target]),
    ("h2", &[Directed, Target, Aside]),
    ("h3", &[Directed, Target, Aside]),
    ("h4", &[Directed, Target, Aside]),
    ("h5", &[Directed, Target, Aside]),
    ("h6", &[Directed, Target, Aside]),
    ("hr", &[Void]),
    ("i", &[Phrasing, Directed]),
    ("img", &[Phrasing, Void, Separator]),
    ("ins", &[Phrasing, Container]),
    ("kbd", &[Phrasing]),
    ("li", &[Container, Item, Directed, Target]),
    ("mark", &[Phrasing]),
    ("ol", &[Container, List, Directed]),
    ("p", &[Directed, Target]),
    ("pre", &[Aside]),
    ("q", &[Phrasing]),
    ("rp", &[Phrasing]),
    ("rt", &[Phrasing]),
    ("ruby", &[Phrasing]),
    ("s", &[Phrasing]),
    ("samp", &[Phrasing]),
    ("section", &[Aside]),
    ("small", &[Phrasing]),
    ("span", &[Phrasing, Target]),
    ("strike", &[Phrasing]),
    ("strong", &[Phrasing]),
    ("sub", &[Phrasing]),
    ("summary", &[Directed, Aside]),
    ("sup", &[Phrasing, Target]),
    ("table", &[Container, Directed, Target, Aside]),
    ("tbody", &[Container]),
    ("td", &[Container, Item, Cell, Directed]),
    ("tfoot", &[Container]),
    ("th", &[Container, Item, Cell, Directed]),
    ("thead", &[Container]),
    ("tr", &[Container]),
    ("u", &[Phrasing]),
    ("ul", &[Container, List]),
    ("var", &[Phrasing, Directed]),
    ("wbr", &[Phrasing, Void]),
];

/// Returns the names of all elements.
pub fn all() -> impl Iterator<Item = &'static str> {
    ELEMENTS.iter().map(|(name, _)| *name)
}

/// Returns the names of the elements with this trait.
pub(super) fn with(wanted: Trait) -> impl Iterator<Item = &'static str> {
    let found = ELEMENTS
        .iter()
        .filter(move |(_, traits)| traits.contains(&wanted));
    found.map(|(name, _)| *name)
}

/// Returns whether the element `name` is allowed and has this trait.
pub(super) fn has(name: &str, wanted: Trait) -> bool {
    ELEMENTS
        .binary_search_by_key(&name, |(known, _)| known)
        .ok()
        .and_then(|at| ELEMENTS.get(at))
        .is_some_and(|(_, traits)| traits.contains(&wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elements_are_sorted_by_name() {
        assert!(ELEMENTS.is_sorted_by_key(|(name, _)| *name));
        assert!(has("a", Phrasing) && has("wbr", Void) && !has("br", Container) && !has("script", Phrasing));
    }
}
