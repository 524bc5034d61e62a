//! Changing the navigation bar and the links in the footer.

use leptos::prelude::*;

use super::values::{SettingsOnly, Values, show_conflicts};
use crate::{
    api::site::ChangeNavigation,
    components::{
        form::{Form, FormContext},
        form_section::FormSection,
        text_field::{FieldMessages, field_messages},
    },
    http,
    type_erasure::Erase,
};
use shared::{
    forms::{
        Field, FieldProblem, Form as _,
        navigation::{BAR_MAX, FOOTER_MAX, NavigationForm},
    },
    model::{
        navigation::{self, NavEntry},
        site::{Setting, SettingValues},
    },
};

/// The number of empty rows at the end.
const EMPTY_ROWS: usize = 3;

/// The form with the navigation bar and the links in the footer.
#[component]
pub fn NavigationPage() -> impl IntoView {
    view! { <SettingsOnly form=|current| view! { <ArrangeForm current /> }.erased() /> }
}

fn check(input: &ChangeNavigation) -> Result<(), shared::forms::FieldErrors> {
    let form = NavigationForm {
        navigation: input.navigation.clone(),
        footer_links: input.footer_links.clone(),
        base: String::new(),
    };
    form.validate().map(drop)
}

#[component]
fn ArrangeForm(current: SettingValues) -> impl IntoView {
    let action = ServerAction::<ChangeNavigation>::new();
    // Every page shows the navigation, so the whole document is loaded again.
    let on_done = Callback::new(|()| http::reload());
    view! {
        <Form action on_done check heading="Navigation" submit="Save navigation">
            <Lists current=current.clone() />
        </Form>
    }
}

#[component]
fn Lists(current: SettingValues) -> impl IntoView {
    let values = Values::provide(current);
    show_conflicts(values);
    view! {
        <input type="hidden" name="base" value=move || values.base() />
        <FormSection legend="Navigation bar">
            <Rows
                setting=Setting::Navigation
                most=BAR_MAX
                hint="An address is a page of this site, such as /about, or one of another site, such as https://example.org. To move an entry, change the number of its place. To remove it, clear its label and address. Pages that are in the bar by their own choice follow these entries."
            />
        </FormSection>
        <FormSection legend="Footer">
            <Rows
                setting=Setting::FooterLinks
                most=FOOTER_MAX
                hint="A row without an address is the heading of the rows below it. Pages that are in the footer by their own choice follow these links."
            />
        </FormSection>
    }
}

#[component]
fn Rows(setting: Setting, most: usize, hint: &'static str) -> impl IntoView {
    let values = use_context::<Values>();
    let value = values.and_then(|values| values.value(setting));
    let readonly = value.as_ref().is_some_and(|value| value.fixed_by.is_some());
    let field = setting.field();
    let hint = super::values::hint_of(value.as_ref(), hint);
    let (error, described_by) = field_messages(field, hint.is_some());
    let entries = navigation::read(&value.map(|value| value.value).unwrap_or_default());
    let rows = if readonly {
        entries.len()
    } else {
        most.min(entries.len() + EMPTY_ROWS)
    };
    // The rows that were submitted, if there were more.
    let form = use_context::<FormContext>();
    let is_typed = |number: usize| {
        form.is_some_and(|form| {
            form.typed(&format!("{}[{number}][label]", field.name()))
                .is_some()
        })
    };
    let rows = (rows..most).take_while(|number| is_typed(*number)).count() + rows;
    let rows = (0..rows).map(|number| {
        let entry = entries.get(number).cloned().unwrap_or_default();
        view! { <Row field number entry readonly /> }
    });
    let rows = rows.collect_view();
    view! {
        <div class="field" id=field.name() tabindex="-1" role="group" aria-describedby=described_by>
            <FieldMessages field hint error />
            <ol class="nav-rows">{rows}</ol>
            {move || {
                let theirs = values.and_then(|values| values.theirs(setting));
                theirs.map(|text| view! { <pre class="field-theirs">"It is now:\n" {text}</pre> })
            }}
        </div>
    }
}

#[component]
fn Row(field: Field, number: usize, entry: NavEntry, readonly: bool) -> impl IntoView {
    let form = use_context::<FormContext>();
    let list = field.name();
    let wrong = Memo::new(move |_| match form.and_then(|form| form.problem_of(field)) {
        Some(FieldProblem::EntryLabel(row)) if row == number + 1 => Some("label"),
        Some(FieldProblem::EntryAddress(row)) if row == number + 1 => Some("address"),
        _ => None,
    });
    let cell = |part: &'static str, label: &'static str, initial: String| {
        let name = format!("{list}[{number}][{part}]");
        let value = form.and_then(|form| form.typed(&name)).unwrap_or(initial);
        let id = format!("{list}-{number}-{part}");
        view! {
            <div class=format!("nav-row-{part}")>
                <label for=id.clone() class:visually-hidden=(number > 0)>
                    {label}
                    <span class="visually-hidden">{format!(", row {}", number + 1)}</span>
                </label>
                <input
                    id=id
                    name=name
                    type="text"
                    value=value
                    dir="auto"
                    readonly=readonly
                    autocomplete="off"
                    aria-invalid=move || (wrong.get() == Some(part)).then_some("true")
                />
            </div>
        }
    };
    view! {
        <li class="nav-row">
            {cell("place", "Place", (number + 1).to_string())} {cell("label", "Label", entry.label)}
            {cell("address", "Address", entry.address)}
        </li>
    }
}
