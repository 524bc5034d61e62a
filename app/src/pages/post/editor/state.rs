//! The state shared by the parts of the editor.

use leptos::{
    html::{Div, Input, Textarea},
    prelude::*,
};
use web_sys::{Element, HtmlDocument, HtmlInputElement, HtmlTextAreaElement};

use super::{
    list_item,
    markup::Edit,
    options,
    text::{Other, Text},
};
use crate::{components::form::FormContext, pages::guard::Member};
use shared::{
    error::AppError,
    forms::{
        Field, Form as _,
        post::{AUTHOR, PostForm},
    },
    model::post::{DraftTarget, EditorDocument},
};

/// The state of the editor.
#[derive(Clone, Copy)]
pub(super) struct EditorState {
    pub title: NodeRef<Input>,
    pub tags: NodeRef<Input>,
    pub content: NodeRef<Textarea>,
    /// The field that only the editor for a published post has.
    pub change_note: NodeRef<Input>,
    /// The fields for what the post carries besides, which only the editor for posts has.
    pub options: NodeRef<Div>,
    /// The id of the author, if known.
    pub author: StoredValue<Option<i64>>,
    /// The post and draft.
    pub target: RwSignal<DraftTarget>,
    /// The maximum number of characters of the text; 0 for the default.
    pub content_max: usize,
    /// Another version of the text to choose from.
    pub other: RwSignal<Option<Other>>,
    /// The form, stored elsewhere because the parts of the editor copy this state.
    form: StoredValue<Option<FormContext>>,
    /// The error of the form.
    pub problem: RwSignal<Option<AppError>>,
    /// The text when the error occurred.
    refused: StoredValue<Option<Text>>,
    /// A counter of changes to the text.
    pub changes: RwSignal<usize>,
}

impl EditorState {
    /// Creates the state of the editor for `document` in this form.
    pub(super) fn new(form: Option<FormContext>, document: &EditorDocument) -> Self {
        let problem = form.map_or_else(|| RwSignal::new(None), FormContext::problem);
        let typed = form.and_then(typed_target);
        let typed_author = form.and_then(|form| form.typed(AUTHOR)?.parse().ok());
        let is_conflict = matches!(*problem.read_untracked(), Some(AppError::Conflict));
        // After a conflict, submitting again overwrites the version that is shown.
        let target = typed.filter(|_| !is_conflict).unwrap_or(document.target);
        let other = is_conflict.then(|| Other::on_site(document));
        let editor = Self {
            title: NodeRef::new(),
            tags: NodeRef::new(),
            content: NodeRef::new(),
            change_note: NodeRef::new(),
            options: NodeRef::new(),
            author: StoredValue::new(typed_author.or_else(Member::id)),
            target: RwSignal::new(target),
            content_max: document.content_max,
            other: RwSignal::new(other),
            form: StoredValue::new(form),
            problem,
            refused: StoredValue::new(None),
            changes: RwSignal::new(0),
        };
        Effect::new(move |_| {
            problem.track();
            editor.refused.set_value(editor.text());
        });
        editor
    }

    /// Returns the text in the form.
    pub(super) fn text(self) -> Option<Text> {
        // Not every text has these fields.
        let line = |node: NodeRef<Input>| node.get_untracked().map(|line| line.value()).unwrap_or_default();
        Some(Text {
            title: line(self.title),
            tags: line(self.tags),
            content: self.content.get_untracked()?.value(),
            change_note: line(self.change_note),
            details: options::read(self.option_fields()),
        })
    }

    /// Returns the form with the intent to save.
    pub(super) fn form(self) -> Option<PostForm> {
        let target = self.target.try_get_untracked()?;
        Some(self.form_with(self.text()?, target))
    }

    /// Returns the form that saves `text` to `target`.
    pub(super) fn form_with(self, text: Text, target: DraftTarget) -> PostForm {
        text.into_form(target, self.author.get_value(), self.content_max)
    }

    /// Replaces the text in the form.
    pub(super) fn replace(self, text: &Text) {
        if let (Some([title, tags]), Some(content)) = (self.lines(), self.content.get_untracked()) {
            title.set_value(&text.title);
            tags.set_value(&text.tags);
            content.set_value(&text.content);
            if let Some(note) = self.change_note.get_untracked() {
                note.set_value(&text.change_note);
            }
            if let Some(fields) = self.option_fields() {
                options::write(&fields, &text.details);
            }
            self.changes.update(|changes| *changes += 1);
        }
    }

    /// Removes errors that no longer apply after the text was saved.
    pub(super) fn clear_resolved_errors(self) {
        let problem = self.problem.get_untracked();
        let left = match &problem {
            Some(AppError::Invalid(errors)) => {
                let left = errors.only(|error| self.is_still_wrong(error.field));
                (!left.is_empty()).then(|| left.into())
            }
            Some(error) if error.is_passing() || error.is_about_account() => None,
            _ => return,
        };
        if let Some(form) = self.form.try_get_value().flatten().filter(|_| left != problem) {
            form.mend(left);
        }
    }

    /// Returns whether `field` still has a problem: it is unchanged or not valid.
    fn is_still_wrong(self, field: Field) -> bool {
        let same = |refused: &Option<Text>| refused.as_ref().map(|text| text.in_field(field).to_owned());
        let before = self.refused.with_value(same);
        let is_untouched = before == self.text().map(|text| text.in_field(field).to_owned());
        let checked = self.form().map(|form| form.validate());
        is_untouched
            || checked.is_some_and(|checked| checked.is_err_and(|errors| errors.for_field(field).is_some()))
    }

    /// Makes the fields read-only or editable.
    pub(super) fn lock(self, is_locked: bool) {
        if let (Some(lines), Some(content)) = (self.lines(), self.content.get_untracked()) {
            for line in lines.into_iter().chain(self.change_note.get_untracked()) {
                line.set_read_only(is_locked);
            }
            content.set_read_only(is_locked);
            if let Some(options) = self.options.get_untracked() {
                options.set_inert(is_locked);
            }
        }
    }

    /// Returns the element with the fields for what the post carries besides, if the editor has them.
    pub(super) fn option_fields(self) -> Option<Element> {
        self.options.get_untracked().map(Element::from)
    }

    /// Returns the single-line fields, once they are mounted.
    fn lines(self) -> Option<[HtmlInputElement; 2]> {
        Some([self.title.get_untracked()?, self.tags.get_untracked()?])
    }

    /// Returns the selection in the text.
    pub(super) fn selection(self) -> (usize, usize) {
        let Some(area) = self.content.get_untracked() else {
            return (0, 0);
        };
        let position = |found: Result<Option<u32>, _>| found.ok().flatten().unwrap_or_default() as usize;
        (position(area.selection_start()), position(area.selection_end()))
    }

    /// Focuses the text and selects a range.
    pub(super) fn select(self, start: usize, end: usize) {
        if let Some(area) = self.content.get_untracked() {
            // Does not fail for an element in the document.
            let _ = area.focus();
            let _ = area.set_selection_range(unit(start), unit(end));
        }
    }

    /// Focuses the text and keeps the selection.
    pub(super) fn focus_text(self) {
        let (start, end) = self.selection();
        self.select(start, end);
    }

    /// Begins the next item of a list or ends the list. Returns `false` if the cursor is in none.
    pub(super) fn begin_item(self) -> bool {
        let (start, end) = self.selection();
        let area = self.content.get_untracked().filter(|_| start == end);
        let edit = area.and_then(|area| list_item::next(&area.value(), start));
        let is_item = edit.is_some();
        if let Some(edit) = edit {
            self.edit(|_, _, _| edit);
        }
        is_item
    }

    /// Applies `edit` to the text and the selection.
    pub(super) fn edit(self, edit: impl FnOnce(&str, usize, usize) -> Edit) {
        let Some(area) = self.content.get_untracked() else {
            return;
        };
        let (start, end) = self.selection();
        let edit = edit(&area.value(), start, end);
        // Does not fail for an element in the document.
        let _ = area.focus();
        type_in(&area, &edit);
        let _ = area.set_selection_range(unit(edit.select.0), unit(edit.select.1));
        self.changes.update(|changes| *changes += 1);
    }
}

/// Returns the post and draft of a submitted form.
fn typed_target(form: FormContext) -> Option<DraftTarget> {
    form.typed(Field::Content.name())?;
    let number = |name| form.typed(name).and_then(|text| text.parse().ok());
    Some(DraftTarget {
        post: number("post"),
        post_version: number("post_version").unwrap_or_default(),
        draft: number("draft"),
        draft_version: number("draft_version").unwrap_or_default(),
    })
}

/// Replaces text like typing, so that it can be undone.
fn type_in(area: &HtmlTextAreaElement, edit: &Edit) {
    use leptos::wasm_bindgen::JsCast;

    let (start, end) = (unit(edit.start), unit(edit.end));
    // The positions come from the element itself.
    let _ = area.set_selection_range(start, end);
    let command = if edit.text.is_empty() {
        "delete"
    } else {
        "insertText"
    };
    let typed = document().dyn_into::<HtmlDocument>().ok().and_then(|page| {
        page.exec_command_with_show_ui_and_value(command, false, &edit.text)
            .ok()
    });
    if typed != Some(true) {
        let _ = area.set_range_text_with_start_and_end(&edit.text, start, end);
    }
}

fn unit(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
