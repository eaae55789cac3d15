//! What Sinjapp documents nowhere, or in two ways, and what the mock answers instead.

use crate::assumptions::Assumption;

/// All of them, in the order of the vendor's document.
pub(super) const ALL: &[Assumption] = &[
    KEY_ON_OTHER_HOST,
    REPEATED_KEY_HEADER,
    MISSING_SCOPE_STATUS,
    ORDER_OF_CHECKS,
    KEY_MANAGEMENT_SCOPE,
    LAST_USED_AT,
    TIMESTAMP_FORM,
    EMPTY_STRINGS,
    SCOPES_OMITTED,
    SCOPES_EMPTY,
    DUPLICATE_SCOPES,
    GRANT_BEYOND_OWN_SCOPES,
    DUPLICATE_NAME,
    NAME_LENGTH,
    KEY_PREFIX,
    EXPIRY_INSTANT,
    STATUS_AFTER_EXPIRY,
    SECOND_REVOKE,
    UNKNOWN_ID,
    MALFORMED_ID,
    FOREIGN_ID,
    SELF_REVOKE,
    SENDER_ALREADY_REGISTERED,
    PHONE_FORMAT,
    LOOKUP_SENDER,
    LOOKUP_INACTIVE_SENDER,
    UNKNOWN_CONTACT,
    BOTH_SENDERS,
    UNKNOWN_SENDER,
    SENDER_NOT_ACTIVE_STATUS,
    OWNER_UNVERIFIED_STATUS,
    TEXT_WITHOUT_CONTENT,
    MEDIA_MISSING,
    REPEATED_FORM_FIELD,
    UNKNOWN_RECIPIENT,
    MESSAGE_STATUS,
    MESSAGE_LOG_FORM,
    MESSAGE_LOG_ORDER,
    MALFORMED_PAGE,
    USAGE_FORM,
];

pub(super) const KEY_ON_OTHER_HOST: Assumption = Assumption {
    name: "sinjapp.key-on-other-host",
    default: "401",
    choices: &["401", "404"],
    reason: "the host picks the tenant before the key is looked at, and there the key is unknown",
};

pub(super) const REPEATED_KEY_HEADER: Assumption = Assumption {
    name: "sinjapp.repeated-key-header",
    default: "401",
    choices: &["401", "first-wins"],
    reason: "two credentials in one request do not say who is calling",
};

pub(super) const MISSING_SCOPE_STATUS: Assumption = Assumption {
    name: "sinjapp.missing-scope-status",
    default: "403",
    choices: &["403", "401"],
    reason: "the errors guide gives a missing scope its own heading and body under 403; the document's 401 only mentions it",
};

pub(super) const ORDER_OF_CHECKS: Assumption = Assumption {
    name: "sinjapp.order-of-checks",
    default: "input-last",
    choices: &["input-last", "input-before-permission", "input-first"],
    reason: "only that the host goes first is said; Laravel asks who is calling before it validates (413 goes before all)",
};

pub(super) const KEY_MANAGEMENT_SCOPE: Assumption = Assumption {
    name: "sinjapp.key-management-scope",
    default: "any-active-key",
    choices: &["any-active-key", "full-access"],
    reason: "neither operation on keys lists a scope, as other operations do",
};

pub(super) const LAST_USED_AT: Assumption = Assumption {
    name: "sinjapp.last-used-at",
    default: "every-call",
    choices: &["every-call", "answered-calls"],
    reason: "the plainest reading of a last use: written when the key authenticates, so that a call sees itself",
};

pub(super) const TIMESTAMP_FORM: Assumption = Assumption {
    name: "sinjapp.timestamp-form",
    default: "seconds",
    choices: &["seconds", "microseconds"],
    reason: "the only time in the examples, phone_verified_at, has whole seconds; the other form is Laravel's own",
};

pub(super) const EMPTY_STRINGS: Assumption = Assumption {
    name: "sinjapp.empty-strings",
    default: "422",
    choices: &["422", "accept"],
    reason: "error bodies are Laravel's, and Laravel counts an empty string as missing",
};

pub(super) const SCOPES_OMITTED: Assumption = Assumption {
    name: "sinjapp.scopes-omitted",
    default: "none",
    choices: &["none", "all"],
    reason: "least privilege",
};

pub(super) const SCOPES_EMPTY: Assumption = Assumption {
    name: "sinjapp.scopes-empty",
    default: "none",
    choices: &["none", "422"],
    reason: "the document sets no least number of scopes",
};

pub(super) const DUPLICATE_SCOPES: Assumption = Assumption {
    name: "sinjapp.duplicate-scopes",
    default: "collapse",
    choices: &["collapse", "keep"],
    reason: "scopes are a set; naming one twice grants nothing more",
};

pub(super) const GRANT_BEYOND_OWN_SCOPES: Assumption = Assumption {
    name: "sinjapp.grant-beyond-own-scopes",
    default: "403",
    choices: &["403", "allow"],
    reason: "a key must not make a stronger one (OWASP ASVS 8.2.1)",
};

pub(super) const DUPLICATE_NAME: Assumption = Assumption {
    name: "sinjapp.duplicate-name",
    default: "accept",
    choices: &["accept", "422"],
    reason: "no rule of uniqueness is stated",
};

pub(super) const NAME_LENGTH: Assumption = Assumption {
    name: "sinjapp.name-length",
    default: "unlimited",
    choices: &["unlimited", "255"],
    reason: "the document sets no limit; 255 is what Laravel applications usually set",
};

pub(super) const KEY_PREFIX: Assumption = Assumption {
    name: "sinjapp.key-prefix",
    default: "literal",
    choices: &["literal", "hint"],
    reason: "the predecessor's guide shows the bare tgo_ as the prefix of a new key",
};

pub(super) const EXPIRY_INSTANT: Assumption = Assumption {
    name: "sinjapp.expiry-instant",
    default: "exact",
    choices: &["exact", "end-of-day"],
    reason: "days are counted as 24 hours from creation where nothing else is said",
};

pub(super) const STATUS_AFTER_EXPIRY: Assumption = Assumption {
    name: "sinjapp.status-after-expiry",
    default: "active",
    choices: &["active", "revoked"],
    reason: "the states are active and revoked, and nobody revoked it; seen in the count of active keys of the usage snapshot",
};

pub(super) const SECOND_REVOKE: Assumption = Assumption {
    name: "sinjapp.second-revoke",
    default: "204",
    choices: &["204", "404"],
    reason: "DELETE is idempotent (RFC 9110 9.2.2), and a revoked key is a state, not a missing record",
};

pub(super) const UNKNOWN_ID: Assumption = Assumption {
    name: "sinjapp.unknown-id",
    default: "404",
    choices: &["404", "204"],
    reason: "there is nothing to revoke",
};

pub(super) const MALFORMED_ID: Assumption = Assumption {
    name: "sinjapp.malformed-id",
    default: "404",
    choices: &["404", "422"],
    reason: "revoke declares no 422, and a route that takes integers only does not match anything else",
};

pub(super) const FOREIGN_ID: Assumption = Assumption {
    name: "sinjapp.foreign-id",
    default: "404",
    choices: &["404", "403"],
    reason: "the same answer as for an unknown id hides that another tenant has such a key",
};

pub(super) const SELF_REVOKE: Assumption = Assumption {
    name: "sinjapp.self-revoke",
    default: "204",
    choices: &["204", "403"],
    reason: "no rule protects the calling key, and a leaked key should be able to end itself",
};

pub(super) const SENDER_ALREADY_REGISTERED: Assumption = Assumption {
    name: "sinjapp.sender-already-registered",
    default: "422",
    choices: &["422", "201"],
    reason: "a sender is also addressed by its phone, which two of them would make ambiguous",
};

pub(super) const PHONE_FORMAT: Assumption = Assumption {
    name: "sinjapp.phone-format",
    default: "any",
    choices: &["any", "e164"],
    reason: "the document sets none; the predecessor's pages speak of E.164",
};

pub(super) const LOOKUP_SENDER: Assumption = Assumption {
    name: "sinjapp.lookup-sender",
    default: "optional",
    choices: &["optional", "required"],
    reason: "both parameters are optional in the document, although every example sends one",
};

pub(super) const LOOKUP_INACTIVE_SENDER: Assumption = Assumption {
    name: "sinjapp.lookup-inactive-sender",
    default: "200",
    choices: &["200", "422"],
    reason: "the two refusals of senders that are not ready are about sending, and a lookup sends nothing",
};

pub(super) const UNKNOWN_CONTACT: Assumption = Assumption {
    name: "sinjapp.unknown-contact",
    default: "200",
    choices: &["200", "404"],
    reason: "the answer has a member exists, which would be idle otherwise",
};

pub(super) const BOTH_SENDERS: Assumption = Assumption {
    name: "sinjapp.both-senders",
    default: "422",
    choices: &["422", "id-wins"],
    reason: "the messaging guide says either of them; two may disagree",
};

pub(super) const UNKNOWN_SENDER: Assumption = Assumption {
    name: "sinjapp.unknown-sender",
    default: "422",
    choices: &["422", "404"],
    reason: "the sender is a field of the input, and 422 is the only declared answer to bad input",
};

pub(super) const SENDER_NOT_ACTIVE_STATUS: Assumption = Assumption {
    name: "sinjapp.sender-not-active-status",
    default: "422",
    choices: &["422", "403"],
    reason: "the errors guide gives the message without a status; 422 is what Laravel validation answers",
};

pub(super) const OWNER_UNVERIFIED_STATUS: Assumption = Assumption {
    name: "sinjapp.owner-unverified-status",
    default: "422",
    choices: &["422", "403"],
    reason: "the account verification guide gives the message without a status; treated like a sender that is not active",
};

pub(super) const TEXT_WITHOUT_CONTENT: Assumption = Assumption {
    name: "sinjapp.text-without-content",
    default: "accept",
    choices: &["accept", "422"],
    reason: "content is nullable and not required, for whatever type",
};

pub(super) const MEDIA_MISSING: Assumption = Assumption {
    name: "sinjapp.media-missing",
    default: "422",
    choices: &["422", "accept"],
    reason: "the messaging guide sends image, voice and document as a form with the file in media",
};

pub(super) const REPEATED_FORM_FIELD: Assumption = Assumption {
    name: "sinjapp.repeated-form-field",
    default: "last-wins",
    choices: &["last-wins", "first-wins", "422"],
    reason: "error bodies are Laravel's, and PHP keeps the last of the fields of a form that have one name",
};

pub(super) const UNKNOWN_RECIPIENT: Assumption = Assumption {
    name: "sinjapp.unknown-recipient",
    default: "accept",
    choices: &["accept", "422"],
    reason: "the log has a nullable recipient_user_id, so a message to nobody can be logged",
};

pub(super) const MESSAGE_STATUS: Assumption = Assumption {
    name: "sinjapp.message-status",
    default: "sent",
    choices: &["sent", "queued"],
    reason: "no values are given; with queued, sent_at is null",
};

pub(super) const MESSAGE_LOG_FORM: Assumption = Assumption {
    name: "sinjapp.message-log-form",
    default: "resource",
    choices: &["resource", "paginator"],
    reason: "the log is called paginated and nothing more; these are Laravel's two ways, 15 entries a page",
};

pub(super) const MESSAGE_LOG_ORDER: Assumption = Assumption {
    name: "sinjapp.message-log-order",
    default: "newest-first",
    choices: &["newest-first", "oldest-first"],
    reason: "usual for a log that is read page by page",
};

pub(super) const MALFORMED_PAGE: Assumption = Assumption {
    name: "sinjapp.malformed-page",
    default: "first-page",
    choices: &["first-page", "404"],
    reason: "no parameter is documented; Laravel takes what is no whole number from 1 to 2^63 - 1 for the first page",
};

pub(super) const USAGE_FORM: Assumption = Assumption {
    name: "sinjapp.usage-form",
    default: "data",
    choices: &["data", "bare"],
    reason: "grouped by sender number, in the envelope that the other lists have",
};
