//! The form of the steps in which a new site is set up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FieldErrors, Form, site::SettingsChange};
use crate::model::site::Setting;

crate::variants! {
    /// A step of setting up a site, after the account of the administrator.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum SetupStep {
        /// The name of the site.
        Site { name: "site", heading: "Name your site", settings: &[Setting::SiteName, Setting::SiteDescription] },
        /// Who can register, and how lists look.
        Registration {
            name: "registration",
            heading: "Choose who can register",
            settings: &[Setting::Registration, Setting::PostsPerPage],
        },
        /// How mail is sent, which only the operator can change.
        Mail { name: "mail", heading: "Check that email works", settings: &[] },
    }

    /// Returns the name in the address.
    pub const fn name(self) -> &'static str;
    /// Returns the heading.
    pub const fn heading(self) -> &'static str;
    /// Returns the settings that are changed in the step.
    pub const fn settings(self) -> &'static [Setting];
}

impl SetupStep {
    /// Returns the step called `name`, or the first.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|step| step.name() == name)
            .unwrap_or(Self::Site)
    }

    /// Returns the next step, if there is one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        let mut steps = Self::ALL.into_iter().skip_while(|step| *step != self);
        steps.nth(1)
    }

    /// Returns the number of the step. The account of the administrator is the first.
    #[must_use]
    pub fn number(self) -> usize {
        let before = Self::ALL.into_iter().take_while(|step| *step != self);
        before.count() + 2
    }
}

/// The form of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetupForm {
    /// The name of the step.
    pub step: String,
    /// The name of the site.
    pub site_name: String,
    /// The description of the site.
    pub site_description: String,
    /// The mode of registration.
    pub registration: String,
    /// The number of posts on one page.
    pub posts_per_page: String,
    /// The summary of the values that were shown in the form.
    pub base: String,
}

impl SetupForm {
    /// Returns the step.
    #[must_use]
    pub fn step(&self) -> SetupStep {
        SetupStep::named(&self.step)
    }

    fn text(&self, setting: Setting) -> &str {
        match setting {
            Setting::SiteName => &self.site_name,
            Setting::SiteDescription => &self.site_description,
            Setting::Registration => &self.registration,
            Setting::PostsPerPage => &self.posts_per_page,
            _ => "",
        }
    }
}

impl Form for SetupForm {
    type Valid = SettingsChange;

    fn validate(&self) -> Result<SettingsChange, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut values = BTreeMap::new();
        for setting in self.step().settings() {
            if let Some(value) = errors.take(setting.field(), setting.parse(self.text(*setting))) {
                values.insert(*setting, value);
            }
        }
        errors.into_result()?;
        Ok(SettingsChange {
            values,
            base: Some(self.base.clone()),
        })
    }
}
