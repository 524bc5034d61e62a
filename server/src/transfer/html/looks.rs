//! The appearance of an element, as opposed to its meaning.

use super::{
    read::has,
    tree::{Element, Node},
};

/// The loss of an element's own appearance.
pub(super) const LOOKS: &str = "colours, sizes, alignments or backgrounds of its own left out";
/// The loss of an explicit text direction that differs from that of the first letter.
pub(super) const DIRECTION: &str = "text direction of its own left out";

/// Returns whether `element` has colours, sizes or an alignment that cannot be kept.
pub(super) fn has_looks(element: &Element) -> bool {
    const PROPERTIES: &[&str] = &[
        "background",
        "background-color",
        "background-image",
        "color",
        "columns",
        "float",
        "font-family",
        "font-size",
        "text-align",
    ];
    const CLASSES: &[&str] = &[
        "align",
        "has-text-align",
        "has-background",
        "has-text-color",
        "has-drop-cap",
        "wp-block-columns",
        "wp-block-cover",
    ];
    let is_told = element.name == "center"
        || (element.name == "font"
            && (has(element, "color") || has(element, "size") || has(element, "face")))
        || (!["td", "th", "img"].contains(&element.name.as_str()) && has(element, "align"));
    let is_cell = ["td", "th"].contains(&element.name.as_str());
    is_told
        || PROPERTIES
            .iter()
            .any(|name| !(is_cell && *name == "text-align") && style(element, name).is_some())
        || element.attribute("class").split_ascii_whitespace().any(|class| {
            CLASSES.iter().any(|begin| {
                class.starts_with(begin)
                    && class != "alignnone"
                    && !(is_cell && class.starts_with("has-text-align"))
            })
        })
}

/// Returns the value of the CSS property `property` in the style of `element`.
pub(super) fn style<'a>(element: &'a Element, property: &str) -> Option<&'a str> {
    element.attribute("style").split(';').find_map(|rule| {
        let (name, value) = rule.split_once(':')?;
        name.trim().eq_ignore_ascii_case(property).then(|| value.trim())
    })
}

/// Returns the explicit text direction of `element`, or an empty string if there is none.
pub(super) fn direction(element: &Element) -> &'static str {
    let told = element.attribute("dir").to_ascii_lowercase();
    let mut directions = ["ltr", "rtl"].into_iter();
    directions.find(|known| told == *known).unwrap_or_default()
}

/// Returns whether the explicit text direction of `element` differs from that of its first letter, which determines the
/// direction here.
pub(super) fn has_direction(element: &Element) -> bool {
    let told = direction(element);
    if told.is_empty() || ["bdi", "bdo"].contains(&element.name.as_str()) {
        return false;
    }
    first_letter(element).is_some_and(|letter| is_from_right(letter) != (told == "rtl"))
}

fn first_letter(element: &Element) -> Option<char> {
    element.children.iter().find_map(|child| match child {
        Node::Text(text) => text.chars().find(|char| char.is_alphabetic()),
        Node::Element(child) => first_letter(child),
    })
}

/// Returns whether `letter` belongs to a script that is written from right to left (Unicode, `DerivedBidiClass`).
fn is_from_right(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}
