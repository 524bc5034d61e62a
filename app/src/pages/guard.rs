//! Who may see a page. What they may do there is decided by the use-cases.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::error_page::Problem;
use crate::{
    api::account::current_viewer,
    components::{form::has_submission, skeleton::Skeleton},
    flash::Flash,
    http,
    resource::load,
    type_erasure::{Erase, RepeatedChildren},
    viewer::ViewerContext,
};
use shared::{error::AppError, model::account::Viewer, paths};

/// Whose page this is, once that is known.
#[derive(Clone, Copy)]
pub(super) struct Member(RwSignal<Option<Viewer>>);

impl Member {
    /// The member's number.
    pub(super) fn id() -> Option<i64> {
        Self::here().map(|viewer| viewer.id)
    }

    /// The member's name.
    pub(super) fn username() -> String {
        Self::here().map(|viewer| viewer.username).unwrap_or_default()
    }

    fn may_moderate() -> bool {
        Self::here().is_some_and(|viewer| viewer.may_moderate)
    }

    fn here() -> Option<Viewer> {
        use_context::<Self>().and_then(|Self(viewer)| viewer.get_untracked())
    }
}

/// Shows its children to somebody who is signed in, and leads everybody else over the login page back here.
#[component]
pub(super) fn MembersOnly(children: RepeatedChildren) -> impl IntoView {
    guarded(children, true, |here| {
        http::flash(Flash::LogInFirst);
        http::redirect(&paths::login_then(here));
    })
}

/// Shows its children to moderators; other members learn that the page is not theirs.
#[component]
pub(super) fn ModeratorsOnly(children: RepeatedChildren) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <MembersOnly>
            {move || {
                if Member::may_moderate() || has_submission() {
                    children.with_value(RepeatedChildren::view)
                } else {
                    view! { <Problem error=AppError::RoleRequired /> }.erased()
                }
            }}
        </MembersOnly>
    }
}

/// Shows its children to somebody who is not signed in, and leads everybody else home.
#[component]
pub(super) fn VisitorsOnly(children: RepeatedChildren) -> impl IntoView {
    guarded(children, false, |_| http::redirect(paths::HOME))
}

/// The same, and says why: whoever follows a link from a mail expects something to happen.
#[component]
pub(super) fn RecoveringOnly(children: RepeatedChildren) -> impl IntoView {
    guarded(children, false, |_| {
        http::flash(Flash::LogOutFirst);
        http::redirect(paths::HOME);
    })
}

/// Shows `children` to whom they are for, members or visitors, and leads the others elsewhere from this address.
fn guarded(children: RepeatedChildren, for_members: bool, lead_elsewhere: fn(&str)) -> impl IntoView {
    // Asked for this page alone: what the rest of the interface knows may be older than a login just made.
    let viewer = load(|| (), |()| current_viewer());
    let member = RwSignal::new(None);
    provide_context(Member(member));
    let context = use_context::<ViewerContext>();
    let location = use_location();
    let here = move || {
        let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
        if search.is_empty() {
            path
        } else {
            format!("{path}?{search}")
        }
    };
    let children = StoredValue::new(children);
    let children = move || children.with_value(RepeatedChildren::view);
    view! {
        <Suspense fallback=Skeleton>
            {move || Suspend::new(async move {
                match viewer.await {
                    Ok(viewer) if viewer.is_some() == for_members => {
                        member.set(viewer);
                        children()
                    }
                    // A form that could not be accepted comes back with all that is in it, whatever has happened to the
                    // session or to the database meanwhile.
                    _ if has_submission() => children(),
                    Ok(_) => {
                        lead_elsewhere(&here());
                        context.inspect(ViewerContext::check_again);
                        ().erased()
                    }
                    Err(error) => view! { <Problem error /> }.erased(),
                }
            })}
        </Suspense>
    }
}
