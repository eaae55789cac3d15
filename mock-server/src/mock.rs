//! The walk of one request through one vendor, without a socket.
//!
//! address → route → credential → principal → contract → operation → answer, unless an assumption has the contract
//! looked at earlier. Each step either hands on or
//! refuses; the dialect gives the refusal its form.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use http::header::{ALLOW, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER, TRANSFER_ENCODING};
use jiff::Timestamp;
use keyway_openapi::{Contract, RequestView, Route, Vendor};

use crate::assumptions::Assumptions;
use crate::call::{Call, Origin, Peer, Request, Response, text};
use crate::clock::Clock;
use crate::dialect::{Answered, Dialect, Presented, Seeded};
use crate::dialects::with_dialect;
use crate::entropy::Entropy;
use crate::example::Undeclared;
use crate::refusal::{Refusal, Unauthenticated};
use crate::sabotage::{Aim, Sabotage, Saboteur, Shown};
use crate::seals::Seals;
use crate::seed::{Desk, Enrolment, Order, SeedError};
use crate::store::{AnyStore, Credential, Digest, Memory, Standing, State, Store};

/// One vendor, played: a request goes in, the vendor's answer comes out.
pub(crate) struct Mock {
    vendor: Vendor,
    contract: &'static Contract,
    pub(crate) store: AnyStore,
    entropy: Entropy,
    saboteur: Option<Saboteur>,
}

/// An answer, and what there is to say about how it came about.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) response: Response,
    pub(crate) principal: Option<Principal>,
    pub(crate) reason: Option<String>,
    pub(crate) violations: Vec<String>,
}

/// Whom a request authenticated as.
#[derive(Debug)]
pub(crate) struct Principal {
    pub(crate) credential: Arc<Credential>,
    /// The tenant in which the caller was.
    pub(crate) tenant: Arc<str>,
}

impl Answer {
    pub(crate) fn of(response: Response) -> Self {
        Self {
            response,
            principal: None,
            reason: None,
            violations: Vec::new(),
        }
    }
}

/// When to come again after the store did not answer: a second later.
const SOON: HeaderValue = HeaderValue::from_static("1");

/// Why a dialect answered as it did, in words: put into an answer's extensions where the dialect knows more than
/// its answer says.
#[derive(Clone, Debug)]
pub(crate) struct Reason(pub(crate) String);

/// The circumstances of an answer: what is not the vendor's own.
#[derive(Debug)]
pub(crate) struct Circumstances<'a> {
    pub(crate) now: Timestamp,
    pub(crate) assumptions: &'a Assumptions,
    pub(crate) origin: Origin<'a>,
    pub(crate) begun: Instant,
}

impl Mock {
    /// A vendor with its ready-made tenants and principals, in memory; or with a state, where one is given.
    pub(crate) async fn new(
        vendor: Vendor,
        clock: &Clock,
        sabotage: Option<&'static Sabotage>,
        seals: &Arc<Seals>,
        state: Option<State>,
    ) -> (Self, Seeded) {
        let store = AnyStore::Memory(Memory::new(Arc::clone(seals)));
        let seeded = with_dialect!(vendor, D => D::seed(&store, clock).await);
        let seeded = seeded.expect("memory always answers");
        if let (Some(state), AnyStore::Memory(memory)) = (state, &store) {
            memory.load(state);
        }
        let is_guessable = sabotage.is_some_and(|sabotage| sabotage.makes_guessable(vendor));
        (
            Self {
                vendor,
                contract: vendor.contract(),
                store,
                entropy: if is_guessable {
                    Entropy::Counter(AtomicU64::default())
                } else {
                    Entropy::System
                },
                saboteur: Saboteur::hire(sabotage, vendor, &seeded),
            },
            seeded,
        )
    }

    /// A vendor whose state is in this store already.
    pub(crate) fn upon(vendor: Vendor, store: AnyStore) -> Self {
        Self {
            vendor,
            contract: vendor.contract(),
            store,
            entropy: Entropy::System,
            saboteur: None,
        }
    }

    /// Answers one request; `path` is the path below the vendor's root. Every request gets an answer.
    pub(crate) async fn respond(
        &self,
        around: &Circumstances<'_>,
        request: &Request,
        path: &str,
        route: &Route<'static, '_>,
    ) -> Answer {
        match &self.saboteur {
            None => self.play(around, request, route).await,
            Some(saboteur) => self.play_falsely(saboteur, around, request, path, route).await,
        }
    }

    async fn play(
        &self,
        around: &Circumstances<'_>,
        request: &Request,
        route: &Route<'static, '_>,
    ) -> Answer {
        with_dialect!(self.vendor, D => self.answer::<D>(around, request, route).await)
    }

    /// As [`play`](Self::play), with a saboteur between the caller and the vendor.
    async fn play_falsely(
        &self,
        saboteur: &Saboteur,
        around: &Circumstances<'_>,
        request: &Request,
        path: &str,
        route: &Route<'static, '_>,
    ) -> Answer {
        let aim = match route {
            Route::Found {
                operation,
                path_params,
            } => Aim {
                operation: Some(operation.id()),
                id: path_params.last().map(|(_, value)| &**value),
            },
            _ => Aim {
                operation: None,
                id: None,
            },
        };
        let mut seen = request.clone();
        if let Some(peer) = around.origin.peer {
            seen.extensions_mut().insert(Peer(peer));
        }
        let bent = saboteur.bend(&seen, aim, &self.store).await;
        // What was bent may lead elsewhere.
        let find = |request: &Request| self.contract.find(request.method().as_str(), path);
        let mut answer = self.play(around, &bent, &find(&bent)).await;
        if let Some((again, shown)) = saboteur.again(&bent, aim, &answer.response) {
            let second = self.play(around, &again, &find(&again)).await;
            if shown == Shown::Yes {
                answer = second;
            }
        }
        saboteur
            .finish(&bent, aim, &mut answer.response, &self.store)
            .await;
        answer
    }

    /// Draws up a principal or a key; nothing is kept yet.
    pub(crate) async fn enrol(
        &self,
        around: &Circumstances<'_>,
        order: Order<'_>,
        drawn_up: &[serde_json::Value],
    ) -> Result<Enrolment, SeedError> {
        let desk = Desk {
            store: &self.store,
            entropy: &self.entropy,
            assumptions: around.assumptions,
            now: around.now,
            drawn_up,
        };
        with_dialect!(self.vendor, D => D::enrol(&desk, order).await)
    }

    /// The same vendor with another store.
    pub(crate) fn with(self, store: AnyStore) -> Self {
        Self { store, ..self }
    }

    pub(crate) async fn answer<D: Dialect>(
        &self,
        around: &Circumstances<'_>,
        request: &Request,
        route: &Route<'static, '_>,
    ) -> Answer {
        let site = match D::site(request) {
            Ok(site) => site,
            Err(refusal) => {
                return Answer {
                    reason: refusal.reason(),
                    ..Answer::of(D::refuse(refusal, None))
                };
            }
        };
        match route {
            Route::NotFound => explained::<D>(Refusal::NoRoute),
            Route::MethodNotAllowed { allow } => {
                let mut answer = explained::<D>(Refusal::WrongMethod);
                if let Ok(allow) = allow.join(", ").parse() {
                    answer.response.headers_mut().insert(ALLOW, allow);
                }
                answer
            }
            Route::Found {
                operation,
                path_params,
            } => {
                let call = Call {
                    request,
                    operation,
                    path_params,
                    origin: around.origin,
                    site,
                    now: around.now,
                    store: &self.store,
                    assumptions: around.assumptions,
                    entropy: &self.entropy,
                    body: OnceLock::new(),
                };
                self.settle::<D>(&call, around.begun).await
            }
        }
    }

    /// Answers a call, and lets the dialect note it.
    async fn settle<D: Dialect>(&self, call: &Call<'_>, begun: Instant) -> Answer {
        let looked_at = match call.assumed(D::ORDER_OF_CHECKS) {
            "input-first" => self.check::<D>(call),
            _ => Ok(()),
        };
        let caller = match looked_at {
            Ok(()) => self.identify::<D>(call).await,
            Err(refusal) => Err(refusal),
        };
        let known = caller.as_ref().ok().cloned().flatten();
        let walked = match caller {
            Ok(caller) => self.walk::<D>(call, caller).await,
            Err(refusal) => Err(refusal),
        };
        let mut answer = match walked {
            Ok(response) => Answer::of(response),
            Err(refusal) => refused::<D>(call, refusal),
        };
        if let Some(Reason(reason)) = answer.response.extensions_mut().remove() {
            answer.reason = Some(reason);
        }
        if answer.reason.is_none() && !answer.response.status().is_success() {
            answer.reason = own_words(answer.response.body());
        }
        answer.principal = known.clone().map(|credential| Principal {
            tenant: match D::tenant(call, &credential, answer.response.status()) {
                own if own == &*credential.tenant => Arc::clone(&credential.tenant),
                named => Arc::from(named),
            },
            credential,
        });
        let answered = Answered {
            response: &answer.response,
            begun,
        };
        match D::note(call, known.as_ref(), &answered).await {
            Ok(()) => answer,
            Err(unavailable) => refused::<D>(call, unavailable.into()),
        }
    }

    /// Whom the call authenticates as; nobody only where nobody is asked.
    async fn identify<D: Dialect>(&self, call: &Call<'_>) -> Result<Option<Arc<Credential>>, Refusal> {
        match D::presented(call)? {
            Some(presented) => self.authenticate(call, &presented).await.map(Some),
            None if is_public(call) => Ok(None),
            None => Err(Refusal::Unauthenticated(Unauthenticated::Missing)),
        }
    }

    async fn walk<D: Dialect>(
        &self,
        call: &Call<'_>,
        credential: Option<Arc<Credential>>,
    ) -> Result<Response, Refusal> {
        let is_input_last = call.assumed(D::ORDER_OF_CHECKS) == "input-last";
        if !is_input_last {
            self.check::<D>(call)?;
        }
        let principal = D::admit(call, credential).await?;
        if is_input_last {
            self.check::<D>(call)?;
        }
        D::perform(call, &principal).await
    }

    /// Holds the request against the contract.
    fn check<D: Dialect>(&self, call: &Call<'_>) -> Result<(), Refusal> {
        if !is_legible(call.request) {
            return Err(Refusal::MediaType);
        }
        let view = RequestView {
            path_params: call.path_params,
            query: call.request.uri().query().unwrap_or_default(),
            headers: call.request.headers(),
            body: call.request.body(),
        };
        let mut violations = match self.contract.read_request(call.operation, &view) {
            Ok(body) => {
                if let Some(body) = body {
                    // Whoever was there first has read the same.
                    let _ = call.body.set(body);
                }
                return Ok(());
            }
            Err(violations) => violations,
        };
        violations.retain(|violation| !D::overlooks(call, violation));
        if violations.is_empty() {
            Ok(())
        } else {
            Err(Refusal::of(violations))
        }
    }

    /// The active credential that a secret stands for.
    async fn authenticate(
        &self,
        call: &Call<'_>,
        presented: &Presented<'_>,
    ) -> Result<Arc<Credential>, Refusal> {
        let refused = |why| Err(Refusal::Unauthenticated(why));
        let Some(credential) = self.store.authenticate(&Digest::of(presented.secret)).await? else {
            return refused(Unauthenticated::Unknown);
        };
        if !presented.kinds.contains(&credential.kind) {
            return refused(Unauthenticated::WrongKind);
        }
        let since = |at: Timestamp| call.now.duration_since(at).as_secs().max(0);
        let standing = match &self.saboteur {
            None => credential.standing(call.now),
            Some(saboteur) => saboteur.standing(&credential, call.request, call.operation.id(), call.now),
        };
        match standing {
            Standing::Active => Ok(credential),
            Standing::Revoked(at) => refused(Unauthenticated::Revoked {
                seconds_ago: since(at),
            }),
            Standing::Expired(at) => refused(Unauthenticated::Expired {
                seconds_ago: since(at),
            }),
        }
    }
}

/// A refusal in a vendor's form, given before anything is known of the call.
pub(crate) fn refuse(vendor: Vendor, refusal: Refusal) -> Response {
    let is_passing = matches!(refusal, Refusal::Unavailable(_));
    let response = with_dialect!(vendor, D => D::refuse(refusal, None));
    if is_passing { passing(response) } else { response }
}

/// Whether a body comes as it is. No vendor says that it takes one compressed, and JSON is UTF-8 (RFC 8259, 8.1).
fn is_legible(request: &Request) -> bool {
    let headers = request.headers();
    let is_plain = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    // The pieces are put together again for us; what was done to the body before that is not undone.
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let is_in_pieces = |coding: &HeaderValue| coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked");
    let is_whole = codings.next().is_none_or(is_in_pieces) && codings.next().is_none();
    let is_utf_8 = |media_type: &str| {
        let mut parameters = media_type
            .split(';')
            .skip(1)
            .filter_map(|one| one.split_once('='));
        parameters.all(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset")
                || ["utf-8", "utf8", "us-ascii"]
                    .iter()
                    .any(|known| value.trim().trim_matches('"').eq_ignore_ascii_case(known))
        })
    };
    request.body().is_empty()
        || is_whole
            && headers.get_all(CONTENT_ENCODING).iter().all(is_plain)
            && text(headers, CONTENT_TYPE).is_none_or(is_utf_8)
}

/// A refusal of a call as an answer, with what there is to say about it.
fn refused<D: Dialect>(call: &Call<'_>, refusal: Refusal) -> Answer {
    let (reason, violations) = (refusal.reason(), refusal.violations());
    let is_passing = matches!(refusal, Refusal::Unavailable(_));
    let response = D::refuse_call(call, refusal);
    Answer {
        reason,
        violations,
        ..Answer::of(if is_passing { passing(response) } else { response })
    }
}

/// An answer that may be another one soon.
fn passing(mut response: Response) -> Response {
    response.headers_mut().insert(RETRY_AFTER, SOON);
    response.extensions_mut().insert(Undeclared);
    response
}

fn explained<D: Dialect>(refusal: Refusal) -> Answer {
    let reason = refusal.reason();
    Answer {
        reason,
        ..Answer::of(D::refuse(refusal, None))
    }
}

/// What the vendor's own error says for people.
fn own_words(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let words = ["detail", "message", "title"]
        .iter()
        .find_map(|name| body.get(name)?.as_str())?;
    Some(words.to_owned())
}

/// Whether the operation may be called without a credential.
pub(crate) fn is_public(call: &Call<'_>) -> bool {
    let alternatives = call.operation.security();
    alternatives.is_empty() || alternatives.iter().any(|one| one.schemes().next().is_none())
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock")
            .field("vendor", &self.vendor)
            .finish_non_exhaustive()
    }
}
