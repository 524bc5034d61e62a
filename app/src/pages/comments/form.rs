//! The form of a comment.

use leptos::{ev::MouseEvent, html, prelude::*, task::spawn_local};

use super::kept::KeptComment;
use crate::{
    api::comment::{Create, Update, preview},
    components::{
        form::{FormContext, PostedForm, submission},
        posted::Posted,
        summary::{ErrorSummary, Explanation},
        text_area::TextArea,
    },
    resource::{PageResource, load},
    type_erasure::{Erase, ErasedChildren},
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, Form as _, comment::COMMENT_MAX, post::Intent},
};

/// A server function that receives the text of a comment.
pub(super) trait Written: Posted {
    /// Validates the text.
    fn check(&self) -> Result<(), FieldErrors>;
}

impl Written for Create {
    fn check(&self) -> Result<(), FieldErrors> {
        self.form.validate().map(drop)
    }
}

impl Written for Update {
    fn check(&self) -> Result<(), FieldErrors> {
        self.form.validate().map(drop)
    }
}

/// The HTML of a submitted comment, if a preview was requested without JavaScript.
pub(super) type PlainPreview = Option<Result<String, AppError>>;

/// Loads the preview that this page answers with, if any. It must be loaded together with the other data of the page.
pub(super) fn load_plain_preview() -> PageResource<Option<String>> {
    let wanted = submission().filter(|it| {
        let intent = it.typed.get(Intent::FIELD).map(String::as_str);
        it.error.is_none() && intent == Some(Intent::Preview.name())
    });
    let content = wanted.and_then(|it| it.typed.get(Field::Comment.name()).cloned());
    load(
        || (),
        move |()| {
            let content = content.clone();
            async move {
                match content {
                    Some(content) => preview(content).await.map(Some),
                    None => Ok(None),
                }
            }
        },
    )
}

/// The form of a comment, with hidden fields as its children.
#[component]
pub(super) fn CommentForm<S>(
    /// The server function.
    action: ServerAction<S>,
    /// The query of the address to which the form is posted.
    query: String,
    /// The label of the submit button.
    submit: &'static str,
    /// The text on the site.
    #[prop(optional)]
    value: String,
    /// The preview of a submission without JavaScript.
    #[prop(optional)]
    plain: PlainPreview,
    /// Whether the visitor has just opened the form.
    #[prop(optional)]
    is_opened: bool,
    /// Called when the comment has been published.
    on_done: Callback<()>,
    /// The address to which the link “Cancel” leads.
    #[prop(optional_no_strip)]
    cancel: Option<String>,
    /// The hidden fields.
    children: ErasedChildren,
) -> impl IntoView
where
    S: Written,
{
    let context = FormContext::provide(S::PATH);
    let area = NodeRef::<html::Textarea>::new();
    let kept = KeptComment::of(format!("{}{query}", S::PATH), area);
    Effect::new(move |_| {
        if let Some(area) = area.get().filter(|_| is_opened) {
            // After the page has moved the focus because its address has changed.
            request_animation_frame(move || {
                // Fails only if the element has left the document.
                let _ = area.focus();
            });
        }
    });
    let on_done = Callback::new(move |()| {
        kept.forget();
        on_done.run(());
    });
    let shown = RwSignal::new(plain);
    let on_preview = move |event: MouseEvent| {
        // Without JavaScript, the button submits the form.
        event.prevent_default();
        let Some(area) = area.try_get_untracked().flatten() else {
            return;
        };
        spawn_local(async move {
            let html = preview(area.value()).await;
            // The page may have been left.
            shown.try_set(Some(html));
        });
    };
    let buttons = move || {
        let cancel = cancel.clone();
        view! {
            <button
                type="submit"
                class="button button-quiet"
                name=Intent::FIELD
                value=Intent::Preview.name()
                on:click=on_preview
            >
                "Preview"
            </button>
            {cancel
                .map(|path| {
                    view! {
                        <a class="button button-quiet" href=path>
                            "Cancel"
                        </a>
                    }
                })}
        }
    };
    let hint = format!(
        "At most {} characters. You can use *emphasis*, **strong emphasis**, `code`, [links](https://example.org), lists and > quotations.",
        shared::forms::grouped(COMMENT_MAX)
    );
    let keep = move |_| {
        if let Some(area) = area.try_get_untracked().flatten() {
            kept.keep(&area.value());
        }
    };
    view! {
        <div class="comment-form" on:input=keep>
            <ErrorSummary problem=context.problem() />
            <PostedForm
                context
                action
                check=S::check
                submit
                dangerous=false
                on_done=Some(on_done)
                query
                busy=None
                buttons=ViewFn::from(buttons)
            >
                <Preview shown />
                {children.view()}
                <TextArea field=Field::Comment rows=5 hint value node_ref=area />
            </PostedForm>
        </div>
    }
}

/// The preview of a comment, which is announced when it appears.
#[component]
fn Preview(shown: RwSignal<PlainPreview>) -> impl IntoView {
    let preview = move || {
        shown.get().map(|html| match html {
            Ok(html) => view! {
                <div class="plain-preview">
                    <p class="plain-preview-label">"Preview"</p>
                    <div class="prose comment-text" inner_html=html></div>
                </div>
            }
            .erased(),
            Err(error) => view! { <p><Explanation error /></p> }.erased(),
        })
    };
    view! {
        <div class="comment-preview" aria-live="polite">
            {preview}
        </div>
    }
}
