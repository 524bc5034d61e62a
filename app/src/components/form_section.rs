//! Groups of fields.

use leptos::prelude::*;

use crate::type_erasure::ErasedChildren;

/// A group of fields with a legend.
#[component]
pub fn FormSection(
    /// The legend.
    legend: &'static str,
    /// The fields.
    children: ErasedChildren,
) -> impl IntoView {
    view! {
        <fieldset class="form-section">
            <legend>{legend}</legend>
            {children.view()}
        </fieldset>
    }
}
