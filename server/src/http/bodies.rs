//! Reads the bodies of requests: within a length, within a budget of memory that all of them share, and no slower than a
//! minimum rate.

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

/// Of a body that is refused, so much is still read and thrown away: a browser that is cut off while it sends shows its own
/// error instead of our answer.
pub(crate) const DISCARD_MAX: usize = 64 * 1024 * 1024;
/// It is read for so long at most.
const DISCARD_TIME: Duration = Duration::from_mins(2);

/// Reads bodies.
#[derive(Debug, Clone)]
pub(crate) struct Bodies {
    memory: MemoryBudget,
    /// For small ones, which wait for no larger one.
    form_memory: MemoryBudget,
    rate: usize,
    stall: Duration,
}

impl Bodies {
    /// Reads bodies within the limits of `config`.
    pub(crate) fn new(config: &NetworkConfig) -> Self {
        Self {
            memory: MemoryBudget::new(config.body_memory, config.body_wait),
            form_memory: MemoryBudget::new(config.form_memory, config.body_wait),
            rate: config.body_rate,
            stall: config.body_stall,
        }
    }

    /// The whole body that `client` sends with these `headers`, of at most `limit` bytes, and the memory that it takes, which
    /// is to be kept as long as the body is.
    ///
    /// # Errors
    /// [`AppError::TooLarge`], [`AppError::TooSlow`], [`AppError::Unreachable`] while other bodies take all the memory, and
    /// [`AppError::Malformed`] for a body that breaks off.
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

    /// An empty buffer for at most `limit` bytes that `client` sends with these `headers`. Whatever they announce, memory is
    /// taken only for what arrives.
    ///
    /// # Errors
    /// None that could happen.
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

    /// The parts of `body`, as they arrive.
    pub(crate) fn chunks(&self, body: Body) -> Chunks {
        Chunks {
            body: body.into_data_stream(),
            rate: self.rate,
            stall: self.stall,
            slack: self.stall,
        }
    }

    /// The same body, which fails when it comes too slowly; [`is_too_slow`] knows that error again.
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

/// The parts of a body, as they arrive.
pub(crate) struct Chunks {
    body: BodyDataStream,
    rate: usize,
    stall: Duration,
    /// How much longer the client may keep us waiting. What arrives pays back the time that it may take.
    slack: Duration,
}

impl Chunks {
    /// The next part; `None` at the end.
    ///
    /// # Errors
    /// [`AppError::TooSlow`] when the client has fallen behind the minimum rate, [`AppError::Malformed`] when it has gone or
    /// sends what is no body.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        let begun = Instant::now();
        // Time that passes elsewhere, for instance while there is no memory, is not the client's.
        let next = timeout(self.slack, self.body.next()).await;
        let chunk = next
            .map_err(|_| AppError::TooSlow)?
            .transpose()
            .map_err(|_| AppError::Malformed)?;
        let length = chunk.as_ref().map_or(0, Bytes::len);
        let earned =
            Duration::from_micros((length as u64).saturating_mul(1_000_000) / (self.rate.max(1) as u64));
        // Nobody saves up more than they began with: who has sent much fast may not stall for long.
        self.slack = self
            .slack
            .saturating_sub(begun.elapsed())
            .saturating_add(earned)
            .min(self.stall);
        Ok(chunk)
    }

    /// Reads what is left, within bounds, and forgets it.
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
        // Whatever has come by then.
        let _ = timeout(DISCARD_TIME, reading).await;
    }
}

/// How long the body is, as far as the client says.
fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Whether `error` comes from a body of [`Bodies::paced`] that was too slow.
pub(crate) fn is_too_slow(error: &(dyn Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::TimedOut)
}
