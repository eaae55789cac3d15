//! The life of a key through the generated client of each vendor.

use keyway::{Error, ErrorKind, b3os, dolfin, reten, sinjapp};
use keyway_openapi::Vendor;

use crate::credential::{Credential, Scheme};
use crate::subject::NewKey;
use crate::target::Target;

/// What the client told of a key's life.
pub(crate) struct Tale {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) used: Answer,
    pub(crate) revoked: Answer,
    pub(crate) after: Answer,
}

/// A result of a call, without its content.
pub(crate) struct Answer {
    pub(crate) status: Option<u16>,
    /// None: a success.
    pub(crate) kind: Option<ErrorKind>,
}

impl Answer {
    fn of<T, E>(result: &Result<T, Error<E>>) -> Self {
        match result {
            Ok(_) => Self {
                status: None,
                kind: None,
            },
            Err(error) => Self {
                status: error.status().map(|status| status.as_u16()),
                kind: Some(error.kind()),
            },
        }
    }

    /// A success whose body the client cannot read is one all the same: the key was accepted.
    pub(crate) fn is_success(&self) -> bool {
        self.kind.is_none() || self.status.is_some_and(|status| (200..300).contains(&status))
    }

    pub(crate) fn describe(&self) -> String {
        match (self.kind, self.status) {
            (None, _) => "the call succeeded".to_owned(),
            (Some(kind), Some(status)) => format!("the call failed with {kind:?} ({status})"),
            (Some(kind), None) => format!("the call failed with {kind:?}"),
        }
    }
}

/// Makes a key, uses it, revokes it, and uses it again.
pub(crate) async fn round_trip(target: &Target, key: &NewKey) -> Result<Tale, String> {
    match target.vendor {
        Vendor::Sinjapp => with_sinjapp(target, key).await,
        Vendor::Reten => with_reten(target, key).await,
        Vendor::Dolfin => with_dolfin(target, key).await,
        Vendor::B3os => with_b3os(target, key).await,
    }
}

async fn with_sinjapp(target: &Target, key: &NewKey) -> Result<Tale, String> {
    let credentials = sinjapp::Credentials::api_key(target.admin.expose());
    let client = sinjapp::Client::new(&target.base_url, credentials).map_err(text)?;
    let request = sinjapp::types::CreateApiKeyRequest {
        scopes: Some(vec![sinjapp::types::Scope::UsageRead]),
        expires_in_days: Some(1),
        ..sinjapp::types::CreateApiKeyRequest::new(key.name.clone())
    };
    let created = client.create_api_key(&request).await.map_err(text)?;
    let secret = created.plain_text_key.expose_secret().to_owned();
    let holder = client
        .with_credentials(sinjapp::Credentials::api_key(created.plain_text_key))
        .map_err(text)?;
    Ok(Tale {
        id: created.data.id.to_string(),
        secret,
        used: Answer::of(&holder.get_tenant_context().await),
        revoked: Answer::of(&client.revoke_api_key(created.data.id).await),
        after: Answer::of(&holder.get_tenant_context().await),
    })
}

async fn with_reten(target: &Target, key: &NewKey) -> Result<Tale, String> {
    let credentials = match target.admin.scheme {
        Scheme::Key => reten::Credentials::api_key(target.admin.expose()),
        Scheme::Bearer => reten::Credentials::bearer(target.admin.expose()),
    };
    let credentials = match &target.tenant {
        Some(tenant) => credentials.tenant(tenant),
        None => credentials,
    };
    let client = reten::Client::new(&target.base_url, credentials).map_err(text)?;
    let request = reten::types::CreateApiKeyRequest {
        name: key.name.clone(),
        permissions: key.grants.clone(),
        expires_at: None,
    };
    let created = client
        .create_api_key(&request, &Default::default())
        .await
        .map_err(text)?;
    let secret = created.secret().cloned().ok_or("the answer holds no plaintext")?;
    let holder = client
        .with_credentials(reten::Credentials::api_key(secret.clone()))
        .map_err(text)?;
    Ok(Tale {
        secret: secret.expose_secret().to_owned(),
        used: Answer::of(&holder.list_task_result_type_configs().await),
        revoked: Answer::of(&client.revoke_api_key(&created.id, &Default::default()).await),
        after: Answer::of(&holder.list_task_result_type_configs().await),
        id: created.id.to_string(),
    })
}

async fn with_dolfin(target: &Target, key: &NewKey) -> Result<Tale, String> {
    let client = dolfin::Client::new(&target.base_url, dolfin_credentials(&target.admin)).map_err(text)?;
    let request = dolfin::types::CreateApiKeyRequest {
        name: Some(key.name.clone()),
        expires_at: None,
    };
    let created = client.create_api_key(&request).await.map_err(text)?;
    let id = created.id.ok_or("the answer holds no id")?;
    let secret = created.raw_key.expose_secret().to_owned();
    let holder = client
        .with_credentials(dolfin::Credentials::api_key(created.raw_key))
        .map_err(text)?;
    Ok(Tale {
        secret,
        used: Answer::of(&holder.list_client_members(&created.client_id).await),
        revoked: Answer::of(&client.revoke_api_key(&id).await),
        after: Answer::of(&holder.list_client_members(&created.client_id).await),
        id: id.to_string(),
    })
}

fn dolfin_credentials(credential: &Credential) -> dolfin::Credentials {
    match credential.scheme {
        Scheme::Key => dolfin::Credentials::api_key(credential.expose()),
        Scheme::Bearer => dolfin::Credentials::bearer(credential.expose()),
    }
}

async fn with_b3os(target: &Target, key: &NewKey) -> Result<Tale, String> {
    let credentials = b3os::Credentials::bearer(target.admin.expose());
    let credentials = match &target.tenant {
        Some(tenant) if target.admin.is_user_token() => credentials.organization(tenant),
        _ => credentials,
    };
    let client = b3os::Client::new(&target.base_url, credentials).map_err(text)?;
    let request = b3os::types::CreateApiKeyParams {
        scope: Some(b3os::types::ApiKeyScope::Read),
        ..b3os::types::CreateApiKeyParams::new(key.name.clone())
    };
    let created = client
        .create_api_key(&request, &Default::default())
        .await
        .map_err(text)?;
    let (id, secret) = (created.data.id, created.data.key);
    let plaintext = secret.expose_secret().to_owned();
    let holder = client
        .with_credentials(b3os::Credentials::bearer(secret))
        .map_err(text)?;
    Ok(Tale {
        secret: plaintext,
        used: Answer::of(&holder.list_organizations(&Default::default()).await),
        revoked: Answer::of(&client.revoke_api_key(&id, &Default::default()).await),
        after: Answer::of(&holder.list_organizations(&Default::default()).await),
        id: id.to_string(),
    })
}

/// Errors of the client hold no body and no credential, so their words may be shown.
fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
