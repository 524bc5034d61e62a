//! Messages that are shown once.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{flash::Flash, http, paths, viewer::ViewerContext};

/// The message for this page, in a live region that is there from the start, so that screen readers announce it.
#[component]
pub fn FlashMessage() -> impl IntoView {
    let from_server =
        SharedValue::new(|| http::take_flash().map(|flash| flash.name().to_owned())).into_inner();
    let message = RwSignal::new(from_server.as_deref().and_then(Flash::named));

    let location = use_location();
    let log_out = use_context::<ViewerContext>().map(|viewer| viewer.log_out);
    Effect::new(move |before: Option<(String, String)>| {
        let here = (location.pathname.get(), location.search.get());
        let failed = log_out.is_some_and(|action| matches!(*action.value().read(), Some(Err(_))));
        let Some(before) = before else { return here };
        if before != here {
            message.set(http::take_flash());
        } else if failed {
            message.set(Some(Flash::LogoutFailed));
        } else if here.0 == paths::HOME && here.1.is_empty() {
            // Logging out leads home; who is there already sees no other page.
            if let Some(next) = http::take_flash() {
                message.set(Some(next));
            }
        }
        here
    });

    view! {
        <div class="flash" role="status">
            {move || {
                message
                    .get()
                    .map(|flash| {
                        view! { <p class=format!("flash-{}", flash.category().name())>{flash.text()}</p> }
                    })
            }}
        </div>
    }
}
