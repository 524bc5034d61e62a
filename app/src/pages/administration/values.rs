//! The values of settings in forms, and those that somebody else has saved in the meantime.

use leptos::{children::ToChildren, prelude::*, task::spawn_local};

use crate::{
    api::site::read_site_settings,
    components::{form::FormContext, section_nav::AdminNav},
    pages::{guard::AdministratorsOnly, loaded::Loaded},
    resource::load,
    type_erasure::RepeatedChildren,
};
use shared::{
    error::AppError,
    forms::FieldProblem,
    model::site::{Setting, SettingValue, SettingValues},
};

/// An administration page with a form of settings, which `form` returns for their values.
#[component]
pub(super) fn SettingsOnly(
    /// The form.
    form: fn(SettingValues) -> AnyView,
) -> impl IntoView {
    view! {
        <AdministratorsOnly>
            <AdminNav />
            <LoadedSettings form />
        </AdministratorsOnly>
    }
}

#[component]
fn LoadedSettings(form: fn(SettingValues) -> AnyView) -> impl IntoView {
    let settings = load(|| (), |()| read_site_settings());
    let rejected = RepeatedChildren::to_children(move || form(SettingValues::default()));
    view! {
        <Loaded resource=settings rejected let:current>
            {form(current)}
        </Loaded>
    }
}

/// The values that the fields show, and those that somebody else has saved in the meantime.
#[derive(Clone, Copy)]
pub(super) struct Values {
    current: StoredValue<SettingValues>,
    newest: RwSignal<Option<SettingValues>>,
}

impl Values {
    /// Provides `current` to the fields.
    pub(super) fn provide(current: SettingValues) -> Self {
        let values = Self {
            current: StoredValue::new(current),
            newest: RwSignal::new(None),
        };
        provide_context(values);
        values
    }

    /// Returns the value of `setting` that its field shows.
    pub(super) fn value(self, setting: Setting) -> Option<SettingValue> {
        self.current.with_value(|values| values.get(setting).cloned())
    }

    /// Returns the newest value of `setting` if somebody else has changed it.
    pub(super) fn theirs(self, setting: Setting) -> Option<String> {
        let form = use_context::<FormContext>()?;
        if form.problem_of(setting.field()) != Some(FieldProblem::ChangedMeanwhile) {
            return None;
        }
        let newest = self
            .newest
            .with(|newest| Some(newest.as_ref()?.get(setting)?.value.clone()));
        newest.or_else(|| self.value(setting).map(|value| value.value))
    }

    /// Returns the summary of the values that were shown last.
    pub(super) fn base(self) -> String {
        let newest = self
            .newest
            .with(|newest| newest.as_ref().map(|newest| newest.base.clone()));
        newest.unwrap_or_else(|| self.current.with_value(|values| values.base.clone()))
    }
}

/// Fetches the newest values when a change was refused because somebody else has saved others.
pub(super) fn show_conflicts(values: Values) {
    let form = use_context::<FormContext>();
    Effect::new(move |_| {
        let is_conflict = form.is_some_and(|form| {
            form.problem().with(|problem| match problem {
                Some(AppError::Invalid(errors)) => errors
                    .iter()
                    .any(|error| error.problem == FieldProblem::ChangedMeanwhile),
                _ => false,
            })
        });
        if is_conflict {
            spawn_local(async move {
                if let Ok(newest) = read_site_settings().await {
                    values.newest.try_set(Some(newest));
                }
            });
        }
    });
}

/// Returns the hint of a field: why it cannot be changed, if so, or `hint`.
pub(super) fn hint_of(value: Option<&SettingValue>, hint: &str) -> Option<String> {
    let fixed = value.and_then(|value| value.fixed_by.as_ref());
    let fixed = fixed.map(|source| format!("Set on the server ({source}), so it cannot be changed here."));
    fixed.or_else(|| (!hint.is_empty()).then(|| hint.to_owned()))
}
