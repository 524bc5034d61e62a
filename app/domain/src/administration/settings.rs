//! The use-cases that show and change the settings.
//!
//! A setting that the operator has given by a flag, in the environment or in the configuration file takes precedence
//! over the value in the database and cannot be changed in the browser.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::OnConflict,
};

use crate::{
    Scope, audit_log,
    media::{self, site_images},
    platform::{
        db::Transaction,
        digest::sha256,
        entity::{setting, static_page},
        topic::Topic,
    },
    policy::{self, Action, Actor, Target, may},
    site::{
        custom_css, time_zone,
        values::{Values, parse, stored, value_in},
    },
};
use shared::{
    error::AppError,
    forms::{
        FieldErrors, FieldProblem,
        site::{SettingsChange, parse_day},
    },
    model::{
        account::Viewer,
        moderation::AuditAction,
        navigation::read as read_entries,
        site::{Setting, SettingValue, SettingValues},
    },
};

/// The number of hexadecimal digits by which a value is recognised.
const DIGITS: usize = 12;

/// Returns the values of all settings.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator.
pub async fn read(scope: &Scope, viewer: &Viewer) -> Result<SettingValues, AppError> {
    may(Actor::from(viewer), Action::Administer, Target::Site)?;
    list(scope).await
}

/// Changes settings of the site.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator, and [`AppError::Invalid`] if a value is not
/// valid, is given by the operator, or was changed by somebody else since the form was shown.
pub async fn change(scope: &Scope, viewer: &Viewer, change: SettingsChange) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, viewer).await?;
    may(actor, Action::Administer, Target::Site)?;
    apply(scope, transaction, change, true).await
}

/// Returns the values of all settings to the operator.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn list(scope: &Scope) -> Result<SettingValues, AppError> {
    may(scope.actor().await?, Action::Administer, Target::Site)?;
    let stored = stored(scope.state.db.reader()).await?;
    let fixed = &scope.state.settings.fixed;
    let shown = |setting: Setting| {
        let given = fixed.get(&setting);
        let value = given.map_or_else(|| value_in(&stored, setting), |given| given.value.clone());
        SettingValue {
            setting,
            is_default: value == setting.default_value(),
            value,
            fixed_by: given.map(|given| given.source.to_owned()),
        }
    };
    Ok(SettingValues {
        settings: Setting::ALL.map(shown).into(),
        base: summary(&stored),
    })
}

/// Changes `setting` for the operator, whatever its value is.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the value is not valid or is given to the program in another way.
pub async fn set(scope: &Scope, setting: Setting, value: String) -> Result<(), AppError> {
    may(scope.actor().await?, Action::Administer, Target::Site)?;
    let transaction = scope.state.db.begin().await?;
    let values = BTreeMap::from([(setting, value)]);
    apply(scope, transaction, SettingsChange { values, base: None }, true).await
}

/// Returns the settings that administrators have changed, by name, for an export.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn export(scope: &Scope) -> Result<BTreeMap<String, String>, AppError> {
    let stored = stored(scope.state.db.reader()).await?;
    let named = stored
        .into_iter()
        .map(|(setting, value)| (setting.name().to_owned(), value));
    Ok(named.collect())
}

/// Returns the paths of the files that these settings of an export refer to.
#[must_use]
pub fn files(values: &BTreeMap<String, String>) -> Vec<String> {
    let known = values
        .iter()
        .filter_map(|(name, value)| Some((Setting::named(name)?, value)));
    known
        .flat_map(|(setting, value)| site_images::files(setting, value))
        .collect()
}

/// The settings of an import that are not used on this site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unused {
    /// The names of settings that have another value here.
    pub different: Vec<String>,
    /// The names of settings that are unknown here or have an invalid value.
    pub invalid: Vec<String>,
}

/// Adopts the settings of an import that nobody has changed here.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn import(scope: &Scope, values: BTreeMap<String, String>) -> Result<Unused, AppError> {
    let mut unused = Unused::default();
    for (name, value) in values {
        let known = Setting::named(&name).and_then(|setting| Some((setting, parse(setting, &value).ok()?)));
        let Some((setting, value)) = known else {
            unused.invalid.push(name);
            continue;
        };
        let here = list(scope).await?.get(setting).cloned();
        match here {
            Some(here) if here.value == value => {
                // The import has marked its files for deletion.
                let files = site_images::files(setting, &value);
                media::cancel_deletion(scope.state.db.writer(), &files).await?;
            }
            Some(here) if here.is_default && here.fixed_by.is_none() => {
                match adopt(scope, setting, value).await {
                    // What the value refers to is not in the import.
                    Err(AppError::Invalid(_)) => unused.invalid.push(name),
                    set => set?,
                }
            }
            _ => unused.different.push(name),
        }
    }
    Ok(unused)
}

/// Changes `setting` to its value in an import. The audit log does not record it, because it was changed on another site.
async fn adopt(scope: &Scope, setting: Setting, value: String) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let values = BTreeMap::from([(setting, value)]);
    apply(scope, transaction, SettingsChange { values, base: None }, false).await
}

/// Makes a change, and records it in the audit log if it `is_recorded`.
async fn apply(
    scope: &Scope,
    transaction: Transaction,
    change: SettingsChange,
    is_recorded: bool,
) -> Result<(), AppError> {
    lock(scope, &transaction).await?;
    let stored = stored(&transaction).await?;
    let base = change.base.as_deref().map(digests);
    let mut errors = FieldErrors::default();
    let mut changed = Vec::new();
    for (setting, text) in change.values {
        if let Some(given) = scope.state.settings.fixed.get(&setting) {
            if given.value != text {
                errors.add(setting.field(), FieldProblem::Fixed);
            }
            continue;
        }
        let before = value_in(&stored, setting);
        let seen = base.as_ref().and_then(|base| base.get(&setting));
        match parse(setting, &text) {
            Err(problem) => errors.add(setting.field(), problem),
            Ok(value) if value == before || seen.is_some_and(|seen| *seen == digest(&value)) => {}
            Ok(_) if seen.is_some_and(|seen| *seen != digest(&before)) => {
                errors.add(setting.field(), FieldProblem::ChangedMeanwhile);
            }
            // An import may bring the notice of another time.
            Ok(value) if is_recorded && setting == Setting::NoticeUntil && is_over(scope, &value).await => {
                errors.add(setting.field(), FieldProblem::Over);
            }
            Ok(value) => match missing(&transaction, setting, &value).await? {
                None => changed.push((setting, before, value)),
                Some(problem) => errors.add(setting.field(), problem),
            },
        }
    }
    errors.into_result()?;
    let mut leaves_files = false;
    for (setting, before, value) in changed {
        store(&transaction, setting, &value).await?;
        let unused = site_images::files(setting, &before);
        media::schedule_deletion(&transaction, &unused, scope.state.clock.now()).await?;
        leaves_files |= !unused.is_empty();
        if is_recorded {
            let (from, to) = (summarised(setting, &before), summarised(setting, &value));
            let (action, reason) = (AuditAction::ChangeSetting, format!("from {from} to {to}"));
            audit_log::record(scope, &transaction, action, setting.field().label(), &reason).await?;
        }
        transaction.invalidate([Topic::Settings]);
    }
    scope.state.db.commit(transaction).await?;
    if leaves_files {
        media::sweep_now(&scope.state).await;
    }
    Ok(())
}

/// Returns whether the day `value` is over in the time zone of the site.
async fn is_over(scope: &Scope, value: &str) -> bool {
    let zone = scope.site().await.time_zone.clone();
    let (today, _) = time_zone::local(scope.state.clock.now(), &zone);
    parse_day(value).is_some_and(|day| day < today.date())
}

/// Claims the files that were uploaded for `value`. Returns a problem if something that it refers to does not exist.
async fn missing(
    transaction: &Transaction,
    setting: Setting,
    value: &str,
) -> Result<Option<FieldProblem>, DbErr> {
    match setting {
        Setting::CustomCss => return custom_css::missing_picture(transaction, value).await,
        Setting::HomePage if !value.is_empty() => {
            let published = static_page::Entity::find()
                .filter(static_page::Column::Slug.eq(value))
                .filter(static_page::Column::IsPublished.eq(true))
                .count(transaction)
                .await?;
            return Ok((published == 0).then_some(FieldProblem::NoSuchPage));
        }
        _ => {}
    }
    let files = site_images::files(setting, value);
    let is_claimed = files.is_empty() || media::cancel_deletion(transaction, &files).await?;
    Ok((!is_claimed).then_some(FieldProblem::NotUploaded))
}

/// Returns a value for the audit log.
fn summarised(setting: Setting, value: &str) -> String {
    match setting {
        Setting::CustomCss => format!("{} bytes", value.len()),
        Setting::Navigation | Setting::FooterLinks => {
            let labels: Vec<String> = read_entries(value).into_iter().map(|entry| entry.label).collect();
            format!("“{}”", labels.join(", "))
        }
        Setting::BlockedMailDomains => {
            let domains = value.lines().count();
            format!("{domains} {}", if domains == 1 { "domain" } else { "domains" })
        }
        Setting::Logo | Setting::Icon if value.is_empty() => "none".to_owned(),
        Setting::Logo | Setting::Icon => "a picture".to_owned(),
        _ => format!("“{value}”"),
    }
}

/// Waits for changes of settings by others. SQLite transactions are serialised anyway.
async fn lock(scope: &Scope, transaction: &Transaction) -> Result<(), AppError> {
    if scope.state.db.is_shared() {
        // Rows cannot be locked, because a setting with its default value has none.
        let sql = "LOCK TABLE settings IN SHARE ROW EXCLUSIVE MODE";
        transaction.execute_unprepared(sql).await?;
    }
    Ok(())
}

async fn store(transaction: &Transaction, setting: Setting, value: &str) -> Result<(), DbErr> {
    if value == setting.default_value() {
        setting::Entity::delete_by_id(setting.name().to_owned())
            .exec(transaction)
            .await?;
        return Ok(());
    }
    let row = setting::ActiveModel {
        name: Set(setting.name().to_owned()),
        value: Set(value.to_owned()),
    };
    let replace = OnConflict::column(setting::Column::Name)
        .update_column(setting::Column::Value)
        .to_owned();
    setting::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// Returns a text by which a change of each value is recognised, such as `site_name=0a1b…,language=…`.
fn summary(values: &Values) -> String {
    let parts = Setting::ALL.map(|setting| {
        let value = value_in(values, setting);
        format!("{}={}", setting.name(), digest(&value))
    });
    parts.join(",")
}

fn digest(value: &str) -> String {
    let mut digest = sha256(value);
    digest.truncate(DIGITS);
    digest
}

/// Returns the parts of a [`summary`].
fn digests(summary: &str) -> BTreeMap<Setting, &str> {
    let parts = summary.split(',').filter_map(|part| part.split_once('='));
    parts
        .filter_map(|(name, digest)| Some((Setting::named(name)?, digest)))
        .collect()
}
