//! A text that is kept in the browser until it is sent.

use leptos::{html::Textarea, prelude::*};
use web_sys::Storage;

use crate::viewer::ViewerContext;

/// Where the text of a form is kept.
#[derive(Clone, Copy)]
pub(super) struct KeptComment {
    /// The address of the form.
    address: StoredValue<String>,
    viewer: Option<ViewerContext>,
}

impl KeptComment {
    /// Keeps the text of the form at `address` in `area`, and restores one that was not sent last time.
    pub(super) fn of(address: String, area: NodeRef<Textarea>) -> Self {
        let kept = Self {
            address: StoredValue::new(address),
            viewer: use_context(),
        };
        Effect::new(move |_| {
            let left = kept
                .key()
                .and_then(|key| storage()?.get_item(&key).ok().flatten());
            if let (Some(area), Some(left)) = (area.get(), left)
                && area.value().is_empty()
            {
                area.set_value(&left);
            }
        });
        kept
    }

    /// Keeps `text`.
    pub(super) fn keep(self, text: &str) {
        if let (Some(storage), Some(key)) = (storage(), self.key()) {
            // The text is still in the form if the browser refuses to store it.
            let _ = if text.trim().is_empty() {
                storage.remove_item(&key)
            } else {
                storage.set_item(&key, text)
            };
        }
    }

    /// Forgets the text, which has been sent.
    pub(super) fn forget(self) {
        self.keep("");
    }

    /// Returns the key of the text, once it is known who writes: a browser may be shared by several people.
    fn key(self) -> Option<String> {
        let viewer = self.viewer?.resource.try_get()??.ok()??;
        let address = self.address.try_get_value()?;
        Some(format!("broadsheet {} {address}", viewer.id))
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
