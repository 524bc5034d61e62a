//! Who may see a page. What they may do there is decided by the use-cases.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::problem::Problem;
use crate::{api::account::current_viewer, components::form::has_submission, flash::Flash, http, paths};

/// Shows its children to somebody who is signed in, and leads everybody else over the login page back here.
#[component]
pub(super) fn MembersOnly(children: ChildrenFn) -> impl IntoView {
    let viewer = Resource::new(|| (), |()| current_viewer());
    let location = use_location();
    let here = move || {
        format!(
            "{}{}",
            location.pathname.get_untracked(),
            location.search.get_untracked()
        )
    };
    let children = StoredValue::new(children);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match viewer.await {
                    Ok(Some(_)) => children.with_value(|children| children()).into_any(),
                    // Somebody's session ended while they wrote: their form comes back with all that is in it.
                    Ok(None) if has_submission() => children.with_value(|children| children()).into_any(),
                    Ok(None) => {
                        http::flash(Flash::LogInFirst);
                        http::redirect(&paths::login_then(&here()));
                        ().into_any()
                    }
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// Shows its children to somebody who is not signed in, and leads everybody else home.
#[component]
pub(super) fn VisitorsOnly(children: ChildrenFn) -> impl IntoView {
    let viewer = Resource::new(|| (), |()| current_viewer());
    let children = StoredValue::new(children);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match viewer.await {
                    Ok(None) => children.with_value(|children| children()).into_any(),
                    Ok(Some(_)) => {
                        http::redirect(paths::HOME);
                        ().into_any()
                    }
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}
