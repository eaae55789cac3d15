//! The capabilities of each vendor, with the page that says so. A test holds them to the vendors' documents.

use super::capabilities::{
    Capabilities, Description, Endpoint, ExpiryForm, ExpiryRules, Never, ScopeRules, Silence, Support,
    Vocabulary,
};
use crate::Vendor;

const fn documented(
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    documentation: &'static str,
) -> Support {
    Support::Documented(Endpoint {
        operation,
        method,
        path,
        documentation,
    })
}

pub(super) static SINJAPP: Capabilities = Capabilities {
    vendor: Vendor::Sinjapp,
    create: documented(
        "createApiKey",
        "POST",
        "/api/v1/api-keys",
        "https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1api-keys/post",
    ),
    revoke: documented(
        "revokeApiKey",
        "DELETE",
        "/api/v1/api-keys/{apiKey}",
        "https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1api-keys~1{apiKey}/delete",
    ),
    list: Support::Absent {
        // Sinjapp quickstart and authentication guides name the place in the dashboard.
        instead: "a person finds the keys in the tenant's dashboard under Access > API Keys",
        documentation: "https://docs.sinjapp.org/authentication",
    },
    get: Support::Absent {
        instead: "keep what the create answer says; a person finds the keys in the tenant's dashboard under Access > API Keys",
        documentation: "https://docs.sinjapp.org/authentication",
    },
    // Sinjapp MCP setup guide: any active key may call it.
    verify: documented(
        "getTenantContext",
        "GET",
        "/api/v1/me",
        "https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1me/get",
    ),
    scopes: ScopeRules {
        values: &[
            "*",
            "contacts.lookup",
            "messages.send",
            "messages.read",
            "usage.read",
        ],
        count: 0..=5,
        vocabulary: Vocabulary::Closed,
        omitted: Silence::Undocumented,
    },
    expiry: ExpiryRules {
        form: ExpiryForm::Days(1..=365),
        omitted: Silence::Means("90 days"),
        never: Never::Undocumented,
    },
    longest_name: None,
    description: Description::None,
    second_revoke: None,
    tenancy: "the host is the tenant, and a key is good for its host",
    documentation: "https://docs.sinjapp.org/authentication",
};

pub(super) static RETEN: Capabilities = Capabilities {
    vendor: Vendor::Reten,
    create: documented(
        "createApiKey",
        "POST",
        "/api/api-keys",
        "https://docs-development.reten.ai/api-reference/api-keys/create",
    ),
    revoke: documented(
        "revokeApiKey",
        "POST",
        "/api/api-keys/{id}/revoke",
        "https://docs-development.reten.ai/api-reference/api-keys/revoke",
    ),
    list: documented(
        "listApiKeys",
        "GET",
        "/api/api-keys",
        "https://docs-development.reten.ai/api-reference/api-keys/list",
    ),
    get: Support::Absent {
        instead: "list the keys and look for the id",
        documentation: "https://docs-development.reten.ai/api-reference/api-keys/list",
    },
    // Reten integration quickstart: the call recommended for trying a key out. 401 is a bad key, 403 a good one that
    // lacks VIEW_ACTIVITIES (Reten integration errors page).
    verify: documented(
        "listTaskResultTypeConfigs",
        "GET",
        "/api/integration/task-result-type-configs",
        "https://docs-development.reten.ai/api-reference/integration/list-configs",
    ),
    scopes: ScopeRules {
        // Reten roles-permissions page; SUBMIT_ACTIVITY_RESULT and MANAGE_API_KEYS are named on other pages.
        values: &[
            "CREATE_USER",
            "VIEW_USERS",
            "UPDATE_USER",
            "DELETE_USER",
            "RESET_USER_PASSWORD",
            "CREATE_TENANT",
            "VIEW_TENANTS",
            "UPDATE_TENANT",
            "DELETE_TENANT",
            "MANAGE_COMMERCES",
            "SYNC_COMMERCES",
            "MANAGE_OPERATORS",
            "SYNC_OPERATORS",
            "MANAGE_ROUTES",
            "VIEW_ACTIVITIES",
            "CREATE_ACTIVITY",
            "CANCEL_ACTIVITY",
            "MANAGE_ACTIVITY_CONFIG",
            "SUBMIT_ACTIVITY_RESULT",
            "MANAGE_API_KEYS",
        ],
        count: 1..=usize::MAX,
        vocabulary: Vocabulary::Open,
        omitted: Silence::Refused,
    },
    expiry: ExpiryRules {
        form: ExpiryForm::Instant,
        omitted: Silence::Means("no end"),
        never: Never::ByOmission,
    },
    longest_name: Some(255),
    description: Description::None,
    second_revoke: Some(400),
    tenancy: "a key is one user's in one tenant; a token names the tenant in x-tenant-id",
    documentation: "https://docs-development.reten.ai/api-reference/api-keys",
};

pub(super) static DOLFIN: Capabilities = Capabilities {
    vendor: Vendor::Dolfin,
    create: documented(
        "createApiKey",
        "POST",
        "/api-keys",
        "https://docs.dolfinai.co/api-reference/apikeys/create-api-key",
    ),
    revoke: documented(
        "revokeApiKey",
        "POST",
        "/api-keys/{id}/revoke",
        "https://docs.dolfinai.co/api-reference/apikeys/revoke-api-key",
    ),
    list: Support::Absent {
        instead: "no page says where a Client's keys can be seen, so ask Dolfin",
        documentation: "https://docs.dolfinai.co/api-reference/apikeys/create-api-key",
    },
    get: Support::Absent {
        instead: "keep what the create answer says; no page says where a Client's keys can be seen",
        documentation: "https://docs.dolfinai.co/api-reference/apikeys/create-api-key",
    },
    // The one read whose page gives it to API keys in words. It asks for the Client's id, which the create answer tells.
    verify: documented(
        "listClientMembers",
        "GET",
        "/clients/{clientId}/members",
        "https://docs.dolfinai.co/api-reference/members/list-client-members",
    ),
    scopes: ScopeRules {
        values: &[],
        count: 0..=0,
        vocabulary: Vocabulary::Closed,
        omitted: Silence::Undocumented,
    },
    expiry: ExpiryRules {
        form: ExpiryForm::Instant,
        omitted: Silence::Undocumented,
        never: Never::Undocumented,
    },
    longest_name: None,
    description: Description::None,
    second_revoke: None,
    tenancy: "a key is a Client's, and its organisations are named in x-dolfin-organisation-id",
    documentation: "https://docs.dolfinai.co/guides/authentication",
};

pub(super) static B3OS: Capabilities = Capabilities {
    vendor: Vendor::B3os,
    create: documented(
        "createApiKey",
        "POST",
        "/v1/api-keys",
        "https://docs.b3os.org/api/reference/post-v1-api-keys",
    ),
    revoke: documented(
        "revokeApiKey",
        "DELETE",
        "/v1/api-keys/{id}",
        "https://docs.b3os.org/api/reference/delete-v1-api-keys-id-",
    ),
    list: documented(
        "listApiKeys",
        "GET",
        "/v1/api-keys",
        "https://github.com/api-evangelist/b3/blob/main/openapi/b3-api-keys-api-openapi.yml",
    ),
    get: documented(
        "getApiKey",
        "GET",
        "/v1/api-keys/{id}",
        "https://docs.b3os.org/api/reference/get-v1-api-keys-id-",
    ),
    // B3OS authentication page, earlier edition: the call for checking a credential; 401 is missing or invalid, 403 lacks
    // a permission.
    verify: documented(
        "listOrganizations",
        "GET",
        "/v1/organizations",
        "https://github.com/api-evangelist/b3/blob/main/openapi/b3-organizations-api-openapi.yml",
    ),
    scopes: ScopeRules {
        values: &["read", "read-write"],
        count: 0..=1,
        vocabulary: Vocabulary::Closed,
        omitted: Silence::Undocumented,
    },
    expiry: ExpiryRules {
        form: ExpiryForm::Instant,
        omitted: Silence::Undocumented,
        never: Never::Undocumented,
    },
    longest_name: None,
    description: Description::Free,
    second_revoke: None,
    tenancy: "a key is an organization's; a user's token names it in x-org-id",
    documentation: "https://docs.b3os.org/api/authentication",
};
