//! Deciding about an appeal.

use leptos::{children::ToChildren, prelude::*};

use crate::{
    api::report::{DecideAppeal, read_appeal},
    components::{choices::Choices, decision::Decision, form::Form, text_area::TextArea},
    pages::{error_page::ErrorPage, guard::ModeratorsOnly, loaded::Loaded, query},
    resource::load,
    type_erasure::{Erase, RepeatedChildren},
};
use shared::{
    error::AppError,
    forms::{Field, Form as _, moderation::REASON_MAX, report::DecideAppealForm},
    model::decision::WaitingAppeal,
    paths,
};

/// The form that decides about the appeal in the URL.
#[component]
pub fn DecideAppealPage() -> impl IntoView {
    view! {
        <ModeratorsOnly>
            <Ask />
        </ModeratorsOnly>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let wanted = query::number("decision");
    let appeal = load(
        move || wanted.get(),
        |id| async move {
            match id {
                Some(id) => read_appeal(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Loaded
            resource=appeal
            rejected=RepeatedChildren::to_children(move || {
                view! { <Fields id=wanted.get_untracked().unwrap_or_default() appeal=None /> }
            })
            let:appeal
        >
            {if appeal.may_decide {
                view! { <Fields id=appeal.decision.id appeal=Some(appeal) /> }.erased()
            } else {
                view! { <ErrorPage error=AppError::OwnDecision /> }.erased()
            }}
        </Loaded>
    }
}

#[component]
fn Fields(id: i64, appeal: Option<WaitingAppeal>) -> impl IntoView {
    let action = ServerAction::<DecideAppeal>::new();
    let hint = format!("The person reads it on the site and in an email. At most {REASON_MAX} characters.");
    let choices = vec![
        (
            DecideAppealForm::REVERSE,
            "Grant the appeal, and undo what was done",
        ),
        (DecideAppealForm::KEEP, "Refuse the appeal"),
    ];
    let query = paths::decide_appeal(id).replacen(paths::DECIDE_APPEAL, "", 1);
    let appeal = StoredValue::new(appeal);
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Decide about an appeal"
            submit="Save decision"
            query
        >
            {appeal
                .get_value()
                .map(|appeal| {
                    view! {
                        <p>
                            "Of " <a href=paths::user(&appeal.username)>{appeal.username.clone()}</a>
                            ", against a decision of " {appeal.moderator}
                        </p>
                        <Decision decision=appeal.decision />
                    }
                })}
            <input type="hidden" name="decision" value=id.to_string() />
            <Choices field=Field::Outcome choices value=String::new() hint=None />
            <TextArea field=Field::Reason rows=4 hint />
        </Form>
    }
}
