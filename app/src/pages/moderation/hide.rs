//! Hiding a post.

use leptos::{children::ToChildren, prelude::*};

use crate::{
    api::{self, moderation::Hide},
    components::{form::Form, ground_choice::GroundChoice, text_area::TextArea},
    pages::{guard::ModeratorsOnly, loaded::Loaded, query},
    resource::load,
    type_erasure::RepeatedChildren,
};
use shared::{
    error::AppError,
    forms::{Field, Form as _, moderation::REASON_MAX},
};

/// The form that hides the post in the URL.
#[component]
pub fn HidePostPage() -> impl IntoView {
    view! {
        <ModeratorsOnly>
            <Ask />
        </ModeratorsOnly>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let wanted = query::number("post");
    let post = load(
        move || wanted.get(),
        |id| async move {
            match id {
                Some(id) => api::post::read(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Loaded
            resource=post
            rejected=RepeatedChildren::to_children(move || {
                let id = wanted.get_untracked().unwrap_or_default();
                view! { <Fields id title=String::new() author=String::new() /> }
            })
            let:post
        >
            <Fields
                id=wanted.get_untracked().unwrap_or_default()
                title=post.card.title
                author=post.card.author.name().to_owned()
            />
        </Loaded>
    }
}

#[component]
fn Fields(id: i64, title: String, author: String) -> impl IntoView {
    let action = ServerAction::<Hide>::new();
    let hint = format!("The author sees it on the site and in an email. At most {REASON_MAX} characters.");
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Hide post"
            submit="Hide post"
            query=format!("?post={id}")
            dangerous=true
        >
            <p>"“" {title} "” by " {author} " is hidden immediately. It can be shown again."</p>
            <input type="hidden" name="post" value=id.to_string() />
            <GroundChoice />
            <TextArea field=Field::Reason rows=4 hint />
        </Form>
    }
}
