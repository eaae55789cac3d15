//! One vendor's run: the target, what is known of it, the keys that were made on it, and the steps cases are made of.

use std::sync::Arc;
use std::time::Instant;

use futures::future::join_all;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::case::Need;
use crate::credential::Credential;
use crate::exchange::Exchange;
use crate::judge::is_refusal;
use crate::ledger::{Entry, EntryState, Ledger, Place};
use crate::profile::Profile;
use crate::stop::Stop;
use crate::subject::{Caller, Issued, Manner, NewKey, Page, Probe, Record, State, Subject, Tenancy};
use crate::subjects;
use crate::target::{Target, named};
use crate::vault::Vault;
use crate::wire::{Purpose, Request, Wire};

/// So many requests are under way at once where their order is no matter.
const AT_ONCE: usize = 8;
/// So many keys that nobody can revoke are made at most.
const MOST_UNNAMED: usize = 3;
const NO_ID: &str = "the answer to a create names no id, so the key could not be revoked";

/// A list longer than this many pages is not followed to its end.
const PAGES: usize = 200;

/// The principals that a target knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Admin,
    Limited,
    Other,
    Nobody,
}

/// What came of a create request.
pub(crate) struct Made {
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) issued: Issued,
    pub(crate) name: String,
}

/// A key that the run made.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) name: String,
    pub(crate) record: Record,
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) made: Instant,
}

/// What the first key taught about the target.
#[derive(Clone, Default)]
pub(crate) struct Setup {
    /// The grants that ordinary keys of the run get.
    pub(crate) wide: Vec<String>,
    manner: Option<Manner>,
    /// The reads that accepted the first key, the preferred one first.
    pub(crate) probes: Vec<Probe>,
    /// The tenant that keys say they are made in.
    pub(crate) minted: Option<String>,
}

/// Why a target cannot be judged at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotSetUp(pub(crate) String);

/// One vendor's run.
pub(crate) struct Session {
    pub(crate) target: Target,
    pub(crate) subject: Box<dyn Subject>,
    pub(crate) profile: &'static Profile,
    pub(crate) wire: Wire,
    pub(crate) vault: Vault,
    pub(crate) setup: Setup,
    /// The first key of the run, as long as it is kept: some servers can end only keys that they have just made.
    pub(crate) first: Option<Key>,
    /// Every plaintext of the run, and the exchange that handed it out.
    pub(crate) minted: Vec<(String, Option<usize>)>,
    /// The id in every answer to a create.
    pub(crate) issued_ids: Vec<(String, String)>,
    ledger: Ledger,
    run_id: String,
    /// What the names of keys have in them that are made beside those of others.
    lane: String,
    named: usize,
    /// How many keys came without an id.
    unnamed: usize,
}

impl Session {
    pub(crate) fn new(target: Target, run_id: &str, wire: Wire, vault: Vault) -> Self {
        let credentials = [
            Some(&target.admin),
            target.limited.as_ref(),
            target.other.as_ref(),
        ];
        for credential in credentials.into_iter().flatten() {
            vault.keep(credential.expose());
        }
        Self {
            subject: subjects::of(target.vendor),
            profile: Profile::of(target.vendor),
            target,
            wire,
            vault,
            setup: Setup::default(),
            first: None,
            minted: Vec::new(),
            ledger: Ledger::default(),
            issued_ids: Vec::new(),
            run_id: run_id.to_owned(),
            lane: String::new(),
            named: 0,
            unnamed: 0,
        }
    }

    /// A session beside this one, on the same target and as far as this one is, with keys and connections of its own.
    pub(crate) fn beside(&self, lane: usize) -> Self {
        let wire = self.wire.beside();
        let own = Self::new(self.target.clone(), &self.run_id, wire, self.vault.clone());
        Self {
            setup: self.setup.clone(),
            lane: format!("{}-", lane + 1),
            ..own
        }
    }

    /// Takes over what another session made and saw.
    pub(crate) fn absorb(&mut self, other: Self) {
        let behind = self.wire.absorb(&other.wire);
        let minted = other.minted.into_iter();
        self.minted
            .extend(minted.map(|(secret, number)| (secret, number.map(|number| number + behind))));
        self.issued_ids.extend(other.issued_ids);
        self.unnamed += other.unnamed;
        self.ledger.append(other.ledger);
    }

    /// Makes the first key, and finds the reads that a key can prove itself on.
    pub(crate) async fn set_up(&mut self) -> Result<(), NotSetUp> {
        let mut refused = None;
        for grants in self.subject.wide() {
            for manner in self.manners() {
                self.setup.manner = Some(manner);
                self.setup.wide.clone_from(&grants);
                let admin = self
                    .caller(Who::Admin)
                    .map_err(|stop| NotSetUp(stop.reason().to_owned()))?;
                let key = self.named_key();
                let made = match self.create(&admin, &key).await {
                    Ok(made) => made,
                    // The cases would meet the same, and say so one by one.
                    Err(Stop::Unreachable(reason) | Stop::Error(reason)) => {
                        return Err(NotSetUp(format!("{}: {reason}", self.target.base_url)));
                    }
                    Err(_) => return Ok(()),
                };
                let names_tenant = manner == Manner::WithTenant;
                match made.exchange.status {
                    200..300 if made.exchange.json().is_none() => return Err(self.somebody_else(&made)),
                    200..300 => {
                        self.keep_first(&made);
                        return self.find_probes(&made).await;
                    }
                    // Neither the spelling of a grant nor its kind helps a credential that is not known.
                    401 if names_tenant || !self.may_name_tenant() => return Err(self.admin_refused(401)),
                    status @ (401 | 403) => refused = Some(status),
                    400 | 422 => {}
                    // What is there only for a tenant may not be found without one.
                    404 if !names_tenant && self.may_name_tenant() => {}
                    _ => return Err(self.somebody_else(&made)),
                }
            }
        }
        self.setup.wide = self.subject.wide().into_iter().next().unwrap_or_default();
        self.setup.manner = None;
        match refused {
            Some(status) => Err(self.admin_refused(status)),
            // A request that names no tenant may be wrong for that alone.
            None if self.target.tenant.is_none() && self.subject.tenancy() != Tenancy::Host => Err(NotSetUp(
                "the target finds a create wrong, and KEYWAY_TENANT is not set".to_owned(),
            )),
            None => Ok(()),
        }
    }

    /// The manners that differ on this target.
    fn manners(&self) -> Vec<Manner> {
        let manners = self.subject.manners().iter().copied();
        manners
            .filter(|manner| *manner != Manner::WithTenant || self.target.tenant.is_some())
            .collect()
    }

    fn may_name_tenant(&self) -> bool {
        self.manners().contains(&Manner::WithTenant)
    }

    fn admin_refused(&self, status: u16) -> NotSetUp {
        let name = named(self.target.vendor, "CREDENTIAL");
        NotSetUp(format!(
            "the target refused the credential of KEYWAY_CREDENTIAL or {name} with {status} when a key was to be made"
        ))
    }

    /// What answers a create like this is something else, or the vendor below another path.
    fn somebody_else(&self, made: &Made) -> NotSetUp {
        let exchange = &made.exchange;
        let kind = exchange
            .header("content-type")
            .map(|kind| format!(" with {kind}"));
        NotSetUp(format!(
            "{}: {} was answered {}{}; is this the address of {}?",
            self.target.base_url,
            exchange.line(),
            exchange.status,
            kind.unwrap_or_default(),
            self.target.vendor.title()
        ))
    }

    /// The clean-up after a case leaves this key alone.
    fn keep_first(&mut self, made: &Made) {
        self.first = self.key_of(made).ok();
        if let Some(key) = &self.first {
            self.ledger.mark(&self.target.base_url, &key.id, EntryState::Kept);
        }
    }

    async fn find_probes(&mut self, made: &Made) -> Result<(), NotSetUp> {
        self.setup.minted.clone_from(&made.issued.tenant);
        let Some((_, secret)) = made.issued.secrets.first() else {
            return Ok(());
        };
        let caller = self.bearer_of(secret);
        let probes = self
            .subject
            .probes(self.setup.minted.as_deref(), self.target.tenant.as_deref());
        let sent = join_all(
            probes
                .iter()
                .map(|probe| self.send(&caller, probe.request.clone())),
        )
        .await;
        for (probe, sent) in probes.into_iter().zip(sent) {
            if sent.is_ok_and(|exchange| exchange.is_success()) {
                self.setup.probes.push(probe);
            }
        }
        Ok(())
    }

    /// The caller for a principal; a principal without a credential is a reason to skip.
    pub(crate) fn caller(&self, who: Who) -> Result<Caller, Stop> {
        let target = &self.target;
        let here = |credential: Option<Credential>| Caller {
            base_url: target.base_url.clone(),
            tenant: target
                .tenant
                .clone()
                .filter(|_| self.names_tenant(credential.as_ref())),
            credential,
        };
        match who {
            Who::Admin => Ok(here(Some(target.admin.clone()))),
            Who::Nobody => Ok(here(None)),
            Who::Limited => match &target.limited {
                Some(credential) => Ok(here(Some(credential.clone()))),
                None => Err(Stop::skip("KEYWAY_LIMITED_CREDENTIAL is not set")),
            },
            Who::Other => match &target.other {
                Some(credential) => self.other(credential.clone()),
                None => Err(Stop::skip("KEYWAY_OTHER_CREDENTIAL is not set")),
            },
        }
    }

    /// The other tenant's principal, at home. Its credential is not shown to our own host, nor sent without its tenant.
    fn other(&self, credential: Credential) -> Result<Caller, Stop> {
        let target = &self.target;
        let not_set = |suffix: &str| Stop::skip(format!("KEYWAY_{suffix} is not set"));
        let base_url = match (self.subject.tenancy(), &target.other_base_url) {
            (Tenancy::Host, None) => return Err(not_set("OTHER_BASE_URL")),
            (Tenancy::Host, Some(other)) if *other == target.base_url => {
                return Err(Stop::skip("KEYWAY_OTHER_BASE_URL is the host of --base-url"));
            }
            (_, Some(other)) => other.clone(),
            (_, None) => target.base_url.clone(),
        };
        if self.subject.tenancy() == Tenancy::Header {
            match &target.other_tenant {
                None => return Err(not_set("OTHER_TENANT")),
                other if *other == target.tenant => {
                    return Err(Stop::skip("KEYWAY_OTHER_TENANT is the tenant of KEYWAY_TENANT"));
                }
                Some(_) => {}
            }
        }
        Ok(Caller {
            base_url,
            tenant: target
                .other_tenant
                .clone()
                .filter(|_| self.names_tenant(Some(&credential))),
            credential: Some(credential),
        })
    }

    /// Where the header may not be wanted, a tenant is named only once that was found out.
    fn names_tenant(&self, credential: Option<&Credential>) -> bool {
        let is_asked_for = credential.is_none_or(|one| self.subject.is_told_the_tenant_of(one));
        let is_wanted = !self.subject.manners().contains(&Manner::WithTenant)
            || self.setup.manner == Some(Manner::WithTenant);
        is_asked_for && is_wanted
    }

    pub(crate) fn demand(&self, need: Need) -> Result<(), Stop> {
        let who = match need {
            Need::Limited => Who::Limited,
            Need::Other => Who::Other,
            // That is the plan's to say, not the target's.
            Need::Allowed(_) => return Ok(()),
        };
        self.caller(who).map(|_| ())
    }

    /// Whoever holds a key, at the target's own address.
    pub(crate) fn bearer_of(&self, secret: &str) -> Caller {
        Caller {
            base_url: self.target.base_url.clone(),
            tenant: None,
            credential: Some(Credential::key(secret)),
        }
    }

    /// A name that says which run it belongs to.
    pub(crate) fn next_name(&mut self) -> String {
        self.named += 1;
        format!("keyway-{}-{}{}", self.run_id, self.lane, self.named)
    }

    /// An ordinary key of the run, not made yet.
    pub(crate) fn named_key(&mut self) -> NewKey {
        NewKey {
            name: self.next_name(),
            grants: self.setup.wide.clone(),
            expiry: None,
        }
    }

    /// A key's data with its grants written as the target takes them.
    pub(crate) fn spelt(&self, key: &NewKey) -> NewKey {
        let grants = match self.setup.manner {
            Some(Manner::UpperCase) => key
                .grants
                .iter()
                .map(|grant| grant.to_ascii_uppercase())
                .collect(),
            _ => key.grants.clone(),
        };
        NewKey {
            grants,
            ..key.clone()
        }
    }

    pub(crate) async fn send(&self, caller: &Caller, request: Request) -> Result<Arc<Exchange>, Stop> {
        let request = self.subject.sign(request, caller);
        self.wire.send(&caller.base_url, &request).await
    }

    /// Sends several requests, some of them side by side; the answers are in the order of the requests.
    pub(crate) async fn send_all(&self, calls: Vec<(Caller, Request)>) -> Result<Vec<Arc<Exchange>>, Stop> {
        stream::iter(calls)
            .map(|(caller, request)| async move { self.send(&caller, request).await })
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    /// Asks for a key; whatever comes back, a key in it is remembered.
    pub(crate) async fn create(&mut self, caller: &Caller, key: &NewKey) -> Result<Made, Stop> {
        let request = self.subject.create(&self.spelt(key));
        self.create_by(caller, request, &key.name).await
    }

    /// As [`create`](Self::create), with a request of the case's own making.
    pub(crate) async fn create_by(
        &mut self,
        caller: &Caller,
        request: Request,
        name: &str,
    ) -> Result<Made, Stop> {
        if self.unnamed >= MOST_UNNAMED {
            return Err(Stop::skip(NO_ID));
        }
        // Written down first: whatever happens from here on, the key is not forgotten.
        let place = self.ledger.ask(name, caller);
        let sent = self.send(caller, request).await;
        self.note(place, name, sent)
    }

    /// Asks for several keys side by side.
    pub(crate) async fn create_at_once(
        &mut self,
        caller: &Caller,
        keys: &[NewKey],
    ) -> Result<Vec<Result<Made, Stop>>, Stop> {
        if self.unnamed >= MOST_UNNAMED {
            return Err(Stop::skip(NO_ID));
        }
        let places: Vec<Place> = keys
            .iter()
            .map(|key| self.ledger.ask(&key.name, caller))
            .collect();
        let session: &Session = self;
        let sent = join_all(keys.iter().map(|key| {
            let request = session.subject.create(&session.spelt(key));
            session.send(caller, request)
        }))
        .await;
        let noted = places.into_iter().zip(keys).zip(sent);
        Ok(noted
            .map(|((place, key), sent)| self.note(place, &key.name, sent))
            .collect())
    }

    /// Writes down what came of a create.
    fn note(&mut self, place: Place, name: &str, sent: Result<Arc<Exchange>, Stop>) -> Result<Made, Stop> {
        let exchange = match sent {
            Ok(exchange) => exchange,
            Err(stop) => {
                // Where the answer was lost the key may exist all the same.
                if !matches!(stop, Stop::Error(_)) {
                    self.ledger.not_made(place);
                }
                return Err(stop);
            }
        };
        let mut issued = exchange
            .json()
            .map(|body| self.subject.issued(body))
            .unwrap_or_default();
        if issued.record.id.is_none() {
            issued.record.id = located(&exchange);
        }
        for (_, secret) in &issued.secrets {
            self.vault.keep(secret);
            self.minted.push((secret.clone(), Some(exchange.number)));
        }
        if exchange.is_success() || !issued.secrets.is_empty() {
            self.unnamed += usize::from(issued.record.id.is_none());
            let at = self.ledger.at(place).to_owned();
            self.issued_ids
                .extend(issued.record.id.clone().map(|id| (at, id)));
            let secret = issued.secrets.first().map(|(_, secret)| secret.clone());
            self.ledger.made(place, issued.record.id.clone(), secret);
            self.ledger.made_in(place, issued.tenant.clone());
        } else if is_refusal(exchange.status) {
            self.ledger.not_made(place);
        } else if is_without_effect(exchange.status) {
            self.ledger.put_off(place);
        }
        Ok(Made {
            exchange,
            issued,
            name: name.to_owned(),
        })
    }

    /// Writes down a key that another hand than ours is about to ask for.
    pub(crate) fn ask(&mut self, maker: &Caller, name: &str) -> Place {
        self.ledger.ask(name, maker)
    }

    /// The key that was written down was surely not made.
    pub(crate) fn not_made(&mut self, place: Place) {
        self.ledger.not_made(place);
    }

    /// The key that was written down was made, by an exchange that is not in the transcript.
    pub(crate) fn made_elsewhere(&mut self, place: Place, id: Option<String>, secret: Option<String>) {
        if let Some(secret) = &secret {
            self.vault.keep(secret);
            // No exchange of ours handed it out, so none may show it.
            self.minted.push((secret.clone(), None));
        }
        self.ledger.made(place, id, secret);
    }

    /// The key in a create answer, as a prerequisite of what is to be judged.
    pub(crate) fn key_of(&self, made: &Made) -> Result<Key, Stop> {
        let line = format!("{} answered {}", made.exchange.line(), made.exchange.status);
        if !made.exchange.is_success() {
            return Err(Stop::error(format!(
                "the case needs a key and none was made: {line}"
            )));
        }
        let (Some(id), Some((_, secret))) = (made.issued.record.id.clone(), made.issued.secrets.first())
        else {
            if !made.issued.secrets.is_empty() {
                return Err(Stop::skip(NO_ID));
            }
            return Err(Stop::error(format!(
                "the case needs a key, and the answer has no plaintext: {line}"
            )));
        };
        Ok(Key {
            id,
            secret: secret.clone(),
            name: made.name.clone(),
            record: made.issued.record.clone(),
            exchange: Arc::clone(&made.exchange),
            made: Instant::now(),
        })
    }

    /// A new key of the admin's with all grants.
    pub(crate) async fn key(&mut self) -> Result<Key, Stop> {
        let key = self.named_key();
        self.key_from(Who::Admin, &key).await
    }

    /// A new key of somebody's.
    pub(crate) async fn key_from(&mut self, who: Who, key: &NewKey) -> Result<Key, Stop> {
        let caller = self.caller(who)?;
        let made = self.create(&caller, key).await?;
        self.key_of(&made)
    }

    /// A new key that was seen to work.
    pub(crate) async fn working_key(&mut self) -> Result<Key, Stop> {
        let key = self.key().await?;
        self.demand_working(&key).await?;
        Ok(key)
    }

    pub(crate) async fn demand_working(&self, key: &Key) -> Result<(), Stop> {
        let exchange = self.use_key(&key.secret).await?;
        if exchange.is_success() {
            return Ok(());
        }
        let line = exchange.line();
        Err(Stop::error(format!(
            "the case needs a key that works, and {line} answered {}",
            exchange.status
        )))
    }

    /// The read on which keys prove themselves here.
    pub(crate) fn probe(&self) -> Result<&Probe, Stop> {
        self.setup.probes.first().ok_or_else(|| {
            self.untried().unwrap_or_else(|| {
                Stop::error(
                    "no protected read accepted the first key of the run; see create/key-works-at-once",
                )
            })
        })
    }

    /// The reason if there are reads on which no key could be tried, because nobody said for which tenant.
    pub(crate) fn untried(&self) -> Option<Stop> {
        let minted = self.setup.minted.as_deref();
        let lacks_tenant = self.target.tenant.is_none() && self.setup.probes.is_empty();
        let tried = self.subject.probes(minted, None).len();
        (lacks_tenant && self.subject.probes(minted, Some("tenant")).len() > tried)
            .then(|| Stop::skip("KEYWAY_TENANT is not set, and without it no read accepted a key"))
    }

    /// Reads with a key.
    pub(crate) async fn use_key(&self, secret: &str) -> Result<Arc<Exchange>, Stop> {
        let request = self.probe()?.request.clone();
        self.send(&self.bearer_of(secret), request).await
    }

    /// Revokes in somebody's name. Nothing is demanded of the answer.
    pub(crate) async fn revoke(&mut self, caller: &Caller, id: &str) -> Result<Arc<Exchange>, Stop> {
        let exchange = self.send(caller, self.subject.revoke(id)).await?;
        if exchange.is_success() {
            self.ledger.mark(&caller.base_url, id, EntryState::Revoked);
        }
        Ok(exchange)
    }

    /// Revokes as the admin, as a prerequisite of what is to be judged.
    pub(crate) async fn revoked(&mut self, key: &Key) -> Result<Arc<Exchange>, Stop> {
        let admin = self.caller(Who::Admin)?;
        let exchange = self.revoke(&admin, &key.id).await?;
        if exchange.is_success() {
            return Ok(exchange);
        }
        let line = exchange.line();
        Err(Stop::error(format!(
            "the case needs a revoked key, and {line} answered {}",
            exchange.status
        )))
    }

    /// Takes over the clean-up of a key that came to light in another way than by its create answer.
    pub(crate) fn adopt(&mut self, maker: &Caller, id: Option<String>, name: &str) {
        let place = self.ledger.ask(name, maker);
        self.ledger.made(place, id, None);
    }

    /// The ids of the run's own keys.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.ledger.ids()
    }

    /// The keys of the run that were revoked, whoever made them.
    pub(crate) fn revoked_keys(&self) -> Vec<Entry> {
        self.ledger.revoked()
    }

    pub(crate) fn mark_revoked(&mut self, id: &str) {
        self.ledger.mark(&self.target.base_url, id, EntryState::Revoked);
    }

    /// The key was seen at work: if an answer said that it was revoked, the answer was not true.
    pub(crate) fn mark_open(&mut self, key: &Key) {
        self.mark_working(&key.id);
    }

    /// As [`mark_open`](Self::mark_open), by the id of the key.
    pub(crate) fn mark_working(&mut self, id: &str) {
        self.ledger.worked(&self.target.base_url, id);
    }

    pub(crate) fn mark_expired(&mut self, key: &Key) {
        self.ledger
            .mark(&self.target.base_url, &key.id, EntryState::Expired);
    }

    /// The whole list, page after page; none where the vendor has no list.
    pub(crate) async fn list(&self, caller: &Caller) -> Result<Option<Vec<Record>>, Stop> {
        self.list_for(Purpose::Judging, caller).await
    }

    async fn list_for(&self, purpose: Purpose, caller: &Caller) -> Result<Option<Vec<Record>>, Stop> {
        let mut records = Vec::new();
        let mut from = 0;
        for _ in 0..PAGES {
            let Some(request) = self.subject.list(from) else {
                return Ok(None);
            };
            let request = self.subject.sign(request, caller);
            let exchange = self.wire.send_for(purpose, &caller.base_url, &request).await?;
            let page = self.page(&exchange, from)?;
            records.extend(page.records);
            match page.next {
                // A page that does not lead on would lead round in circles.
                Some(next) if next > from => from = next,
                _ => return Ok(Some(records)),
            }
        }
        Err(Stop::error(format!(
            "the list of keys has more than {PAGES} pages"
        )))
    }

    fn page(&self, exchange: &Exchange, from: usize) -> Result<Page, Stop> {
        let page = exchange.json().and_then(|body| self.subject.listed(body, from));
        match page {
            Some(page) if exchange.is_success() => Ok(page),
            _ => Err(Stop::error(format!(
                "{} answered {} without a list",
                exchange.line(),
                exchange.status
            ))),
        }
    }

    pub(crate) fn made(&self) -> usize {
        self.ledger.len()
    }

    /// Revokes what a case made, so that a limit on the number of keys is not met. What cannot be revoked is left for the end.
    pub(crate) async fn tidy(&mut self) {
        for round in self.ledger.rounds(AT_ONCE) {
            let some: Vec<(Entry, String)> = round
                .into_iter()
                .filter(|entry| matches!(entry.state, EntryState::Open | EntryState::Expired))
                .filter_map(|entry| entry.id.clone().map(|id| (entry, id)))
                .collect();
            let session: &Session = self;
            let ended = join_all(some.iter().map(|(entry, id)| session.end(entry, id))).await;
            for ((entry, id), ended) in some.iter().zip(ended) {
                let state = match ended {
                    true => EntryState::Revoked,
                    false => EntryState::Stuck,
                };
                self.ledger.mark(&entry.maker.base_url, id, state);
            }
        }
    }

    /// Revokes what the run made and has not revoked; returns the names of the keys that could not be, each with why it
    /// cannot be told where that is so.
    pub(crate) async fn sweep(&mut self) -> Vec<String> {
        self.gather().await;
        self.doubt().await;
        let mut left = Vec::new();
        for entry in self.ledger.open() {
            let found = match &entry.id {
                Some(id) => Found::Ids(vec![id.clone()]),
                None => self.look_for(&entry).await,
            };
            let name = entry.name.clone();
            match found {
                Found::Ids(ids) => {
                    let mut ended = true;
                    for id in ids {
                        let over = self.end(&entry, &id).await;
                        if over {
                            self.ledger.mark(&entry.maker.base_url, &id, EntryState::Revoked);
                        }
                        ended &= over;
                    }
                    if !ended {
                        left.push(name);
                    }
                }
                Found::Unknown if entry.state == EntryState::Asked => left.push(format!(
                    "{name} (it may exist: its create was not answered to an end, and no list tells)"
                )),
                Found::Unknown => left.push(name),
            }
        }
        left
    }

    /// Writes down the keys of the run that no answer told of. Only a list can tell of them.
    async fn gather(&mut self) {
        if self.ledger.len() == 0 {
            return;
        }
        for who in [Who::Admin, Who::Limited, Who::Other] {
            let Ok(caller) = self.caller(who) else { continue };
            if let Ok(Some(records)) = self.list_for(Purpose::CleaningUp, &caller).await {
                self.adopt_strays(&caller, &records);
            }
        }
    }

    /// Takes over the clean-up of the keys in somebody's list that are in force under a name of this run, although nobody
    /// asked for them; returns their names.
    pub(crate) fn adopt_strays(&mut self, owner: &Caller, records: &[Record]) -> Vec<String> {
        // Names are unique in the world: such a key is of this run.
        let of_this_run = format!("keyway-{}-", self.run_id);
        let mut names = Vec::new();
        for record in records {
            if let (Some(id), Some(name)) = (&record.id, &record.name)
                && name.starts_with(&of_this_run)
                && record.state != State::Revoked
                && self.ledger.is_stray(&owner.base_url, id, name)
            {
                self.adopt(owner, Some(id.clone()), name);
                names.push(name.clone());
            }
        }
        names
    }

    /// Where one answer to a revoke was not true, none is: every revoked key is tried.
    async fn doubt(&mut self) {
        let is_doubtful = |entry: &Entry| entry.state == EntryState::Undead;
        if !self.ledger.open().iter().any(is_doubtful) {
            return;
        }
        for entry in self.ledger.revoked() {
            if let Some(id) = &entry.id
                && !self.is_dead(&entry).await
            {
                self.ledger.worked(&entry.maker.base_url, id);
            }
        }
    }

    /// The list knows by its name a key whose id no answer gave. One that is revoked already is not among what is found.
    async fn look_for(&self, entry: &Entry) -> Found {
        for caller in self.who_may_end(entry) {
            if let Ok(Some(records)) = self.list_for(Purpose::CleaningUp, &caller).await {
                let ids = records
                    .into_iter()
                    .filter(|record| record.name.as_deref() == Some(&entry.name))
                    .filter(|record| record.state != State::Revoked)
                    .map(|record| record.id);
                return match ids.collect::<Option<Vec<String>>>() {
                    // An answer said that there is a key, and the list does not show it.
                    Some(ids) if ids.is_empty() && entry.state != EntryState::Asked => Found::Unknown,
                    Some(ids) => Found::Ids(ids),
                    None => Found::Unknown,
                };
            }
        }
        Found::Unknown
    }

    /// Whoever made a key, and the admin of the same place: elsewhere its id may be that of somebody else's key.
    fn who_may_end(&self, entry: &Entry) -> Vec<Caller> {
        let is_at_home = |admin: &Caller| admin.base_url == entry.maker.base_url;
        let admin = self.caller(Who::Admin).ok().filter(is_at_home);
        std::iter::once(entry.maker.clone())
            .chain(admin)
            .filter(|caller| caller.credential.is_some())
            .collect()
    }

    /// Whether a key could be brought to its end.
    async fn end(&self, entry: &Entry, id: &str) -> bool {
        for caller in self.who_may_end(entry) {
            let request = self.subject.sign(self.subject.revoke(id), &caller);
            let sent = self
                .wire
                .send_for(Purpose::CleaningUp, &caller.base_url, &request)
                .await;
            let Ok(exchange) = sent else {
                continue;
            };
            let over = entry.state == EntryState::Expired && is_refusal(exchange.status);
            if entry.state == EntryState::Undead {
                if self.is_dead(entry).await {
                    return true;
                }
            } else if exchange.is_success() || over {
                return true;
            }
        }
        false
    }

    /// Whether a key that an answer called revoked before is refused by now.
    async fn is_dead(&self, entry: &Entry) -> bool {
        let (Some(secret), Some(probe)) = (&entry.secret, self.setup.probes.first()) else {
            return false;
        };
        let holder = Caller {
            tenant: None,
            credential: Some(Credential::key(secret)),
            ..entry.maker.clone()
        };
        let request = self.subject.sign(probe.request.clone(), &holder);
        let sent = self
            .wire
            .send_for(Purpose::CleaningUp, &holder.base_url, &request)
            .await;
        sent.is_ok_and(|exchange| is_refusal(exchange.status))
    }
}

/// Whether an answer says that what was asked for was not done. An error within a server says nothing of the kind.
pub(crate) fn is_without_effect(status: u16) -> bool {
    is_refusal(status) || matches!(status, 429 | 501 | 503)
}

/// The id in a `Location` below the path that made the key.
fn located(exchange: &Exchange) -> Option<String> {
    let location = exchange.header("location")?;
    let (_, id) = location.split_once(&format!("{}/", exchange.path))?;
    (!id.is_empty() && !id.contains(['/', '?', '#'])).then(|| id.to_owned())
}

/// What a list tells of a key that has no id yet.
enum Found {
    Ids(Vec<String>),
    Unknown,
}
