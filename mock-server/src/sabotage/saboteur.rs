//! Who carries a sabotage out: stands around one vendor's mock, and remembers what it needs to break the promise.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use jiff::Timestamp;
use keyway_openapi::Vendor;
use parking_lot::Mutex;
use serde_json::Value;

use crate::call::{Peer, Request, Response};
use crate::dialect::Seeded;
use crate::store::{AnyStore, Credential, Digest, Kind, Standing, Store};

use super::shape::Shape;
use super::{CREDENTIAL_HEADERS, Fate, Sabotage, Trick, presented};

/// A sabotage at work on one vendor.
#[derive(Debug)]
pub(crate) struct Saboteur {
    sabotage: &'static Sabotage,
    vendor: Vendor,
    shape: &'static Shape,
    owners: Owners,
    keys: Mutex<Keys>,
}

/// The keys made since the beginning, oldest first.
#[derive(Debug, Default)]
pub(super) struct Keys(pub(super) Vec<Key>);

/// A key, as only a saboteur knows it.
pub(super) struct Key {
    pub(super) secret: String,
    /// As the create answer had it.
    pub(super) record: Value,
    pub(super) credential: Arc<Credential>,
    pub(super) made: Instant,
    pub(super) revoked: Option<Instant>,
    /// The connections over which it authenticated while it was alive.
    pub(super) connections: Vec<SocketAddr>,
    pub(super) last_used: Option<Instant>,
    /// How often it was presented since it was revoked.
    pub(super) tries: u32,
    /// Decided against the rules.
    pub(super) fate: Option<Fate>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.credential.id())
            .finish_non_exhaustive()
    }
}

impl Keys {
    pub(super) fn of_id(&self, id: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.credential.id() == id)
    }

    pub(super) fn of_secret(&self, secret: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.secret == secret)
    }

    pub(super) fn newest(&self) -> Option<&Key> {
        self.0.last()
    }

    pub(super) fn newest_alive(&mut self) -> Option<&mut Key> {
        self.0.iter_mut().rev().find(|key| key.revoked.is_none())
    }

    /// Decides on every key that fits.
    pub(super) fn decide(&mut self, fate: Fate, which: impl Fn(&Key) -> bool) {
        for key in self.0.iter_mut().filter(|key| which(key)) {
            key.fate = Some(fate);
        }
    }
}

/// The ready-made principals that may do everything in their tenants.
#[derive(Debug)]
struct Owners {
    tenant: &'static str,
    other_tenant: &'static str,
    other_host: Option<&'static str>,
    admin: HeaderMap,
    other: HeaderMap,
}

/// A use of a key, about which a saboteur may think otherwise.
#[derive(Debug)]
pub(super) struct Use<'a> {
    /// `None` for a key that was made before this server began.
    pub(super) key: Option<&'a Key>,
    pub(super) credential: &'a Credential,
    /// How it stands by the rules.
    pub(super) standing: Standing,
    pub(super) method: &'a Method,
    pub(super) operation: &'a str,
    pub(super) version: Version,
    pub(super) connection: Option<SocketAddr>,
    pub(super) now: Timestamp,
    /// How many keys of the owner are alive by the rules.
    pub(super) siblings: usize,
}

impl Use<'_> {
    pub(super) fn is_revoked(&self) -> bool {
        matches!(self.standing, Standing::Revoked(_))
    }

    pub(super) fn is_expired(&self) -> bool {
        matches!(self.standing, Standing::Expired(_))
    }
}

/// A request and what came of it by the rules.
#[derive(Debug)]
pub(super) struct Exchange<'a> {
    pub(super) vendor: Vendor,
    pub(super) shape: &'static Shape,
    pub(super) operation: Option<&'a str>,
    pub(super) request: &'a Request,
    /// The id in the path, if there is one.
    pub(super) id: Option<&'a str>,
    pub(super) status: u16,
    /// The id of a key that an earlier answer to a revoke had already ended.
    pub(super) is_repeated: bool,
}

impl Exchange<'_> {
    pub(super) fn creates(&self) -> bool {
        self.operation == Some("createApiKey")
    }

    pub(super) fn revokes(&self) -> bool {
        self.operation == Some("revokeApiKey")
    }

    pub(super) fn lists(&self) -> bool {
        self.operation == Some("listApiKeys")
    }

    pub(super) fn gets(&self) -> bool {
        self.operation == Some("getApiKey")
    }

    pub(super) fn is_read(&self) -> bool {
        self.request.method() == Method::GET
    }

    pub(super) fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(super) fn is_anonymous(&self) -> bool {
        presented(self.request.headers()).is_none()
    }

    /// The key whose id stands in the path.
    pub(super) fn key<'k>(&self, keys: &'k Keys) -> Option<&'k Key> {
        keys.of_id(self.id?)
    }
}

/// What a request is, before anything is done about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aim<'a> {
    pub(crate) operation: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
}

impl Saboteur {
    /// Somebody who breaks this promise; nobody if the vendor cannot break it.
    pub(crate) fn hire(sabotage: Option<&'static Sabotage>, vendor: Vendor, seeded: &Seeded) -> Option<Self> {
        let sabotage = sabotage.filter(|sabotage| sabotage.vendors.contains(&vendor))?;
        Some(Self {
            sabotage,
            vendor,
            shape: Shape::of(vendor)?,
            owners: Owners {
                tenant: seeded.tenant,
                other_tenant: seeded.other_tenant,
                other_host: seeded.other_host,
                admin: credential_headers(vendor, &seeded.admin),
                other: credential_headers(vendor, &seeded.other),
            },
            keys: Mutex::default(),
        })
    }

    /// The request as it will be looked at.
    pub(crate) async fn bend(&self, request: &Request, aim: Aim<'_>, store: &AnyStore) -> Request {
        let mut bent = request.clone();
        match self.sabotage.trick {
            Trick::PassesFor(passes_for) => {
                let Some(text) = presented(request.headers()) else {
                    return bent;
                };
                let known = store.authenticate(&Digest::of(text)).await;
                if matches!(known, Ok(None)) {
                    let keys = self.keys.lock();
                    let mut meant = keys.0.iter().rev().filter(|key| passes_for(text, key));
                    let alive = meant.clone().find(|key| key.revoked.is_none());
                    if let Some(key) = alive.or_else(|| meant.next()) {
                        present(&mut bent, self.vendor, &key.secret);
                    }
                }
            }
            Trick::Disguise(disguise) => {
                let text = presented(request.headers()).unwrap_or_default();
                let keys = self.keys.lock();
                if let Some(key) = keys.0.iter().find(|key| disguise(&key.secret) == text) {
                    present(&mut bent, self.vendor, &key.secret);
                }
            }
            Trick::Before(before) => before(&mut bent, self.vendor, &self.keys.lock()),
            Trick::Asked(asked) if aim.operation == Some("createApiKey") => {
                if let Ok(Value::Object(mut body)) = serde_json::from_slice(request.body()) {
                    asked(&mut body, self.shape);
                    *bent.body_mut() = Bytes::from(Value::Object(body).to_string());
                }
            }
            Trick::Follow if aim.operation == Some("createApiKey") => {
                let names = String::from_utf8_lossy(request.body()).contains(self.owners.other_tenant);
                if names && presented(request.headers()).is_some() {
                    bent = self.in_name_of(&Tenant::Other, request);
                }
            }
            _ => {}
        }
        bent
    }

    /// The request to be made after this answer, if another one is: what it is, and whether its answer is shown.
    pub(crate) fn again(
        &self,
        request: &Request,
        aim: Aim<'_>,
        response: &Response,
    ) -> Option<(Request, Shown)> {
        let exchange = self.exchange(request, aim, response);
        match self.sabotage.trick {
            Trick::Openly(wanted) if wanted(&exchange) => {
                Some((self.in_owners_name(request, aim), Shown::Yes))
            }
            Trick::Secretly(wanted) if wanted(&exchange) => {
                Some((self.in_owners_name(request, aim), Shown::No))
            }
            Trick::Mended(mend) => mend(request, &exchange).map(|mended| (mended, Shown::No)),
            _ => None,
        }
    }

    /// The answer as it will be shown. Remembers the key that it made or ended.
    pub(crate) async fn finish(
        &self,
        request: &Request,
        aim: Aim<'_>,
        response: &mut Response,
        store: &AnyStore,
    ) {
        let made = self.made(aim, response, store).await;
        let exchange = self.exchange(request, aim, response);
        let mut keys = self.keys.lock();
        keys.0.extend(made);
        match self.sabotage.trick {
            Trick::Keys(decide) => decide(&exchange, &mut keys),
            Trick::Answer(bend) => bend(response, &exchange, &keys),
            Trick::Refused(bend) if exchange.status >= 400 => bend(response, &exchange),
            Trick::Made(bend) if exchange.creates() && exchange.succeeded() => {
                bend_json(response, |body| {
                    if let (Some(record), Some(key)) = (self.shape.record(body), keys.newest()) {
                        bend(record, key, &exchange);
                    }
                });
            }
            Trick::Disguise(disguise) if exchange.creates() && exchange.succeeded() => {
                let shown = keys.newest().map(|key| disguise(&key.secret));
                bend_json(response, |body| self.shape.set_secret(body, shown.as_deref()));
            }
            Trick::Record(bend) if exchange.succeeded() => bend_records(response, &exchange, &keys, bend),
            Trick::List(bend) if exchange.succeeded() && exchange.lists() => {
                bend_json(response, |body| {
                    if let Some(items) = exchange.shape.list(body) {
                        bend(items, &exchange, &keys);
                    }
                });
            }
            _ => {}
        }
        if exchange.revokes() && exchange.succeeded() {
            let ended = keys
                .0
                .iter_mut()
                .filter(|key| Some(key.credential.id()) == exchange.id);
            for key in ended {
                key.revoked.get_or_insert_with(Instant::now);
            }
        }
    }

    /// Whether a key lives: by the rules, unless the sabotage is about just that.
    pub(crate) fn standing(
        &self,
        credential: &Credential,
        request: &Request,
        operation: &str,
        now: Timestamp,
    ) -> Standing {
        let standing = credential.standing(now);
        if credential.kind != Kind::ApiKey {
            return standing;
        }
        let mut keys = self.keys.lock();
        let is_sibling = |key: &&Key| key.credential.owner == credential.owner && key.revoked.is_none();
        let siblings = keys.0.iter().filter(is_sibling).count();
        let connection = request.extensions().get::<Peer>().map(|peer| peer.0);
        let mut known = keys
            .0
            .iter_mut()
            .find(|key| key.credential.id() == credential.id());
        if let Some(key) = &mut known {
            key.tries += u32::from(key.revoked.is_some());
        }
        let of_use = Use {
            key: known.as_deref(),
            credential,
            standing,
            method: request.method(),
            operation,
            version: request.version(),
            connection,
            now,
            siblings,
        };
        let fate = match self.sabotage.trick {
            Trick::Life(decide) => decide(&of_use),
            Trick::Keys(_) => known.as_ref().and_then(|key| key.fate),
            _ => None,
        };
        if let Some(key) = known.filter(|_| standing == Standing::Active) {
            key.last_used = Some(Instant::now());
            key.connections.extend(connection);
        }
        match fate {
            Some(Fate::Alive) => Standing::Active,
            Some(Fate::Dead) if standing == Standing::Active => Standing::Revoked(now),
            _ => standing,
        }
    }

    /// The key that an answer has just made.
    async fn made(&self, aim: Aim<'_>, response: &Response, store: &AnyStore) -> Option<Key> {
        if aim.operation != Some("createApiKey") || !response.status().is_success() {
            return None;
        }
        let mut body: Value = serde_json::from_slice(response.body()).ok()?;
        let secret = self.shape.secret(&body)?.to_owned();
        let credential = store.authenticate(&Digest::of(&secret)).await.ok()??;
        self.shape.set_secret(&mut body, None);
        Some(Key {
            secret,
            record: self.shape.record(&mut body).cloned().map(Value::Object)?,
            credential,
            made: Instant::now(),
            revoked: None,
            connections: Vec::new(),
            last_used: None,
            tries: 0,
            fate: None,
        })
    }

    fn exchange<'a>(&self, request: &'a Request, aim: Aim<'a>, response: &Response) -> Exchange<'a> {
        let keys = self.keys.lock();
        let is_ended = |id: &str| keys.of_id(id).is_some_and(|key| key.revoked.is_some());
        Exchange {
            vendor: self.vendor,
            shape: self.shape,
            operation: aim.operation,
            request,
            id: aim.id,
            status: response.status().as_u16(),
            is_repeated: aim.id.is_some_and(is_ended),
        }
    }

    /// The request, made by somebody who may: the owner of the key that it is about, else of the tenant it names.
    fn in_owners_name(&self, request: &Request, aim: Aim<'_>) -> Request {
        let owners = &self.owners;
        let of_key = {
            let keys = self.keys.lock();
            let key = aim.id.and_then(|id| keys.of_id(id));
            key.map(|key| &*key.credential.tenant == owners.other_tenant)
        };
        let names_other = |name: &str, wanted: Option<&str>| {
            let named = request.headers().get(name).and_then(|value| value.to_str().ok());
            // A host may have a port after it; a tenant has no colon.
            let named = named.and_then(|named| named.split(':').next());
            named.is_some() && named == wanted
        };
        let is_other = of_key.unwrap_or_else(|| {
            request.uri().path().contains(owners.other_tenant)
                || names_other("host", owners.other_host)
                || names_other("x-tenant-id", Some(owners.other_tenant))
        });
        let tenant = if is_other { Tenant::Other } else { Tenant::Own };
        self.in_name_of(&tenant, request)
    }

    /// The request, made by whoever may do everything in a tenant.
    fn in_name_of(&self, tenant: &Tenant, request: &Request) -> Request {
        let owners = &self.owners;
        let (credential, tenant, host) = match tenant {
            Tenant::Other => (&owners.other, owners.other_tenant, owners.other_host),
            Tenant::Own => (&owners.admin, owners.tenant, None),
        };
        let mut again = request.clone();
        for name in CREDENTIAL_HEADERS {
            again.headers_mut().remove(name);
        }
        again.headers_mut().extend(credential.clone());
        if self.vendor == Vendor::Reten {
            again
                .headers_mut()
                .insert("x-tenant-id", HeaderValue::from_static(tenant));
        }
        if self.vendor == Vendor::Sinjapp {
            let host = HeaderValue::from_static(host.unwrap_or("localhost"));
            again.headers_mut().insert(http::header::HOST, host);
        }
        again
    }
}

/// One of the two tenants that are ready-made.
enum Tenant {
    Own,
    Other,
}

/// Whether the answer to the second request is the one that is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shown {
    Yes,
    No,
}

/// Bends each record of a key in an answer about keys.
fn bend_records(
    response: &mut Response,
    exchange: &Exchange<'_>,
    keys: &Keys,
    bend: fn(&mut Value, &Exchange<'_>, &Keys),
) {
    let bend_one = |record: &mut Value| bend(record, exchange, keys);
    bend_json(response, |body| {
        if exchange.lists() {
            exchange.shape.list(body).into_iter().flatten().for_each(bend_one);
        } else if (exchange.creates() || exchange.gets())
            && let Some(members) = exchange.shape.record(body)
        {
            let mut record = Value::Object(std::mem::take(members));
            bend_one(&mut record);
            if let Value::Object(bent) = record {
                *members = bent;
            }
        }
    });
}

/// Changes a body that is JSON.
pub(super) fn bend_json(response: &mut Response, bend: impl FnOnce(&mut Value)) {
    if let Ok(mut body) = serde_json::from_slice(response.body()) {
        bend(&mut body);
        *response.body_mut() = Bytes::from(Value::to_string(&body));
    }
}

/// Puts a key into the header where the vendor looks for it.
pub(super) fn present(request: &mut Request, vendor: Vendor, secret: &str) {
    let form = if vendor == Vendor::B3os { "bearer" } else { "key" };
    for name in CREDENTIAL_HEADERS {
        request.headers_mut().remove(name);
    }
    let headers = credential_headers(vendor, &format!("{form}:{secret}"));
    request.headers_mut().extend(headers);
}

/// The header of a credential written `key:VALUE` or `bearer:VALUE`.
fn credential_headers(vendor: Vendor, credential: &str) -> HeaderMap {
    let (name, value) = match (credential.split_once(':'), vendor) {
        (Some(("key", value)), Vendor::Dolfin) => ("x-dolfin-api-key", value.to_owned()),
        (Some(("key", value)), _) => ("x-api-key", value.to_owned()),
        (Some((_, value)), _) => ("authorization", format!("Bearer {value}")),
        (None, _) => return HeaderMap::new(),
    };
    let mut headers = HeaderMap::new();
    if let Ok(mut value) = HeaderValue::from_str(&value) {
        value.set_sensitive(true);
        headers.insert(HeaderName::from_static(name), value);
    }
    headers
}
