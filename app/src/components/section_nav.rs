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
    (paths::ACCOUNT_UNLISTED, "Unlisted posts"),
    (paths::ACCOUNT_TRASH, "Trash"),
    (paths::ACCOUNT_APPEALS, "Decisions"),
    (paths::ACCOUNT_DELETE, "Delete account"),
];

/// The administration pages below the first, each with what is done there.
pub const ADMIN: &[(&str, &str, &str)] = &[
    (
        paths::ADMIN_SETTINGS,
        "Settings",
        "The name of the site, its language, who can register, and the notice on every page.",
    ),
    (
        paths::SETUP,
        "Set-up",
        "The steps in which a new site is set up, and a test email.",
    ),
    (
        paths::INVITATIONS,
        "Invitations",
        "Links with which people register, also as moderators and administrators.",
    ),
    (
        paths::ADMIN_NAVIGATION,
        "Navigation",
        "The entries of the navigation bar and the links in the footer.",
    ),
    (
        paths::STATIC_PAGES,
        "Pages",
        "The pages of the site itself, such as the imprint and the page about the site.",
    ),
    (
        paths::REDIRECTS,
        "Redirects",
        "Old addresses that lead to new ones.",
    ),
    (
        paths::ADMIN_APPEARANCE,
        "Appearance",
        "The accent colour and CSS of your own.",
    ),
    (paths::ADMIN_LOGO, "Logo", "The picture at the top of every page."),
    (
        paths::ADMIN_ICON,
        "Icon",
        "The picture in tabs, bookmarks and on home screens.",
    ),
    (
        paths::MODERATION,
        "Moderation",
        "Hidden posts, suspended accounts and the audit log.",
    ),
];

/// Links to the account pages.
#[component]
pub fn AccountNav() -> impl IntoView {
    view! { <SectionNav label="Account" entries=ACCOUNT.to_vec() /> }
}

/// Links to the administration pages.
#[component]
pub fn AdminNav() -> impl IntoView {
    let pages = ADMIN.iter().map(|(path, label, _)| (*path, *label));
    let entries = std::iter::once((paths::ADMIN, "Overview")).chain(pages).collect();
    view! { <SectionNav label="Administration" entries /> }
}

#[component]
fn SectionNav(label: &'static str, entries: Vec<(&'static str, &'static str)>) -> impl IntoView {
    let entries = entries.into_iter().map(|(path, label)| {
        view! {
            <li>
                <A href=path exact=true>
                    {label}
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
