//! Issues a key, tries it out, and puts it into a file: `issue --vendor b3os FILE NAME [SCOPE…]`.
//!
//! If the answer to the create is lost, the key that may have been made is looked for and revoked, so that none is left whose
//! secret nobody has. If it is not found, a line says by what a person finds it. Where the key comes from is said in `shared/connect.rs`.

#[path = "shared/connect.rs"]
mod connect;

use anyhow::{Context as _, bail};
use keyway::{
    Vendor,
    keys::{ApiKeys, KeyId, NewKey, Verification},
};

use connect::Safe;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (keys, arguments) = connect::connect()?;
    let [file, name, scopes @ ..] = arguments.as_slice() else {
        bail!("usage: issue --vendor VENDOR FILE NAME [SCOPE…]");
    };
    let key = match scopes {
        [] => NewKey::named(name),
        scopes => NewKey::named(name).scopes(scopes),
    };
    issue(&*keys, key, &Safe::at(file)?).await?;
    println!("it is in {file}");
    Ok(())
}

async fn issue(keys: &dyn ApiKeys, key: NewKey, safe: &Safe) -> anyhow::Result<()> {
    // The mark tells the key from all others of its name, should its answer be lost.
    let issued = match keys.create(key.marked()).await {
        Ok(issued) => issued,
        Err(error) => {
            if let Some(stray) = error.stray() {
                let found_by = stray.name().unwrap_or_default();
                let mark = stray.mark().unwrap_or_default();
                match keys.revoke_strays(stray).await {
                    Ok(report) if report.is_settled() => eprintln!("the key was made and is ended: {report}"),
                    Ok(report) => {
                        eprintln!("a key called {found_by:?} and marked {mark} may exist: {report}")
                    }
                    Err(error) => eprintln!("a key called {found_by:?} may exist: {error}"),
                }
            }
            return Err(error).context("no key was issued");
        }
    };
    // The secret is told once, so it is put away before anything else can go wrong.
    if let Err(error) = safe.keep(issued.secret()) {
        end(keys, issued.id()).await;
        return Err(error).context("the key cannot be stored");
    }
    let id = issued.id().context("the vendor told no id")?;
    println!("issued {id} at {}", keys.vendor());

    match keys.verify(&issued).await? {
        Verification::Works => println!("it works"),
        Verification::Forbidden => {
            println!("it is genuine, and may not do the read by which keys are tried out")
        }
        other => bail!("{} does not take it: {other:?}", keys.vendor()),
    }
    if keys.vendor() == Vendor::Dolfin {
        println!(
            "keep the Client's id beside it: {}",
            issued.record().tenant.as_deref().unwrap_or("-")
        );
    }
    Ok(())
}

/// Nobody has its secret, so there should be no such key.
async fn end(keys: &dyn ApiKeys, id: Option<&KeyId>) {
    let Some(id) = id else {
        return eprintln!("a key was made, and the vendor told no id by which to revoke it");
    };
    match keys.revoke(id).await {
        Ok(_) => eprintln!("{id} was made and is revoked again"),
        Err(error) => eprintln!("{id} was made and has to be revoked: {error}"),
    }
}
