//! What the guides' programs share: whose keys they are about, and where a key is put away.
//!
//! `--vendor` or `KEYWAY_VENDOR` says whose; `KEYWAY_BASE_URL` is the host, `KEYWAY_CREDENTIAL` a credential that may manage
//! keys, written `key:VALUE` or `bearer:VALUE`, and `KEYWAY_TENANT` Reten's tenant, which a token needs. `keyway-mock serve`
//! prints all of them.

use std::{
    env,
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
};

use anyhow::{Context as _, bail};
use keyway::{Secret, Vendor, b3os, dolfin, keys::ApiKeys, reten, sinjapp};

/// The keys, and what else was said on the command line.
pub(crate) fn connect() -> anyhow::Result<(Box<dyn ApiKeys>, Vec<String>)> {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let vendor = match arguments.iter().position(|argument| argument == "--vendor") {
        Some(at) if at + 1 < arguments.len() => {
            let vendor = arguments.remove(at + 1);
            arguments.remove(at);
            vendor
        }
        _ => env::var("KEYWAY_VENDOR").context("say --vendor, or set KEYWAY_VENDOR")?,
    };
    let base_url = env::var("KEYWAY_BASE_URL").context("KEYWAY_BASE_URL")?;
    let credential = env::var("KEYWAY_CREDENTIAL").context("KEYWAY_CREDENTIAL")?;
    let (scheme, secret) = credential
        .split_once(':')
        .context("KEYWAY_CREDENTIAL is key:… or bearer:…")?;
    let keys: Box<dyn ApiKeys> = match (vendor.parse()?, scheme) {
        (Vendor::Sinjapp, _) => Box::new(sinjapp::Client::new(
            &base_url,
            sinjapp::Credentials::api_key(secret),
        )?),
        (Vendor::Reten, "key") => Box::new(reten::Client::new(
            &base_url,
            reten::Credentials::api_key(secret),
        )?),
        (Vendor::Reten, _) => {
            let tenant = env::var("KEYWAY_TENANT").context("KEYWAY_TENANT")?;
            let credentials = reten::Credentials::bearer(secret).tenant(tenant);
            Box::new(reten::Client::new(&base_url, credentials)?)
        }
        (Vendor::Dolfin, "key") => Box::new(dolfin::Client::new(
            &base_url,
            dolfin::Credentials::api_key(secret),
        )?),
        (Vendor::Dolfin, _) => Box::new(dolfin::Client::new(
            &base_url,
            dolfin::Credentials::bearer(secret),
        )?),
        (Vendor::B3os, _) => Box::new(b3os::Client::new(&base_url, b3os::Credentials::bearer(secret))?),
        (other, _) => bail!("this program does not know {other}"),
    };
    Ok((keys, arguments))
}

/// Puts a key where only this user can read it, in one stroke: whoever reads the file meets the old key or the new one.
#[allow(dead_code, reason = "not every program that shares this file stores a key")]
pub(crate) fn put_away(secret: &Secret, path: &Path) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(secret.expose_secret().as_bytes())?;
    file.sync_all()?;
    fs::rename(beside, path)
}
