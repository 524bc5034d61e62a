//! What systemd is told (`Type=notify`, sd_notify(3)). Nobody is told anything where there is no `NOTIFY_SOCKET`.

pub use sd_notify::NotifyState as State;

/// Tells it that the program is in this `state`.
pub fn tell(state: State<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the supervisor cannot be notified");
    }
}
