use std::time::Duration;

/// The limits of connections and of the bodies of requests. None of it is a setting: tests that reach a limit choose a smaller one.
#[derive(Debug, Clone)]
pub struct NetworkConfig {
    /// So many connections are open at one time, if the system allows as many file descriptors.
    pub connections: usize,
    /// The head of a connection's first request has to arrive within this time.
    pub first_head: Duration,
    /// The bodies of all requests that are being read or answered take at most so many bytes of memory together, those of one
    /// client half of it.
    pub body_memory: usize,
    /// Those that are known to have no more than a form without a text take at most so many bytes, of which larger ones take nothing.
    pub form_memory: usize,
    /// A body waits so long for memory.
    pub body_wait: Duration,
    /// A body has to arrive at this rate, in bytes a second.
    pub body_rate: usize,
    /// A client may fall behind that rate by so much.
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
