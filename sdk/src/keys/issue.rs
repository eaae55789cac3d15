//! The making of a key, as far as it is alike at all vendors: when it was asked for, and what is made of its answer.
//!
//! A key is shown once. So an answer that is not quite what the vendor documents is read as far as it goes: only one that
//! does not hold the secret, or did not come in full, costs the caller the key.

use http::StatusCode;
use jiff::Timestamp as Instant;
use serde::de::DeserializeOwned;

use super::{
    ApiKeys,
    error::Error,
    new_key::Request,
    record::{IssuedKey, KeyId},
    salvage::{self, Members},
    stray::Stray,
};
use crate::{Unreadable, wire};

/// A create that is on its way.
pub(super) struct Issue {
    sent_at: Instant,
    mark: Option<String>,
}

/// What a vendor's answer to a create can be turned into.
pub(super) trait Created: DeserializeOwned {
    const MEMBERS: Members;

    /// The documented status.
    const STATUS: StatusCode;

    /// The key, if its secret is there; else what is known of its id.
    fn issued(self) -> Result<IssuedKey, Option<KeyId>>;
}

impl Issue {
    pub(super) fn now(mark: Option<String>) -> Self {
        let sent_at = Instant::now();
        Self { sent_at, mark }
    }

    /// What came of it.
    pub(super) fn settled<K: ApiKeys, R: Request, T: Created, E: Send + Sync + 'static>(
        self,
        keys: &K,
        request: &R,
        answer: Result<T, crate::Error<E>>,
    ) -> Result<IssuedKey, Error> {
        match answer.map(T::issued) {
            Ok(Ok(issued)) => Ok(issued),
            Ok(Err(id)) => {
                let stray = self
                    .stray(keys, request)
                    .after(Some(T::STATUS))
                    .noticed(None, &[]);
                let stray = match id {
                    Some(id) => stray.with_id(id),
                    None => stray,
                };
                Err(Error::without_secret(R::VENDOR, T::STATUS, stray))
            }
            Err(error) => self.unsettled::<K, R, T, E>(keys, request, error),
        }
    }

    /// The create has failed, or so it seems: it may be that its answer is only odd.
    #[cold]
    fn unsettled<K: ApiKeys, R: Request, T: Created, E: Send + Sync + 'static>(
        self,
        keys: &K,
        request: &R,
        error: crate::Error<E>,
    ) -> Result<IssuedKey, Error> {
        let issued = match &error {
            // A success with another status than the documented one, perhaps with the documented body.
            crate::Error::Unexpected(answer) if answer.status().is_success() => {
                let body = answer.body();
                let documented = wire::json::<T>(body).map_err(Some);
                match documented.and_then(|created| created.issued().map_err(|_| None)) {
                    Ok(issued) => Some(issued),
                    Err(flaw) => flaw.and_then(|flaw| salvage::issued(R::VENDOR, &T::MEMBERS, body, flaw)),
                }
            }
            crate::Error::Unreadable(answer) => match answer.reason() {
                flaw @ (Unreadable::Shape { .. } | Unreadable::Syntax { .. }) => {
                    salvage::issued(R::VENDOR, &T::MEMBERS, answer.expose_body(), flaw.clone())
                }
                _ => None,
            },
            _ => None,
        };
        match issued {
            Some(issued) => {
                tracing::warn!(vendor = R::VENDOR.name(), flaw = ?issued.flaw(), "the answer to a create is not as documented");
                Ok(issued)
            }
            None => {
                let stray = self.stray(keys, request);
                Err(Error::of_create(R::VENDOR, error, stray, T::MEMBERS.id))
            }
        }
    }

    fn stray<K: ApiKeys, R: Request>(self, keys: &K, request: &R) -> Stray {
        let stray = Stray::now(R::VENDOR, keys.base_url())
            .sent_at(self.sent_at)
            .called(request.name());
        match self.mark {
            Some(mark) => stray.with_mark(mark),
            None => stray,
        }
    }
}
