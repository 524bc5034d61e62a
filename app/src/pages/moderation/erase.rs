//! Erasing an earlier version of a post of another user.

use leptos::{children::ToChildren, prelude::*};

use crate::{
    api::moderation::EraseVersionOfOther,
    components::{form::Form, ground_choice::GroundChoice, text_area::TextArea},
    pages::{
        guard::ModeratorsOnly,
        loaded::Loaded,
        post::history::erase::{EXPLANATION, load_version, wanted_version},
    },
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
    let wanted = wanted_version();
    let history = load_version(wanted, |history| {
        if history.may_moderate {
            Ok(())
        } else {
            Err(AppError::RoleRequired)
        }
    });
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
                <GroundChoice />
    <TextArea field=Field::Reason rows=4 hint />
            </Form>
        }
}
