//! What a case works with: the session's steps, and the book in which it writes what it finds.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use jiff::Timestamp;
use keyway_openapi::Route;
use serde_json::Value;

use crate::case::{Basis, Case, Fallback, Outcome, ground};
use crate::exchange::Exchange;
use crate::judge::{Finding, Measure, is_refusal, refusal, reply};
use crate::profile::{Form, Open, Situation, Statement};
use crate::session::{Key, Session, Who};
use crate::stop::Stop;
use crate::subject::{Aspect, Caller, Manner, NewKey, Probe, Refusals};

/// A case under way.
pub(crate) struct Scene<'a> {
    session: &'a mut Session,
    case: &'static Case,
    pub(crate) findings: Vec<Finding>,
}

impl Deref for Scene<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for Scene<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}

impl<'a> Scene<'a> {
    pub(crate) fn new(session: &'a mut Session, case: &'static Case) -> Self {
        Self {
            session,
            case,
            findings: Vec::new(),
        }
    }

    /// Judges an answer that has to be a refusal, by the statement on the case's situation.
    pub(crate) fn judge_refusal(&mut self, what: &str, exchange: &Exchange) {
        let measure = self.measure();
        self.judge_refusal_by(measure, what, exchange);
    }

    /// Judges an answer that has to be a refusal, by what is said on another situation than the case's own.
    pub(crate) fn judge_refusal_in(&mut self, situation: Situation, what: &str, exchange: &Exchange) {
        let measure = Measure {
            statement: self.statement(situation),
            ..self.measure()
        };
        self.judge_refusal_by(measure, what, exchange);
    }

    /// Judges the refusal of a key on a read. Where the vendor's words are about other reads, their status is likely here
    /// and no more.
    pub(crate) fn judge_refused_use(&mut self, what: &str, probe: &Probe, exchange: &Exchange) {
        let measure = self.measure();
        if let (Statement::Status { status, .. }, Refusals::Inferred) = (measure.statement, probe.refusals) {
            let inferred = Statement::Silent {
                open: Open::Note("inferred".to_owned()),
                usual: vec![*status, 401, 403],
            };
            let fallback = Fallback::Must("RFC 9110, 15.5; OWASP ASVS 5, 8.2.1");
            self.judge_refusal_by(
                Measure {
                    statement: &inferred,
                    fallback,
                },
                what,
                exchange,
            );
        } else {
            self.judge_refusal_by(measure, what, exchange);
        }
    }

    /// Judges an answer that may be whatever is documented.
    pub(crate) fn judge_reply(&mut self, what: &str, exchange: &Exchange) {
        let measure = self.measure();
        let finding = reply(measure, exchange.status);
        self.write(what, exchange, finding);
        self.judge_form(measure.statement, what, exchange);
    }

    /// Judges whether an answer keeps to the contract of its operation.
    pub(crate) fn judge_contract(&mut self, what: &str, exchange: &Exchange) {
        match self.contract_violations(exchange) {
            None => self.meets(
                format!("{what} fits the contract"),
                "the answer fits the contract",
            ),
            Some(violations) => self.breaks(format!("{what} fits the contract"), violations),
        }
    }

    /// The key must still open the read it opened before.
    pub(crate) async fn expect_working(&mut self, key: &Key, after: &str) -> Result<(), Stop> {
        let exchange = self.use_key(&key.secret).await?;
        let expected = format!("the key works {after}");
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        if exchange.is_success() {
            // Whatever was answered to a revoke before: a key that works is still to be cleaned up.
            self.mark_open(key);
            self.meets(expected, seen);
        } else {
            self.breaks(expected, seen);
        }
        Ok(())
    }

    /// The key must be refused, with whatever status.
    pub(crate) async fn expect_refused(&mut self, key: &Key, after: &str) -> Result<(), Stop> {
        let exchange = self.use_key(&key.secret).await?;
        let expected = format!("the key is refused {after}");
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        if is_refusal(exchange.status) {
            self.meets(expected, seen);
        } else {
            self.mark_open(key);
            self.breaks(expected, seen);
        }
        Ok(())
    }

    /// The other tenant's principal must be able to act at home, or its refusal here would prove nothing.
    pub(crate) async fn demand_other(&mut self) -> Result<Caller, Stop> {
        let caller = self.caller(Who::Other)?;
        self.key_of_other().await?;
        Ok(caller)
    }

    /// A key of the other tenant's.
    pub(crate) async fn key_of_other(&mut self) -> Result<Key, Stop> {
        let key = self.session.named_key();
        self.session
            .key_from(Who::Other, &key)
            .await
            .map_err(|stop| match stop {
                Stop::Error(reason) => Stop::error(format!(
                    "the other tenant's credential cannot make a key: {reason}"
                )),
                stop => stop,
            })
    }

    /// A key with grants that do not open the management of keys, not made yet.
    pub(crate) fn narrow_key(&mut self) -> NewKey {
        NewKey {
            grants: self.subject.without_management().unwrap_or_default(),
            ..self.named_key()
        }
    }

    /// The limited principal with a key of its own, and a key of the admin's. Only of use where both are users of one tenant.
    pub(crate) async fn keys_of_two_users(&mut self) -> Result<(Caller, Key, Key), Stop> {
        let limited = self.caller(Who::Limited)?;
        let narrow = self.narrow_key();
        let made = self.create(&limited, &narrow).await?;
        if is_refusal(made.exchange.status) {
            return Err(Stop::skip(
                "the limited principal cannot make a key, so it is not known whose user it is",
            ));
        }
        let theirs = self.key_of(&made)?;
        let admin = self.caller(Who::Admin)?;
        let key = self.named_key();
        let made_by_admin = self.create(&admin, &key).await?;
        let ours = self.key_of(&made_by_admin)?;
        let (them, us) = (&made.issued, &made_by_admin.issued);
        let two_users = them.user.is_some() && us.user.is_some() && them.user != us.user;
        if !two_users || them.tenant != us.tenant {
            return Err(Stop::skip(
                "the answers do not say that admin and limited are two users of one tenant",
            ));
        }
        Ok((limited, theirs, ours))
    }

    pub(crate) fn meets(&mut self, expected: impl Into<String>, seen: impl Into<String>) {
        self.push(Outcome::Pass, expected.into(), seen.into());
    }

    pub(crate) fn breaks(&mut self, expected: impl Into<String>, seen: impl Into<String>) {
        self.push(Outcome::Fail, expected.into(), seen.into());
    }

    /// Less than the case asks for, by whatever ground it stands on: what is nobody's duty is a warning.
    pub(crate) fn falls_short(&mut self, expected: impl Into<String>, seen: impl Into<String>) {
        let measure = self.measure();
        let outcome = match ground(measure.statement, measure.fallback).0 {
            Basis::Documented | Basis::Standard => Outcome::Fail,
            Basis::Practice => Outcome::Warn,
            Basis::Silent => Outcome::Observed,
        };
        self.push(outcome, expected.into(), seen.into());
    }

    /// Something that was measured: told in the detail, and no part of the judgement, as it is never twice the same.
    pub(crate) fn measures(&mut self, what: impl Into<String>) {
        if let Some(finding) = self.findings.last_mut() {
            finding.measured = Some(what.into());
        }
    }

    /// A point nobody promised, seen one way or the other.
    pub(crate) fn observes(&mut self, expected: impl Into<String>, seen: impl Into<String>) {
        self.push(Outcome::Observed, expected.into(), seen.into());
    }

    /// A practice that was not kept.
    pub(crate) fn warns(&mut self, source: &str, expected: impl Into<String>, seen: impl Into<String>) {
        self.findings.push(Finding {
            outcome: Outcome::Warn,
            basis: Basis::Practice,
            source: source.to_owned(),
            expected: expected.into(),
            seen: seen.into(),
            exchange: self.wire.last(),
            measured: None,
        });
    }

    /// What time it is by the target's clock, where it tells.
    pub(crate) fn now(&self) -> Timestamp {
        let told = self.wire.transcript().last().and_then(|exchange| exchange.date());
        told.unwrap_or_else(Timestamp::now)
    }

    /// What the vendor says on a situation other than the case's own.
    pub(crate) fn statement(&self, situation: Situation) -> &'static Statement {
        self.session.profile.statement(situation)
    }

    /// What the case is about.
    pub(crate) fn situation(&self) -> Situation {
        self.case.situation
    }

    /// Whether the vendor's complete example of the answer shows this.
    pub(crate) fn is_exemplified(&self, aspect: Aspect) -> bool {
        matches!(self.statement(self.case.situation), Statement::Stated { shows, .. } if shows.contains(&aspect))
    }

    /// Whoever holds a key, about to manage others with it.
    pub(crate) fn manager(&self, secret: &str) -> Result<Caller, Stop> {
        let admin = self.caller(Who::Admin)?;
        let wants_tenant = self.subject.manners().contains(&Manner::WithTenant);
        Ok(Caller {
            tenant: admin.tenant.filter(|_| wants_tenant),
            ..self.bearer_of(secret)
        })
    }

    fn measure(&self) -> Measure<'static> {
        Measure {
            statement: self.statement(self.case.situation),
            fallback: self.case.fallback,
        }
    }

    fn judge_refusal_by(&mut self, measure: Measure<'_>, what: &str, exchange: &Exchange) {
        let finding = refusal(measure, exchange.status);
        self.write(what, exchange, finding);
        self.judge_form(measure.statement, what, exchange);
    }

    fn write(&mut self, what: &str, exchange: &Exchange, finding: Finding) {
        self.findings.push(Finding {
            expected: format!("{what}: {}", finding.expected),
            seen: format!("{} {}", exchange.line(), finding.seen),
            exchange: Some(exchange.number),
            ..finding
        });
    }

    fn push(&mut self, outcome: Outcome, expected: String, seen: String) {
        let measure = self.measure();
        let (basis, source) = ground(measure.statement, measure.fallback);
        self.findings.push(Finding {
            outcome,
            basis,
            source,
            expected,
            seen,
            exchange: self.wire.last(),
            measured: None,
        });
    }

    /// The form of an answer is judged only where a page shows it for this very status.
    fn judge_form(&mut self, statement: &Statement, what: &str, exchange: &Exchange) {
        let form = match statement {
            Statement::Status { status, form, .. } if *status == exchange.status => form,
            Statement::Conflict { readings, form }
                if readings.iter().any(|(one, _)| *one == exchange.status) =>
            {
                form
            }
            _ => return,
        };
        match form {
            Form::Free => {}
            Form::Contract(_) => self.judge_contract(what, exchange),
            Form::Members(members) => {
                let body = exchange.json();
                let missing: Vec<&str> = members
                    .iter()
                    .map(String::as_str)
                    .filter(|member| body.and_then(|body| body.get(*member)).is_none_or(Value::is_null))
                    .collect();
                let missing = missing.join(", ");
                let line = exchange.line();
                if !missing.is_empty() {
                    let expected = format!("{what}: a JSON object with {}", members.join(", "));
                    self.breaks(expected, format!("{line} answered without {missing}"));
                }
                if !exchange.says_json() {
                    let expected = format!("{what}: the media type is JSON");
                    self.breaks(expected, format!("{line} answered with another, or with none"));
                }
                let said = body.as_ref().and_then(|body| body.get("statusCode"));
                if members.iter().any(|member| member == "statusCode")
                    && said.is_some_and(|said| said.as_u64() != Some(exchange.status.into()))
                {
                    let expected = format!("{what}: statusCode is the status of the answer");
                    self.breaks(
                        expected,
                        format!("{line} answered {} and says another", exchange.status),
                    );
                }
            }
        }
    }

    fn contract_violations(&self, exchange: &Exchange) -> Option<String> {
        let contract = self.session.target.vendor.contract();
        let path = exchange.path.split('?').next().unwrap_or_default();
        let Route::Found { operation, .. } = contract.find(exchange.method, path) else {
            return Some(format!("the contract has no {} {path}", exchange.method));
        };
        let content_type = exchange.header("content-type");
        let body = with_usual_times(exchange);
        match contract.check_response(operation, exchange.status, content_type, &body) {
            Ok(()) => None,
            Err(violations) => {
                let texts: Vec<String> = violations.iter().map(ToString::to_string).collect();
                Some(texts.join("; "))
            }
        }
    }
}

/// The body as the contract can read it: RFC 3339, 5.6 lets a space stand where a time usually has a `T`.
fn with_usual_times(exchange: &Exchange) -> Vec<u8> {
    let is_spaced = |text: &str| text.as_bytes().get(10) == Some(&b' ') && text.parse::<Timestamp>().is_ok();
    fn mend(value: &mut Value, is_spaced: &impl Fn(&str) -> bool) -> bool {
        match value {
            Value::String(text) if is_spaced(text) => {
                text.replace_range(10..11, "T");
                true
            }
            Value::Array(items) => items
                .iter_mut()
                .fold(false, |mended, item| mend(item, is_spaced) | mended),
            Value::Object(members) => members
                .values_mut()
                .fold(false, |mended, item| mend(item, is_spaced) | mended),
            _ => false,
        }
    }
    if let Some(mut body) = exchange.json().cloned()
        && mend(&mut body, &is_spaced)
    {
        return body.to_string().into_bytes();
    }
    exchange.text().to_vec()
}

/// Whether two answers say the same, whatever the order of their members.
pub(crate) fn same_answer(left: &Arc<Exchange>, right: &Arc<Exchange>) -> bool {
    match (left.json(), right.json()) {
        (Some(left), Some(right)) => left == right,
        _ => left.body == right.body,
    }
}
