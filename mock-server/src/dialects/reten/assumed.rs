//! What Reten documents nowhere, or in two ways, and what the mock answers instead.

use crate::assumptions::Assumption;

/// All of them: credentials first, then keys, then the rest.
pub(super) const ALL: &[Assumption] = &[
    BOTH_CREDENTIALS,
    REPEATED_CREDENTIAL,
    BAD_KEY_MESSAGE,
    NO_TENANT_CONTEXT,
    MALFORMED_TENANT,
    TENANT_HEADER_WITH_KEY,
    API_KEY_AS_USER,
    ORDER_OF_CHECKS,
    API_KEY_MAY_MANAGE_KEYS,
    LAST_USED_ON_FORBIDDEN,
    KEY_GRANT_CEILING,
    PERMISSION_CASE,
    DUPLICATE_PERMISSIONS,
    EMPTY_NAME,
    DUPLICATE_NAME,
    EXPIRES_IN_PAST,
    FAR_EXPIRY,
    PLAINTEXT_MEMBER,
    EXPIRED_IS_ACTIVE,
    MALFORMED_ID,
    REVOKE_EXPIRED,
    EMAIL_CASE,
    ACCESS_TOKEN_LIFETIME,
    REFRESH_ROTATION,
    LOGOUT,
    PAGE_SIZE_PARAMETER,
    DEFAULT_PAGE_SIZE,
    LIMIT_ABOVE_MAX,
    PAGE_SIZE_BELOW_ONE,
    READ_ORDER,
    ACTIVITY_LABELS,
];

pub(super) const BOTH_CREDENTIALS: Assumption = Assumption {
    name: "reten.both-credentials",
    default: "401",
    choices: &["401", "key-wins", "bearer-wins"],
    reason: "a request with a token and a key does not say who is calling",
};

pub(super) const REPEATED_CREDENTIAL: Assumption = Assumption {
    name: "reten.repeated-credential",
    default: "401",
    choices: &["401", "first-wins"],
    reason: "two values of one header are two credentials",
};

pub(super) const BAD_KEY_MESSAGE: Assumption = Assumption {
    name: "reten.bad-key-message",
    default: "token",
    choices: &["token", "key"],
    reason: "getting-started has one message for all 401; the one for keys is on the integration pages, and is used there",
};

pub(super) const NO_TENANT_CONTEXT: Assumption = Assumption {
    name: "reten.no-tenant-context",
    default: "400",
    choices: &["400", "403"],
    reason: "api-keys/revoke documents 400 for it; the other pages are silent (revoke itself always answers 400)",
};

pub(super) const MALFORMED_TENANT: Assumption = Assumption {
    name: "reten.malformed-tenant",
    default: "400",
    choices: &["400", "403"],
    reason: "the header takes a UUID, and 400 is the answer to input that breaks a rule",
};

pub(super) const TENANT_HEADER_WITH_KEY: Assumption = Assumption {
    name: "reten.tenant-header-with-key",
    default: "403",
    choices: &["403", "ignore"],
    reason: "a key is bound to one tenant, and 403 is the documented answer to the wrong one",
};

pub(super) const API_KEY_AS_USER: Assumption = Assumption {
    name: "reten.api-key-as-user",
    default: "no",
    choices: &["no", "yes"],
    reason: "authentication/me and tenants/my-tenants ask for a signed-in user and show a token only",
};

pub(super) const ORDER_OF_CHECKS: Assumption = Assumption {
    name: "reten.order-of-checks",
    default: "input-last",
    choices: &["input-last", "input-before-permission", "input-first"],
    reason: "no page says which of 400, 401 and 403 goes first; who may not ask learns nothing of what he asked (413 goes before all)",
};

pub(super) const API_KEY_MAY_MANAGE_KEYS: Assumption = Assumption {
    name: "reten.api-key-may-manage-keys",
    default: "yes",
    choices: &["yes", "no"],
    reason: "getting-started calls a key the alternative to a token, and MANAGE_API_KEYS can be granted to one",
};

pub(super) const LAST_USED_ON_FORBIDDEN: Assumption = Assumption {
    name: "reten.last-used-on-forbidden",
    default: "yes",
    choices: &["yes", "no"],
    reason: "lastUsedAt is the last successful authentication, and a 403 comes after that",
};

pub(super) const KEY_GRANT_CEILING: Assumption = Assumption {
    name: "reten.key-grant-ceiling",
    default: "key",
    choices: &["key", "user"],
    reason: "a key that makes keys must not make a stronger one (OWASP ASVS 8.2.1)",
};

pub(super) const PERMISSION_CASE: Assumption = Assumption {
    name: "reten.permission-case",
    default: "either",
    choices: &["either", "lower", "upper"],
    reason: "the pages show both, each in requests; either is echoed as it was sent",
};

pub(super) const DUPLICATE_PERMISSIONS: Assumption = Assumption {
    name: "reten.duplicate-permissions",
    default: "keep",
    choices: &["keep", "collapse", "400"],
    reason: "not among the reasons of the 400, and the answer repeats what was sent",
};

pub(super) const EMPTY_NAME: Assumption = Assumption {
    name: "reten.empty-name",
    default: "400",
    choices: &["400", "accept"],
    reason: "the name is required and is what people know the key by; only the greatest length is stated",
};

pub(super) const DUPLICATE_NAME: Assumption = Assumption {
    name: "reten.duplicate-name",
    default: "accept",
    choices: &["accept", "400"],
    reason: "no rule of uniqueness is stated for keys",
};

pub(super) const EXPIRES_IN_PAST: Assumption = Assumption {
    name: "reten.expires-in-past",
    default: "accept",
    choices: &["accept", "400"],
    reason: "not among the reasons of the 400; the key is born expired",
};

pub(super) const FAR_EXPIRY: Assumption = Assumption {
    name: "reten.far-expiry",
    default: "400",
    choices: &["400", "latest"],
    reason: "no page sets a latest time; the mock's calendar ends at 9999-12-30T22:00:00Z, which `latest` keeps instead",
};

pub(super) const PLAINTEXT_MEMBER: Assumption = Assumption {
    name: "reten.plaintext-member",
    default: "plaintextKey",
    choices: &["plaintextKey", "key", "both"],
    reason: "the page on creating says plaintextKey, the page getting-started/authentication reads key",
};

pub(super) const EXPIRED_IS_ACTIVE: Assumption = Assumption {
    name: "reten.expired-is-active",
    default: "yes",
    choices: &["yes", "no"],
    reason: "isActive is described by revocation alone",
};

pub(super) const MALFORMED_ID: Assumption = Assumption {
    name: "reten.malformed-id",
    default: "400",
    choices: &["400", "404"],
    reason: "the id is a UUID, and 400 is the answer to input that breaks a rule",
};

pub(super) const REVOKE_EXPIRED: Assumption = Assumption {
    name: "reten.revoke-expired",
    default: "200",
    choices: &["200", "400"],
    reason: "the 400 is for a key that is revoked already, and an expired one is not",
};

pub(super) const EMAIL_CASE: Assumption = Assumption {
    name: "reten.email-case",
    default: "exact",
    choices: &["exact", "any"],
    reason: "the page on login compares nothing in words; what was not typed as registered is not known",
};

pub(super) const ACCESS_TOKEN_LIFETIME: Assumption = Assumption {
    name: "reten.access-token-lifetime",
    default: "1h",
    choices: &["1h", "15m", "24h"],
    reason: "the part of the page that would say it could not be read; the refresh token lives 7 days",
};

pub(super) const REFRESH_ROTATION: Assumption = Assumption {
    name: "reten.refresh-rotation",
    default: "old-dies",
    choices: &["old-dies", "old-lives"],
    reason: "a refresh sets a new cookie, which is of use only if the old token ends",
};

pub(super) const LOGOUT: Assumption = Assumption {
    name: "reten.logout",
    default: "ends-refresh-token",
    choices: &["ends-refresh-token", "clears-cookie"],
    reason: "the page clears the cookie; a copy of it should not outlive the session",
};

pub(super) const PAGE_SIZE_PARAMETER: Assumption = Assumption {
    name: "reten.page-size-parameter",
    default: "both",
    choices: &["both", "per_page", "limit"],
    reason: "the tables of the list pages say per_page, their examples and getting-started limit; per_page goes first",
};

pub(super) const DEFAULT_PAGE_SIZE: Assumption = Assumption {
    name: "reten.default-page-size",
    default: "25",
    choices: &["25", "20"],
    reason: "the list pages say 25, getting-started 20 for the whole API",
};

pub(super) const LIMIT_ABOVE_MAX: Assumption = Assumption {
    name: "reten.limit-above-max",
    default: "clamp",
    choices: &["clamp", "400"],
    reason: "the maximum of 100 is stated for per_page only",
};

pub(super) const PAGE_SIZE_BELOW_ONE: Assumption = Assumption {
    name: "reten.page-size-below-one",
    default: "400",
    choices: &["400", "clamp"],
    reason: "a page without entries is no page",
};

pub(super) const READ_ORDER: Assumption = Assumption {
    name: "reten.read-order",
    default: "oldest-first",
    choices: &["oldest-first", "newest-first"],
    reason: "only the list of keys has a stated order",
};

pub(super) const ACTIVITY_LABELS: Assumption = Assumption {
    name: "reten.activity-labels",
    default: "present",
    choices: &["present", "absent"],
    reason: "reason and userStatus are on the Spanish copy of the page, which looks newer",
};
