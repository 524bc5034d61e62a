//! Write a post.

use leptos::prelude::*;

use crate::{
    api::post::Create,
    components::{form::Form, text_area::TextArea, text_field::TextField},
    forms::{
        Field, Form as _,
        post::{CONTENT_MAX, TITLE_MAX},
    },
    pages::guard::MembersOnly,
};

/// The form that publishes a post.
#[component]
pub fn NewPostPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <Editor />
        </MembersOnly>
    }
}

#[component]
fn Editor() -> impl IntoView {
    let action = ServerAction::<Create>::new();
    let title = format!("At most {TITLE_MAX} characters.");
    let content = format!(
        "In Markdown: *italic*, **bold**, # heading, [link](address). At most {CONTENT_MAX} characters."
    );
    view! {
        <Form action check=|input| input.form.validate().map(drop) heading="New post" submit="Publish">
            <TextField field=Field::Title hint=title />
            <TextArea field=Field::Content rows=18 hint=content />
        </Form>
    }
}
