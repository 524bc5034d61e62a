//! The values of the settings.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder};
use time::{OffsetDateTime, PrimitiveDateTime, Time};

use super::{custom_css, time_zone};
use crate::{AppState, SiteSettings, markdown::Rendered, platform::entity::setting};
use shared::{
    error::AppError,
    forms::{FieldProblem, site::parse_day},
    model::site::{Setting, SiteIdentity},
};

/// The values of settings.
pub(crate) type Values = BTreeMap<Setting, String>;

/// A setting that the operator has given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedSetting {
    /// The value.
    pub value: String,
    /// Where it comes from, such as "environment".
    pub source: &'static str,
}

/// Returns the settings that the operator gives by a flag with these values.
#[must_use]
pub fn fixed_by_flag<const N: usize>(values: [(Setting, &str); N]) -> BTreeMap<Setting, FixedSetting> {
    let fixed = |value: &str| FixedSetting {
        value: value.to_owned(),
        source: "flag",
    };
    values
        .into_iter()
        .map(|(setting, value)| (setting, fixed(value)))
        .collect()
}

/// Returns the value of `setting` that `text` stands for.
///
/// # Errors
///
/// Returns the problem if `text` is not a value of `setting`.
pub fn parse(setting: Setting, text: &str) -> Result<String, FieldProblem> {
    let value = setting.parse(text)?;
    match setting {
        Setting::TimeZone if !time_zone::exists(&value) => Err(FieldProblem::NotATimeZone),
        Setting::CustomCss => match custom_css::compile(&value) {
            Ok(_) => Ok(value),
            Err(problem) => Err(FieldProblem::Css(problem)),
        },
        _ => Ok(value),
    }
}

/// Returns the stored values. Settings of another version of the program are left out.
pub(crate) async fn stored(db: &impl ConnectionTrait) -> Result<Values, DbErr> {
    let rows = setting::Entity::find()
        .order_by_asc(setting::Column::Name)
        .all(db)
        .await?;
    let known = rows
        .into_iter()
        .filter_map(|row| Some((Setting::named(&row.name)?, row.value)));
    Ok(known.collect())
}

/// Returns the value of `setting` in `values`, or its default.
pub(crate) fn value_in(values: &Values, setting: Setting) -> String {
    let value = values
        .get(&setting)
        .map_or(setting.default_value(), String::as_str);
    value.to_owned()
}

/// Returns the settings for pages, and when they change by themselves.
pub(super) async fn identity(
    state: &AppState,
    now: OffsetDateTime,
) -> Result<(SiteIdentity, Option<OffsetDateTime>), AppError> {
    let mut values = stored(state.db.reader()).await?;
    values.extend(fixed_values(&state.settings));
    let mut identity = SiteIdentity::from_values(&values);
    let html = |setting: Setting| match value_in(&values, setting).as_str() {
        "" => String::new(),
        text => Rendered::from_markdown(text).html,
    };
    identity.footer = html(Setting::FooterText);
    identity.custom_css = state.site.custom_css(&value_in(&values, Setting::CustomCss));
    let ends_at = parse_day(&value_in(&values, Setting::NoticeUntil))
        .and_then(time::Date::next_day)
        .map(|day| time_zone::instant(PrimitiveDateTime::new(day, Time::MIDNIGHT), &identity.time_zone));
    if ends_at.is_none_or(|end| now < end) {
        identity.notice = html(Setting::Notice);
    }
    Ok((identity, ends_at.filter(|end| now < *end)))
}

/// Returns the settings that the operator has given, and the defaults of all others.
#[must_use]
pub fn fixed_identity(settings: &SiteSettings) -> SiteIdentity {
    SiteIdentity::from_values(&fixed_values(settings).collect())
}

fn fixed_values(settings: &SiteSettings) -> impl Iterator<Item = (Setting, String)> {
    let fixed = settings.fixed.iter();
    fixed.map(|(setting, given)| (*setting, given.value.clone()))
}
