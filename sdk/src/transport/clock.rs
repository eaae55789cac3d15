//! How long what a span tells of took. Nobody asks for the time where nobody listens.

use tokio::time::Instant;
use tracing::Span;

/// When a span began, if anybody listens to it.
pub(super) struct Clock(Option<Instant>);

impl Clock {
    pub(super) fn of(span: &Span) -> Self {
        Self((!span.is_disabled()).then(Instant::now))
    }

    /// Records how long it took.
    pub(super) fn stop(self, span: &Span) {
        if let Some(start) = self.0 {
            span.record("milliseconds", start.elapsed().as_millis());
        }
    }
}
