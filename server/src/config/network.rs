use std::time::Duration;

/// The limits of connections and of request bodies. They are not configurable, but tests that reach a limit choose a
/// smaller one.
#[derive(Debug, Clone)]
pub struct NetworkConfig {
    /// The maximum number of open connections. It is lower if the system allows fewer file descriptors.
    pub connections: usize,
    /// The time within which the head of a connection's first request has to arrive.
    pub first_head: Duration,
    /// The maximum memory for all request bodies that are being read or processed, in bytes. One client can use half of
    /// it.
    pub body_memory: usize,
    /// The maximum memory for bodies that are known to be small, such as forms without a text, in bytes. Larger bodies
    /// do not use it.
    pub form_memory: usize,
    /// The maximum time that a body waits for memory.
    pub body_wait: Duration,
    /// The minimum rate at which a body has to arrive, in bytes per second.
    pub body_rate: usize,
    /// The maximum time by which a client may fall behind that rate.
    pub body_stall: Duration,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            connections: 4_096,
            first_head: Duration::from_secs(10),
            body_memory: 48 * 1024 * 1024,
            form_memory: 32 * 1024 * 1024,
            body_wait: Duration::from_secs(5),
            body_rate: 8 * 1024,
            body_stall: Duration::from_secs(10),
        }
    }
}
