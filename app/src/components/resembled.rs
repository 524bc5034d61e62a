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
        Resemblance::Person { name, username, role } => {
            let handle = (name != username).then(|| format!(" (@{username})"));
            view! {
                "that of "
                <a href=paths::user(&username) dir="auto">
                    {name}
                </a>
                {handle}
                ", "
                {role.words()}
            }
            .erased()
        }
        Resemblance::Role => "that of a role on this site".erased(),
    }
}
