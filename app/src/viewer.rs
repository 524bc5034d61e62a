//! The signed-in visitor, as the interface knows them.

use leptos::{ev, prelude::*};

use crate::{
    api::{
        account::{LogIn, LogOut, current_viewer},
        settings::DeleteAccount,
    },
    components::flash_message::FlashContext,
    flash::Flash,
    resource::{Loaded, load},
};
use shared::model::account::Viewer;

/// Who is looking, and the actions that change it.
///
/// It shows and hides things, no more: what somebody may do is decided by the use-cases.
#[derive(Clone, Copy)]
pub struct ViewerContext {
    /// The visitor; `None` for somebody who is not signed in.
    pub resource: Loaded<Option<Viewer>>,
    /// Signs in.
    pub log_in: ServerAction<LogIn>,
    /// Signs out.
    pub log_out: ServerAction<LogOut>,
    /// Deletes the account.
    pub delete: ServerAction<DeleteAccount>,
}

impl ViewerContext {
    /// Makes the visitor known below this component. The actions live here, and not on the pages that use them, so that
    /// the answer is asked for again even when the page has gone by then.
    pub fn provide() -> Self {
        let (log_in, log_out, delete) = (ServerAction::new(), ServerAction::new(), ServerAction::new());
        let versions = move || {
            (
                log_in.version().get(),
                log_out.version().get(),
                delete.version().get(),
            )
        };
        let context = Self {
            resource: load(versions, |_| current_viewer()),
            log_in,
            log_out,
            delete,
        };
        provide_context(context);
        let flash = use_context::<FlashContext>();
        Effect::new(move |_| match log_out.value().get() {
            // Logging out leads home; who is there already sees no other page.
            Some(Ok(())) => {
                flash.inspect(|flash| flash.check());
            }
            Some(Err(_)) => {
                flash.inspect(|flash| flash.show(Flash::LogoutFailed));
            }
            None => {}
        });
        // Whoever comes back to this tab may have logged in or out in another.
        Effect::new(move |_| {
            let listener = window_event_listener(ev::focus, move |_| context.resource.refetch());
            on_cleanup(move || listener.remove());
        });
        context
    }

    /// Asks again when the last answer did not come.
    pub fn check_if_unknown(&self) {
        if matches!(self.resource.try_get_untracked(), Some(Some(Err(_)))) {
            self.resource.refetch();
        }
    }

    /// Asks again who is looking, after a sign that this tab does not know: somebody may log in or out in another one, and
    /// sessions end by themselves.
    pub fn check_again(&self) {
        // An effect, for on the server there is nothing to ask again.
        let resource = self.resource;
        Effect::new(move |_| resource.refetch());
    }
}
