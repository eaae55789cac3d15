//! One call: a request, sent once or more often, and what came of it.

use std::{pin::pin, time::Duration};

use http::StatusCode;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument as _, field};

use super::{
    HeldBy, Operation, Session, Unbuildable,
    clock::Clock,
    credential::{Credential, Held, Provided, Trouble},
    repeat::{Reason, Repeatable},
};
use crate::{
    error::{Course, CredentialFailure, Delivery, Error, Purpose, Unanswered},
    wire::{Answer, ErrorAnswer, Success},
};

/// The operation that makes a key, under the name it has with every vendor.
const CREATES_KEY: &str = "create_api_key";

/// Makes the request of a call.
pub(crate) type Build<'a> = &'a (dyn Fn() -> Result<reqwest::Request, Unbuildable> + Sync);

impl Session {
    /// Makes a call and reads the answer with `success`, which gets every 2xx.
    ///
    /// `build` makes the request, anew for each attempt: that is cheaper than to keep a copy for a repeat that is seldom
    /// needed. It is no type parameter, so that there is one sending and not one for each operation.
    pub(crate) async fn call<T, E: ErrorAnswer>(
        &self,
        build: Build<'_>,
        operation: &Operation,
        success: Success<T>,
    ) -> Result<T, Error<E>> {
        let (answer, course) = self.send(build, operation).await?;
        answer.read(self.vendor, course, success)
    }

    /// Everything about a call that does not depend on its types. The span has no header, URL or body.
    async fn send(&self, build: Build<'_>, operation: &Operation) -> Result<(Answer, Course), Failed> {
        let span = tracing::debug_span!(
            "call",
            vendor = self.vendor.name,
            operation = operation.name,
            attempts = field::Empty,
            status = field::Empty,
            milliseconds = field::Empty
        );
        let start = Clock::of(&span);
        // Pinned here, because a future that is moved costs as much as it is large.
        let settled = pin!(self.until_settled(build, operation));
        let result = settled.instrument(span.clone()).await;
        start.stop(&span);
        match &result {
            Ok((answer, course)) => {
                span.record("attempts", course.attempts);
                span.record("status", answer.status.as_u16());
            }
            Err(failed) => {
                span.record("attempts", failed.attempts());
            }
        }
        result
    }

    async fn until_settled(
        &self,
        build: Build<'_>,
        operation: &Operation,
    ) -> Result<(Answer, Course), Failed> {
        let mut course = Course {
            attempts: 0,
            purpose: match operation.name {
                CREATES_KEY => Purpose::CreateKey,
                _ => Purpose::Other,
            },
        };
        let deadline = self
            .timeouts
            .total
            .and_then(|total| Instant::now().checked_add(total));
        // What is seldom waited for is boxed, so that no call is larger for it.
        let mut credential = match self.provided(operation) {
            Some(provided) => {
                Some(Box::pin(first_credential(provided, self.until_provided(deadline), course)).await?)
            }
            None => None,
        };
        let mut may_renew = credential.is_some();
        let mut waits = self.retry.waits();
        let mut last_repeat = None;
        let mut so_far = Delivery::NotSent;
        loop {
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Err(Failed::Timeout(Unanswered {
                    cause: None,
                    delivery: so_far,
                    course,
                }));
            }
            course.attempts += 1;
            // In a block, because what is in scope where one waits is part of the future.
            let (attempt, repeatable, proof) = {
                let mut request = build()?;
                self.prepare(
                    &mut request,
                    operation,
                    credential.as_ref().map(|held| &held.value),
                );
                if let Some(time) = self.time_for_attempt(deadline) {
                    *request.timeout_mut() = Some(time);
                }
                let repeatable = Repeatable::of(self.vendor, request.method(), operation);
                let mut values = request.headers().values();
                let proof = values.find(|value| value.is_sensitive()).cloned();
                (self.attempt(request, course.attempts), repeatable, proof)
            };
            let mut outcome = attempt.await;
            if let Ok(answer) = &mut outcome {
                answer.proof = proof;
            }
            if let Ok(answer) = &outcome
                && answer.status.is_success()
                && answer.cut.is_none()
            {
                self.budget.pay(last_repeat);
            }
            if let Some(refused) = credential
                .as_ref()
                .filter(|_| may_renew && is_unauthenticated(&outcome))
            {
                may_renew = false;
                if let Some(provided) = self.provided(operation)
                    && let Some(other) = Box::pin(other_credential(
                        provided,
                        refused,
                        self.until_provided(deadline),
                        course,
                    ))
                    .await?
                {
                    let (vendor, operation) = (self.vendor.name, operation.name);
                    tracing::info!(vendor, operation, "making the call again with another credential");
                    credential = Some(other);
                    continue;
                }
            }
            let repeat = Reason::of(&outcome, repeatable)
                .and_then(|reason| {
                    Some((
                        reason,
                        self.wait_before_repeat(&outcome, waits.next()?, deadline)?,
                    ))
                })
                .filter(|(reason, _)| self.budget.spend(reason.cost()));
            let Some((reason, wait)) = repeat else {
                return settled(outcome, course, so_far);
            };
            // What may not be repeated is repeated only if nothing was done.
            if reason != Reason::NotConnected && repeatable == Repeatable::Always {
                so_far = Delivery::Unknown;
            }
            // The spans that name these are more than many logs keep.
            let (vendor, operation) = (self.vendor.name, operation.name);
            let milliseconds = wait.as_millis();
            tracing::info!(vendor, operation, ?reason, milliseconds, "making the call again");
            last_repeat = Some(reason.cost());
            Box::pin(sleep(wait)).await;
        }
    }

    /// How long one attempt may take, where the HTTP client is to be told: no longer than is left of the call.
    fn time_for_attempt(&self, deadline: Option<Instant>) -> Option<Duration> {
        let Some(deadline) = deadline else {
            return self
                .timeouts
                .attempt
                .filter(|_| self.timeouts.held_by == HeldBy::Request);
        };
        let left = deadline.saturating_duration_since(Instant::now());
        Some(self.timeouts.attempt.map_or(left, |attempt| attempt.min(left)))
    }

    /// Until when a provider may think about it: as long as an attempt may take, and no longer than the call.
    fn until_provided(&self, deadline: Option<Instant>) -> Option<Instant> {
        let attempt = self.timeouts.attempt;
        let own = attempt.and_then(|attempt| Instant::now().checked_add(attempt));
        own.into_iter().chain(deadline).min()
    }

    /// How long to wait before a repeat; `None` if the vendor or the deadline leaves no sense in it.
    fn wait_before_repeat(
        &self,
        outcome: &reqwest::Result<Answer>,
        drawn: Duration,
        deadline: Option<Instant>,
    ) -> Option<Duration> {
        let asked = outcome.as_ref().ok().and_then(Answer::retry_after);
        let wait = self.retry.stretched(drawn, asked)?;
        match deadline {
            Some(deadline) if wait >= deadline.saturating_duration_since(Instant::now()) => None,
            _ => Some(wait),
        }
    }

    /// Who is asked for the credential, where the session has a provider and the operation takes one.
    fn provided(&self, operation: &Operation) -> Option<&Provided> {
        match &self.credential {
            Some(Credential::Provided(provided)) if self.is_asked_by(operation) => Some(provided),
            _ => None,
        }
    }
}

/// What the provider gives.
async fn first_credential(
    provided: &Provided,
    deadline: Option<Instant>,
    course: Course,
) -> Result<Held, Failed> {
    match before(deadline, provided.current()).await {
        Some(Ok(held)) => Ok(held),
        Some(Err(cause)) => Err(Failed::Credential(CredentialFailure { cause, course })),
        None => Err(Failed::Timeout(Unanswered {
            cause: None,
            delivery: Delivery::NotSent,
            course,
        })),
    }
}

/// Another credential than the refused one; `None` if there is none, or not in time.
async fn other_credential(
    provided: &Provided,
    refused: &Held,
    deadline: Option<Instant>,
    course: Course,
) -> Result<Option<Held>, Failed> {
    match before(deadline, provided.instead_of(refused)).await {
        Some(Ok(other)) => Ok(other),
        Some(Err(cause)) => Err(Failed::Credential(CredentialFailure { cause, course })),
        None => Ok(None),
    }
}

/// What a provider says, if it says so in time.
async fn before<T>(
    deadline: Option<Instant>,
    asked: impl Future<Output = Result<T, Trouble>>,
) -> Option<Result<T, Trouble>> {
    match deadline {
        Some(deadline) => timeout_at(deadline, asked).await.ok(),
        None => Some(asked.await),
    }
}

fn is_unauthenticated(outcome: &reqwest::Result<Answer>) -> bool {
    matches!(outcome, Ok(answer) if answer.status == StatusCode::UNAUTHORIZED)
}

/// What the last attempt came to. `so_far` is how far those before it came.
fn settled(
    outcome: reqwest::Result<Answer>,
    course: Course,
    so_far: Delivery,
) -> Result<(Answer, Course), Failed> {
    let cause = match outcome {
        Ok(answer) => return Ok((answer, course)),
        Err(cause) => cause,
    };
    let is_timeout = cause.is_timeout();
    let mut unanswered = Unanswered::new(cause, course);
    if so_far == Delivery::Unknown {
        unanswered.delivery = Delivery::Unknown;
    }
    Err(match is_timeout {
        true => Failed::Timeout(unanswered),
        false => Failed::Transport(unanswered),
    })
}

/// A call that got no answer, before it is known what the answer would have been.
enum Failed {
    Unbuildable(Unbuildable),
    Credential(CredentialFailure),
    Timeout(Unanswered),
    Transport(Unanswered),
}

impl Failed {
    fn attempts(&self) -> u32 {
        match self {
            Self::Unbuildable(_) => 0,
            Self::Credential(inner) => inner.course.attempts,
            Self::Timeout(inner) | Self::Transport(inner) => inner.course.attempts,
        }
    }
}

impl From<Unbuildable> for Failed {
    fn from(inner: Unbuildable) -> Self {
        Self::Unbuildable(inner)
    }
}

impl<E> From<Failed> for Error<E> {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Unbuildable(inner) => inner.into(),
            Failed::Credential(inner) => Self::Credential(inner),
            Failed::Timeout(inner) => Self::Timeout(inner),
            Failed::Transport(inner) => Self::Transport(inner),
        }
    }
}
