//! Hiding a comment.

use leptos::{children::ToChildren, prelude::*};

use crate::{
    api::comment::{Hide, ask_to_hide},
    components::{form::Form, ground_choice::GroundChoice, text_area::TextArea},
    pages::{
        guard::{Member, MembersOnly},
        loaded::Loaded,
        query,
    },
    resource::load,
    type_erasure::RepeatedChildren,
};
use shared::{
    error::AppError,
    forms::{Field, Form as _, moderation::REASON_MAX},
    model::comment::CommentQuestion,
    paths,
};

/// The form that hides the comment in the URL.
#[component]
pub fn HideCommentPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Ask />
        </MembersOnly>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let wanted = query::number("comment");
    let question = load(
        move || wanted.get(),
        |id| async move {
            match id {
                Some(id) => ask_to_hide(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Loaded
            resource=question
            rejected=RepeatedChildren::to_children(move || {
                view! { <Fields id=wanted.get_untracked().unwrap_or_default() question=None /> }
            })
            let:question
        >
            <Fields id=question.comment.id question=Some(question) />
        </Loaded>
    }
}

#[component]
fn Fields(id: i64, question: Option<CommentQuestion>) -> impl IntoView {
    let action = ServerAction::<Hide>::new();
    let hint = format!("Everybody sees it in the place of the comment. At most {REASON_MAX} characters.");
    let query = paths::hide_comment(id).replacen(paths::HIDE_COMMENT, "", 1);
    let question = StoredValue::new(question);
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Hide comment"
            submit="Hide comment"
            query
            dangerous=true
            buttons=move || {
                view! {
                    <a class="button button-quiet" href=paths::comment(id)>
                        "Cancel"
                    </a>
                }
            }
        >
            {question
                .get_value()
                .map(|question| {
                    view! {
                        <figure class="comment-quoted">
                            <blockquote class="prose comment-text" inner_html=question.comment.html></blockquote>
                            <figcaption>{question.comment.author.name().to_owned()}</figcaption>
                        </figure>
                    }
                })}
            <p>
                "Its author, the author of the post and moderators can still read it. Replies to it stay. It can be shown again."
            </p>
            <input type="hidden" name="comment" value=id.to_string() />
            {Member::moderates().then(|| view! { <GroundChoice /> })}
            <TextArea field=Field::Reason rows=3 hint />
        </Form>
    }
}
