//! Multi-line text fields.

use leptos::{html::Textarea, prelude::*};

use super::{
    form::FormContext,
    text_field::{FieldMessages, field_messages},
};
use shared::forms::Field;

/// A label, a hint, the error message and a text area with the submitted or initial value.
#[component]
pub fn TextArea(
    /// The field.
    field: Field,
    /// The height in lines.
    rows: u32,
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
    /// The text area.
    #[prop(optional)]
    node_ref: NodeRef<Textarea>,
) -> impl IntoView {
    let name = field.name();
    let hint = hint.filter(|hint| !hint.is_empty());
    let (error, described_by) = field_messages(field, hint.is_some());
    let text = use_context::<FormContext>()
        .and_then(|form| form.typed(name))
        .or(value)
        .unwrap_or_default();

    view! {
        <div class="field">
            <label for=name>{field.label()}</label>
            <FieldMessages field hint error />
            <textarea
                id=name
                name=name
                rows=rows
                dir="auto"
                required=!optional
                readonly=readonly
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=described_by
                inner_html=escaped(&text)
                node_ref=node_ref
            ></textarea>
        </div>
    }
}

/// Escapes `text` for the inside of a text area. leptos does not escape such children on the server. HTML ignores a
/// leading line break, so another one is added before it.
#[must_use]
pub fn escaped(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    if escaped.starts_with(['\n', '\r']) {
        format!("\n{escaped}")
    } else {
        escaped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_a_text_area_is_never_markup() {
        assert_eq!(
            escaped("</textarea><script>&amp;"),
            "&lt;/textarea&gt;&lt;script&gt;&amp;amp;"
        );
        assert_eq!(escaped("\nfirst"), "\n\nfirst");
        assert_eq!(escaped("\r\nfirst"), "\n\r\nfirst");
    }
}
