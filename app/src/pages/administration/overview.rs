//! The start of the administration.

use leptos::prelude::*;

use crate::{
    components::{
        section_nav::{ADMIN, AdminNav},
        title::PageTitle,
    },
    pages::guard::AdministratorsOnly,
};

/// The parts of the site that administrators change.
#[component]
pub fn AdministrationPage() -> impl IntoView {
    let rows = || {
        let rows = ADMIN.iter().map(|(path, label, description)| {
            view! {
                <li class="row">
                    <div>
                        <p class="row-title">
                            <a href=*path>{*label}</a>
                        </p>
                        <p class="row-facts">{*description}</p>
                    </div>
                </li>
            }
        });
        rows.collect_view()
    };
    view! {
        <AdministratorsOnly>
            <PageTitle text="Administration" />
            <AdminNav />
            <h1>"Administration"</h1>
            <ul class="rows">{rows()}</ul>
        </AdministratorsOnly>
    }
}
