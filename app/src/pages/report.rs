//! Reporting a post, a comment or a person.

use leptos::{children::ToChildren, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::report::{Report, question},
    components::{choices::Choices, form::Form, text_area::TextArea, text_field::TextField},
    pages::loaded::Loaded,
    resource::load,
    type_erasure::RepeatedChildren,
};
use shared::{
    error::AppError,
    forms::{Field, Form as _, grouped, report::REPORT_MAX},
    model::decision::{Ground, ReportDocument, ReportTarget},
    paths,
};

/// The form of a report.
#[component]
pub fn ReportPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let number = |name: &str| query.get(name)?.parse::<i64>().ok();
        match (number("post"), number("comment"), query.get("user")) {
            (Some(id), ..) => Some(ReportTarget::Post(id)),
            (None, Some(id), _) => Some(ReportTarget::Comment(id)),
            (None, None, name) => name.map(ReportTarget::User),
        }
    });
    let document = load(
        move || wanted.get(),
        |target| async move {
            match target {
                Some(ReportTarget::Post(id)) => question(Some(id), None, None).await,
                Some(ReportTarget::Comment(id)) => question(None, Some(id), None).await,
                Some(ReportTarget::User(name)) => question(None, None, Some(name)).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Loaded
            resource=document
            rejected=RepeatedChildren::to_children(move || {
                view! { <Fields target=wanted.get_untracked() document=None /> }
            })
            let:document
        >
            <Fields target=wanted.get_untracked() document=Some(document) />
        </Loaded>
    }
}

#[component]
fn Fields(target: Option<ReportTarget>, document: Option<ReportDocument>) -> impl IntoView {
    let action = ServerAction::<Report>::new();
    let query = target
        .as_ref()
        .map(|target| paths::report(target).replacen(paths::REPORT, "", 1));
    let (name, value) = match target {
        Some(ReportTarget::Post(id)) => ("post", id.to_string()),
        Some(ReportTarget::Comment(id)) => ("comment", id.to_string()),
        Some(ReportTarget::User(name)) => ("user", name),
        None => ("user", String::new()),
    };
    let is_guest = document.as_ref().is_none_or(|document| document.is_guest);
    let subject = document.map(|document| document.subject);
    let hint = format!(
        "Its author never learns who has reported it. At most {} characters.",
        grouped(REPORT_MAX),
    );
    let choices: Vec<_> = Ground::ALL
        .into_iter()
        .filter(|ground| !is_guest || *ground == Ground::Illegal)
        .map(|ground| (ground.name(), ground.label()))
        .collect();
    let chosen = if is_guest { Ground::Illegal.name() } else { "" };
    view! {
        <Form
            action
            check=|input| input.form.validate().map(drop)
            heading="Report"
            submit="Send report"
            query=query.unwrap_or_default()
        >
            {subject
                .map(|subject| {
                    view! {
                        <p class="lead" dir="auto">
                            {subject}
                        </p>
                    }
                })}
            <p>
                "A moderator looks at it and decides. "
                <a href=paths::TRANSPARENCY>"How often they have acted"</a>
            </p>
            <input type="hidden" name=name value=value />
            <Choices field=Field::Kind choices value=chosen.to_owned() hint=None />
            <TextArea field=Field::Report rows=5 hint />
            {is_guest
                .then(|| {
                    view! {
                        <TextField
                            field=Field::Email
                            kind="email"
                            autocomplete="email"
                            hint="We send you a receipt and the decision, and then forget the address."
                        />
                    }
                })}
        </Form>
    }
}
