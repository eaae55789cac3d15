//! The life of a Dolfin key: created, used, revoked, refused.
//!
//! `KEYWAY_BASE_URL` is the host, such as `https://api.dolfinai.co`, and `KEYWAY_CREDENTIAL` an API key of the Client, or
//! `bearer:` and the session token of one of its admins. Against a stand-in on this machine both are printed by
//! `keyway-mock serve`.

use std::env;

use anyhow::{Context as _, bail};
use keyway::{
    ErrorKind,
    dolfin::{Client, Credentials, types},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let base_url = env::var("KEYWAY_BASE_URL").context("KEYWAY_BASE_URL")?;
    let client = Client::new(&base_url, credentials()?)?;

    let request = types::CreateApiKeyRequest {
        name: Some("keyway example".to_owned()),
        expires_at: None,
    };
    let created = client.create_api_key(&request).await?;
    // Dolfin does not list `id` among the members that are always there.
    let id = created
        .id
        .context("the answer has no id, so this key can only be revoked by hand")?;
    println!("created key {id}; its secret prints as {:?}", created.raw_key);

    let holder = client.with_credentials(Credentials::api_key(created.raw_key))?;
    let used = holder.list_client_members(&created.client_id).await;
    println!(
        "the new key {}",
        if used.is_ok() { "works" } else { "does not work" }
    );

    client.revoke_api_key(&id).await?;
    println!("revoked key {id}");
    used?;

    match holder.list_client_members(&created.client_id).await {
        Err(error) if error.kind() == ErrorKind::Unauthenticated => println!("and now: {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => bail!("the revoked key still works"),
    }
    Ok(())
}

fn credentials() -> anyhow::Result<Credentials> {
    let credential = env::var("KEYWAY_CREDENTIAL").context("KEYWAY_CREDENTIAL")?;
    Ok(match credential.strip_prefix("bearer:") {
        Some(token) => Credentials::bearer(token),
        None => Credentials::api_key(credential.strip_prefix("key:").unwrap_or(&credential)),
    })
}
