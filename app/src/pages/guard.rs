//! Access restrictions of pages. Permissions are checked in the use-cases.

use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Location};

use super::error_page::ErrorPage;
use crate::{
    api::account::current_viewer,
    components::{form::has_submission, skeleton::Skeleton},
    flash::Flash,
    http,
    resource::load,
    type_erasure::{Erase, RepeatedChildren},
    viewer::ViewerContext,
};
use shared::{
    error::AppError,
    model::account::{Role, Viewer},
    paths,
};

/// The viewer of a restricted page, once known.
#[derive(Clone, Copy)]
pub(super) struct Member(RwSignal<Option<Viewer>>);

impl Member {
    /// Returns the id of the viewer.
    pub(super) fn id() -> Option<i64> {
        Self::here().map(|viewer| viewer.id)
    }

    /// Returns the username of the viewer.
    pub(super) fn username() -> String {
        Self::here().map(|viewer| viewer.username).unwrap_or_default()
    }

    /// Returns whether the account of the viewer is frozen.
    pub(super) fn is_frozen() -> bool {
        Self::here().is_some_and(|viewer| viewer.is_frozen)
    }

    /// Returns whether the viewer is a moderator.
    pub(super) fn moderates() -> bool {
        Self::has_role(Role::moderates)
    }

    fn has_role(has: fn(Role) -> bool) -> bool {
        Self::here().is_some_and(|viewer| has(viewer.role))
    }

    fn here() -> Option<Viewer> {
        use_context::<Self>().and_then(|Self(viewer)| viewer.get_untracked())
    }
}

/// Shows its children to logged-in users and redirects others to the login page.
#[component]
pub(super) fn MembersOnly(children: RepeatedChildren) -> impl IntoView {
    guarded(children, true, log_in_first)
}

/// Redirects to the login page, which leads back to `here`.
fn log_in_first(here: &str) {
    http::flash(Flash::LogInFirst);
    http::redirect(&paths::login_then(here));
}

/// Redirects from a page whose data only members may see to the login page, which leads back.
pub(super) fn require_login() {
    log_in_first(&address_of(&use_location()));
}

/// Returns the address of the page at `location`.
fn address_of(location: &Location) -> String {
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    if search.is_empty() {
        path
    } else {
        format!("{path}?{search}")
    }
}

/// Shows its children to moderators and an error to other users.
#[component]
pub(super) fn ModeratorsOnly(children: RepeatedChildren) -> impl IntoView {
    view! { <RoleOnly has=Role::moderates children /> }
}

/// Shows its children to administrators and an error to other users.
#[component]
pub(super) fn AdministratorsOnly(children: RepeatedChildren) -> impl IntoView {
    view! { <RoleOnly has=Role::administers children /> }
}

/// Shows its children to users with a role for which `has` is true and an error to other users.
#[component]
fn RoleOnly(has: fn(Role) -> bool, children: RepeatedChildren) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <MembersOnly>
            {move || {
                if Member::has_role(has) || has_submission() {
                    children.with_value(RepeatedChildren::view)
                } else {
                    view! { <ErrorPage error=AppError::RoleRequired /> }.erased()
                }
            }}
        </MembersOnly>
    }
}

/// Shows its children to anonymous visitors and redirects others to the home page.
#[component]
pub(super) fn VisitorsOnly(children: RepeatedChildren) -> impl IntoView {
    guarded(children, false, |_| http::redirect(paths::HOME))
}

/// Like [`VisitorsOnly`], with a message, because a link from a mail should not silently lead home.
#[component]
pub(super) fn RecoveringOnly(children: RepeatedChildren) -> impl IntoView {
    guarded(children, false, |_| {
        http::flash(Flash::LogOutFirst);
        http::redirect(paths::HOME);
    })
}

/// Shows `children` to members or to anonymous visitors and redirects the others.
fn guarded(children: RepeatedChildren, for_members: bool, lead_elsewhere: fn(&str)) -> impl IntoView {
    // Loaded separately, because the viewer of the rest of the page may be outdated after a login.
    let viewer = load(|| (), |()| current_viewer());
    let member = RwSignal::new(None);
    provide_context(Member(member));
    let context = use_context::<ViewerContext>();
    let location = use_location();
    let children = StoredValue::new(children);
    let children = move || children.with_value(RepeatedChildren::view);
    let here = StoredValue::new(location);
    view! {
        <Suspense fallback=Skeleton>
            {move || Suspend::new(async move {
                match viewer.await {
                    Ok(viewer) if viewer.is_some() == for_members => {
                        member.set(viewer);
                        children()
                    }
                    // A rejected form is shown in any case, so that its values are not lost if the session has ended.
                    _ if has_submission() => children(),
                    Ok(_) => {
                        here.with_value(|here| lead_elsewhere(&address_of(here)));
                        context.inspect(ViewerContext::check_again);
                        ().erased()
                    }
                    Err(error) => view! { <ErrorPage error /> }.erased(),
                }
            })}
        </Suspense>
    }
}
