//! An exchange as the journal keeps it: every text of it behind the other in one piece of memory, redacted as it is
//! written. An [`Entry`] is made of it when somebody reads.

use http::HeaderMap;
use jiff::Timestamp;
use keyway_openapi::Vendor;
use zeroize::Zeroize as _;

use super::clean::Clean;
use super::{Entry, Message, Principal};
use crate::call::{Request, Response};
use crate::redact::Redactor;

/// How much of a body is kept: 16 KiB.
const BODY_KEPT: usize = 16 * 1024;
/// How many headers are kept, and how much of each.
const HEADERS_KEPT: usize = 64;
const HEADER_KEPT: usize = 2 * 1024;
/// What stands between two texts: part of no secret, so that all of them can be searched as one.
const BETWEEN: char = ' ';
/// How much room a record has at first, in bytes and in texts: most need no more.
const ROOM: usize = 1024;
const TEXTS: usize = 48;
/// How much room a record may have beyond what it holds.
const SLACK: usize = 1024;

/// An exchange. Its texts are written in the order of the fields of an [`Entry`].
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) number: u64,
    pub(crate) at: Timestamp,
    pub(crate) vendor: Vendor,
    pub(crate) operation: Option<&'static str>,
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<String>,
    pub(crate) took_us: u64,
    texts: Texts,
    has_principal: bool,
    has_reason: bool,
    violations: usize,
    request: Length,
    response: Length,
}

/// A message of an exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sent<'m> {
    Request(&'m Request),
    Response(&'m Response),
}

/// How much of a message there is.
#[derive(Clone, Copy, Debug, Default)]
struct Length {
    headers: usize,
    body: usize,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            number: 0,
            at: Timestamp::UNIX_EPOCH,
            vendor: Vendor::ALL[0],
            operation: None,
            status: None,
            fault: None,
            took_us: 0,
            texts: Texts::default(),
            has_principal: false,
            has_reason: false,
            violations: 0,
            request: Length::default(),
            response: Length::default(),
        }
    }
}

impl Record {
    /// An empty one in the room of this one.
    pub(super) fn blank(self) -> Self {
        let mut texts = self.texts;
        texts.clear();
        Self {
            texts,
            ..Self::default()
        }
    }

    /// Method and target, which come first.
    pub(crate) fn asked(&mut self, method: &str, path: &str, query: Option<&str>, redactor: &Redactor<'_>) {
        self.texts.add(|shown| redactor.show(method, shown));
        self.texts.add(|shown| match query {
            Some(query) => redactor.show(&format!("{path}?{query}"), shown),
            None => redactor.show(path, shown),
        });
    }

    /// The credential, its owner and the tenant.
    pub(crate) fn principal(&mut self, credential: &str, owner: &str, tenant: &str) {
        self.has_principal = true;
        for text in [credential, owner, tenant] {
            self.texts.add(|shown| shown.push_str(text));
        }
    }

    pub(crate) fn reason(&mut self, reason: &str, redactor: &Redactor<'_>) {
        self.has_reason = true;
        self.texts.add(|shown| redactor.show(reason, shown));
    }

    pub(crate) fn violations(&mut self, violations: &[String], redactor: &Redactor<'_>) {
        self.violations = violations.len();
        for violation in violations {
            self.texts.add(|shown| redactor.show(violation, shown));
        }
    }

    /// The request, then the answer.
    pub(super) fn message(&mut self, message: Sent<'_>, clean: &Clean, redactor: &Redactor<'_>) {
        let (length, headers, body) = match message {
            Sent::Request(request) => (&mut self.request, request.headers(), request.body()),
            Sent::Response(response) => (&mut self.response, response.headers(), response.body()),
        };
        *length = self.texts.add_message(headers, body, clean, redactor);
    }

    /// The exchange for those who read.
    pub(super) fn entry(&self) -> Entry {
        let mut texts = self.texts.iter();
        let mut next = || texts.next().unwrap_or_default().to_owned();
        let (method, target) = (next(), next());
        let principal = self.has_principal.then(|| Principal {
            credential: next(),
            owner: next(),
            tenant: next(),
        });
        let reason = self.has_reason.then(&mut next);
        let violations = (0..self.violations).map(|_| next()).collect();
        let mut message = |length: Length| Message {
            headers: (0..length.headers).map(|_| (next(), next())).collect(),
            body: next(),
            body_length: length.body,
        };
        Entry {
            number: self.number,
            at: self.at,
            vendor: self.vendor,
            method,
            target,
            operation: self.operation.map(str::to_owned),
            principal,
            status: self.status,
            reason,
            violations,
            fault: self.fault.clone(),
            took_us: self.took_us,
            request: message(self.request),
            response: message(self.response),
        }
    }

    /// Gives back room that a longer exchange once took.
    pub(super) fn fit(&mut self) {
        self.texts.fit();
    }
}

/// Texts, one behind the other.
#[derive(Debug)]
struct Texts {
    all: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            all: String::with_capacity(ROOM),
            ends: Vec::with_capacity(TEXTS),
        }
    }
}

impl Texts {
    fn add(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.all);
        self.end();
    }

    fn end(&mut self) {
        self.ends.push(self.all.len());
        self.all.push(BETWEEN);
    }

    fn add_message(
        &mut self,
        headers: &HeaderMap,
        body: &[u8],
        clean: &Clean,
        redactor: &Redactor<'_>,
    ) -> Length {
        if !self.add_headers_searched_as_one(headers, redactor) {
            for (name, value) in headers.iter().take(HEADERS_KEPT) {
                self.add(|shown| redactor.name(name, shown));
                self.add(|shown| redactor.header(name, value.as_bytes(), HEADER_KEPT, shown));
            }
        }
        self.add(|shown| {
            if !clean.copy(body, redactor.learned(), shown) {
                let start = shown.len();
                redactor.body(body, BODY_KEPT, shown);
                clean.note(body, &shown[start..], redactor.learned());
            }
        });
        Length {
            headers: headers.len().min(HEADERS_KEPT),
            body: body.len(),
        }
    }

    /// Nearly always there is no secret in any header but those that are made for one, which one look at all of them tells.
    /// Whether it did; if not, nothing is added.
    fn add_headers_searched_as_one(&mut self, headers: &HeaderMap, redactor: &Redactor<'_>) -> bool {
        let (start, texts) = (self.all.len(), self.ends.len());
        let is_shown = headers.iter().take(HEADERS_KEPT).all(|(name, value)| {
            redactor.name_to_be_searched(name, &mut self.all);
            self.end();
            let is_shown = value.len() <= HEADER_KEPT
                && redactor.header_to_be_searched(name, value.as_bytes(), &mut self.all);
            self.end();
            is_shown
        });
        let is_clean = is_shown && redactor.is_clean(&self.all[start..]);
        if !is_clean {
            // Not even in the room behind the texts is a secret left.
            let before = self.all[..start].to_owned();
            self.all.zeroize();
            self.all.push_str(&before);
            self.ends.truncate(texts);
        }
        is_clean
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let text = &self.all[start..*end];
            start = *end + BETWEEN.len_utf8();
            text
        })
    }

    fn clear(&mut self) {
        self.all.clear();
        self.ends.clear();
    }

    fn fit(&mut self) {
        self.all.shrink_to(self.all.len() + SLACK);
        self.ends.shrink_to(self.ends.len() + SLACK);
    }
}
