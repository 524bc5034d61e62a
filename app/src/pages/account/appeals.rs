//! The decisions of moderators about the user, and appeals against them.

use leptos::{children::ToChildren, prelude::*};

use crate::{
    api::report::{Appeal, list_decisions},
    components::{
        decision::Decision, form::Form, section_nav::AccountNav, text_area::TextArea, title::PageTitle,
    },
    pages::{guard::MembersOnly, loaded::Loaded, query},
    resource::load,
    type_erasure::{Erase, RepeatedChildren},
};
use shared::{
    forms::{Field, Form as _, report::APPEAL_MAX},
    model::decision::DecisionCard,
    paths,
};

/// The decisions about the user, or the form of an appeal against the one in the URL.
#[component]
pub fn AppealsPage() -> impl IntoView {
    view! {
        <MembersOnly>
            <AccountNav />
            <List />
        </MembersOnly>
    }
}

#[component]
fn List() -> impl IntoView {
    let wanted = query::number("decision");
    let decisions = load(move || wanted.get(), |_| list_decisions());
    view! {
        <Loaded
            resource=decisions
            rejected=RepeatedChildren::to_children(move || {
                view! { <Fields id=wanted.get_untracked().unwrap_or_default() decision=None /> }
            })
            let:list
        >
            {
                let id = wanted.get_untracked();
                let asked = list.iter().find(|decision| Some(decision.id) == id && decision.is_appealable);
                match asked.cloned() {
                    Some(decision) => view! { <Fields id=decision.id decision=Some(decision) /> }.erased(),
                    None => view! { <All list /> }.erased(),
                }
            }
        </Loaded>
    }
}

#[component]
fn All(list: Vec<DecisionCard>) -> impl IntoView {
    let is_empty = list.is_empty();
    let rows = list
        .into_iter()
        .map(|decision| view! { <Row decision /> })
        .collect_view();
    view! {
        <PageTitle text="Decisions" />
        <h1>"Decisions"</h1>
        {is_empty.then(|| view! { <p>"Moderators have decided nothing about you or your texts."</p> })}
        <ul class="rows">{rows}</ul>
    }
}

#[component]
fn Row(decision: DecisionCard) -> impl IntoView {
    let path = decision.is_appealable.then(|| paths::appeal(decision.id));
    let description = format!("Appeal: a moderator {}", decision.act.words());
    view! {
        <li class="row">
            <div>
                <Decision decision />
            </div>
            {path
                .map(|path| {
                    view! {
                        <a class="button button-quiet" href=path aria-label=description>
                            "Appeal"
                        </a>
                    }
                })}
        </li>
    }
}

/// The form of an appeal.
#[component]
fn Fields(id: i64, decision: Option<DecisionCard>) -> impl IntoView {
    let action = ServerAction::<Appeal>::new();
    let hint = format!(
        "Another moderator reads it and decides, if there is one. You can appeal once. At most {APPEAL_MAX} characters."
    );
    let query = paths::appeal(id).replacen(paths::ACCOUNT_APPEALS, "", 1);
    let decision = StoredValue::new(decision);
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Appeal"
            submit="Send appeal"
            query
        >
            {decision.get_value().map(|decision| view! { <Decision decision /> })}
            <input type="hidden" name="decision" value=id.to_string() />
            <TextArea field=Field::Appeal rows=6 hint />
        </Form>
    }
}
