//! Notifications to systemd (`Type=notify`, `sd_notify(3)`). Nothing is sent if `NOTIFY_SOCKET` is not set.

pub use sd_notify::NotifyState as State;

/// Notifies systemd of the `state` of the program.
pub fn notify(state: State<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the supervisor cannot be notified");
    }
}
