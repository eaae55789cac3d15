//! What the guides' programs share: whose keys they are about, and where a key is put away.
//!
//! `--vendor` or `KEYWAY_VENDOR` says whose; `KEYWAY_BASE_URL` is the host, `KEYWAY_CREDENTIAL` a credential that may manage
//! keys, written `key:VALUE` or `bearer:VALUE`, and `KEYWAY_TENANT` Reten's tenant, which a token needs. `keyway-mock serve`
//! prints all of them.

use std::{env, io::Write as _, path::PathBuf};

use anyhow::{Context as _, bail};
use keyway::{Secret, Vendor, b3os, dolfin, keys::ApiKeys, reten, sinjapp};
use tempfile::NamedTempFile;

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

/// A place for a key, looked for before the key is made: one that cannot be kept should not be made.
#[allow(dead_code, reason = "not every program that shares this file stores a key")]
pub(crate) struct Safe {
    path: PathBuf,
}

#[allow(dead_code, reason = "not every program that shares this file stores a key")]
impl Safe {
    /// Fails if no file can be made there.
    pub(crate) fn at(path: &str) -> anyhow::Result<Self> {
        let safe = Self {
            path: PathBuf::from(path),
        };
        safe.file()
            .with_context(|| format!("no key can be kept in {path}"))?;
        Ok(safe)
    }

    /// Puts a key in where only this user can read it, in one stroke: whoever reads the file meets what was there before or
    /// the key.
    pub(crate) fn keep(&self, secret: &Secret) -> std::io::Result<()> {
        let mut file = self.file()?;
        file.write_all(secret.expose_secret().as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&self.path)?;
        Ok(())
    }

    /// A file beside the one that is meant, which goes away if nothing becomes of it.
    fn file(&self) -> std::io::Result<NamedTempFile> {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => NamedTempFile::new_in(folder),
            _ => NamedTempFile::new_in("."),
        }
    }
}
