//! Erasing an earlier version of a post of another user.

use leptos::{children::ToChildren, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::{history::read, moderation::EraseVersionOfOther},
    components::{form::Form, text_area::TextArea},
    pages::{guard::ModeratorsOnly, loaded::Loaded, post::history::erase::EXPLANATION},
    resource::load,
    type_erasure::RepeatedChildren,
};
use shared::{
    error::AppError,
    forms::{Field, Form as _, moderation::REASON_MAX},
    paths,
};

/// The form that erases the version in the URL.
#[component]
pub fn ErasePage() -> impl IntoView {
    view! {
        <ModeratorsOnly>
            <Ask />
        </ModeratorsOnly>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let number = |name: &str| query.get(name)?.parse::<i64>().ok();
        number("post").zip(number("number"))
    });
    let history = load(
        move || wanted.get(),
        |wanted| async move {
            let (post, number) = wanted.ok_or(AppError::NotFound)?;
            let history = read(post, None, Some(number), None).await?;
            match (history.may_moderate, history.is_present(number)) {
                (false, _) => Err(AppError::RoleRequired),
                // What is on the site can be hidden.
                (true, true) => Err(AppError::NotFound),
                (true, false) => Ok(history),
            }
        },
    );
    view! {
        <Loaded
            resource=history
            rejected=RepeatedChildren::to_children(move || {
                let (post, number) = wanted.get_untracked().unwrap_or_default();
                view! { <Fields post number title=String::new() /> }
            })
            let:history
        >
            <Fields post=history.post.id number=history.difference.to title=history.title />
        </Loaded>
    }
}

#[component]
fn Fields(post: i64, number: i64, title: String) -> impl IntoView {
    let action = ServerAction::<EraseVersionOfOther>::new();
    let hint = format!("The author sees it in an email. At most {REASON_MAX} characters.");
    let query = paths::erase_version_of_other(post, number).replacen(paths::MODERATION_ERASE, "", 1);
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Erase version"
            submit="Erase version"
            query
            dangerous=true
        >
            <p>"Version " {number} " of “" {title} "”. " {EXPLANATION}</p>
            <input type="hidden" name="post" value=post.to_string() />
            <input type="hidden" name="number" value=number.to_string() />
            <TextArea field=Field::Reason rows=4 hint />
        </Form>
    }
}
