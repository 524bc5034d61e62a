//! The preview, rendered by the same code as the page: beside the text and synchronized with it if there is room,
//! otherwise in a tab.

use std::time::Duration;

use leptos::{ev, html, prelude::*, task::spawn_local};

use super::state::EditorState;
use crate::{api, components::summary::Explanation};
use shared::error::AppError;

/// Updating the HTML of the preview.
mod patch;
/// The preview without JavaScript.
mod plain;
/// The tabs.
mod tabs;

pub(in crate::pages) use plain::{PlainHtml, PlainPreview, load_plain_preview};
pub(super) use tabs::Tabs;

/// The media query for showing both sides, the same as in `style/editor.css`.
const ROOM: &str = "(min-width: 68.75rem) and (scripting: enabled)";
/// The pause in typing after which the preview is updated.
const PAUSE: Duration = Duration::from_millis(300);
/// The minimum interval between updates while typing continues, within the rate limit for previews.
const APART: Duration = Duration::from_secs(1);
/// The delay before a failed preview is retried.
const AGAIN: Duration = Duration::from_secs(8);

/// The sides of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Write,
    Preview,
}

/// The state of the preview.
#[derive(Clone, Copy)]
pub(super) struct Preview {
    editor: EditorState,
    /// The visible side if there is room for only one.
    side: RwSignal<Side>,
    /// Whether there is room for both.
    is_beside: RwSignal<bool>,
    /// The latest HTML; `None` before the first.
    html: RwSignal<Option<String>>,
    /// The text that the HTML was rendered from.
    shown: StoredValue<Option<String>>,
    /// The text of the last request, unless it is to be retried.
    asked: StoredValue<Option<String>>,
    /// The reason why the HTML is not up to date.
    problem: RwSignal<Option<AppError>>,
    /// Whether a request is in flight.
    is_asking: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    panel: NodeRef<html::Div>,
}

impl Preview {
    pub(super) fn new(editor: EditorState) -> Self {
        let preview = Self {
            editor,
            side: RwSignal::new(Side::Write),
            is_beside: RwSignal::new(false),
            html: RwSignal::new(None),
            shown: StoredValue::new(None),
            asked: StoredValue::new(None),
            problem: RwSignal::new(None),
            is_asking: RwSignal::new(false),
            timer: StoredValue::new(None),
            panel: NodeRef::new(),
        };
        Effect::new(move |_| {
            preview.measure();
            let resize = window_event_listener(ev::resize, move |_| preview.measure());
            on_cleanup(move || {
                resize.remove();
                preview.stop_timer();
            });
        });
        Effect::new(move |_| {
            editor.changes.track();
            if preview.shows(Side::Preview) {
                preview.ask_after(PAUSE);
            }
        });
        preview
    }

    /// Returns whether `side` is visible.
    pub(super) fn shows(self, side: Side) -> bool {
        // The page may have been left.
        self.is_beside.try_get() == Some(true) || self.side.try_get() == Some(side)
    }

    /// Checks whether there is room for both sides.
    fn measure(self) {
        let query = window().match_media(ROOM).ok().flatten();
        let is_beside = query.is_some_and(|query| query.matches());
        if self.is_beside.get_untracked() != is_beside {
            self.is_beside.set(is_beside);
        }
    }

    /// Switches to `side` if there is room for only one.
    fn show(self, side: Side) {
        self.side.set(side);
        if side == Side::Preview {
            self.ask();
        }
    }

    /// Requests the HTML of the text, unless it is up to date or another request is in flight, after which it is
    /// repeated.
    fn ask(self) {
        self.stop_timer();
        let Some(form) = self.editor.form().filter(|_| !self.is_asking.get_untracked()) else {
            return;
        };
        if self
            .shown
            .with_value(|shown| shown.as_ref() == Some(&form.content))
        {
            // A problem of another version of the text no longer applies.
            self.asked.set_value(Some(form.content));
            return self.problem.set(None);
        }
        self.asked.set_value(Some(form.content.clone()));
        if form.content.trim().is_empty() {
            return self.accept(form.content, String::new());
        }
        self.is_asking.set(true);
        let content = form.content.clone();
        spawn_local(async move {
            let answer = api::post::preview(form).await;
            // The page may have been left.
            if self.is_asking.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(html) => {
                    self.accept(content, html);
                    self.ask_after(APART);
                }
                Err(error) if error.is_passing() => {
                    let wait = error.retry_after().unwrap_or_default();
                    self.problem.set(Some(error));
                    self.asked.set_value(None);
                    self.ask_after(AGAIN.max(Duration::from_secs(wait.into())));
                }
                Err(error) => {
                    self.problem.set(Some(error));
                    self.ask_after(APART);
                }
            }
        });
    }

    /// Schedules a request if none is scheduled; it is skipped if the text has not changed by then.
    fn ask_after(self, time: Duration) {
        let is_over = self.timer.try_with_value(Option::is_none) != Some(true);
        if is_over || self.is_asking.get_untracked() {
            return;
        }
        let ask = move || {
            self.timer.try_set_value(None);
            let content = self.editor.text().map(|text| text.content);
            let is_new = self.asked.try_with_value(|asked| *asked != content) == Some(true);
            if is_new && untrack(|| self.shows(Side::Preview)) {
                self.ask();
            }
        };
        self.timer.set_value(set_timeout_with_handle(ask, time).ok());
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// Shows `html`, rendered from `content`.
    fn accept(self, content: String, html: String) {
        self.shown.set_value(Some(content));
        self.problem.set(None);
        self.html.set(Some(html));
    }

    /// Scrolls the preview to the same relative position as the text.
    pub(super) fn follow(self) {
        if self.is_beside.try_get_untracked() != Some(true) {
            return;
        }
        if let (Some(area), Some(panel)) = (self.editor.content.get_untracked(), self.panel.get_untracked()) {
            let range = area.scroll_height() - area.client_height();
            let range_beside = panel.scroll_height() - panel.client_height();
            let top = i64::from(area.scroll_top()) * i64::from(range_beside) / i64::from(range.max(1));
            if range > 0 {
                panel.set_scroll_top(i32::try_from(top).unwrap_or_default());
            }
        }
    }
}

/// The preview side.
///
/// Only problems are announced to screen readers; the preview itself is a region to navigate to.
#[component]
pub(super) fn PreviewPanel(preview: Preview) -> impl IntoView {
    let is_there = Memo::new(move |_| {
        preview
            .html
            .read()
            .as_ref()
            .is_some_and(|html| !html.trim().is_empty())
    });
    let page = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        // Runs also when the element is disposed, together with the signals.
        if let (Some(page), Some(html)) = (page.try_get().flatten(), preview.html.try_get().flatten()) {
            patch::patch(&page, &html);
            preview.follow();
        }
    });
    let problem = move || preview.problem.get().map(|error| view! { <Explanation error /> });
    let nothing = move || match *preview.html.read() {
        _ if is_there.get() => None,
        Some(_) => Some("Nothing to preview yet."),
        None => Some("Loading preview…"),
    };
    let is_beside = move || preview.is_beside.get();
    view! {
        <div class="preview-side" hidden=move || !preview.shows(Side::Preview)>
            <p class="preview-label" aria-hidden="true">
                "Preview"
            </p>
            <div
                class="preview"
                id="preview"
                role=move || if is_beside() { "region" } else { "tabpanel" }
                aria-label=move || is_beside().then_some("Preview")
                aria-labelledby=move || (!is_beside()).then_some("tab-preview")
                aria-busy=move || preview.is_asking.get().then_some("true")
                tabindex="0"
                node_ref=preview.panel
            >
                <p class="preview-note" role="status">
                    {problem}
                </p>
                <p class="preview-note">{nothing}</p>
                {move || {
                    is_there.get().then(|| view! { <div class="prose" node_ref=page></div> })
                }}
            </div>
        </div>
    }
}
