//! The numbers of what moderators have done.

use leptos::prelude::*;

use crate::{
    api::report::transparency,
    components::title::PageTitle,
    metadata::{Metadata, describe},
    pages::loaded::Loaded,
    resource::load,
    type_erasure::Erase,
};
use shared::{
    model::decision::{Act, MonthOfModeration},
    paths,
};

/// A table of reports, acts and appeals by month.
#[component]
pub fn TransparencyPage() -> impl IntoView {
    let months = load(|| (), |()| transparency());
    view! {
        <Loaded resource=months let:months>
            {
                describe(|| {
                    Metadata::page(
                        paths::TRANSPARENCY,
                        "Moderation in numbers",
                        "How many reports, decisions and appeals there were in each month.".to_owned(),
                    )
                });
                let is_empty = months.is_empty();
                view! {
                    <PageTitle text="Moderation in numbers" />
                    <h1>"Moderation in numbers"</h1>
                    <p class="lead">
                        "What people have reported, what moderators have done about it, and how appeals have ended, for the last two years."
                    </p>
                    {if is_empty {
                        view! { <p>"Nothing has been reported or decided yet."</p> }.erased()
                    } else {
                        view! { <Months months /> }.erased()
                    }}
                }
            }
        </Loaded>
    }
}

#[component]
fn Months(months: Vec<MonthOfModeration>) -> impl IntoView {
    let heads = Act::ALL
        .map(|act| view! { <th scope="col">{act.noun()}</th> })
        .collect_view();
    let rows = months
        .into_iter()
        .map(|month| {
            let acts = Act::ALL
                .map(|act| view! { <td>{month.number_of(act)}</td> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">
                        <time datetime=month.month.clone()>{month.month.clone()}</time>
                    </th>
                    <td>{month.reports}</td>
                    {acts}
                    <td>{month.appeals}</td>
                    <td>{month.reversed}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="prose numbers" role="region" aria-label="Moderation by month" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Month"</th>
                        <th scope="col">"Reports"</th>
                        {heads}
                        <th scope="col">"Appeals"</th>
                        <th scope="col">"Reversed"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
