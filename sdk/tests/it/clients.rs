//! A client per vendor in front of a canned server, and the smallest request each accepts.

use keyway::{b3os, dolfin, reten, sinjapp};

use crate::canned::Canned;

/// What every client here authenticates with, and what no output may hold.
pub(crate) const CREDENTIAL: &str = "caller-cred-7f3a91";

/// What the canned create answers hold, and what no output may hold.
pub(crate) const ISSUED: &str = "issued-key-55d0c2";

pub(crate) fn sinjapp(server: &Canned) -> sinjapp::Client {
    sinjapp::Client::new(&server.base_url, sinjapp::Credentials::api_key(CREDENTIAL)).unwrap()
}

pub(crate) fn reten(server: &Canned) -> reten::Client {
    let credentials = reten::Credentials::bearer(CREDENTIAL).tenant("tenant-1");
    reten::Client::new(&server.base_url, credentials).unwrap()
}

pub(crate) fn dolfin(server: &Canned) -> dolfin::Client {
    dolfin::Client::new(&server.base_url, dolfin::Credentials::api_key(CREDENTIAL)).unwrap()
}

pub(crate) fn b3os(server: &Canned) -> b3os::Client {
    let credentials = b3os::Credentials::bearer(CREDENTIAL).organization("org_1");
    b3os::Client::new(&server.base_url, credentials).unwrap()
}

pub(crate) fn sinjapp_key() -> sinjapp::types::CreateApiKeyRequest {
    sinjapp::types::CreateApiKeyRequest {
        name: "test".to_owned(),
        scopes: None,
        expires_in_days: None,
    }
}

pub(crate) fn reten_key() -> reten::types::CreateApiKeyRequest {
    reten::types::CreateApiKeyRequest {
        name: "test".to_owned(),
        permissions: vec!["view_activities".to_owned()],
        expires_at: None,
    }
}

pub(crate) fn dolfin_key() -> dolfin::types::CreateApiKeyRequest {
    dolfin::types::CreateApiKeyRequest {
        name: Some("test".to_owned()),
        expires_at: None,
    }
}

pub(crate) fn b3os_key() -> b3os::types::CreateApiKeyParams {
    b3os::types::CreateApiKeyParams {
        name: "test".to_owned(),
        description: None,
        expires_at: None,
        scope: None,
        service_account_id: None,
    }
}

/// A complete create answer of each vendor, with [`ISSUED`] as its key.
pub(crate) mod created {
    use super::ISSUED;

    pub(crate) fn sinjapp() -> String {
        format!(
            r#"{{"data": {{"id": 7, "name": "test", "prefix": "tgo_Rm9v", "scopes": ["messages.send"], "status": "active",
            "expires_at": "2027-02-19T00:00:00Z", "last_used_at": null}}, "plain_text_key": "{ISSUED}"}}"#
        )
    }

    pub(crate) fn reten() -> String {
        format!(
            r#"{{"id": "f47ac10b-58cc-4372-a567-0e02b2c3d479", "name": "test", "keyPrefix": "rtn_sk_a1", "plaintextKey": "{ISSUED}",
            "userId": "550e8400-e29b-41d4-a716-446655440000", "tenantId": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "isActive": true,
            "permissions": ["view_activities"], "expiresAt": null, "lastUsedAt": null, "createdAt": "2026-02-26T14:30:00.000Z",
            "revokedAt": null}}"#
        )
    }

    pub(crate) fn dolfin() -> String {
        format!(
            r#"{{"id": "f47ac10b-58cc-4372-a567-0e02b2c3d479", "clientId": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "rawKey": "{ISSUED}",
            "keyPrefix": "dol_live_a", "name": "test", "createdAt": "2026-02-26T14:30:00Z", "expiresAt": null}}"#
        )
    }

    pub(crate) fn b3os() -> String {
        format!(
            r#"{{"code": 200, "message": "success", "requestId": "abc-123", "data": {{"id": "ak_1", "key": "{ISSUED}", "keyPrefix": "b3sk_1",
            "name": "test", "scope": "read", "createdAt": "2026-02-26T14:30:00Z"}}}}"#
        )
    }
}
