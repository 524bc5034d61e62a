//! One line of text to edit.

use leptos::{html::Input, prelude::*};

use super::form::FormContext;
use shared::forms::Field;

/// A label, a hint, what is wrong, and the input; the last value that was typed is in it.
#[component]
pub fn TextField(
    /// Which field.
    field: Field,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What a browser may fill in; without it, the field is prose.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is in it to begin with.
    #[prop(optional, into)]
    value: Option<String>,
    /// It may be left empty.
    #[prop(optional)]
    optional: bool,
    /// The input, once it is on the page.
    #[prop(optional)]
    node_ref: NodeRef<Input>,
) -> impl IntoView {
    let name = field.name();
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
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=described_by
                node_ref=node_ref
            />
        </div>
    }
}

/// Whose password a form asks for, for programs that keep passwords. People see it nowhere, and it is not sent.
#[component]
pub fn PasswordOwner(
    /// A username or an address.
    name: String,
) -> impl IntoView {
    view! { <input type="text" autocomplete="username" value=name readonly hidden /> }
}

/// What is wrong with `field`, and the ids of the texts that describe it.
pub(super) fn field_messages(field: Field, hinted: bool) -> (Memo<Option<String>>, Signal<Option<String>>) {
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

/// The hint and the error between a label and its input.
#[component]
pub(super) fn FieldMessages(
    field: Field,
    hint: Option<String>,
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
