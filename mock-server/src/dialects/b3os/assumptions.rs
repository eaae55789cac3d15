//! What B3OS's pages leave open, and what the mock answers there.

use crate::assumptions::Assumption;

pub(super) const ALL: &[Assumption] = &[
    REVOKED_KEY_STATUS,
    ERROR_CODE,
    UNSET_MEMBERS,
    FOREIGN_ORGANIZATION_HEADER,
    ORDER_OF_CHECKS,
    READ_SCOPE_SEES_SERVICE_ACCOUNTS,
    SERVICE_ACCOUNT_PERMISSIONS,
    LAST_USED_COUNTS,
    DEFAULT_SCOPE,
    UNKNOWN_SCOPE,
    EXPIRES_IN_PAST,
    FAR_EXPIRY,
    EMPTY_NAME,
    DUPLICATE_KEY_NAME,
    GRANT_BEYOND_OWN_PERMISSIONS,
    SECOND_REVOKE,
    SELF_REVOKE,
    LIST_SHOWS_REVOKED,
    LIST_ORDER,
    LIMIT_ABOVE_MAX,
    PAGING_BELOW_RANGE,
    UNKNOWN_SERVICE_ACCOUNT,
    DISABLED_ACCOUNT_KEY,
    AUDIT_DISABLED_KEY,
    AUDIT_REVOKED_KEY,
    KEY_FOR_DISABLED_ACCOUNT,
    REPEATED_SWITCH,
    TAKEN_NAME_ON_UPDATE,
    UPDATE_WITHOUT_DESCRIPTION,
];

pub(super) const REVOKED_KEY_STATUS: Assumption = Assumption {
    name: "b3os.revoked-key-status",
    default: "401",
    choices: &["401", "403"],
    reason: "an earlier page has 401 for a token that is missing or invalid; that covers a revoked or expired one",
};

pub(super) const ERROR_CODE: Assumption = Assumption {
    name: "b3os.error-code",
    default: "status",
    choices: &["status", "status-and-three-digits"],
    reason: "no code of these operations is published; the successes beside them repeat the status",
};

pub(super) const UNSET_MEMBERS: Assumption = Assumption {
    name: "b3os.unset-members",
    default: "left-out",
    choices: &["left-out", "null"],
    reason: "every member of the answers is optional and was a plain string in the document; no example shows an unset one",
};

pub(super) const FOREIGN_ORGANIZATION_HEADER: Assumption = Assumption {
    name: "b3os.foreign-organization-header",
    default: "403",
    choices: &["403", "ignored"],
    reason: "a key belongs to one organization; a request about another one is a mistake worth telling",
};

pub(super) const ORDER_OF_CHECKS: Assumption = Assumption {
    name: "b3os.order-of-checks",
    default: "input-last",
    choices: &["input-last", "input-before-permission", "input-first"],
    reason: "no page says which of 400, 401 and 403 goes first; who may not ask learns nothing of what he asked (413 goes before all)",
};

pub(super) const READ_SCOPE_SEES_SERVICE_ACCOUNTS: Assumption = Assumption {
    name: "b3os.read-scope-sees-service-accounts",
    default: "yes",
    choices: &["yes", "no"],
    reason: "the list of what `read` reads leaves service accounts out, and `read-write` has only their management",
};

pub(super) const SERVICE_ACCOUNT_PERMISSIONS: Assumption = Assumption {
    name: "b3os.service-account-permissions",
    default: "both",
    choices: &["both", "scope-only"],
    reason: "a key has a scope and its account has permissions; least privilege asks for both",
};

pub(super) const LAST_USED_COUNTS: Assumption = Assumption {
    name: "b3os.last-used-counts",
    default: "authenticated",
    choices: &["authenticated", "permitted"],
    reason: "no page says whether a request that is forbidden is a use; somebody had the key in hand",
};

pub(super) const DEFAULT_SCOPE: Assumption = Assumption {
    name: "b3os.default-scope",
    default: "read",
    choices: &["read", "read-write"],
    reason: "least privilege",
};

pub(super) const UNKNOWN_SCOPE: Assumption = Assumption {
    name: "b3os.unknown-scope",
    default: "400",
    choices: &["400", "default"],
    reason: "the request's member is a plain string, the answer's an enum; a misspelt scope is a mistake worth telling",
};

pub(super) const EXPIRES_IN_PAST: Assumption = Assumption {
    name: "b3os.expires-in-past",
    default: "400",
    choices: &["400", "accept"],
    reason: "a key that never works is a mistake worth telling",
};

pub(super) const FAR_EXPIRY: Assumption = Assumption {
    name: "b3os.far-expiry",
    default: "400",
    choices: &["400", "latest"],
    reason: "no page sets a latest time; the mock's calendar ends at 9999-12-30T22:00:00Z, which `latest` keeps instead",
};

pub(super) const EMPTY_NAME: Assumption = Assumption {
    name: "b3os.empty-name",
    default: "400",
    choices: &["400", "accept"],
    reason: "a name is required, and an empty one names nothing",
};

pub(super) const DUPLICATE_KEY_NAME: Assumption = Assumption {
    name: "b3os.duplicate-key-name",
    default: "accept",
    choices: &["accept", "400"],
    reason: "no rule of uniqueness is stated for keys, as the vendor's own client knows one for service accounts",
};

pub(super) const GRANT_BEYOND_OWN_PERMISSIONS: Assumption = Assumption {
    name: "b3os.grant-beyond-own-permissions",
    default: "403",
    choices: &["403", "allow"],
    reason: "a service account that could hand out more than it has would have everything (OWASP ASVS 8.2.1)",
};

pub(super) const SECOND_REVOKE: Assumption = Assumption {
    name: "b3os.second-revoke",
    default: "200",
    choices: &["200", "404"],
    reason: "these are the two declared outcomes, and the record is still there",
};

pub(super) const SELF_REVOKE: Assumption = Assumption {
    name: "b3os.self-revoke",
    default: "200",
    choices: &["200", "403"],
    reason: "no page forbids a key to revoke itself, and a leaked key is best ended with what is at hand",
};

pub(super) const LIST_SHOWS_REVOKED: Assumption = Assumption {
    name: "b3os.list-shows-revoked",
    default: "yes",
    choices: &["yes", "no"],
    reason: "keys are revoked without deleting historical records, and a listed key has a revokedAt",
};

pub(super) const LIST_ORDER: Assumption = Assumption {
    name: "b3os.list-order",
    default: "newest-first",
    choices: &["newest-first", "oldest-first"],
    reason: "no page gives an order; the audit log is about recent requests",
};

pub(super) const LIMIT_ABOVE_MAX: Assumption = Assumption {
    name: "b3os.limit-above-max",
    default: "clamp",
    choices: &["clamp", "400"],
    reason: "100 at most is said without a refusal, and the answer tells the limit it used",
};

pub(super) const PAGING_BELOW_RANGE: Assumption = Assumption {
    name: "b3os.paging-below-range",
    default: "400",
    choices: &["400", "default"],
    reason: "a page of nothing or a negative offset cannot be meant",
};

pub(super) const UNKNOWN_SERVICE_ACCOUNT: Assumption = Assumption {
    name: "b3os.unknown-service-account",
    default: "404",
    choices: &["404", "400"],
    reason: "the operations declare a 400 only, an earlier page has 404 for what is missing or another organization's",
};

pub(super) const DISABLED_ACCOUNT_KEY: Assumption = Assumption {
    name: "b3os.disabled-account-key",
    default: "401",
    choices: &["401", "403", "accepted"],
    reason: "an account that is switched off speaks for nobody",
};

pub(super) const AUDIT_DISABLED_KEY: Assumption = Assumption {
    name: "b3os.audit-disabled-key",
    default: "logged",
    choices: &["logged", "unlogged"],
    reason: "the key is as good as ever and known, only its account is switched off; an audit is about such requests",
};

pub(super) const AUDIT_REVOKED_KEY: Assumption = Assumption {
    name: "b3os.audit-revoked-key",
    default: "unlogged",
    choices: &["unlogged", "logged"],
    reason: "a revoked or expired key authenticates nobody, so that no organization has made the request",
};

pub(super) const KEY_FOR_DISABLED_ACCOUNT: Assumption = Assumption {
    name: "b3os.key-for-disabled-account",
    default: "400",
    choices: &["400", "accept"],
    reason: "a key that would not work is a mistake worth telling",
};

pub(super) const REPEATED_SWITCH: Assumption = Assumption {
    name: "b3os.repeated-switch",
    default: "200",
    choices: &["200", "400"],
    reason: "to disable what is disabled, or enable what is enabled, has its effect already",
};

pub(super) const TAKEN_NAME_ON_UPDATE: Assumption = Assumption {
    name: "b3os.taken-name-on-update",
    default: "400",
    choices: &["400", "accept"],
    reason: "create refuses a taken name, and 400 is what update declares",
};

pub(super) const UPDATE_WITHOUT_DESCRIPTION: Assumption = Assumption {
    name: "b3os.update-without-description",
    default: "kept",
    choices: &["kept", "cleared"],
    reason: "a PATCH changes what it names",
};
