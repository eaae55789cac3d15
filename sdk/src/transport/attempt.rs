//! One attempt: a request that is sent, and its answer as far as it comes.

use tracing::{Instrument as _, field};

use super::{Session, clock::Clock};
use crate::wire::{Answer, Cut};

impl Session {
    /// Sends a request once and takes in the answer. The span has no header, URL or body.
    pub(super) fn attempt(
        &self,
        request: reqwest::Request,
        number: u32,
    ) -> impl Future<Output = reqwest::Result<Answer>> {
        let span = tracing::debug_span!(
            "attempt",
            attempt = number,
            status = field::Empty,
            milliseconds = field::Empty
        );
        let start = Clock::of(&span);
        // In a box of its own, so that neither it nor the call around it takes more than an allocator has at hand.
        let exchange = Box::pin(self.exchange(request).instrument(span.clone()));
        async move {
            let result = exchange.await;
            start.stop(&span);
            let _entered = span.enter();
            match &result {
                Ok(answer) => {
                    span.record("status", answer.status.as_u16());
                    match &answer.cut {
                        None => tracing::debug!("answered"),
                        Some(Cut::TooLong) => tracing::debug!("answered at too great length"),
                        Some(Cut::Broken(_)) => tracing::debug!("answered in part"),
                    }
                }
                Err(error) => tracing::debug!(
                    timeout = error.is_timeout(),
                    connected = !error.is_connect(),
                    "not answered"
                ),
            }
            result
        }
    }

    async fn exchange(&self, request: reqwest::Request) -> reqwest::Result<Answer> {
        let response = self.http.execute(request).await?;
        if let Some(cookie) = &self.cookie {
            cookie.learn(response.headers());
        }
        Ok(Answer::receive(response).await)
    }
}
