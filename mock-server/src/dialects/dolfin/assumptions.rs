//! What Dolfin's pages leave open, and what the mock answers there.

use crate::assumptions::Assumption;

pub(super) const ALL: &[Assumption] = &[
    BAD_KEY_STATUS,
    ORDER_OF_CHECKS,
    BOTH_CREDENTIALS,
    WRONG_CREDENTIAL_KIND,
    ERROR_CODE_MEMBER,
    API_KEY_MAY_MANAGE_KEYS,
    ACTIVE_CLIENT,
    ORGANISATION_HEADER_ON_KEYS,
    FAR_EXPIRY,
    SECOND_REVOKE,
    UNKNOWN_ID,
    FOREIGN_ID,
    SELF_REVOKE,
    MALFORMED_ID,
    MISSING_ORGANISATION_HEADER,
    MALFORMED_ORGANISATION_HEADER,
    FOREIGN_ORGANISATION,
    UNKNOWN_SUPPLIER,
    FOREIGN_CLIENT,
    UNKNOWN_USER,
    CODE_WITHOUT_USER,
    AUTH_CODE_LIFETIME,
    BAD_AUTH_CODE,
    PAGE_SHAPE,
    BAD_CURSOR,
    LIMIT_OUT_OF_RANGE,
    INVOICE_ORDER,
    UNKNOWN_STATUS_FILTER,
];

pub(super) const BAD_KEY_STATUS: Assumption = Assumption {
    name: "dolfin.bad-key-status",
    default: "401",
    choices: &["401", "403"],
    reason: "no page declares an answer to a missing, unknown, expired or revoked credential; RFC 9110 has 401 for it",
};

pub(super) const ORDER_OF_CHECKS: Assumption = Assumption {
    name: "dolfin.order-of-checks",
    default: "input-last",
    choices: &["input-last", "input-before-permission", "input-first"],
    reason: "no page says which of 400, 401 and 403 goes first; who may not ask learns nothing of what he asked (413 goes before all)",
};

pub(super) const BOTH_CREDENTIALS: Assumption = Assumption {
    name: "dolfin.both-credentials",
    default: "401",
    choices: &["401", "key-wins", "bearer-wins"],
    reason: "no page says which of an API key and a session counts; an ambiguous credential is refused",
};

pub(super) const WRONG_CREDENTIAL_KIND: Assumption = Assumption {
    name: "dolfin.wrong-credential-kind",
    default: "401",
    choices: &["401", "403"],
    reason: "the pages give /me to users and /auth/codes to keys without an answer to the other one; a credential that is not taken is none",
};

pub(super) const ERROR_CODE_MEMBER: Assumption = Assumption {
    name: "dolfin.error-code-member",
    default: "title",
    choices: &["title", "type", "detail", "code"],
    reason: "codes such as ApiKey.ExpiresAtInPast stand in descriptions only; a title names the class of a problem",
};

pub(super) const API_KEY_MAY_MANAGE_KEYS: Assumption = Assumption {
    name: "dolfin.api-key-may-manage-keys",
    default: "yes",
    choices: &["yes", "no"],
    reason: "the pages bind only Bearer callers to a role, so there must be others, and the only others are API keys",
};

pub(super) const ACTIVE_CLIENT: Assumption = Assumption {
    name: "dolfin.active-client",
    default: "session",
    choices: &["session", "organisation-header"],
    reason: "how a user of several Clients selects one is nowhere said; the Client that asked for the session is known",
};

pub(super) const ORGANISATION_HEADER_ON_KEYS: Assumption = Assumption {
    name: "dolfin.organisation-header-on-keys",
    default: "not-required",
    choices: &["not-required", "required"],
    reason: "keys belong to a Client, not to one of its organisations",
};

pub(super) const FAR_EXPIRY: Assumption = Assumption {
    name: "dolfin.far-expiry",
    default: "400",
    choices: &["400", "latest"],
    reason: "no page sets a latest time; the mock's calendar ends at 9999-12-30T22:00:00Z, which `latest` keeps instead",
};

pub(super) const SECOND_REVOKE: Assumption = Assumption {
    name: "dolfin.second-revoke",
    default: "204",
    choices: &["204", "404", "409"],
    reason: "the page is cut off after its 403; the caller's wish is fulfilled either way",
};

pub(super) const UNKNOWN_ID: Assumption = Assumption {
    name: "dolfin.unknown-id",
    default: "404",
    choices: &["404", "403", "204"],
    reason: "the page is cut off after its 403; 404 is what HTTP has for it",
};

pub(super) const FOREIGN_ID: Assumption = Assumption {
    name: "dolfin.foreign-id",
    default: "404",
    choices: &["404", "403", "204"],
    reason: "the same answer as for an unknown id does not give away that the key exists",
};

pub(super) const SELF_REVOKE: Assumption = Assumption {
    name: "dolfin.self-revoke",
    default: "204",
    choices: &["204", "409"],
    reason: "no page forbids a key to revoke itself, and a leaked key is best ended with what is at hand",
};

pub(super) const MALFORMED_ID: Assumption = Assumption {
    name: "dolfin.malformed-id",
    default: "404",
    choices: &["404", "400"],
    reason: "revoke declares no 400, and a route that takes UUIDs only does not match anything else",
};

pub(super) const MISSING_ORGANISATION_HEADER: Assumption = Assumption {
    name: "dolfin.missing-organisation-header",
    default: "400",
    choices: &["400", "404"],
    reason: "the guide requires the header without saying what happens otherwise; the request is incomplete",
};

pub(super) const MALFORMED_ORGANISATION_HEADER: Assumption = Assumption {
    name: "dolfin.malformed-organisation-header",
    default: "400",
    choices: &["400", "404"],
    reason: "the guide gives the header as a UUID; the request itself is wrong, whatever organisations there are",
};

pub(super) const FOREIGN_ORGANISATION: Assumption = Assumption {
    name: "dolfin.foreign-organisation",
    default: "404",
    choices: &["404", "403"],
    reason: "the MCP guide explains a 404 with an organisation that is not one of the caller's Client",
};

pub(super) const UNKNOWN_SUPPLIER: Assumption = Assumption {
    name: "dolfin.unknown-supplier",
    default: "404",
    choices: &["404", "empty"],
    reason: "the readable part of the page ends with its 200; 404 is what HTTP has for it",
};

pub(super) const FOREIGN_CLIENT: Assumption = Assumption {
    name: "dolfin.foreign-client",
    default: "403",
    choices: &["403", "404"],
    reason: "the page requires access to the Client; an unknown one is answered the same and so stays hidden",
};

pub(super) const UNKNOWN_USER: Assumption = Assumption {
    name: "dolfin.unknown-user",
    default: "404",
    choices: &["404", "400"],
    reason: "the page is cut off after its 201; a user outside the caller's Client is not there for it",
};

pub(super) const CODE_WITHOUT_USER: Assumption = Assumption {
    name: "dolfin.auth-code-without-user",
    default: "201",
    choices: &["201", "400"],
    reason: "userId is not required, and the exchange has an error of its own for a code without a user",
};

pub(super) const AUTH_CODE_LIFETIME: Assumption = Assumption {
    name: "dolfin.auth-code-lifetime",
    default: "5m",
    choices: &["5m", "1m"],
    reason: "the page says short-lived and no more",
};

pub(super) const BAD_AUTH_CODE: Assumption = Assumption {
    name: "dolfin.bad-auth-code",
    default: "400",
    choices: &["400", "401"],
    reason: "400 is the one refusal that the page declares before it is cut off",
};

pub(super) const PAGE_SHAPE: Assumption = Assumption {
    name: "dolfin.page-shape",
    default: "meta-cursors",
    choices: &["meta-cursors", "next-cursor"],
    reason: "the pages contradict each other; meta.cursors is on the newer ones",
};

pub(super) const BAD_CURSOR: Assumption = Assumption {
    name: "dolfin.bad-cursor",
    default: "400",
    choices: &["400", "first-page"],
    reason: "cursors are opaque, so one that the listing did not hand out is a mistake worth telling",
};

pub(super) const LIMIT_OUT_OF_RANGE: Assumption = Assumption {
    name: "dolfin.limit-out-of-range",
    default: "400",
    choices: &["400", "clamp"],
    reason: "no page gives bounds; a page of nothing, or of more than the declared int32, cannot be meant",
};

pub(super) const INVOICE_ORDER: Assumption = Assumption {
    name: "dolfin.invoice-order",
    default: "newest-first",
    choices: &["newest-first", "oldest-first"],
    reason: "no page gives the order of invoices; the credit ledger beside them is newest first",
};

pub(super) const UNKNOWN_STATUS_FILTER: Assumption = Assumption {
    name: "dolfin.unknown-status-filter",
    default: "400",
    choices: &["400", "empty"],
    reason: "the parameter is a plain string, the field it filters an enum; a misspelt status is a mistake worth telling",
};
