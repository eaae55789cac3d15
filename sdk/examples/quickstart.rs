//! The first program of the README: makes a key, replaces it by a new one, and sees the old one refused.

use std::{error::Error, fs::File, io::Write, process::ExitCode};

use keyway::b3os::{Client, Credentials};
use keyway::keys::{ApiKeys, NewKey, Rotation};

#[tokio::main]
async fn main() -> ExitCode {
    match nightly().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn nightly() -> Result<(), Box<dyn Error>> {
    let variable = |name| std::env::var(name).map_err(|error| format!("{name}: {error}"));
    let credential = variable("KEYWAY_CREDENTIAL")?;
    let credentials = Credentials::bearer(credential.trim_start_matches("bearer:"));
    let keys = Client::new(&variable("KEYWAY_BASE_URL")?, credentials)?;

    // The place for the key comes first: a key that cannot be kept should not be made.
    let mut safe = private_file("nightly-backup.key")?;
    let old = keys
        .create(NewKey::named("nightly backup").scopes(["read"]))
        .await?;
    println!("made a key; it prints as {:?}", old.secret());
    println!("tried out: {:?}", keys.verify(&old).await?);

    let mut rotation = Rotation::of(old.record());
    let store = async |key: keyway::keys::IssuedKey| {
        safe.set_len(0)?;
        safe.write_all(key.secret().expose_secret().as_bytes())?;
        safe.sync_all()
    };
    match rotation.run(&keys, store).await {
        Ok(_) => println!("rotated"),
        Err(error) => {
            println!("{error}"); // says which keys there are; `run` again would go on from there
            rotation.abandon(&keys).await?; // and this takes the new one back
        }
    }
    println!("the old key: {:?}", keys.verify(&old).await?);
    Ok(())
}

/// A file that nobody but its owner reads.
fn private_file(path: &str) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
