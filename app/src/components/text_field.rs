//! Single-line text fields.

use leptos::{html::Input, prelude::*};

use super::form::FormContext;
use shared::forms::Field;

/// A label, a hint, the error message and an input with the submitted or initial value.
#[component]
pub fn TextField(
    /// The field.
    field: Field,
    /// The type of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// The `autocomplete` attribute; `None` for prose.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// The hint.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The initial value.
    #[prop(optional, into)]
    value: Option<String>,
    /// Whether the field may be empty.
    #[prop(optional)]
    optional: bool,
    /// Whether the value cannot be changed.
    #[prop(optional)]
    readonly: bool,
    /// The input.
    #[prop(optional)]
    node_ref: NodeRef<Input>,
) -> impl IntoView {
    let name = field.name();
    let hint = hint.filter(|hint| !hint.is_empty());
    let (error, described_by) = field_messages(field, hint.is_some());
    let value = use_context::<FormContext>()
        .and_then(|form| form.typed(name))
        .or(value);

    view! {
        <div class="field">
            <label for=name>{field.label()}</label>
            <FieldMessages field hint error />
            <input
                id=name
                name=name
                type=kind
                value=value
                dir=autocomplete.is_none().then_some("auto")
                autocomplete=autocomplete
                autocapitalize=autocomplete.map(|_| "none")
                spellcheck=autocomplete.map(|_| "false")
                required=!optional
                readonly=readonly
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=described_by
                node_ref=node_ref
            />
        </div>
    }
}

/// A hidden field with the username for password managers. It is not submitted.
#[component]
pub fn PasswordOwner(
    /// The username or address.
    name: String,
) -> impl IntoView {
    view! { <input type="text" autocomplete="username" value=name readonly hidden /> }
}

/// Returns the error message of `field` and the ids of the elements that describe it.
#[must_use]
pub fn field_messages(field: Field, hinted: bool) -> (Memo<Option<String>>, Signal<Option<String>>) {
    let form = use_context::<FormContext>();
    let error = Memo::new(move |_| form.and_then(|form| form.error_of(field)));
    let described_by = Signal::derive(move || {
        let name = field.name();
        match (hinted, error.read().is_some()) {
            (true, true) => Some(format!("{name}-hint {name}-error")),
            (true, false) => Some(format!("{name}-hint")),
            (false, true) => Some(format!("{name}-error")),
            (false, false) => None,
        }
    });
    (error, described_by)
}

/// The hint and the error message between a label and its input.
#[component]
pub fn FieldMessages(
    /// The field.
    field: Field,
    /// The hint.
    hint: Option<String>,
    /// The error message.
    error: Memo<Option<String>>,
) -> impl IntoView {
    let name = field.name();
    view! {
        {hint
            .map(|hint| {
                view! {
                    <p class="field-hint" id=format!("{name}-hint")>
                        {hint}
                    </p>
                }
            })}
        {move || {
            error
                .get()
                .map(|text| {
                    view! {
                        <p class="field-error" id=format!("{name}-error")>
                            {text}
                        </p>
                    }
                })
        }}
    }
}
