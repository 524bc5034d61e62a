//! A decision of a moderator.

use leptos::prelude::*;

use super::timestamp::Timestamp;
use shared::model::decision::{Appeal, DecisionCard};

/// The act with its target, its reason and its end, and the appeal with its answer.
#[component]
pub fn Decision(
    /// The decision.
    decision: DecisionCard,
) -> impl IntoView {
    let DecisionCard {
        act,
        subject,
        ground,
        facts,
        until,
        created_at,
        appeal,
        ..
    } = decision;
    view! {
        <div>
            <p class="row-title">
                "A moderator "
                {act.words()}
                {act.is_of_text().then(|| view! { ": " <bdi>{subject}</bdi> })}
            </p>
            <p class="row-facts">
                <Timestamp at=created_at minutes=true />
                {until.map(|at| view! { " · until " <Timestamp at minutes=true /> })}
            </p>
            <p>
                <strong>{ground.label()} ":"</strong>
                " "
                <span dir="auto">{facts}</span>
            </p>
            {appeal.map(|appeal| view! { <AppealOf appeal /> })}
        </div>
    }
}

#[component]
fn AppealOf(appeal: Appeal) -> impl IntoView {
    let outcome = match &appeal.outcome {
        None => "It waits for another moderator.".to_owned(),
        Some(outcome) if outcome.is_reversed => format!("Granted: {}", outcome.answer),
        Some(outcome) => format!("Refused: {}", outcome.answer),
    };
    view! {
        <p>
            <strong>"Appeal:"</strong>
            " "
            <span dir="auto">{appeal.content}</span>
        </p>
        <p dir="auto">{outcome}</p>
    }
}
