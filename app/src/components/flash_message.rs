//! Flash messages.

use leptos::{html::Div, prelude::*};
use leptos_router::hooks::use_location;

use super::dismiss::{Dismiss, catch_up};
use crate::{flash::Flash, http};

/// The flash message of the current page.
#[derive(Clone, Copy)]
pub struct FlashContext(RwSignal<Option<Flash>>);

impl FlashContext {
    /// Provides the message to the components below.
    pub fn provide() {
        let from_server =
            SharedValue::new(|| http::take_flash().map(|flash| flash.name().to_owned())).into_inner();
        provide_context(Self(RwSignal::new(from_server.as_deref().and_then(Flash::named))));
    }

    /// Removes the message because another action begins.
    pub fn clear(self) {
        self.0.set(None);
    }

    /// Shows `message`.
    pub fn show(self, message: Flash) {
        self.0.set(Some(message));
    }

    /// Shows the message of a response that does not redirect. A redirect takes effect one frame later, and its
    /// message belongs to the next page.
    pub fn check(self) {
        request_animation_frame(move || {
            if let Some(message) = http::take_flash() {
                self.0.set(Some(message));
            }
        });
    }
}

/// The flash message, in a live region that exists from the start, so that screen readers announce it.
#[component]
pub fn FlashMessage() -> impl IntoView {
    let context = use_context::<FlashContext>();
    let location = use_location();
    Effect::new(move |before: Option<(String, String)>| {
        let here = (location.pathname.get(), location.search.get());
        if before.is_some_and(|before| before != here) {
            // A page that only redirected was not visible, so its message is kept.
            let is_led_on = http::take_led_on();
            let message = http::take_flash();
            if message.is_some() || !is_led_on {
                context.inspect(|FlashContext(shown)| shown.set(message));
            }
        }
        here
    });
    let message = move || context.and_then(|FlashContext(message)| message.get());
    let is_shown = Memo::new(move |_| message().is_some());
    let on_dismiss = Callback::new(move |()| {
        context.inspect(|context| context.clear());
    });
    let node = NodeRef::<Div>::new();
    catch_up(node, on_dismiss);

    view! {
        <div class="flash" node_ref=node>
            <div role="status">
                {move || {
                    message()
                        .map(|flash| {
                            view! { <p class=format!("flash-{}", flash.category().name())>{flash.message()}</p> }
                        })
                }}
            </div>
            {move || is_shown.get().then(|| view! { <Dismiss on_dismiss /> })}
        </div>
    }
}
