//! Error alerts: errors in the log are mailed to the administrators, with at most one mail per cause in ten minutes.

use std::{
    collections::HashMap,
    fmt::{self, Write},
    time::Duration,
};

use app::http::RequestId;
use domain::{
    AppState,
    mail::{
        error_alert::{self, PAUSE},
        template::ErrorAlert,
    },
    platform::digest,
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    time::sleep,
};
use tracing::{
    Event, Id, Instrument, Level, Subscriber,
    field::{Field, Visit},
    span::Attributes,
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

/// The maximum number of pending errors. Further ones appear only in the log.
const WAITING: usize = 100;
/// The pause after a mail could not be queued.
const BACKOFF: Duration = Duration::from_secs(30);
/// The name of the span in which an alert is queued. Errors within it appear only in the log.
const MAILING: &str = "mailing a fault";
/// The maximum number of characters of a log line in a mail.
const LINE_MAX: usize = 2_000;
/// Modules whose errors are not mailed: those that send mail, because another mail would fail as well, and the one that
/// logs the status of responses, because the cause has been logged already.
const NOT_MAILED: &[&str] = &[
    "tower_http",
    "domain::mail::outbox",
    "domain::mail::transport",
    "domain::mail::template",
    "server::ops::error_alerts",
];

/// An error from the log.
#[derive(Debug)]
struct Fault {
    /// A hash that identifies the cause of the error.
    cause: String,
    line: String,
}

/// The receiver of the errors in the log.
#[derive(Debug)]
pub struct Faults(Receiver<Fault>);

/// A layer of the log that forwards errors.
pub(crate) struct Listener(Sender<Fault>);

/// Returns the layer for the log and the receiver of its errors.
pub(crate) fn listener() -> (Listener, Faults) {
    let (sender, receiver) = channel(WAITING);
    (Listener(sender), Faults(receiver))
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut request = Request::default();
        attributes.record(&mut request);
        if let (Some(id), Some(span)) = (request.0, context.span(id)) {
            span.extensions_mut().insert(RequestId(id));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let metadata = event.metadata();
        let target = metadata.target();
        if *metadata.level() != Level::ERROR || NOT_MAILED.iter().any(|part| target.starts_with(part)) {
            return;
        }
        let spans = || context.event_scope(event).into_iter().flatten();
        if spans().any(|span| span.name() == MAILING) {
            return;
        }
        let mut line = Line::default();
        event.record(&mut line);
        let mut text = line.text;
        // The cause is the place in the program, not the message, because the message may contain for example a file
        // name.
        let number = metadata.line().unwrap_or_default();
        let cause = digest::sha256(format!("{target}:{number}:{}", line.place));
        let request = context.event_scope(event).into_iter().flatten().find_map(|span| {
            span.extensions()
                .get::<RequestId>()
                .map(|RequestId(id)| id.clone())
        });
        if let Some(id) = request {
            // Writing to a string cannot fail.
            let _ = write!(text, " request={id}");
        }
        let line = text.chars().take(LINE_MAX).collect();
        // If the queue is full, the alert is dropped.
        let _ = self.0.try_send(Fault { cause, line });
    }
}

/// The id of a request, from the fields of its span.
#[derive(Default)]
struct Request(Option<String>);

impl Visit for Request {
    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "id" {
            self.0 = Some(value.to_owned());
        }
    }
}

/// An event formatted as one line.
#[derive(Default)]
struct Line {
    text: String,
    /// The location of a panic.
    place: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string cannot fail.
        let _ = match field.name() {
            "message" => write!(self.text, "{value:?} "),
            // A backtrace is too long for a mail.
            "backtrace" => Ok(()),
            name => write!(self.text, "{name}={value:?} "),
        };
        if field.name() == "place" {
            self.place = format!("{value:?}");
        }
    }
}

/// Mails the errors that are received, until the log is closed.
pub(crate) async fn mail(state: AppState, mut faults: Faults) {
    let mut silent: HashMap<String, u32> = HashMap::new();
    let mut sent_directly: HashMap<String, OffsetDateTime> = HashMap::new();
    while let Some(Fault { cause, line }) = faults.0.recv().await {
        let now = state.clock.now();
        sent_directly.retain(|_, at| now - *at < PAUSE);
        let before = silent.get(&cause).copied().unwrap_or_default();
        let report = ErrorAlert {
            line,
            at: now.format(&Rfc3339).unwrap_or_default(),
            before,
        };
        let was_sent = sent_directly.contains_key(&cause);
        let mailing = tracing::error_span!(MAILING);
        let told = async {
            match error_alert::report(&state, &cause, report.clone()).await {
                Err(_) if was_sent => Ok(false),
                // The outbox cannot be written, for example because the disk is full. This is the cause to report, so
                // the mail is sent without the outbox.
                Err(_) => error_alert::send(&state, &report).await.map(|()| {
                    sent_directly.insert(cause.clone(), now);
                    true
                }),
                told => told,
            }
        };
        match told.instrument(mailing).await {
            Ok(true) => {
                silent.remove(&cause);
            }
            told => {
                silent.insert(cause, before.saturating_add(1));
                if told.is_err() {
                    tracing::warn!("an error cannot be emailed; it is in the log");
                    sleep(BACKOFF).await;
                }
            }
        }
    }
}
