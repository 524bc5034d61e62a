//! The navigation bar.

use leptos::{form::ActionForm, html::Input, prelude::*};
use leptos_router::{components::A, hooks::use_location};

use super::{avatar::Avatar, nav_link::NavLink, show_address};
use crate::{page_links::PageLinksContext, site::use_site, type_erasure::Erase, viewer::ViewerContext};
use shared::{
    model::{
        account::{Role, Viewer},
        static_page::PageLink,
    },
    paths,
};

/// Counts how often a new text was requested while the editor was open. A signal, because the URL may not change.
#[derive(Clone, Copy)]
pub struct FreshText(pub RwSignal<u32>);

/// The site's name and the navigation, depending on the viewer. On small screens the links are in a menu that works
/// without JavaScript.
#[component]
pub fn Nav() -> impl IntoView {
    let viewer = use_context::<ViewerContext>();
    let menu = NodeRef::<Input>::new();
    let location = use_location();
    Effect::new(move |before: Option<()>| {
        location.pathname.track();
        viewer.inspect(ViewerContext::check_if_unknown);
        // Closes the menu after a link was followed.
        if let (Some(()), Some(menu)) = (before, menu.get_untracked()) {
            menu.set_checked(false);
        }
    });
    let entries = move || {
        viewer.map(|context| {
            Suspend::new(async move {
                match context.resource.await {
                    Ok(Some(viewer)) => view! { <MemberEntries viewer context /> }.erased(),
                    _ => view! { <VisitorEntries /> }.erased(),
                }
            })
        })
    };

    let site = use_site();
    let arranged = site.navigation.iter().map(|entry| {
        view! {
            <li>
                <NavLink entry=entry.clone() />
            </li>
        }
    });
    let arranged = arranged.collect_view();
    let listed = site.navigation.clone();
    let pages = move || {
        let pages = PageLinksContext::get().bar.into_iter();
        let pages = pages.filter(|page| listed.iter().all(|entry| entry.address != page.path));
        let entries = pages.map(|PageLink { path, title }| view! { <li><A href=path>{title}</A></li> });
        entries.collect::<Vec<_>>()
    };
    view! {
        <header class="masthead">
            <a class="masthead-name" href=paths::HOME>
                <SiteName />
            </a>
            <nav class="nav" aria-label="Main">
                <input type="checkbox" id="menu" class="nav-toggle" aria-label="Show menu" node_ref=menu />
                <label for="menu" class="nav-button" aria-hidden="true">
                    "Menu"
                </label>
                <ul class="nav-entries">
                    {arranged}
                    {pages}
                    <Transition>{entries}</Transition>
                </ul>
            </nav>
        </header>
    }
}

/// The logo of the site, or its name.
#[component]
fn SiteName() -> impl IntoView {
    let site = use_site();
    match &site.logo {
        None => site.name.clone().erased(),
        Some(logo) => {
            let (width, height) = logo.shown();
            view! {
                <img class="masthead-logo" src=paths::logo(logo) alt=site.name.clone() width=width height=height />
            }
            .erased()
        }
    }
}

#[component]
fn VisitorEntries() -> impl IntoView {
    let register = use_site().registration.is_for_everybody().then(|| {
        view! {
            <li>
                <A href=paths::REGISTER>"Register"</A>
            </li>
        }
    });
    view! {
        <li>
            <A href=paths::LOGIN>"Log in"</A>
        </li>
        {register}
    }
}

#[component]
fn MemberEntries(viewer: Viewer, context: ViewerContext) -> impl IntoView {
    let location = use_location();
    let fresh = use_context::<FreshText>();
    let ask_for_another = move |_| {
        let is_here = *location.pathname.read_untracked() == *paths::NEW_POST
            && location.search.read_untracked().is_empty();
        if let (true, Some(FreshText(times))) = (is_here, fresh) {
            times.update(|times| *times += 1);
            show_address(paths::NEW_POST);
        }
    };
    let name = viewer.name().to_owned();
    // The administration leads to moderation as well.
    let manages = match viewer.role {
        Role::Member => None,
        Role::Moderator => Some((paths::MODERATION, "Moderation")),
        Role::Administrator => Some((paths::ADMIN, "Admin")),
    };
    view! {
        <li on:click=ask_for_another>
            <A href=paths::NEW_POST>"New post"</A>
        </li>
        <li class="nav-own">
            <A href=paths::user(&viewer.username)>
                <span class="nav-person">
                    <Avatar name username=viewer.username.clone() picture=viewer.picture pixels=24 />
                    <span>{viewer.username.clone()}</span>
                </span>
            </A>
        </li>
        {manages.map(|(path, label)| view! { <li><A href=path exact=true>{label}</A></li> })}
        <li>
            <A href=paths::ACCOUNT>"Account"</A>
        </li>
        <li>
            <ActionForm action=context.log_out>
                <button type="submit" class="nav-action">
                    "Log out"
                </button>
            </ActionForm>
        </li>
    }
}
