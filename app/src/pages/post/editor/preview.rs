//! What the text will look like, made by the code that makes the page.

use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};

use super::desk::{Desk, typed_target};
use crate::{
    api,
    components::{form::FormContext, summary::Explanation},
    erased::Erase,
    error::AppError,
    forms::{
        Field,
        post::{CONTENT_MAX_FIELD, Intent, PostForm},
    },
    loaded::load,
};

/// The two sides of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Write,
    Preview,
}

/// The preview while the page is there.
#[derive(Clone, Copy)]
pub(super) struct Preview {
    desk: Desk,
    pub side: RwSignal<Side>,
    html: RwSignal<Option<Result<String, AppError>>>,
}

impl Preview {
    pub(super) fn new(desk: Desk) -> Self {
        Self {
            desk,
            side: RwSignal::new(Side::Write),
            html: RwSignal::new(None),
        }
    }

    fn show(self, side: Side) {
        self.side.set(side);
        if side == Side::Write {
            return;
        }
        let Some(form) = self.desk.form() else {
            return;
        };
        if form.content.trim().is_empty() {
            self.html.set(Some(Ok(String::new())));
            return;
        }
        self.html.set(None);
        spawn_local(async move {
            let answer = api::post::preview(form).await;
            // The page may have gone.
            let _ = self.html.try_set(Some(answer));
        });
    }
}

/// The way from one side to the other.
#[component]
pub(super) fn Tabs(preview: Preview) -> impl IntoView {
    let tabs = [
        (Side::Write, "Write", "write"),
        (Side::Preview, "Preview", "preview"),
    ];
    let nodes = [NodeRef::<html::Button>::new(), NodeRef::new()];
    let turn = move |event: KeyboardEvent| {
        if !matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            return;
        }
        let (side, [write, other]) = match preview.side.get_untracked() {
            Side::Write => (Side::Preview, nodes),
            Side::Preview => (Side::Write, nodes),
        };
        preview.show(side);
        let tab = if side == Side::Write { write } else { other };
        if let Some(tab) = tab.get_untracked() {
            // An element that is on the page takes the focus.
            let _ = tab.focus();
        }
    };
    let tabs = tabs.into_iter().zip(nodes).map(|((side, label, id), node)| {
        let is_shown = move || preview.side.get() == side;
        view! {
            <button
                type="button"
                role="tab"
                class="tab"
                id=format!("tab-{id}")
                aria-controls=id
                aria-selected=move || is_shown().to_string()
                tabindex=move || if is_shown() { "0" } else { "-1" }
                on:click=move |_| preview.show(side)
                node_ref=node
            >
                {label}
            </button>
        }
    });
    view! {
        <div class="tabs" role="tablist" aria-label="Text" on:keydown=turn>
            {tabs.collect_view()}
        </div>
    }
}

/// The side that shows what it will look like.
#[component]
pub(super) fn PreviewPanel(preview: Preview) -> impl IntoView {
    let shown = move || match preview.html.get() {
        None => view! { <p class="preview-note">"Rendering…"</p> }.erased(),
        Some(Ok(html)) if html.trim().is_empty() => {
            view! { <p class="preview-note">"Nothing to see yet."</p> }.erased()
        }
        Some(Ok(html)) => view! { <div class="prose" inner_html=html></div> }.erased(),
        Some(Err(error)) => view! { <p class="preview-note"><Explanation error /></p> }.erased(),
    };
    view! {
        <div
            class="preview"
            id="preview"
            role="tabpanel"
            aria-labelledby="tab-preview"
            tabindex="0"
            hidden=move || preview.side.get() == Side::Write
        >
            {shown}
        </div>
    }
}

/// What the text looks like that came back with the form, without JavaScript.
#[component]
pub(super) fn PlainPreview() -> impl IntoView {
    let form = use_context::<FormContext>();
    let wanted = form.filter(|form| form.typed(Intent::FIELD).as_deref() == Some(Intent::Preview.name()));
    let typed = |field: Field| {
        wanted
            .and_then(|form| form.typed(field.name()))
            .unwrap_or_default()
    };
    let (title, content) = (typed(Field::Title), typed(Field::Content));
    let target = wanted.and_then(typed_target).unwrap_or_default();
    let content_max = wanted.and_then(|form| form.typed(CONTENT_MAX_FIELD)?.parse().ok());
    let content_max = content_max.unwrap_or_default();
    let is_refused = wanted.is_some_and(|form| form.problem().read_untracked().is_some());
    (wanted.is_some() && !is_refused).then(move || {
        let heading = title.clone();
        let rendered = load(
            || (),
            move |()| {
                api::post::preview(PostForm {
                    post: target.post,
                    draft: target.draft,
                    title: title.clone(),
                    content: content.clone(),
                    content_max,
                    ..PostForm::default()
                })
            },
        );
        view! {
            <section class="plain-preview" aria-label="Preview">
                <p class="plain-preview-label">"Preview"</p>
                <h2 class="plain-preview-title" dir="auto">{heading}</h2>
                <Suspense>
                    {move || Suspend::new(async move {
                        match rendered.await {
                            Ok(html) => view! { <div class="prose" inner_html=html></div> }.erased(),
                            Err(error) => view! { <p><Explanation error /></p> }.erased(),
                        }
                    })}
                </Suspense>
            </section>
        }
    })
}
