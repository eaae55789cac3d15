//! A request on its way through a world: from its head to its answer, which is counted and written down, whatever
//! becomes of it.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use keyway_openapi::{Operation, Route, Vendor};
use serde_json::json;

use super::age::Age;
use super::{CheckAnswers, Explain, World};
use crate::body::Unread;
use crate::call::{Origin, Request, Response, empty, json as json_answer};
use crate::delivery::{Delivery, Manner};
use crate::example::Undeclared;
use crate::faults::{Effect, Faults, Meeting};
use crate::injection;
use crate::journal::Sent;
use crate::mock::{Answer, Circumstances, Principal, refuse};
use crate::redact::Redactor;
use crate::refusal::Refusal;

/// The header in which `Explain::InHeader` says why.
const REASON: HeaderName = HeaderName::from_static("x-keyway-reason");

/// A request that has come.
pub(crate) struct Visit<'w> {
    world: &'w World,
    age: Age,
    vendor: Vendor,
    /// Without its body until that is read.
    request: Request,
    path: &'w str,
    origin: Origin<'w>,
    route: Route<'static, 'w>,
    at: Timestamp,
    meeting: Meeting,
}

impl<'w> Visit<'w> {
    pub(super) fn new(
        world: &'w World,
        age: &Age,
        vendor: Vendor,
        request: Request,
        path: &'w str,
        origin: Origin<'w>,
    ) -> Self {
        Self {
            world,
            age: age.clone(),
            vendor,
            route: vendor.contract().find(request.method().as_str(), path),
            request,
            path,
            origin,
            at: world.clock.now(),
            meeting: Meeting::default(),
        }
    }

    /// Meets the faults that are in force.
    pub(super) fn meet(&mut self, faults: &Faults) {
        self.meeting = faults.meet(self.vendor, self.operation().map(Operation::id));
    }

    /// The operation that it is meant for.
    fn operation(&self) -> Option<&'static Operation> {
        match &self.route {
            Route::Found { operation, .. } => Some(operation),
            _ => None,
        }
    }

    /// Whether its connection is to be reset before its body is read.
    pub(crate) fn is_reset_unread(&self) -> bool {
        self.meeting.effect == Some(Effect::ResetBefore)
    }

    /// Answers it, given its body or why there is none, and writes it down.
    pub(crate) async fn answer(mut self, body: Result<Bytes, Unread>) -> (Response, Delivery) {
        let begun = Instant::now();
        let vendor = self.vendor;
        let (body, unread) = match body {
            Ok(body) => (body, None),
            Err(unread) => (Bytes::new(), Some(unread)),
        };
        *self.request.body_mut() = body;
        let mut answer = match (self.instead(), &unread) {
            (Some(answer), _) => answer,
            (None, Some(unread)) => Answer {
                reason: Some(unread.reason().to_owned()),
                ..Answer::of(unread.answer(refuse(vendor, Refusal::TooLarge)))
            },
            (None, None) => self.perform(begun).await,
        };
        let manner = match self.meeting.effect {
            Some(effect) => injection::onto(effect, vendor, &mut answer.response),
            None => Manner::Whole,
        };
        if matches!(self.meeting.effect, Some(Effect::TruncateBody { .. })) && manner == Manner::Whole {
            // It was to be longer than it is: nothing has happened that the journal could tell.
            self.meeting.effect = None;
        }
        if let Some(unread) = unread {
            unread.end(&mut answer.response);
        }
        self.explain(&mut answer);
        let took = begun.elapsed();
        self.write_down(&answer, manner, took);
        // Whoever is in a world keeps it; from here on the world is on its own.
        self.world.is_used_until(begun + took + self.meeting.delay);
        let delivery = Delivery {
            delay: self.meeting.delay,
            manner,
        };
        (answer.response, delivery)
    }

    /// What an injected fault answers, if it keeps the call from being performed.
    fn instead(&self) -> Option<Answer> {
        let effect = self.meeting.effect?;
        if self.is_reset_unread() {
            return Some(Answer {
                reason: Some("an injected fault reset the connection before the request was read".to_owned()),
                ..Answer::of(empty(StatusCode::OK))
            });
        }
        let response = injection::instead(effect, |status| refuse(self.vendor, Refusal::Injected(status)))?;
        Some(Answer {
            reason: Some("an injected fault answered instead".to_owned()),
            ..Answer::of(response)
        })
    }

    async fn perform(&self, begun: Instant) -> Answer {
        let mock = match self.world.mock(&self.age.stage, self.vendor).await {
            Ok(mock) => mock,
            Err(unavailable) => {
                let refusal = Refusal::Unavailable(unavailable);
                return Answer {
                    reason: refusal.reason(),
                    ..Answer::of(refuse(self.vendor, refusal))
                };
            }
        };
        let around = Circumstances {
            now: self.at,
            assumptions: &self.age.assumptions,
            origin: self.origin,
            begun,
        };
        let answer = mock.respond(&around, &self.request, self.path, &self.route).await;
        self.check(answer)
    }

    /// Holds an answer against the contract, if that was asked for.
    fn check(&self, answer: Answer) -> Answer {
        let (CheckAnswers::Yes, Some(known)) = (self.world.beginning.check_answers, self.operation()) else {
            return answer;
        };
        let contract = self.vendor.contract();
        let response = &answer.response;
        if response.extensions().get::<Undeclared>().is_some() {
            return answer;
        }
        // What HTTP itself answers to a body of the wrong kind or size is in no vendor's document.
        if [StatusCode::PAYLOAD_TOO_LARGE, StatusCode::UNSUPPORTED_MEDIA_TYPE].contains(&response.status()) {
            return answer;
        }
        let content_type = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        match contract.check_response(known, response.status().as_u16(), content_type, response.body()) {
            Ok(()) => answer,
            Err(violations) => {
                let violations: Vec<_> = violations.iter().map(ToString::to_string).collect();
                let body = json!({ "keyway": "the mock's own answer breaks the contract", "violations": violations });
                Answer {
                    response: json_answer(StatusCode::INTERNAL_SERVER_ERROR, &body),
                    reason: Some("the mock's own answer breaks the contract".to_owned()),
                    violations,
                    ..answer
                }
            }
        }
    }

    /// Says the reason in the answer too, if that was asked for.
    fn explain(&self, answer: &mut Answer) {
        if self.world.beginning.explain == Explain::InHeader
            && let Some(reason) = answer
                .reason
                .as_deref()
                .and_then(|reason| HeaderValue::from_str(reason).ok())
        {
            answer.response.headers_mut().insert(REASON, reason);
        }
    }

    fn write_down(&self, answer: &Answer, manner: Manner, took: Duration) {
        let status = (manner != Manner::Reset).then(|| answer.response.status());
        let operation = self.operation().map(Operation::id);
        self.age.counters.count(self.vendor, operation, status);
        if !self.age.journal.is_kept() {
            return;
        }
        let mut record = self.age.journal.blank();
        record.at = self.at;
        record.vendor = self.vendor;
        record.operation = operation;
        record.status = status.map(|status| status.as_u16());
        record.fault = self.meeting.name();
        record.took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let redactor = &Redactor::of(&self.world.beginning.seals);
        let request = &self.request;
        record.asked(
            request.method().as_str(),
            self.path,
            request.uri().query(),
            redactor,
        );
        if let Some(Principal { credential, tenant }) = &answer.principal {
            record.principal(credential.id(), &credential.owner, tenant);
        }
        if let Some(reason) = &answer.reason {
            record.reason(reason, redactor);
        }
        record.violations(&answer.violations, redactor);
        let journal = &self.age.journal;
        journal.note(&mut record, Sent::Request(request), redactor);
        journal.note(&mut record, Sent::Response(&answer.response), redactor);
        journal.push(record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::store::Unavailable;
    use crate::world::Beginning;
    use futures::executor::block_on;

    #[test]
    fn a_body_that_comes_too_late_is_written_down_and_ends_its_connection() {
        let world = World::new(Beginning::default(), Clock::default());
        let mut head = Request::default();
        *head.method_mut() = http::Method::POST;
        let visit = world.receive(Vendor::Dolfin, head, "/api-keys", Origin::default());
        let (response, delivery) = block_on(visit.answer(Err(Unread::Late)));
        assert_eq!((response.status().as_u16(), delivery), (408, Delivery::default()));
        assert_eq!(response.headers()[header::CONNECTION], "close");
        world.journal().calls("createApiKey").answered(408).expect(1);
        assert!(
            world
                .metrics()
                .contains(r#"operation="createApiKey",status="408"} 1"#)
        );
    }
    #[test]
    fn that_the_store_does_not_answer_is_said_although_no_contract_declares_it() {
        let beginning = Beginning {
            check_answers: CheckAnswers::Yes,
            ..Beginning::default()
        };
        let world = World::new(beginning, Clock::default());
        for vendor in Vendor::ALL {
            let (mut head, path) = (Request::default(), "/v1/organizations");
            *head.uri_mut() = http::Uri::from_static("/v1/organizations");
            let visit = world.receive(vendor, head, path, Origin::default());
            let unavailable = Refusal::Unavailable(Unavailable("it is away".to_owned()));
            let answer = visit.check(Answer::of(refuse(vendor, unavailable)));
            assert_eq!(
                answer.response.status(),
                StatusCode::SERVICE_UNAVAILABLE,
                "{vendor}"
            );
            assert!(
                answer.response.headers().contains_key(header::RETRY_AFTER),
                "{vendor}"
            );
        }
    }
}
