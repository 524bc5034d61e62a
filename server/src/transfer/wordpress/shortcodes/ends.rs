//! Finds the ends of shortcodes.

use std::collections::HashMap;

/// Remembers the position of the next end of each shortcode, so that none is searched for twice.
#[derive(Default)]
pub(super) struct Ends {
    /// The distance of the end from the end of the whole text in bytes, or `None` if there are no more.
    known: HashMap<String, Option<usize>>,
}

impl Ends {
    /// Returns the content before the end of the shortcode called `name`, and the text after it. `text` must be a
    /// suffix of the whole text.
    pub(super) fn find<'a>(&mut self, name: &str, text: &'a str) -> Option<(&'a str, &'a str)> {
        const NAMES_MAX: usize = 100;
        let end = format!("[/{name}]");
        let place = match self.known.get(name) {
            Some(None) => return None,
            Some(Some(place)) if *place <= text.len() => text.len() - place,
            None if self.known.len() > NAMES_MAX => return None,
            Some(Some(_)) | None => {
                let found = text.find(&end);
                let place = found.map(|found| text.len() - found);
                self.known.insert(name.to_owned(), place);
                found?
            }
        };
        Some((text.get(..place)?, text.get(place + end.len()..)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_found_wherever_the_search_for_it_began() {
        let text = "[box]a[/box] [box]b [box]c[/box] d[/box] [box]e";
        let mut ends = Ends::default();
        for (from, content) in [
            (5, Some("a")),
            (18, Some("b [box]c")),
            (25, Some("c")),
            (32, Some(" d")),
            (46, None),
        ] {
            let found = ends.find("box", text.get(from..).expect("a boundary"));
            assert_eq!(found.map(|(content, _)| content), content, "{from}");
        }
    }
}
