//! The navigation between the pages of a section.

use leptos::prelude::*;
use leptos_router::components::A;

use shared::paths;

/// The account pages.
const ACCOUNT: &[(&str, &str)] = &[
    (paths::ACCOUNT, "Profile"),
    (paths::ACCOUNT_PICTURE, "Profile picture"),
    (paths::ACCOUNT_PASSWORD, "Password"),
    (paths::ACCOUNT_SESSIONS, "Sessions"),
    (paths::ACCOUNT_DRAFTS, "Drafts"),
    (paths::ACCOUNT_TRASH, "Trash"),
    (paths::ACCOUNT_DELETE, "Delete account"),
];

/// The administration pages.
const ADMIN: &[(&str, &str)] = &[(paths::ADMIN, "Overview"), (paths::INVITATIONS, "Invitations")];

/// Links to the account pages.
#[component]
pub fn AccountNav() -> impl IntoView {
    view! { <SectionNav label="Account" entries=ACCOUNT /> }
}

/// Links to the administration pages.
#[component]
pub fn AdminNav() -> impl IntoView {
    view! { <SectionNav label="Administration" entries=ADMIN /> }
}

#[component]
fn SectionNav(label: &'static str, entries: &'static [(&'static str, &'static str)]) -> impl IntoView {
    let entries = entries.iter().map(|(path, label)| {
        view! {
            <li>
                <A href=*path exact=true>
                    {*label}
                </A>
            </li>
        }
    });
    view! {
        <nav class="section-nav" aria-label=label>
            <ul>{entries.collect_view()}</ul>
        </nav>
    }
}
