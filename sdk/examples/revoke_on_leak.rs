//! Ends a key that got into the wrong hands: `revoke_on_leak --vendor b3os [ID]`, with the leaked key on the standard input.
//!
//! The key is not an argument: every user of a machine can read those. Without ID it is looked for by the part of it that
//! vendors show, which takes a vendor that lists keys. Dolfin's keys are tried out with `KEYWAY_TENANT`, the Client's id.
//! Where the keys come from is said in `shared/connect.rs`.

#[path = "shared/connect.rs"]
mod connect;

use std::{env, io};

use anyhow::{Context as _, bail};
use keyway::{
    Secret,
    futures_util::TryStreamExt as _,
    keys::{ApiKeys, KeyId, KeyState, PlaintextKey, Revocation, TenantKey, Verification},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (keys, arguments) = connect::connect()?;
    let leaked = Secret::from(io::read_to_string(io::stdin())?.trim());
    let presented: Box<dyn PlaintextKey> = match env::var("KEYWAY_TENANT") {
        Ok(tenant) => Box::new(TenantKey::new(leaked.clone(), tenant)),
        Err(_) => Box::new(leaked.clone()),
    };

    if keys.verify(&*presented).await? == Verification::Refused {
        println!(
            "{} does not take this key: it is revoked already, or never was one",
            keys.vendor()
        );
        return Ok(());
    }
    let id = match arguments.first() {
        Some(id) => KeyId::from(id.as_str()),
        None => id_of(&*keys, &leaked).await?,
    };
    match keys.revoke(&id).await? {
        Revocation::AlreadyRevoked => println!("{id} was revoked already"),
        _ => println!("revoked {id}"),
    }
    // The proof is not that the vendor says so, but that the key is refused.
    match keys.verify(&*presented).await? {
        Verification::Refused => println!("the leaked key is refused now"),
        _ => bail!("the leaked key still works, so {id} is another one"),
    }
    Ok(())
}

/// The one key whose printable beginning is the leaked key's.
async fn id_of(keys: &dyn ApiKeys, leaked: &Secret) -> anyhow::Result<KeyId> {
    let mut alike = keys.list().try_filter(|key| {
        let prefix = key.prefix.as_deref().unwrap_or_default();
        let is_alike = !prefix.is_empty()
            && leaked.expose_secret().starts_with(prefix)
            && key.state != KeyState::Revoked;
        std::future::ready(is_alike)
    });
    let found = alike
        .try_next()
        .await?
        .context("no key in the list begins like this one")?;
    if alike.try_next().await?.is_some() {
        bail!("several keys begin like this one; say which by its id");
    }
    found.id.context("the vendor told no id")
}
