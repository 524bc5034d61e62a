//! The preview of a text, made by the code that makes the page: beside the text where there is room, where it follows
//! what is written, and behind a tab elsewhere.

use std::time::Duration;

use leptos::{ev, html, prelude::*, task::spawn_local};

use super::state::EditorState;
use crate::{api, components::summary::Explanation};
use shared::error::AppError;

/// The HTML on the page.
mod patch;
/// The preview without JavaScript.
mod plain;
/// The way from one side to the other.
mod tabs;

pub(super) use plain::PlainPreview;
pub(in crate::pages::post) use plain::{PlainHtml, load_plain_preview};
pub(super) use tabs::Tabs;

/// Where both sides have room beside each other; `style/editor.css` says the same.
const ROOM: &str = "(min-width: 68.75rem) and (scripting: enabled)";
/// The time after which typed text is shown, with all that was typed meanwhile.
const PAUSE: Duration = Duration::from_millis(300);
/// Whoever goes on typing is shown it this often, which is within the limit for previews.
const APART: Duration = Duration::from_secs(1);
/// The time after which a preview that failed is asked for again.
const AGAIN: Duration = Duration::from_secs(8);

/// The two sides of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Write,
    Preview,
}

/// The preview while the page is there.
#[derive(Clone, Copy)]
pub(super) struct Preview {
    desk: EditorState,
    /// The side that is shown where there is room for one.
    side: RwSignal<Side>,
    /// There is room for both.
    is_beside: RwSignal<bool>,
    /// The newest HTML; nothing before the first.
    html: RwSignal<Option<String>>,
    /// The text of which it was made.
    shown: StoredValue<Option<String>>,
    /// The text that was sent last, unless it is to be sent again.
    asked: StoredValue<Option<String>>,
    /// Why it is not that of the text as it is now.
    problem: RwSignal<Option<AppError>>,
    /// A text has been sent, and its HTML is on its way.
    is_asking: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    panel: NodeRef<html::Div>,
}

impl Preview {
    pub(super) fn new(desk: EditorState) -> Self {
        let preview = Self {
            desk,
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
            desk.changes.track();
            if preview.shows(Side::Preview) {
                preview.ask_after(PAUSE);
            }
        });
        preview
    }

    /// Whether `side` is to be seen.
    pub(super) fn shows(self, side: Side) -> bool {
        // The page may have gone.
        self.is_beside.try_get() == Some(true) || self.side.try_get() == Some(side)
    }

    /// Finds out whether there is room for both sides.
    fn measure(self) {
        let query = window().match_media(ROOM).ok().flatten();
        let is_beside = query.is_some_and(|query| query.matches());
        if self.is_beside.get_untracked() != is_beside {
            self.is_beside.set(is_beside);
        }
    }

    /// Shows `side` where there is room for one.
    fn show(self, side: Side) {
        self.side.set(side);
        if side == Side::Preview {
            self.ask();
        }
    }

    /// Asks for the HTML of the text unless that is there, or another is on its way: then this one comes after it.
    fn ask(self) {
        self.stop_timer();
        let Some(form) = self.desk.form().filter(|_| !self.is_asking.get_untracked()) else {
            return;
        };
        if self
            .shown
            .with_value(|shown| shown.as_ref() == Some(&form.content))
        {
            // What was wrong with another text is so no more.
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
            // The page may have gone.
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

    /// Asks after this time, unless it is to be asked already, if the text is then another than the one that was sent.
    fn ask_after(self, time: Duration) {
        let is_over = self.timer.try_with_value(Option::is_none) != Some(true);
        if is_over || self.is_asking.get_untracked() {
            return;
        }
        let ask = move || {
            self.timer.try_set_value(None);
            let content = self.desk.text().map(|text| text.content);
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

    /// Shows `html`, made of `content`.
    fn accept(self, content: String, html: String) {
        self.shown.set_value(Some(content));
        self.problem.set(None);
        self.html.set(Some(html));
    }

    /// Scrolls the preview as far as the text beside it.
    pub(super) fn follow(self) {
        if self.is_beside.try_get_untracked() != Some(true) {
            return;
        }
        if let (Some(area), Some(panel)) = (self.desk.content.get_untracked(), self.panel.get_untracked()) {
            let range = area.scroll_height() - area.client_height();
            let range_beside = panel.scroll_height() - panel.client_height();
            let top = i64::from(area.scroll_top()) * i64::from(range_beside) / i64::from(range.max(1));
            if range > 0 {
                panel.set_scroll_top(i32::try_from(top).unwrap_or_default());
            }
        }
    }
}

/// The side that shows what it will look like.
///
/// Screen readers hear of problems alone; the rest is a part of the page to go to, and is not read out while somebody writes.
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
        // The element tells when it goes, and all else may have gone by then.
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
