//! The calls by the SDK, as its documentation shows them.

use std::hint::black_box;

use anyhow::bail;
use keyway::{b3os, dolfin, reten, sinjapp};

use super::{Operation, Plan};

pub(super) async fn run(plan: &Plan, credential: &str) -> anyhow::Result<()> {
    let Plan {
        base_url,
        tenant,
        times,
        ..
    } = plan;
    match (plan.vendor.as_str(), plan.operation) {
        ("sinjapp", operation) => {
            let client = sinjapp::Client::new(base_url, sinjapp::Credentials::api_key(credential))?;
            for _ in 0..*times {
                match operation {
                    Operation::Create => take(client.create_api_key(&sinjapp_key()).await?),
                    Operation::Read => take(client.get_tenant_context().await?),
                }
            }
        }
        ("reten", operation) => {
            let credentials = reten::Credentials::bearer(credential).tenant(tenant);
            let client = reten::Client::new(base_url, credentials)?;
            for _ in 0..*times {
                match operation {
                    Operation::Create => {
                        let params = reten::types::CreateApiKeyParams::default();
                        take(client.create_api_key(&reten_key(), &params).await?);
                    }
                    Operation::Read => {
                        let params = reten::types::ListCommercesParams::default();
                        take(client.list_commerces(&params).await?);
                    }
                }
            }
        }
        ("dolfin", operation) => {
            let client = dolfin::Client::new(base_url, dolfin::Credentials::api_key(credential))?;
            for _ in 0..*times {
                match operation {
                    Operation::Create => take(client.create_api_key(&dolfin_key()).await?),
                    Operation::Read => take(client.list_client_members(tenant).await?),
                }
            }
        }
        ("b3os", operation) => {
            let client = b3os::Client::new(base_url, b3os::Credentials::bearer(credential))?;
            for _ in 0..*times {
                match operation {
                    Operation::Create => {
                        let params = b3os::types::CreateApiKeyOptions::default();
                        take(client.create_api_key(&b3os_key(), &params).await?);
                    }
                    Operation::Read => {
                        let params = b3os::types::ListOrganizationsParams::default();
                        take(client.list_organizations(&params).await?);
                    }
                }
            }
        }
        (other, _) => bail!("no vendor is called {other}"),
    }
    Ok(())
}

/// Takes an answer as if something were done with it.
fn take<T>(answer: T) {
    black_box(answer);
}

fn sinjapp_key() -> sinjapp::types::CreateApiKeyRequest {
    sinjapp::types::CreateApiKeyRequest {
        name: "bench".to_owned(),
        scopes: Some(vec![sinjapp::types::Scope::MessagesRead]),
        expires_in_days: Some(30),
    }
}

fn reten_key() -> reten::types::CreateApiKeyRequest {
    reten::types::CreateApiKeyRequest {
        name: "bench".to_owned(),
        permissions: vec!["manage_commerces".to_owned()],
        expires_at: None,
    }
}

fn dolfin_key() -> dolfin::types::CreateApiKeyRequest {
    dolfin::types::CreateApiKeyRequest {
        name: Some("bench".to_owned()),
        expires_at: Some("2099-01-01T00:00:00Z".into()),
    }
}

fn b3os_key() -> b3os::types::CreateApiKeyParams {
    b3os::types::CreateApiKeyParams {
        name: "bench".to_owned(),
        scope: Some(b3os::types::ApiKeyScope::Read),
        description: None,
        expires_at: None,
        service_account_id: None,
    }
}
