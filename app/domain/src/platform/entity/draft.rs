//! Drafts.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// A draft, visible only to its author. With a `post_id`, it is to replace the text of that post, whose version was
/// `post_version` when the draft was created. `details` are a [`DetailsForm`] as JSON.
///
/// With a `publish_at`, chosen in the time zone `publish_zone`, it is published then, unless there is a `publish_problem`: a
/// [`ScheduleProblem`] as JSON.
///
/// [`DetailsForm`]: shared::forms::post::DetailsForm
/// [`ScheduleProblem`]: shared::model::post::ScheduleProblem
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "drafts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub author_id: i64,
    pub post_id: Option<i64>,
    pub post_version: i64,
    pub title: String,
    pub content: String,
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub tags: String,
    pub change_note: String,
    pub details: String,
    pub publish_at: Option<OffsetDateTime>,
    pub publish_zone: Option<String>,
    pub publish_problem: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
