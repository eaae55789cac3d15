//! The first program of the README: makes a key, replaces it by a new one, and sees the old one refused.

use keyway::b3os::{Client, Credentials};
use keyway::keys::{ApiKeys, IssuedKey, NewKey, Rotation};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base_url = std::env::var("KEYWAY_BASE_URL")?;
    let credential = std::env::var("KEYWAY_CREDENTIAL")?;
    let credentials = Credentials::bearer(credential.trim_start_matches("bearer:"));
    let keys = Client::new(&base_url, credentials)?;

    let old = keys
        .create(NewKey::named("nightly backup").scopes(["read"]))
        .await?;
    println!("made a key; it prints as {:?}", old.secret());
    println!("tried out: {:?}", keys.verify(&old).await?);

    let mut rotation = Rotation::of(old.record());
    match rotation.run(&keys, store).await {
        Ok(_) => println!("rotated"),
        Err(error) => println!("{error}"), // says which keys there are; `run` again goes on from there
    }
    println!("the old key: {:?}", keys.verify(&old).await?);
    Ok(())
}

/// The place where you keep secrets.
async fn store(key: IssuedKey) -> std::io::Result<()> {
    std::fs::write("nightly-backup.key", key.secret().expose_secret())
}
