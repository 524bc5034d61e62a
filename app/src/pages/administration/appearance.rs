//! Changing the accent colour and the custom CSS.

use leptos::{html::Input, prelude::*};

use super::values::{SettingsOnly, Values, hint_of, show_conflicts};
use crate::{
    api::site::ChangeAppearance,
    components::{
        accent_preview::AccentPreview,
        form::{Form, FormContext},
        text_area::TextArea,
        text_field::TextField,
    },
    http,
    type_erasure::Erase,
};
use shared::{
    forms::{Form as _, appearance::CUSTOM_CSS_MAX},
    model::{
        accent,
        site::{Setting, SettingValues},
    },
};

/// The form with the accent colour and the custom CSS.
#[component]
pub fn AppearancePage() -> impl IntoView {
    view! { <SettingsOnly form=|current| view! { <AppearanceForm current /> }.erased() /> }
}

#[component]
fn AppearanceForm(current: SettingValues) -> impl IntoView {
    let action = ServerAction::<ChangeAppearance>::new();
    // Every page shows the colours, so the whole document is loaded again.
    let on_done = Callback::new(|()| http::reload());
    view! {
        <Form
            action
            on_done
            check=|input| input.form.validate().map(drop)
            heading="Appearance"
            submit="Save appearance"
        >
            <Fields current=current.clone() />
        </Form>
    }
}

#[component]
fn Fields(current: SettingValues) -> impl IntoView {
    let values = Values::provide(current);
    show_conflicts(values);
    view! {
        <input type="hidden" name="base" value=move || values.base() />
        <AccentField values />
        <CssField values />
    }
}

#[component]
fn AccentField(values: Values) -> impl IntoView {
    let setting = Setting::Accent;
    let value = values.value(setting);
    let hint = hint_of(
        value.as_ref(),
        "Links, buttons and the focus in the light theme. The dark theme has a lighter tint of it.",
    );
    let readonly = value.as_ref().is_some_and(|value| value.fixed_by.is_some());
    let value = value.map_or_else(|| accent::DEFAULT_TEXT.to_owned(), |value| value.value);
    let typed = use_context::<FormContext>().and_then(|form| form.typed(setting.name()));
    let shown = RwSignal::new(typed.unwrap_or_else(|| value.clone()));
    let input = NodeRef::<Input>::new();
    let show = move |_| {
        if let Some(input) = input.get_untracked() {
            shown.set(input.value());
        }
    };
    view! {
        <div class="accent-field" on:input=show>
            <TextField
                field=setting.field()
                kind="color"
                readonly
                value
                hint=hint.unwrap_or_default()
                node_ref=input
            />
            <Theirs values setting />
            <AccentPreview colour=shown />
        </div>
    }
}

#[component]
fn CssField(values: Values) -> impl IntoView {
    let setting = Setting::CustomCss;
    let value = values.value(setting);
    let hint = format!(
        "At most {} KiB. Not used on the pages of accounts, moderation and administration. url() may name pictures that you have uploaded to a post, such as /media/image/….",
        CUSTOM_CSS_MAX / 1024
    );
    let hint = hint_of(value.as_ref(), &hint);
    let readonly = value.as_ref().is_some_and(|value| value.fixed_by.is_some());
    let value = value.map(|value| value.value).unwrap_or_default();
    view! {
        <TextArea
            field=setting.field()
            rows=12
            optional=true
            readonly
            value
            hint=hint.unwrap_or_default()
        />
        <Theirs values setting />
    }
}

/// The value that somebody else has saved in the meantime, if any.
#[component]
fn Theirs(values: Values, setting: Setting) -> impl IntoView {
    move || {
        let theirs = values.theirs(setting);
        theirs.map(|text| view! { <pre class="field-theirs">"It is now:\n" {text}</pre> })
    }
}
