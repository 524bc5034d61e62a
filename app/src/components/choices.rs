//! Radio buttons.

use leptos::prelude::*;

use super::{
    form::FormContext,
    text_field::{FieldMessages, field_messages},
};
use shared::forms::Field;

/// A group of radio buttons with a legend, a hint and the error message. The submitted or initial value is checked.
#[component]
pub fn Choices(
    /// The field.
    field: Field,
    /// The values with their labels.
    choices: Vec<(&'static str, &'static str)>,
    /// The initial value.
    value: String,
    /// Whether only the initial value can be submitted.
    #[prop(optional)]
    readonly: bool,
    /// The hint.
    #[prop(optional_no_strip)]
    hint: Option<String>,
) -> impl IntoView {
    let name = field.name();
    let (error, described_by) = field_messages(field, hint.is_some());
    let form = use_context::<FormContext>();
    let value = form.and_then(|form| form.typed(name)).unwrap_or(value);
    let buttons = choices.into_iter().enumerate().map(|(number, (choice, label))| {
        // The first button has the id of the field, to which the error summary links.
        let id = if number == 0 {
            name.to_owned()
        } else {
            format!("{name}-{choice}")
        };
        let is_checked = choice == value;
        view! {
            <div class="choice">
                <input
                    id=id.clone()
                    name=name
                    type="radio"
                    value=choice
                    checked=is_checked
                    disabled=readonly && !is_checked
                />
                <label for=id>{label}</label>
            </div>
        }
    });
    let buttons = buttons.collect_view();
    view! {
        <fieldset class="field choices" aria-describedby=described_by>
            <legend>{field.label()}</legend>
            <FieldMessages field hint error />
            {buttons}
        </fieldset>
    }
}
