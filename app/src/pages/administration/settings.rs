//! Changing the settings of the site.

use leptos::prelude::*;

use super::values::{SettingsOnly, Values, hint_of, show_conflicts};
use crate::{
    api::site::ChangeSiteSettings,
    components::{
        checkbox::Checkbox, choices::Choices, form::Form, form_section::FormSection, text_area::TextArea,
        text_field::TextField,
    },
    http,
    type_erasure::Erase,
};
use shared::{
    forms::{Form as _, site::ON},
    model::site::{CommentMode, RegistrationMode, Setting, SettingValues},
};

/// The form with the settings of the site.
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! { <SettingsOnly form=|current| view! { <SettingsForm current /> }.erased() /> }
}

#[component]
fn SettingsForm(current: SettingValues) -> impl IntoView {
    let action = ServerAction::<ChangeSiteSettings>::new();
    // Every page shows some of the settings, so the whole document is loaded again.
    let on_done = Callback::new(|()| http::reload());
    view! {
        <Form
            action
            on_done
            check=|input| input.form.validate().map(drop)
            heading="Settings"
            submit="Save settings"
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
        <p class="lead">"Changes take effect immediately."</p>
        <input type="hidden" name="base" value=move || values.base() />
        <FormSection legend="Identity">
            <TextSetting setting=Setting::SiteName />
            <TextSetting setting=Setting::SiteDescription optional=true hint="Shown on the home page, in feeds and to search engines." />
            <TextSetting setting=Setting::Language hint="A language tag, such as en, de-CH or pt-BR." />
            <TextSetting setting=Setting::TimeZone hint="A place, such as Europe/Berlin, or UTC. For browsers that do not show local times." />
        </FormSection>
        <FormSection legend="Reading and registration">
            <TextSetting setting=Setting::PostsPerPage kind="number" />
            <RegistrationSetting />
            <ParagraphSetting setting=Setting::BlockedMailDomains hint="One domain on each line, such as mail.example. Nobody can register or change to an address there or at a domain below it. Accounts that have one keep it." />
        </FormSection>
        <FormSection legend="Comments">
            <CommentsSetting />
            <TextSetting setting=Setting::CommentsCloseAfter kind="number" optional=true hint="A number of days after which nobody can comment on a post. Without one, comments stay open." />
        </FormSection>
        <FormSection legend="New members">
            <SwitchSetting setting=Setting::Trust hint="Links of new members are shown as text, and what looks like spam waits for a moderator. Both end after a day and a post or three comments, or when a moderator approves something. Invited members are not new." />
        </FormSection>
        <FormSection legend="Home page">
            <TextSetting setting=Setting::HomePage optional=true hint="The address of a published page, such as /welcome. Without one, the home page shows the newest posts. If the page is there alone, they are at /posts: link to them in the navigation." />
            <SwitchSetting setting=Setting::HomePosts />
        </FormSection>
        <FormSection legend="Notice">
            <ParagraphSetting setting=Setting::Notice hint="Shown at the top of every page. You can use Markdown." />
            <TextSetting setting=Setting::NoticeUntil kind="date" optional=true hint="The last day. Without a date, the notice stays." />
        </FormSection>
        <FormSection legend="Footer">
            <ParagraphSetting setting=Setting::FooterText hint="Shown at the foot of every page. You can use Markdown." />
            <SwitchSetting setting=Setting::SoftwareCredit />
        </FormSection>
    }
}

/// The value that somebody else has saved in the meantime, if any.
#[component]
fn Theirs(setting: Setting) -> impl IntoView {
    let values = use_context::<Values>();
    move || {
        let theirs = values.and_then(|values| values.theirs(setting));
        theirs.map(|value| {
            let shown = if value.is_empty() {
                "empty".to_owned()
            } else {
                format!("“{value}”")
            };
            view! { <p class="field-theirs">"It is now " <strong>{shown}</strong> "."</p> }
        })
    }
}

/// A setting in a text field.
#[component]
pub(super) fn TextSetting(
    setting: Setting,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] optional: bool,
    #[prop(default = "")] hint: &'static str,
) -> impl IntoView {
    let value = use_context::<Values>().and_then(|values| values.value(setting));
    let hint = hint_of(value.as_ref(), hint);
    let readonly = value.as_ref().is_some_and(|value| value.fixed_by.is_some());
    let value = value.map(|value| value.value).unwrap_or_default();
    view! {
        <TextField field=setting.field() kind optional readonly value hint=hint.unwrap_or_default() />
        <Theirs setting />
    }
}

#[component]
fn ParagraphSetting(setting: Setting, hint: &'static str) -> impl IntoView {
    let value = use_context::<Values>().and_then(|values| values.value(setting));
    let hint = hint_of(value.as_ref(), hint);
    let readonly = value.as_ref().is_some_and(|value| value.fixed_by.is_some());
    let value = value.map(|value| value.value).unwrap_or_default();
    view! {
        <TextArea field=setting.field() rows=3 optional=true readonly value hint=hint.unwrap_or_default() />
        <Theirs setting />
    }
}

/// The mode of registration.
#[component]
pub(super) fn RegistrationSetting() -> impl IntoView {
    let choices = RegistrationMode::ALL.map(|mode| (mode.name(), mode.words()));
    view! { <ChoiceSetting setting=Setting::Registration choices=choices.to_vec() /> }
}

/// Who reads and writes comments.
#[component]
fn CommentsSetting() -> impl IntoView {
    let choices = CommentMode::ALL.map(|mode| (mode.name(), mode.words()));
    view! { <ChoiceSetting setting=Setting::Comments choices=choices.to_vec() /> }
}

/// A setting with a few values.
#[component]
fn ChoiceSetting(setting: Setting, choices: Vec<(&'static str, &'static str)>) -> impl IntoView {
    let value = use_context::<Values>().and_then(|values| values.value(setting));
    let hint = hint_of(value.as_ref(), "");
    let readonly = value.as_ref().is_some_and(|value| value.fixed_by.is_some());
    let value = value.map(|value| value.value).unwrap_or_default();
    view! {
        <Choices field=setting.field() choices value readonly hint />
        <Theirs setting />
    }
}

#[component]
fn SwitchSetting(setting: Setting, #[prop(default = "")] hint: &'static str) -> impl IntoView {
    let value = use_context::<Values>().and_then(|values| values.value(setting));
    let hint = hint_of(value.as_ref(), hint);
    let readonly = value.as_ref().is_some_and(|value| value.fixed_by.is_some());
    let checked = value.is_some_and(|value| value.value == ON);
    view! {
        <Checkbox field=setting.field() checked readonly hint=hint.unwrap_or_default() />
        <Theirs setting />
    }
}
