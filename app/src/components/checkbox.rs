//! Checkboxes.

use leptos::prelude::*;

use super::form::FormContext;
use shared::forms::Field;

/// A checkbox with its label and a hint, in its submitted or initial state.
#[component]
pub fn Checkbox(
    /// The field.
    field: Field,
    /// The initial state.
    #[prop(optional)]
    checked: bool,
    /// Whether only the initial state can be submitted.
    #[prop(optional)]
    readonly: bool,
    /// The hint.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let name = field.name();
    let answered = use_context::<FormContext>().filter(|form| form.is_answer());
    let checked = answered.map_or(checked, |form| form.typed(name).is_some());
    let hint = (!hint.is_empty()).then_some(hint);
    let hint_id = hint.is_some().then(|| format!("{name}-hint"));
    view! {
        <div class="field field-check">
            {(readonly && checked).then(|| view! { <input type="hidden" name=name value="true" /> })}
            <input
                id=name
                name=name
                type="checkbox"
                value="true"
                checked=checked
                disabled=readonly
                aria-describedby=hint_id.clone()
            />
            <label for=name>{field.label()}</label>
            {hint
                .map(|hint| {
                    view! {
                        <p class="field-hint" id=hint_id>
                            {hint}
                        </p>
                    }
                })}
        </div>
    }
}
