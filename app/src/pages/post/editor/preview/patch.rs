//! Updates HTML only where it differs, so that images, the selection and the focus are kept elsewhere.

use std::iter::successors;

use leptos::prelude::document;
use web_sys::{Element, Node};

/// Changes the children of `page` to `html`, which must be sanitised by the server.
pub(super) fn patch(page: &Element, html: &str) {
    let Ok(fresh) = document().create_element("div") else {
        return;
    };
    fresh.set_inner_html(html);
    let (old, new) = (children(page), children(&fresh));
    let is_same = |(old, new): &(&Node, &Node)| old.is_equal_node(Some(new));
    let above = old.iter().zip(&new).take_while(is_same).count();
    let rest = old.len().min(new.len()) - above;
    let pairs = old.iter().rev().zip(new.iter().rev());
    let below = pairs.take(rest).take_while(is_same).count();
    let changed = |nodes: &[Node]| {
        let part = nodes.get(above..nodes.len() - below);
        part.map(<[Node]>::to_vec).unwrap_or_default()
    };
    let next = old.get(old.len() - below);
    // The nodes are children of `page`.
    for node in changed(&old) {
        let _ = page.remove_child(&node);
    }
    for node in changed(&new) {
        let _ = page.insert_before(&node, next);
    }
}

fn children(of: &Node) -> Vec<Node> {
    successors(of.first_child(), Node::next_sibling).collect()
}
