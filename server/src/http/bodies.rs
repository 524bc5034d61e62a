//! Reads request bodies: up to a maximum length, within a memory budget that all of them share, and at a minimum rate.

use std::{error::Error, io, net::IpAddr, time::Duration};

use app::api::server::FORM_MAX;
use axum::{
    body::{Body, BodyDataStream, Bytes},
    http::{HeaderMap, header::CONTENT_LENGTH},
};
use futures::{StreamExt, stream};
use shared::error::AppError;
use tokio::time::{Instant, timeout};

use super::memory_budget::{Buffer, MemoryBudget, Reservation};
use crate::config::NetworkConfig;

/// The number of bytes that are read and discarded of a rejected body. A browser whose connection is closed while it is
/// sending shows an error of its own instead of our response.
pub(crate) const DISCARD_MAX: usize = 64 * 1024 * 1024;
/// The maximum time for which a rejected body is read.
const DISCARD_TIME: Duration = Duration::from_mins(2);

/// Reads request bodies.
#[derive(Debug, Clone)]
pub(crate) struct Bodies {
    memory: MemoryBudget,
    /// The budget for small bodies, which therefore never wait for larger ones.
    form_memory: MemoryBudget,
    rate: usize,
    stall: Duration,
}

impl Bodies {
    /// Returns a reader with the limits of `config`.
    pub(crate) fn new(config: &NetworkConfig) -> Self {
        Self {
            memory: MemoryBudget::new(config.body_memory, config.body_wait),
            form_memory: MemoryBudget::new(config.form_memory, config.body_wait),
            rate: config.body_rate,
            stall: config.body_stall,
        }
    }

    /// Reads the whole body that `client` sends with these `headers`, of at most `limit` bytes. Returns it with its
    /// memory reservation, which must be held as long as the body.
    ///
    /// # Errors
    /// Returns [`AppError::TooLarge`], [`AppError::TooSlow`], [`AppError::Unreachable`] if other bodies use all the
    /// memory, and [`AppError::Malformed`] if the body is incomplete.
    pub(crate) async fn read(
        &self,
        client: IpAddr,
        headers: &HeaderMap,
        body: Body,
        limit: usize,
    ) -> Result<(Bytes, Reservation), AppError> {
        let mut chunks = self.chunks(body);
        match self.collect(client, headers, &mut chunks, limit).await {
            Ok(buffer) => {
                let (bytes, memory) = buffer.into_parts();
                Ok((bytes.into(), memory))
            }
            Err(error @ (AppError::TooLarge | AppError::Unreachable)) => {
                chunks.discard().await;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    async fn collect(
        &self,
        client: IpAddr,
        headers: &HeaderMap,
        chunks: &mut Chunks,
        limit: usize,
    ) -> Result<Buffer, AppError> {
        if announced(headers).is_some_and(|length| length > limit) {
            return Err(AppError::TooLarge);
        }
        let mut buffer = self.buffer(client, headers, limit)?;
        while let Some(chunk) = chunks.next().await? {
            buffer.extend(&chunk).await?;
        }
        Ok(buffer)
    }

    /// Returns an empty buffer for at most `limit` bytes that `client` sends with these `headers`. Memory is reserved
    /// only for bytes that have arrived, whatever length the headers announce.
    ///
    /// # Errors
    /// Does not return an error in practice, because the semaphores are never closed.
    pub(crate) fn buffer(
        &self,
        client: IpAddr,
        headers: &HeaderMap,
        limit: usize,
    ) -> Result<Buffer, AppError> {
        let most = announced(headers).map_or(limit, |length| length.min(limit));
        if most <= FORM_MAX {
            self.form_memory.buffer(client, most)
        } else {
            self.memory.buffer(client, most)
        }
    }

    /// Returns the chunks of `body`.
    pub(crate) fn chunks(&self, body: Body) -> Chunks {
        Chunks {
            body: body.into_data_stream(),
            rate: self.rate,
            stall: self.stall,
            slack: self.stall,
        }
    }

    /// Returns the same body, which fails if it arrives too slowly; [`is_too_slow`] recognizes that error.
    pub(crate) fn paced(&self, body: Body) -> Body {
        let parts = stream::try_unfold(self.chunks(body), |mut chunks| async move {
            let chunk = chunks.next().await.map_err(|error| match error {
                AppError::TooSlow => io::Error::from(io::ErrorKind::TimedOut),
                _ => io::Error::from(io::ErrorKind::UnexpectedEof),
            });
            Ok::<_, io::Error>(chunk?.map(|chunk| (chunk, chunks)))
        });
        Body::from_stream(parts)
    }
}

/// The chunks of a body, as they arrive.
pub(crate) struct Chunks {
    body: BodyDataStream,
    rate: usize,
    stall: Duration,
    /// The remaining time for which the client may delay the body. Data that arrives restores the time that it may take
    /// at the minimum rate.
    slack: Duration,
}

impl Chunks {
    /// Returns the next chunk, or `None` at the end.
    ///
    /// # Errors
    /// Returns [`AppError::TooSlow`] if the client has fallen behind the minimum rate, and [`AppError::Malformed`] if
    /// it has disconnected or sends an invalid body.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        let begun = Instant::now();
        // Only the time spent waiting for the client counts, not for example the time spent waiting for memory.
        let next = timeout(self.slack, self.body.next()).await;
        let chunk = next
            .map_err(|_| AppError::TooSlow)?
            .transpose()
            .map_err(|_| AppError::Malformed)?;
        let length = chunk.as_ref().map_or(0, Bytes::len);
        let earned =
            Duration::from_micros((length as u64).saturating_mul(1_000_000) / (self.rate.max(1) as u64));
        // The slack never exceeds its initial value, so that a client that has sent much data quickly cannot stall for
        // long afterwards.
        self.slack = self
            .slack
            .saturating_sub(begun.elapsed())
            .saturating_add(earned)
            .min(self.stall);
        Ok(chunk)
    }

    /// Reads and discards the rest of the body, up to a maximum size and time.
    pub(crate) async fn discard(&mut self) {
        let reading = async {
            let mut taken = 0;
            while let Ok(Some(chunk)) = self.next().await {
                taken += chunk.len();
                if taken > DISCARD_MAX {
                    return;
                }
            }
        };
        // A timeout is not an error, because the data is discarded anyway.
        let _ = timeout(DISCARD_TIME, reading).await;
    }
}

/// Returns the length of the body according to the client, if it is announced.
fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Returns whether `error` was caused by a body of [`Bodies::paced`] that was too slow.
pub(crate) fn is_too_slow(error: &(dyn Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::TimedOut)
}
