//! What the parts of the editor share: the text on the page, and what is known of where it is kept.

use leptos::{
    html::{Input, Textarea},
    prelude::*,
};
use time::OffsetDateTime;
use web_sys::{HtmlDocument, HtmlInputElement, HtmlTextAreaElement};

use super::{list_item, markup::Edit};
use crate::{components::form::FormContext, pages::guard::Member};
use shared::{
    error::AppError,
    forms::{
        Field, Form as _,
        post::{AUTHOR, Intent, PostForm},
    },
    model::post::{DraftTarget, EditorDocument},
};

/// The editor while it is on its page.
#[derive(Clone, Copy)]
pub(super) struct EditorState {
    pub title: NodeRef<Input>,
    pub tags: NodeRef<Input>,
    pub content: NodeRef<Textarea>,
    /// Whose text it is.
    pub author: StoredValue<Option<i64>>,
    /// Which text it is.
    pub target: RwSignal<DraftTarget>,
    /// How many characters the text may have; 0 for as many as any other.
    pub content_max: usize,
    /// Another text that somebody has to choose from.
    pub other: RwSignal<Option<Other>>,
    form: Option<FormContext>,
    /// What is wrong with the form.
    pub problem: RwSignal<Option<AppError>>,
    /// The text with which something was wrong.
    refused: StoredValue<Option<Text>>,
    /// Rises whenever the text has changed.
    pub changes: RwSignal<usize>,
}

/// What somebody writes, as it stands in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text {
    pub title: String,
    pub tags: String,
    pub content: String,
}

impl Text {
    /// What the site has.
    pub(super) fn of(manuscript: &EditorDocument) -> Self {
        Self {
            title: manuscript.title.clone(),
            tags: manuscript.tags.to_string(),
            content: manuscript.content.clone(),
        }
    }

    /// Returns the value of `field`.
    fn in_field(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::Tags => &self.tags,
            _ => &self.content,
        }
    }

    /// Whether nothing has been written yet.
    pub(super) fn is_empty(&self) -> bool {
        self.title.is_empty() && self.content.is_empty()
    }
}

/// Another text than the one on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Other {
    pub text: Text,
    /// Which text it is.
    pub target: DraftTarget,
    pub saved_at: Option<OffsetDateTime>,
    pub origin: Origin,
    /// How many more there are.
    pub more: usize,
}

/// Where another text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// It was saved meanwhile.
    Site,
    /// There is none any more: the draft was published or discarded meanwhile.
    Gone,
    /// It was left behind in this browser, in the copy of this name, if it is kept at all.
    Browser(Option<String>),
}

impl Other {
    /// What has become of a text meanwhile, as the site has it now.
    pub(super) fn on_site(manuscript: EditorDocument) -> Self {
        let is_there = manuscript.target != DraftTarget::default();
        Self {
            text: Text::of(&manuscript),
            target: manuscript.target,
            saved_at: manuscript.saved_at,
            more: 0,
            origin: if is_there { Origin::Site } else { Origin::Gone },
        }
    }

    /// A text that was left in this browser, in the copy called `key` if it is kept.
    pub(super) fn left(key: Option<String>, text: Text) -> Self {
        Self {
            text,
            target: DraftTarget::default(),
            saved_at: None,
            origin: Origin::Browser(key),
            more: 0,
        }
    }

    /// Whether the text in the form has to wait until somebody has chosen.
    pub(super) fn is_newer(&self) -> bool {
        !matches!(self.origin, Origin::Browser(_))
    }
}

impl EditorState {
    /// The editor for `manuscript` in this form.
    pub(super) fn new(form: Option<FormContext>, manuscript: &EditorDocument) -> Self {
        let problem = form.map_or_else(|| RwSignal::new(None), FormContext::problem);
        let typed = form.and_then(typed_target);
        let typed_author = form.and_then(|form| form.typed(AUTHOR)?.parse().ok());
        let is_conflict = matches!(*problem.read_untracked(), Some(AppError::Conflict));
        // After a conflict, whoever sends their text again has seen the other.
        let target = typed.filter(|_| !is_conflict).unwrap_or(manuscript.target);
        let other = is_conflict.then(|| Other::on_site(manuscript.clone()));
        let desk = Self {
            title: NodeRef::new(),
            tags: NodeRef::new(),
            content: NodeRef::new(),
            author: StoredValue::new(typed_author.or_else(Member::id)),
            target: RwSignal::new(target),
            content_max: manuscript.content_max,
            other: RwSignal::new(other),
            form,
            problem,
            refused: StoredValue::new(None),
            changes: RwSignal::new(0),
        };
        Effect::new(move |_| {
            problem.track();
            desk.refused.set_value(desk.text());
        });
        desk
    }

    /// What stands in the form.
    pub(super) fn text(self) -> Option<Text> {
        Some(Text {
            title: self.title.get_untracked()?.value(),
            tags: self.tags.get_untracked()?.value(),
            content: self.content.get_untracked()?.value(),
        })
    }

    /// The form as it would be sent, to be saved.
    pub(super) fn form(self) -> Option<PostForm> {
        let Text { title, tags, content } = self.text()?;
        let target = self.target.try_get_untracked()?;
        Some(PostForm {
            intent: Intent::Save,
            author: self.author.get_value(),
            post: target.post,
            post_version: target.post_version,
            draft: target.draft,
            draft_version: target.draft_version,
            title,
            tags,
            content,
            content_max: i64::try_from(self.content_max).unwrap_or_default(),
        })
    }

    /// Puts another text into the form.
    pub(super) fn replace(self, text: &Text) {
        if let (Some([title, tags]), Some(content)) = (self.lines(), self.content.get_untracked()) {
            title.set_value(&text.title);
            tags.set_value(&text.tags);
            content.set_value(&text.content);
            self.changes.update(|changes| *changes += 1);
        }
    }

    /// Takes away what was wrong and is not any more, now that the text is saved.
    pub(super) fn mend(self) {
        let problem = self.problem.get_untracked();
        let left = match &problem {
            Some(AppError::Invalid(errors)) => {
                let left = errors.only(|error| self.is_still_wrong(error.field));
                (!left.is_empty()).then(|| left.into())
            }
            Some(error) if error.is_passing() || error.is_about_account() => None,
            _ => return,
        };
        if let Some(form) = self.form.filter(|_| left != problem) {
            form.mend(left);
        }
    }

    /// Whether what was wrong with `field` is wrong yet: it is as it was, or checking it finds something.
    fn is_still_wrong(self, field: Field) -> bool {
        let same = |refused: &Option<Text>| refused.as_ref().map(|text| text.in_field(field).to_owned());
        let before = self.refused.with_value(same);
        let is_untouched = before == self.text().map(|text| text.in_field(field).to_owned());
        let checked = self.form().map(|form| form.validate());
        is_untouched || checked.is_some_and(|checked| checked.is_err_and(|errors| errors.of(field).is_some()))
    }

    /// Lets nobody change the text, or lets them again.
    pub(super) fn lock(self, is_locked: bool) {
        if let (Some(lines), Some(content)) = (self.lines(), self.content.get_untracked()) {
            for line in lines {
                line.set_read_only(is_locked);
            }
            content.set_read_only(is_locked);
        }
    }

    /// The fields of one line, once they are on the page.
    fn lines(self) -> Option<[HtmlInputElement; 2]> {
        Some([self.title.get_untracked()?, self.tags.get_untracked()?])
    }

    /// From where to where the text is selected.
    pub(super) fn selection(self) -> (usize, usize) {
        let Some(area) = self.content.get_untracked() else {
            return (0, 0);
        };
        let position = |found: Result<Option<u32>, _>| found.ok().flatten().unwrap_or_default() as usize;
        (position(area.selection_start()), position(area.selection_end()))
    }

    /// Takes the focus to the text, with this part of it selected.
    pub(super) fn select(self, start: usize, end: usize) {
        if let Some(area) = self.content.get_untracked() {
            // An element that is on the page takes the focus.
            let _ = area.focus();
            let _ = area.set_selection_range(unit(start), unit(end));
        }
    }

    /// Takes the focus to where the text was being written.
    pub(super) fn go_on(self) {
        let (start, end) = self.selection();
        self.select(start, end);
    }

    /// Begins the next item of a list, or ends it; `false` where the cursor is in none.
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

    /// Changes the text by what `edit` makes of it and of what is selected.
    pub(super) fn edit(self, edit: impl FnOnce(&str, usize, usize) -> Edit) {
        let Some(area) = self.content.get_untracked() else {
            return;
        };
        let (start, end) = self.selection();
        let edit = edit(&area.value(), start, end);
        // An element that is on the page takes the focus.
        let _ = area.focus();
        type_in(&area, &edit);
        let _ = area.set_selection_range(unit(edit.select.0), unit(edit.select.1));
        self.changes.update(|changes| *changes += 1);
    }
}

/// Which text the form was about when it was sent.
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

/// Replaces text as if it were typed, so that it can be undone as well.
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
