//! The start of the administration.

use leptos::prelude::*;

use crate::{
    components::{section_nav::AdminNav, title::PageTitle},
    pages::guard::AdministratorsOnly,
};

/// The parts of the site that administrators change.
#[component]
pub fn AdministrationPage() -> impl IntoView {
    view! {
        <AdministratorsOnly>
            <PageTitle text="Administration" />
            <AdminNav />
            <h1>"Administration"</h1>
        </AdministratorsOnly>
    }
}
