//! Messages that are shown once.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{flash::Flash, http};

/// The message of this page.
#[derive(Clone, Copy)]
pub struct FlashContext(RwSignal<Option<Flash>>);

impl FlashContext {
    /// Makes the message known below this component.
    pub fn provide() {
        let from_server =
            SharedValue::new(|| http::take_flash().map(|flash| flash.name().to_owned())).into_inner();
        provide_context(Self(RwSignal::new(from_server.as_deref().and_then(Flash::named))));
    }

    /// Takes the message away: something else is being done.
    pub fn clear(self) {
        self.0.set(None);
    }

    /// Shows `message`.
    pub fn show(self, message: Flash) {
        self.0.set(Some(message));
    }

    /// Shows what an answer has left, if this page stays although something was done: another page finds it by itself.
    pub fn check(self) {
        if let Some(message) = http::take_flash() {
            self.0.set(Some(message));
        }
    }
}

/// The message for this page, in a live region that is there from the start, so that screen readers announce it.
#[component]
pub fn FlashMessage() -> impl IntoView {
    let context = use_context::<FlashContext>();
    let location = use_location();
    Effect::new(move |before: Option<(String, String)>| {
        let here = (location.pathname.get(), location.search.get());
        if before.is_some_and(|before| before != here) {
            context.inspect(|FlashContext(message)| message.set(http::take_flash()));
        }
        here
    });

    view! {
        <div class="flash" role="status">
            {move || {
                context
                    .and_then(|FlashContext(message)| message.get())
                    .map(|flash| {
                        view! { <p class=format!("flash-{}", flash.category().name())>{flash.text()}</p> }
                    })
            }}
        </div>
    }
}
