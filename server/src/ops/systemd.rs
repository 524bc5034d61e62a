//! Notifications to systemd (`Type=notify`, sd_notify(3)). Without `NOTIFY_SOCKET`, nothing is sent.

pub use sd_notify::NotifyState as State;

/// Tells it that the program is in this `state`.
pub fn notify(state: State<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the supervisor cannot be notified");
    }
}
