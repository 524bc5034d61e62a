//! Names that can be confused with others.

use leptos::prelude::*;

use crate::type_erasure::Erase;
use shared::{model::profile::Resemblance, paths};

/// The name that another one looks like, within a sentence.
#[component]
pub fn Resembled(
    /// The name.
    resembles: Resemblance,
) -> impl IntoView {
    match resembles {
        Resemblance::Person { username, role } => view! {
            "that of "
            <a href=paths::user(&username)>{username.clone()}</a>
            ", "
            {role.words()}
        }
        .erased(),
        Resemblance::Role => "that of a role on this site".erased(),
    }
}
