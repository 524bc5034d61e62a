//! Decisions of moderators: a statement of reasons for each, and the appeals of those whom they concern
//! (Regulation (EU) 2022/2065, articles 17 and 20).

/// Appealing against a decision.
mod appeal;
/// Closing cases.
mod case;
/// Forgetting the persons whose accounts are deleted.
mod forget;
/// The decisions about a person.
mod list;
/// Recording a decision.
mod record;

pub use self::{appeal::appeal, list::of_viewer};
pub(crate) use self::{
    case::{CaseTarget, close, withdraw},
    forget::forget,
    list::{card, of_person},
    record::{NewDecision, record},
};
