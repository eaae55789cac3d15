//! Replaces a key by a new one and puts that into a file: `rotate --vendor b3os FILE ID [NAME [SCOPE…]]`.
//!
//! NAME and SCOPEs are for vendors that tell no record of a key, Sinjapp and Dolfin; elsewhere the successor is what the key was.
//! Whatever goes wrong, the last line says which keys there are. Where the keys come from is said in `shared/connect.rs`.

#[path = "shared/connect.rs"]
mod connect;

use anyhow::{Context as _, bail};
use connect::Safe;
use keyway::keys::{KeyId, NewKey, Rotation, Step};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (keys, arguments) = connect::connect()?;
    let [file, id, rest @ ..] = arguments.as_slice() else {
        bail!("usage: rotate --vendor VENDOR FILE ID [NAME [SCOPE…]]");
    };
    let mut rotation = Rotation::of(KeyId::from(id.as_str())).marked();
    match rest {
        [] => {}
        [name] => rotation = rotation.successor(NewKey::named(name)),
        [name, scopes @ ..] => rotation = rotation.successor(NewKey::named(name).scopes(scopes)),
    }

    let safe = Safe::at(file)?;
    // Another run goes on where the last one stopped, and revokes what it left behind.
    for run in 1..=3 {
        match rotation.run(&keys, async |key| safe.keep(key.secret())).await {
            Ok(rotated) => {
                let id = rotated.successor.id.context("the vendor told no id")?;
                println!("{id} took over");
                for stray in &rotated.strays {
                    let name = stray.name().unwrap_or("-");
                    eprintln!("a key called {name:?} may exist besides, and nobody has its secret");
                }
                return Ok(());
            }
            Err(error) if run < 3 && error.step() != Step::ReadOld => eprintln!("{error}; once more"),
            Err(error) => {
                // Until it is stored nobody misses the successor, so it need not stay.
                let given_up = rotation.abandon(&keys).await;
                eprintln!("{}", rotation.progress());
                given_up.context("giving up")?;
                return Err(error.into());
            }
        }
    }
    Ok(())
}
