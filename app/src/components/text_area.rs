//! Several lines of text to edit.

use leptos::{html::Textarea, prelude::*};

use super::{
    form::FormContext,
    text_field::{FieldMessages, field_messages},
};
use shared::forms::Field;

/// A label, a hint, what is wrong, and the text area; the last text that was typed is in it.
#[component]
pub fn TextArea(
    /// Which field.
    field: Field,
    /// Its height in lines.
    rows: u32,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is in it to begin with.
    #[prop(optional, into)]
    value: Option<String>,
    /// It may be left empty.
    #[prop(optional)]
    optional: bool,
    /// The text area, once it is on the page.
    #[prop(optional)]
    node_ref: NodeRef<Textarea>,
) -> impl IntoView {
    let name = field.name();
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
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=described_by
                inner_html=escaped(&text)
                node_ref=node_ref
            ></textarea>
        </div>
    }
}

/// `text` as the markup inside a text area. leptos writes such children unescaped on the server; and HTML drops a line
/// break that comes first, so that one more keeps the text's own.
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
