//! The choice of a ground.

use leptos::prelude::*;

use super::choices::Choices;
use shared::{forms::Field, model::decision::Ground};

/// The grounds of which a moderator chooses one.
#[component]
pub fn GroundChoice() -> impl IntoView {
    let choices = Ground::ALL.map(|ground| (ground.name(), ground.label()));
    let value = Ground::Other.name().to_owned();
    view! { <Choices field=Field::Ground choices=choices.to_vec() value hint=None /> }
}
