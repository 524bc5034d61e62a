//! Tests that the visible content of HTML stays the same when it is converted to Markdown and rendered.

use std::collections::BTreeSet;

use domain::markdown::{Rendered, elements};
use fastrand::Rng;

use self::{generator::Generator, seen::seen};
use super::to_markdown;

mod generator;
mod seen;

/// The number of generated texts.
const TEXTS: u64 = 3_000;

#[test]
fn what_is_seen_of_any_text_is_seen_after_it_was_imported() {
    let mut wrong = Vec::new();
    let mut missing: BTreeSet<&str> = elements().collect();
    let mut generator = Generator::new();
    for seed in 0..TEXTS {
        generator.random = Rng::with_seed(seed);
        let html = generator.blocks(3);
        missing.retain(|name| !html.contains(&format!("<{name}>")) && !html.contains(&format!("<{name} ")));
        let markdown = to_markdown(&html, None).expect("converted").markdown;
        let rendered = Rendered::from_markdown(&markdown).html;
        if seen(&html) != seen(&rendered) {
            wrong.push((html.len(), seed, html, markdown, rendered));
        }
    }
    assert!(missing.is_empty(), "in none of the texts: {missing:?}");
    // The shortest failing texts are the most informative ones.
    let count = wrong.len();
    wrong.sort();
    for (_, seed, html, markdown, rendered) in wrong.iter().take(4) {
        println!(
            "seed {seed}\n{html}\n--- as Markdown\n{markdown}\n--- rendered\n{rendered}\n--- before\n{:?}\n--- after\n{:?}\n=======",
            seen(html),
            seen(rendered)
        );
    }
    assert_eq!(count, 0, "of {TEXTS} texts");
}
