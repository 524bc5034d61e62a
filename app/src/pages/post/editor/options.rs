//! The settings of a post: its readers, cover, address and more.

use js_sys::Reflect;
use leptos::{html, prelude::*, wasm_bindgen::JsValue};
use web_sys::Element;

use super::{cover::CoverUpload, state::EditorState};
use crate::{
    components::{checkbox::Checkbox, choices::Choices, form::FormContext, text_field::TextField},
    type_erasure::Erase,
};
use shared::{
    forms::{
        Field,
        post::{COVER_TEXT_MAX, DetailsForm, EXCERPT_MAX, SLUG_MAX, SUBTITLE_MAX},
    },
    model::post::{EditorDocument, Visibility},
};

/// Returns the values that the fields show for `document`. One of the choices is always ticked.
pub(super) fn shown_details(document: &EditorDocument) -> DetailsForm {
    let mut details = document.details.clone();
    if details.visibility.is_empty() {
        Visibility::Public.name().clone_into(&mut details.visibility);
    }
    details
}

/// The fields, which are folded unless one of them has a problem.
#[component]
pub(super) fn Options(
    editor: EditorState,
    /// The initial values.
    details: DetailsForm,
) -> impl IntoView {
    let choices = Visibility::ALL.map(|visibility| (visibility.name(), visibility.label()));
    let value = |field| details.value(field).unwrap_or_default().to_owned();
    let line = |field, hint: String| line(field, "text", hint, value(field), NodeRef::new());
    let fields = vec![
        view! { <Choices field=Field::Visibility choices=choices.to_vec() value=value(Field::Visibility) /> }
            .erased(),
        line(
            Field::Subtitle,
            format!("The line below the title: at most {SUBTITLE_MAX} characters."),
        ),
        line(
            Field::Excerpt,
            format!(
                "For lists, feeds and search engines, instead of the beginning of the text: at most {EXCERPT_MAX} characters."
            ),
        ),
        view! {
            <Checkbox
                field=Field::Contents
                checked=!details.contents.is_empty()
                hint="The headings of the text, if there are at least two."
            />
        }
        .erased(),
        line(
            Field::Cover,
            "The picture above the post and in lists: the address of one that you have uploaded.".to_owned(),
        ),
        view! { <CoverUpload editor chosen=details.cover_image() /> }.erased(),
        line(
            Field::CoverAlt,
            format!(
                "For people who cannot see it: at most {COVER_TEXT_MAX} characters. Leave it empty only if the cover shows nothing that matters."
            ),
        ),
        line(Field::CoverCaption, String::new()),
        line(
            Field::Slug,
            format!(
                "Instead of those of the title: at most {SLUG_MAX} characters. Old addresses lead to the new one."
            ),
        ),
        line(
            Field::Canonical,
            "The web address of a text that was published elsewhere before, for search engines.".to_owned(),
        ),
        line(
            Field::Language,
            "If it is not that of the site: a language tag like en, de-CH or pt-BR.".to_owned(),
        ),
    ];
    let fields = view! { <div node_ref=editor.options>{fields}</div> }.erased();
    folded("Post settings", false, DetailsForm::FIELDS, fields)
}

/// Returns a line of text that may be empty.
pub(super) fn line(
    field: Field,
    kind: &'static str,
    hint: String,
    value: String,
    node_ref: NodeRef<html::Input>,
) -> AnyView {
    view! { <TextField field kind hint value optional=true node_ref /> }.erased()
}

/// Returns a part of the form that is folded unless `is_open` or one of its `fields` has a problem.
pub(super) fn folded(
    summary: &'static str,
    is_open: bool,
    fields: &'static [Field],
    content: AnyView,
) -> AnyView {
    let form = use_context::<FormContext>();
    let is_wrong = move || {
        let error_of = |field: &Field| form.is_some_and(|form| form.error_of(*field).is_some());
        fields.iter().any(error_of)
    };
    let fold = NodeRef::<html::Details>::new();
    // Opened only, so that it is not folded while somebody corrects a field.
    Effect::new(move |_| {
        if let Some(fold) = fold.get().filter(|_| is_wrong()) {
            fold.set_open(true);
        }
    });
    let is_open = is_open || is_wrong();
    view! {
        <details class="editor-options" open=is_open node_ref=fold>
            <summary>{summary}</summary>
            {content}
        </details>
    }
    .erased()
}

/// Returns the values of the fields in `container`.
pub(super) fn read(container: Option<Element>) -> DetailsForm {
    let Some(container) = container else {
        return DetailsForm::default();
    };
    DetailsForm::collect(|field| {
        // Of the choices, the one that is ticked.
        let name = field.name();
        let selector = format!("[name={name}]:is(:checked, :not([type=radio], [type=checkbox]))");
        let input = container.query_selector(&selector).ok().flatten();
        let value = input.and_then(|input| Reflect::get(&input, &VALUE.into()).ok());
        value.and_then(|value| value.as_string()).unwrap_or_default()
    })
}

/// Sets the values of the fields in `container`.
pub(super) fn write(container: &Element, details: &DetailsForm) {
    for field in DetailsForm::FIELDS.iter().copied() {
        let name = field.name();
        let value = details.value(field).unwrap_or_default();
        // A local draft of an earlier version has no choice.
        if field == Field::Visibility && value.is_empty() {
            continue;
        }
        // The selector is valid.
        let Ok(inputs) = container.query_selector_all(&format!("[name={name}]")) else {
            continue;
        };
        for index in 0..inputs.length() {
            if let Some(input) = inputs.get(index) {
                set(&input, value);
            }
        }
    }
}

/// The property with the value of an input or a text area.
const VALUE: &str = "value";

/// Sets the value of `input`, or ticks it if it stands for `value`. Setting a property of an element does not fail.
fn set(input: &JsValue, value: &str) {
    let property = |name: &str| {
        Reflect::get(input, &name.into())
            .ok()
            .and_then(|value| value.as_string())
    };
    if matches!(property("type").as_deref(), Some("radio" | "checkbox")) {
        let is_ticked = property(VALUE).as_deref() == Some(value);
        let _ = Reflect::set(input, &"checked".into(), &is_ticked.into());
    } else {
        let _ = Reflect::set(input, &VALUE.into(), &value.into());
    }
}
