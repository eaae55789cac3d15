//! The settings of `keyway-mock serve`: the same names as flags, as environment variables and in a TOML file.
//!
//! A flag goes before the environment, the environment before the file.

use std::fs;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use keyway_mock::{Builder, CheckAnswers, Explain, MockServer, Tls, Vendor};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of the server. Everything has a default.
#[derive(Args, Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Settings {
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:4010].
    #[arg(long, value_name = "ADDRESS", env = "KEYWAY_MOCK_LISTEN", value_parser = address)]
    #[schemars(with = "Option<String>")]
    listen: Option<SocketAddr>,
    /// Serve this vendor only, at the root instead of under its name.
    #[arg(long, value_name = "NAME", env = "KEYWAY_MOCK_VENDOR")]
    #[schemars(with = "Option<String>")]
    vendor: Option<Vendor>,
    /// Switch an answer that the vendor does not document, NAME=VALUE; may be repeated (see `keyway-mock assumptions`).
    #[arg(
        long,
        value_name = "NAME=VALUE",
        env = "KEYWAY_MOCK_ASSUME",
        value_delimiter = ','
    )]
    #[serde(default)]
    assume: Vec<String>,
    /// How to print base URLs and ready-made credentials [default: text].
    #[arg(long, value_enum, env = "KEYWAY_MOCK_PRINT")]
    print: Option<Format>,
    /// Serve the control plane at an address of its own instead of under /_keyway.
    #[arg(long, value_name = "ADDRESS", env = "KEYWAY_MOCK_CONTROL", value_parser = address)]
    #[schemars(with = "Option<String>")]
    control: Option<SocketAddr>,
    /// Let other machines use the control plane with the token in this file; without it only this machine may.
    #[arg(long, value_name = "FILE", env = "KEYWAY_MOCK_CONTROL_TOKEN_FILE")]
    control_token_file: Option<PathBuf>,
    /// How many exchanges each world's journal keeps; 0 switches it off [default: 1000].
    #[arg(long, value_name = "NUMBER", env = "KEYWAY_MOCK_JOURNAL")]
    journal: Option<usize>,
    /// Tell the reason of a refusal in an x-keyway-reason header too.
    #[arg(long, env = "KEYWAY_MOCK_EXPLAIN", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    explain: Option<bool>,
    /// Hold every answer against the vendor's contract; one that breaks it becomes a loud 500.
    #[arg(long, env = "KEYWAY_MOCK_CHECK_ANSWERS", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    check_answers: Option<bool>,
    /// End a world that nobody has called for so many seconds [default: 600].
    #[arg(long, value_name = "SECONDS", env = "KEYWAY_MOCK_IDLE_WORLDS")]
    idle_worlds: Option<u64>,
    /// Serve HTTPS with a certificate made up for this machine's loopback names.
    #[arg(long, env = "KEYWAY_MOCK_TLS", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    tls: Option<bool>,
    /// Serve HTTPS with the certificate chain in this PEM file.
    #[arg(
        long,
        value_name = "FILE",
        env = "KEYWAY_MOCK_TLS_CERTIFICATE",
        requires = "tls_key"
    )]
    tls_certificate: Option<PathBuf>,
    /// The private key to that certificate, a PEM file.
    #[arg(
        long,
        value_name = "FILE",
        env = "KEYWAY_MOCK_TLS_KEY",
        requires = "tls_certificate"
    )]
    tls_key: Option<PathBuf>,
    /// Stop when the process that started this one is gone.
    #[arg(long, env = "KEYWAY_MOCK_WITH_PARENT", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    with_parent: Option<bool>,
    /// Write a line to this file descriptor once requests are answered.
    #[arg(long, value_name = "NUMBER", env = "KEYWAY_MOCK_READY_FD")]
    ready_fd: Option<u32>,
}

/// How something is printed.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs; `serve` prints it in one line.
    Json,
}

impl Settings {
    /// What the file says; nothing if there is none.
    pub(crate) fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else {
            return Ok(Self::default());
        };
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        toml::from_str(&text).map_err(|error| {
            // The message alone: the excerpt that toml shows would make many lines of it.
            anyhow::anyhow!("{}: {}", file.display(), error.message().replace('\n', "; "))
        })
    }

    /// These settings, and where they are silent those of `file`.
    pub(crate) fn over(self, file: Self) -> Self {
        Self {
            listen: self.listen.or(file.listen),
            vendor: self.vendor.or(file.vendor),
            // Later switches win, so the file's come first.
            assume: file.assume.into_iter().chain(self.assume).collect(),
            print: self.print.or(file.print),
            control: self.control.or(file.control),
            control_token_file: self.control_token_file.or(file.control_token_file),
            journal: self.journal.or(file.journal),
            explain: self.explain.or(file.explain),
            check_answers: self.check_answers.or(file.check_answers),
            idle_worlds: self.idle_worlds.or(file.idle_worlds),
            tls: self.tls.or(file.tls),
            tls_certificate: self.tls_certificate.or(file.tls_certificate),
            tls_key: self.tls_key.or(file.tls_key),
            with_parent: self.with_parent.or(file.with_parent),
            ready_fd: self.ready_fd.or(file.ready_fd),
        }
    }

    /// The server that is asked for.
    pub(crate) fn builder(&self) -> anyhow::Result<Builder> {
        let default = SocketAddr::from(([127, 0, 0, 1], 4010));
        let mut builder = MockServer::builder().listen(self.listen.unwrap_or(default));
        for setting in &self.assume {
            builder = builder.assume(setting)?;
        }
        if let Some(vendor) = self.vendor {
            builder = builder.vendor(vendor);
        }
        if let Some(control) = self.control {
            builder = builder.control(control);
        }
        if let Some(file) = &self.control_token_file {
            builder = builder.control_token(&token(file)?);
        }
        if let Some(capacity) = self.journal {
            builder = builder.journal(capacity);
        }
        if self.explain == Some(true) {
            builder = builder.explain(Explain::InHeader);
        }
        if self.check_answers == Some(true) {
            builder = builder.check_answers(CheckAnswers::Yes);
        }
        if let Some(seconds) = self.idle_worlds {
            builder = builder.idle(Duration::from_secs(seconds));
        }
        Ok(match self.certificate()? {
            Some(tls) => builder.tls(tls),
            None => builder,
        })
    }

    fn certificate(&self) -> anyhow::Result<Option<Tls>> {
        match (&self.tls_certificate, &self.tls_key) {
            (Some(certificate), Some(key)) => Ok(Some(Tls::from_files(certificate, key)?)),
            (None, None) if self.tls == Some(true) => Ok(Some(Tls::self_signed()?)),
            (None, None) => Ok(None),
            _ => bail!("tls-certificate and tls-key go together"),
        }
    }

    pub(crate) fn print(&self) -> Format {
        self.print.unwrap_or_default()
    }

    pub(crate) fn ends_with_parent(&self) -> bool {
        self.with_parent == Some(true)
    }

    pub(crate) fn ready_fd(&self) -> Option<u32> {
        self.ready_fd
    }
}

/// An address to listen on; a name is looked up.
fn address(text: &str) -> Result<SocketAddr, String> {
    let found = text
        .to_socket_addrs()
        .map_err(|error| format!("{error}; give HOST:PORT, such as 127.0.0.1:4010"))?;
    found
        .into_iter()
        .next()
        .ok_or_else(|| "the name has no address".to_owned())
}

/// The token in a file. In a file and not in an argument, because arguments are there for every user to read.
fn token(file: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let token = text.trim();
    if token.len() < 16 {
        bail!(
            "the control token in {} has fewer than 16 characters",
            file.display()
        );
    }
    Ok(token.to_owned())
}
