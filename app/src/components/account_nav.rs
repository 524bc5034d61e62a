//! The navigation of the account pages.

use leptos::prelude::*;
use leptos_router::components::A;

use shared::paths;

/// Links to the account pages.
#[component]
pub fn AccountNav() -> impl IntoView {
    let entries = [
        (paths::ACCOUNT, "Profile"),
        (paths::ACCOUNT_PICTURE, "Profile picture"),
        (paths::ACCOUNT_PASSWORD, "Password"),
        (paths::ACCOUNT_SESSIONS, "Sessions"),
        (paths::ACCOUNT_DRAFTS, "Drafts"),
        (paths::ACCOUNT_TRASH, "Trash"),
        (paths::ACCOUNT_DELETE, "Delete account"),
    ];
    let entries = entries.map(|(path, label)| {
        view! {
            <li>
                <A href=path exact=true>
                    {label}
                </A>
            </li>
        }
    });
    view! {
        <nav class="account-nav" aria-label="Account">
            <ul>{entries}</ul>
        </nav>
    }
}
