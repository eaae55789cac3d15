//! The life of a Reten key: created, used, revoked, refused.
//!
//! `KEYWAY_BASE_URL` is the host, such as `https://api.reten.ai`; `KEYWAY_CREDENTIAL` the access token of a user who may
//! manage keys, or `key:` and an API key that may; `KEYWAY_TENANT` the tenant's UUID, which a token needs. Against a stand-in
//! on this machine all three are printed by `keyway-mock serve`.

use std::env;

use anyhow::{Context as _, bail};
use keyway::{
    ErrorKind,
    reten::{Client, Credentials, types},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let base_url = env::var("KEYWAY_BASE_URL").context("KEYWAY_BASE_URL")?;
    let client = Client::new(&base_url, credentials()?)?;

    let request = types::CreateApiKeyRequest {
        name: "keyway example".to_owned(),
        permissions: vec!["view_activities".to_owned()],
        expires_at: None,
    };
    let created = client.create_api_key(&request, &Default::default()).await?;
    let id = &created.id;
    let Some(secret) = created.secret().cloned() else {
        client.revoke_api_key(id, &Default::default()).await?;
        bail!("the answer holds no plaintext key; key {id} is revoked again");
    };
    println!("created key {id}; its secret prints as {secret:?}");

    let holder = client.with_credentials(Credentials::api_key(secret))?;
    let used = holder.list_task_result_type_configs().await;
    println!(
        "the new key {}",
        if used.is_ok() { "works" } else { "does not work" }
    );

    client.revoke_api_key(id, &Default::default()).await?;
    println!("revoked key {id}");
    used?;

    match holder.list_task_result_type_configs().await {
        Err(error) if error.kind() == ErrorKind::Unauthenticated => println!("and now: {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("the revoked key still works"),
    }
    Ok(())
}

fn credentials() -> anyhow::Result<Credentials> {
    let credential = env::var("KEYWAY_CREDENTIAL").context("KEYWAY_CREDENTIAL")?;
    let credentials = match credential.strip_prefix("key:") {
        Some(key) => Credentials::api_key(key),
        None => Credentials::bearer(credential.strip_prefix("bearer:").unwrap_or(&credential)),
    };
    Ok(match env::var("KEYWAY_TENANT") {
        Ok(tenant) => credentials.tenant(tenant),
        Err(_) => credentials,
    })
}
