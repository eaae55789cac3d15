//! The walk of one request through one vendor, without a socket.
//!
//! address → route → credential → principal → contract → operation → answer. Each step either hands on or
//! refuses; the dialect gives the refusal its form.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use http::header::ALLOW;
use keyway_openapi::{Contract, RequestView, Route, Vendor};

use crate::assumptions::Assumptions;
use crate::call::{Call, Request, Response};
use crate::clock::Clock;
use crate::dialect::{Answered, Dialect, Presented, Seeded};
use crate::dialects::{B3os, Dolfin, Reten, Sinjapp};
use crate::entropy::Entropy;
use crate::refusal::{Refusal, Unauthenticated};
use crate::store::{Credential, Digest, Memory, Standing};

/// One vendor, played: a request goes in, the vendor's answer comes out.
///
/// This is the machine behind [`MockServer`](crate::MockServer); it knows no sockets.
pub(crate) struct Mock {
    vendor: Vendor,
    contract: &'static Contract,
    store: Memory,
    clock: Clock,
    assumptions: Assumptions,
    entropy: Entropy,
}

impl Mock {
    /// A vendor with its ready-made tenants and principals.
    pub(crate) async fn new(vendor: Vendor, clock: Clock, assumptions: Assumptions) -> (Self, Seeded) {
        Self::with_entropy(vendor, clock, assumptions, Entropy::default()).await
    }

    pub(crate) async fn with_entropy(
        vendor: Vendor,
        clock: Clock,
        assumptions: Assumptions,
        entropy: Entropy,
    ) -> (Self, Seeded) {
        let store = Memory::default();
        let seeded = match vendor {
            Vendor::Sinjapp => Sinjapp::seed(&store, &clock).await,
            Vendor::Reten => Reten::seed(&store, &clock).await,
            Vendor::Dolfin => Dolfin::seed(&store, &clock).await,
            Vendor::B3os => B3os::seed(&store, &clock).await,
        };
        let contract = vendor.contract();
        (
            Self {
                vendor,
                contract,
                store,
                clock,
                assumptions,
                entropy,
            },
            seeded,
        )
    }

    /// Answers one request; `path` is the path below the vendor's root. Every request gets an answer.
    pub(crate) async fn respond(&self, request: &Request, path: &str) -> Response {
        match self.vendor {
            Vendor::Sinjapp => self.answer::<Sinjapp>(request, path).await,
            Vendor::Reten => self.answer::<Reten>(request, path).await,
            Vendor::Dolfin => self.answer::<Dolfin>(request, path).await,
            Vendor::B3os => self.answer::<B3os>(request, path).await,
        }
    }

    /// The vendor's answer to a body that is larger than the mock reads.
    pub(crate) fn too_large(&self) -> Response {
        match self.vendor {
            Vendor::Sinjapp => Sinjapp::refuse(Refusal::TooLarge, None),
            Vendor::Reten => Reten::refuse(Refusal::TooLarge, None),
            Vendor::Dolfin => Dolfin::refuse(Refusal::TooLarge, None),
            Vendor::B3os => B3os::refuse(Refusal::TooLarge, None),
        }
    }

    async fn answer<D: Dialect>(&self, request: &Request, path: &str) -> Response {
        let site = match D::site(request) {
            Ok(site) => site,
            Err(refusal) => return D::refuse(refusal, None),
        };
        match self.contract.find(request.method().as_str(), path) {
            Route::NotFound => D::refuse(Refusal::NoRoute, None),
            Route::MethodNotAllowed { allow } => {
                let allow = allow.join(", ");
                let mut response = D::refuse(Refusal::WrongMethod, None);
                if let Ok(allow) = allow.parse() {
                    response.headers_mut().insert(ALLOW, allow);
                }
                response
            }
            Route::Found {
                operation,
                path_params,
            } => {
                let call = Call {
                    request,
                    operation,
                    path_params: &path_params,
                    site,
                    now: self.clock.now(),
                    store: &self.store,
                    assumptions: &self.assumptions,
                    entropy: &self.entropy,
                };
                self.settle::<D>(&call).await
            }
        }
    }

    /// Answers a call, and lets the dialect note it.
    async fn settle<D: Dialect>(&self, call: &Call<'_>) -> Response {
        let begun = Instant::now();
        let caller = self.identify::<D>(call).await;
        let known = caller.as_ref().ok().cloned().flatten();
        let answer = match caller {
            Ok(caller) => self.walk::<D>(call, caller).await,
            Err(refusal) => Err(refusal),
        };
        let response = answer.unwrap_or_else(|refusal| D::refuse_call(call, refusal));
        let answered = Answered {
            response: &response,
            took: begun.elapsed(),
        };
        D::note(call, known.as_deref(), &answered).await;
        response
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
        let principal = D::admit(call, credential).await?;
        let view = RequestView {
            path_params: call.path_params,
            query: call.request.uri().query().unwrap_or_default(),
            headers: call.request.headers(),
            body: call.request.body(),
        };
        self.contract
            .check_request(call.operation, &view)
            .map_err(Refusal::of)?;
        D::perform(call, &principal).await
    }

    /// The active credential that a secret stands for.
    async fn authenticate(
        &self,
        call: &Call<'_>,
        presented: &Presented<'_>,
    ) -> Result<Arc<Credential>, Refusal> {
        let refused = |why| Err(Refusal::Unauthenticated(why));
        let Some(credential) = self.store.authenticate(&Digest::of(presented.secret)).await else {
            return refused(Unauthenticated::Unknown);
        };
        if !presented.kinds.contains(&credential.kind) {
            return refused(Unauthenticated::WrongKind);
        }
        match credential.standing(call.now) {
            Standing::Active => Ok(credential),
            Standing::Revoked(_) => refused(Unauthenticated::Revoked),
            Standing::Expired(_) => refused(Unauthenticated::Expired),
        }
    }
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
