//! One vendor's run: the target, what is known of it, the keys that were made on it, and the steps cases are made of.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::case::Need;
use crate::credential::Credential;
use crate::judge::is_refusal;
use crate::ledger::{Entry, EntryState, Ledger};
use crate::profile::Profile;
use crate::stop::Stop;
use crate::subject::{self, Caller, Issued, Manner, NewKey, Page, Probe, Record, Subject, Tenancy};
use crate::target::{Target, named};
use crate::vault::Vault;
use crate::wire::{Exchange, Request, Wire};

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
}

/// What the first key taught about the target.
#[derive(Default)]
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
    /// Every plaintext of the run, and the exchange that handed it out.
    pub(crate) minted: Vec<(String, usize)>,
    ledger: Ledger,
    run_id: String,
    named: usize,
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
            subject: subject::of(target.vendor),
            profile: Profile::of(target.vendor),
            target,
            wire,
            vault,
            setup: Setup::default(),
            minted: Vec::new(),
            ledger: Ledger::default(),
            run_id: run_id.to_owned(),
            named: 0,
        }
    }

    /// Makes the first key, and finds the reads that a key can prove itself on.
    pub(crate) async fn set_up(&mut self) -> Result<(), NotSetUp> {
        let mut refused = None;
        for grants in self.subject.wide() {
            for manner in self.subject.manners() {
                self.setup.manner = Some(*manner);
                self.setup.wide.clone_from(&grants);
                let admin = self
                    .caller(Who::Admin)
                    .map_err(|stop| NotSetUp(stop.reason().to_owned()))?;
                let key = self.named_key();
                let made = match self.create(&admin, &key).await {
                    Ok(made) => made,
                    Err(Stop::Unreachable(reason)) => {
                        return Err(NotSetUp(format!("{}: {reason}", self.target.base_url)));
                    }
                    // The cases will meet the same and say so one by one.
                    Err(_) => return Ok(()),
                };
                match made.exchange.status {
                    200..300 => return self.find_probes(&made).await,
                    401 => return Err(self.admin_refused(401)),
                    403 => refused = Some(403),
                    400 | 422 => {}
                    _ => return Ok(()),
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

    fn admin_refused(&self, status: u16) -> NotSetUp {
        let name = named(self.target.vendor, "CREDENTIAL");
        NotSetUp(format!(
            "the target refused the credential of KEYWAY_CREDENTIAL or {name} with {status} when a key was to be made"
        ))
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
        for probe in probes {
            if let Ok(exchange) = self.send(&caller, probe.request.clone()).await
                && exchange.is_success()
            {
                self.setup.probes.push(probe);
            }
        }
        Ok(())
    }

    /// The caller for a principal; a principal without a credential is a reason to skip.
    pub(crate) fn caller(&self, who: Who) -> Result<Caller, Stop> {
        let target = &self.target;
        // Where the header may not be wanted, a tenant is named only once that was found out.
        let unwanted = self.subject.manners().contains(&Manner::WithTenant)
            && self.setup.manner != Some(Manner::WithTenant);
        let named = |tenant: &Option<String>| tenant.clone().filter(|_| !unwanted);
        let here = |credential: Option<Credential>| Caller {
            base_url: target.base_url.clone(),
            tenant: named(&target.tenant),
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
                Some(credential) => Ok(Caller {
                    base_url: target
                        .other_base_url
                        .clone()
                        .unwrap_or_else(|| target.base_url.clone()),
                    tenant: named(&target.other_tenant),
                    credential: Some(credential.clone()),
                }),
                None => Err(Stop::skip("KEYWAY_OTHER_CREDENTIAL is not set")),
            },
        }
    }

    pub(crate) fn demand(&self, need: Need) -> Result<(), Stop> {
        let who = match need {
            Need::Limited => Who::Limited,
            Need::Other => Who::Other,
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
        format!("keyway-{}-{}", self.run_id, self.named)
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
        let sent = self.send(caller, request).await;
        let entry = |id| Entry {
            name: name.to_owned(),
            id,
            maker: caller.clone(),
            state: EntryState::Open,
        };
        let exchange = match sent {
            Ok(exchange) => exchange,
            Err(stop) => {
                // The answer was lost, the key may exist all the same.
                if matches!(stop, Stop::Error(_)) {
                    self.ledger.record(entry(None));
                }
                return Err(stop);
            }
        };
        let issued = exchange
            .json()
            .map(|body| self.subject.issued(&body))
            .unwrap_or_default();
        for (_, secret) in &issued.secrets {
            self.vault.keep(secret);
            self.minted.push((secret.clone(), exchange.number));
        }
        if exchange.is_success() || !issued.secrets.is_empty() {
            self.ledger.record(entry(issued.record.id.clone()));
        }
        Ok(Made {
            exchange,
            issued,
            name: name.to_owned(),
        })
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
            return Err(Stop::error(format!(
                "the case needs a key, and the answer has no id or no plaintext: {line}"
            )));
        };
        Ok(Key {
            id,
            secret: secret.clone(),
            name: made.name.clone(),
            record: made.issued.record.clone(),
            exchange: Arc::clone(&made.exchange),
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
            self.ledger.mark(id, EntryState::Revoked);
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
        self.ledger.record(Entry {
            name: name.to_owned(),
            id,
            maker: maker.clone(),
            state: EntryState::Open,
        });
    }

    pub(crate) fn mark_revoked(&mut self, id: &str) {
        self.ledger.mark(id, EntryState::Revoked);
    }

    pub(crate) fn mark_open(&mut self, key: &Key) {
        self.ledger.mark(&key.id, EntryState::Open);
    }

    pub(crate) fn mark_expired(&mut self, key: &Key) {
        self.ledger.mark(&key.id, EntryState::Expired);
    }

    /// The whole list, page after page; none where the vendor has no list.
    pub(crate) async fn list(&self, caller: &Caller) -> Result<Option<Vec<Record>>, Stop> {
        let mut records = Vec::new();
        let mut from = 0;
        for _ in 0..PAGES {
            let Some(request) = self.subject.list(from) else {
                return Ok(None);
            };
            let exchange = self.send(caller, request).await?;
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
        let page = exchange
            .json()
            .and_then(|body: Value| self.subject.listed(&body, from));
        match page {
            Some(page) if exchange.is_success() => Ok(page),
            _ => Err(Stop::error(format!(
                "{} answered {} without a list",
                exchange.line(),
                exchange.status
            ))),
        }
    }

    /// What time it is for the server.
    pub(crate) fn server_time(&self, exchange: &Exchange) -> Timestamp {
        exchange.date().unwrap_or_else(Timestamp::now)
    }

    pub(crate) fn made(&self) -> usize {
        self.ledger.len()
    }

    /// Revokes what a case made, so that a limit on the number of keys is not met. What cannot be revoked is left for the end.
    pub(crate) async fn tidy(&mut self) {
        for entry in self.ledger.open() {
            if let (EntryState::Open | EntryState::Expired, Some(id)) = (entry.state, entry.id.clone())
                && !self.end(&entry, &id).await
            {
                self.ledger.mark(&id, EntryState::Stuck);
            }
        }
    }

    /// Revokes what the run made and has not revoked; returns the names of the keys that could not be.
    pub(crate) async fn sweep(&mut self) -> Vec<String> {
        let mut left = Vec::new();
        for entry in self.ledger.open() {
            let ended = match self.id_of(&entry).await {
                Known::Id(id) => self.end(&entry, &id).await,
                Known::NotMade => true,
                Known::Nothing => false,
            };
            if !ended {
                left.push(entry.name);
            }
        }
        left
    }

    async fn id_of(&self, entry: &Entry) -> Known {
        if let Some(id) = &entry.id {
            return Known::Id(id.clone());
        }
        // Only an answer without an id leads here; the list knows the key by its name.
        match self.list(&entry.maker).await {
            Ok(Some(records)) => records
                .into_iter()
                .find(|record| record.name.as_deref() == Some(&entry.name))
                .map_or(Known::NotMade, |record| {
                    record.id.map_or(Known::Nothing, Known::Id)
                }),
            _ => Known::Nothing,
        }
    }

    async fn end(&mut self, entry: &Entry, id: &str) -> bool {
        let admin = self.caller(Who::Admin).ok();
        for caller in std::iter::once(Some(entry.maker.clone()))
            .chain([admin])
            .flatten()
        {
            let request = self.subject.sign(self.subject.revoke(id), &caller);
            let Ok(exchange) = self.wire.send_to_clean_up(&caller.base_url, &request).await else {
                continue;
            };
            let over = entry.state == EntryState::Expired && is_refusal(exchange.status);
            if exchange.is_success() || over {
                self.ledger.mark(id, EntryState::Revoked);
                return true;
            }
        }
        false
    }
}

/// What is known of the id of a key that is to be cleaned up.
enum Known {
    Id(String),
    NotMade,
    Nothing,
}
