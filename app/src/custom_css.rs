//! The custom CSS of the site, which some pages do not have.
//!
//! The server links it in documents. When the client shows a page of the other kind, it adds or removes the link.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{pages::route::has_custom_css, site::use_site};
use shared::paths;

/// The id of the link.
pub const ID: &str = "custom-css";

/// Keeps the link in the document's head according to the page that is shown.
pub fn follow_page() {
    let Some(css) = use_site().custom_css.clone() else {
        return;
    };
    let location = use_location();
    Effect::new(move |_| {
        let link = document().get_element_by_id(ID);
        match (has_custom_css(&location.pathname.read()), link) {
            (true, None) => add(&paths::custom_css(&css.version)),
            (false, Some(link)) => link.remove(),
            _ => {}
        }
    });
}

/// Adds the link with this address, as the server writes it.
fn add(address: &str) {
    let (Some(head), Ok(link)) = (document().head(), document().create_element("link")) else {
        return;
    };
    for (name, value) in [("id", ID), ("rel", "stylesheet"), ("href", address)] {
        // The attribute names are valid.
        let _ = link.set_attribute(name, value);
    }
    // The head accepts any element.
    let _ = head.append_child(&link);
}
