//! A button that changes something by itself.

use leptos::{
    form::ActionForm,
    prelude::*,
    server_fn::{Http, ServerFn, client::Client, codec::PostUrl, request::ClientReq},
};
use serde::de::DeserializeOwned;
use web_sys::FormData;

use super::flash_message::FlashContext;
use crate::error::AppError;

/// A button that posts, with `value` under `name` if it has one; it works without JavaScript.
#[component]
pub fn PostButton<S, O>(
    /// What is called.
    action: ServerAction<S>,
    /// What the button says.
    label: &'static str,
    /// What it says to whoever does not see what stands beside it.
    #[prop(optional, into)]
    description: Option<String>,
    /// A field that goes with it.
    #[prop(optional)]
    field: Option<(&'static str, String)>,
) -> impl IntoView
where
    S: ServerFn<Protocol = Http<PostUrl, O>, Output = (), Error = AppError>
        + DeserializeOwned
        + Clone
        + Send
        + Sync
        + 'static,
    S::Client: Client<AppError>,
    <<S::Client as Client<AppError>>::Request as ClientReq<AppError>>::FormData: From<FormData>,
    O: Send + Sync + 'static,
{
    view! {
        <ActionForm action attr:class="post-button">
            {field.map(|(name, value)| view! { <input type="hidden" name=name value=value /> })}
            <button type="submit" class="button button-quiet" aria-label=description>
                {label}
            </button>
        </ActionForm>
    }
}

/// Has `done` run and the answer's message shown whenever `action` has succeeded on a page that stays. The signal tells
/// why it has not.
pub fn on_answer<S>(action: ServerAction<S>, done: impl Fn() + 'static) -> RwSignal<Option<AppError>>
where
    S: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    let problem = RwSignal::new(None);
    let flash = use_context::<FlashContext>();
    let version = action.version();
    Effect::new(move |before: Option<usize>| {
        let now = version.get();
        if before.is_some_and(|before| before != now) {
            match action.value().get_untracked() {
                Some(Ok(())) => {
                    problem.set(None);
                    flash.inspect(|flash| flash.check());
                    done();
                }
                Some(Err(error)) => problem.set(Some(error)),
                None => {}
            }
        }
        now
    });
    problem
}
