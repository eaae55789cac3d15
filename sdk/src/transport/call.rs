//! One call: a request, sent in a span, and what came of it.

use std::time::Instant;

use tracing::{Instrument as _, Span, field};

use super::{Operation, Session};
use crate::{
    error::{Course, Error, Purpose, Unanswered},
    wire::{Answer, ErrorAnswer, Success},
};

/// The operation that makes a key, under the name it has with every vendor.
const CREATES_KEY: &str = "create_api_key";

impl Session {
    /// Sends a request and reads the answer with `success`, which gets every 2xx.
    pub(crate) async fn call<T, E: ErrorAnswer>(
        &self,
        request: reqwest::Request,
        operation: &Operation,
        success: Success<T>,
    ) -> Result<T, Error<E>> {
        let (answer, course) = self.send(request, operation).await?;
        answer.read(self.vendor, course, success)
    }

    /// Everything about a call that does not depend on its types. The span has no header, URL or body.
    async fn send(
        &self,
        mut request: reqwest::Request,
        operation: &Operation,
    ) -> Result<(Answer, Course), Failed> {
        self.prepare(&mut request, operation);
        let purpose = match operation.name {
            CREATES_KEY => Purpose::CreateKey,
            _ => Purpose::Other,
        };
        let course = Course { attempts: 1, purpose };
        let span = tracing::debug_span!(
            "request",
            vendor = self.vendor.name,
            operation = operation.name,
            status = field::Empty
        );
        match self.attempt(request).instrument(span).await {
            Ok(answer) => Ok((answer, course)),
            Err(cause) => Err(Failed::of(cause, course)),
        }
    }

    /// Sends a request once and takes in the answer.
    async fn attempt(&self, request: reqwest::Request) -> reqwest::Result<Answer> {
        let start = Instant::now();
        let result = self.http.execute(request).await;
        let milliseconds = start.elapsed().as_millis();
        match result {
            Ok(response) => {
                if let Some(cookie) = &self.cookie {
                    cookie.learn(response.headers());
                }
                Span::current().record("status", response.status().as_u16());
                tracing::debug!(milliseconds, "answered");
                Ok(Answer::receive(response).await)
            }
            Err(error) => {
                tracing::debug!(milliseconds, timeout = error.is_timeout(), "not answered");
                Err(error)
            }
        }
    }
}

/// A call that got no answer, before it is known what the answer would have been.
enum Failed {
    Timeout(Unanswered),
    Transport(Unanswered),
}

impl Failed {
    fn of(cause: reqwest::Error, course: Course) -> Self {
        match cause.is_timeout() {
            true => Self::Timeout(Unanswered::new(cause, course)),
            false => Self::Transport(Unanswered::new(cause, course)),
        }
    }
}

impl<E> From<Failed> for Error<E> {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Timeout(inner) => Self::Timeout(inner),
            Failed::Transport(inner) => Self::Transport(inner),
        }
    }
}
