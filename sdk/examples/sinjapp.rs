//! The life of a Sinjapp key: created, used, revoked, refused.
//!
//! `KEYWAY_BASE_URL` is the tenant's host, such as `https://your-tenant.sinjapp.org`, and `KEYWAY_CREDENTIAL` one of its API
//! keys. Against a stand-in on this machine both are printed by `keyway-mock serve`.

use std::env;

use anyhow::{Context as _, bail};
use keyway::{
    ErrorKind,
    sinjapp::{Client, Credentials, types},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let base_url = env::var("KEYWAY_BASE_URL").context("KEYWAY_BASE_URL")?;
    let credential = env::var("KEYWAY_CREDENTIAL").context("KEYWAY_CREDENTIAL")?;
    let credential = credential.strip_prefix("key:").unwrap_or(&credential);
    let client = Client::new(&base_url, Credentials::api_key(credential))?;

    let request = types::CreateApiKeyRequest {
        scopes: Some(vec![types::Scope::UsageRead]),
        expires_in_days: Some(1),
        ..types::CreateApiKeyRequest::new("keyway example")
    };
    let created = client.create_api_key(&request).await?;
    let id = created.data.id;
    println!(
        "created key {id}; its secret prints as {:?}",
        created.plain_text_key
    );

    let holder = client.with_credentials(Credentials::api_key(created.plain_text_key))?;
    let used = holder.get_tenant_context().await;
    println!(
        "the new key {}",
        if used.is_ok() { "works" } else { "does not work" }
    );

    client.revoke_api_key(id).await?;
    println!("revoked key {id}");
    used?;

    match holder.get_tenant_context().await {
        Err(error) if error.kind() == ErrorKind::Unauthenticated => println!("and now: {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("the revoked key still works"),
    }
    Ok(())
}
