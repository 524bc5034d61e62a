//! The viewer in the user interface.

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    api::{
        account::{LogIn, LogOut, current_viewer},
        settings::DeleteAccount,
    },
    components::flash_message::FlashContext,
    flash::Flash,
    resource::{PageResource, load},
};
use shared::model::account::Viewer;

/// The viewer and the actions that change it.
///
/// It only determines what is displayed; permissions are checked in the use-cases.
#[derive(Clone, Copy)]
pub struct ViewerContext {
    /// The logged-in user; `None` for an anonymous visitor.
    pub resource: PageResource<Option<Viewer>>,
    /// Logs in.
    pub log_in: ServerAction<LogIn>,
    /// Logs out.
    pub log_out: ServerAction<LogOut>,
    /// Deletes the account.
    pub delete: ServerAction<DeleteAccount>,
}

impl ViewerContext {
    /// Provides the viewer to the components below. The actions live here instead of on the pages that use them, so
    /// that the viewer is refetched even after such a page has been left.
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
            // Logging out on the home page does not navigate, so the message is checked here.
            Some(Ok(())) => {
                flash.inspect(|flash| flash.check());
            }
            Some(Err(_)) => {
                flash.inspect(|flash| flash.show(Flash::LogoutFailed));
            }
            None => {}
        });
        // The visitor may have logged in or out in another tab.
        Effect::new(move |_| {
            let listener = window_event_listener(ev::focus, move |_| refetch_if_changed(context.resource));
            on_cleanup(move || listener.remove());
        });
        context
    }

    /// Refetches the viewer if the last request failed.
    pub fn check_if_unknown(&self) {
        if matches!(self.resource.try_get_untracked(), Some(Some(Err(_)))) {
            self.resource.refetch();
        }
    }

    /// Refetches the viewer if it has changed: by a login or logout in another tab, or by an expired session.
    pub fn check_again(&self) {
        // In an effect, which does not run on the server.
        let resource = self.resource;
        Effect::new(move |_| refetch_if_changed(resource));
    }
}

/// Refetches the viewer if the server says that it is another one.
///
/// A refetch renders again whatever depends on the viewer, which would close an open dialog or menu. Until the response
/// arrives, the old elements stay visible although their signals are already disposed.
fn refetch_if_changed(resource: PageResource<Option<Viewer>>) {
    spawn_local(async move {
        if let Ok(now) = current_viewer().await
            && let Some(Some(shown)) = resource.try_get_untracked()
            && shown != Ok(now)
        {
            resource.refetch();
        }
    });
}
