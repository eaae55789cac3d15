//! The life of a B3OS key: created, used, revoked, refused.
//!
//! `KEYWAY_BASE_URL` is the host, such as `https://api.b3os.org`; `KEYWAY_CREDENTIAL` a `read-write` API key, or a user's
//! session token; `KEYWAY_TENANT` the organization, which a session token needs. Against a stand-in on this machine all are
//! printed by `keyway-mock serve`.

use std::env;

use anyhow::{Context as _, bail};
use keyway::{
    ErrorKind,
    b3os::{Client, Credentials, types},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let base_url = env::var("KEYWAY_BASE_URL").context("KEYWAY_BASE_URL")?;
    let client = Client::new(&base_url, credentials()?)?;

    let request = types::CreateApiKeyParams {
        scope: Some(types::ApiKeyScope::Read),
        ..types::CreateApiKeyParams::new("keyway example")
    };
    let created = client.create_api_key(&request, &Default::default()).await?;
    let (id, secret) = (created.data.id, created.data.key);
    println!("created key {id}; its secret prints as {secret:?}");

    let holder = client.with_credentials(Credentials::bearer(secret))?;
    let used = holder.list_organizations(&Default::default()).await;
    println!(
        "the new key {}",
        if used.is_ok() { "works" } else { "does not work" }
    );

    client.revoke_api_key(&id, &Default::default()).await?;
    println!("revoked key {id}");
    used?;

    match holder.list_organizations(&Default::default()).await {
        Err(error) if error.kind() == ErrorKind::Unauthenticated => println!("and now: {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("the revoked key still works"),
    }
    Ok(())
}

fn credentials() -> anyhow::Result<Credentials> {
    let credential = env::var("KEYWAY_CREDENTIAL").context("KEYWAY_CREDENTIAL")?;
    let secret = credential.strip_prefix("bearer:").unwrap_or(&credential);
    Ok(match env::var("KEYWAY_TENANT") {
        Ok(organization) => Credentials::bearer(secret).organization(organization),
        Err(_) => Credentials::bearer(secret),
    })
}
