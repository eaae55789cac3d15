//! The settings of `keyway-mock serve`: the same names as flags, as environment variables and in a TOML file.
//!
//! A flag goes before the environment, the environment before the file. A variable is not looked at where its flag is
//! given; of the rest each source is read whole before one is laid over the other, so that it does not matter which of
//! them says what.

mod sources;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use std::{fmt, fs};

use anyhow::{Context as _, bail};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Id, ValueEnum};
use keyway_mock::{
    Builder, CheckAnswers, Explain, IssuedSeeds, MockServer, Sabotage, Seeds, StoreLocation, Tls, Vendor,
};
use schemars::JsonSchema;
use serde::Deserialize;

use sources::environment;
pub(crate) use sources::{deaf, place};

/// The variable that a control token may be in. No flag takes one, because arguments are there for every user of the
/// machine to read.
const CONTROL_TOKEN: &str = "KEYWAY_MOCK_CONTROL_TOKEN";
/// How long a control token has to be at least, in bytes.
const TOKEN_LENGTH: usize = 16;

/// What `serve` takes on its command line.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Serve {
    /// Read settings from this TOML file.
    #[arg(long, value_name = "FILE", env = "KEYWAY_MOCK_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    /// The ids of the flags that were given.
    #[arg(skip)]
    given: BTreeSet<String>,
}

/// Settings of the server. Everything has a default.
#[derive(Args, Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Settings {
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:4010].
    #[arg(long, value_name = "ADDRESS", env = "KEYWAY_MOCK_LISTEN", value_parser = sources::address)]
    #[serde(default, deserialize_with = "sources::address_in_file")]
    #[schemars(with = "Option<String>")]
    listen: Option<SocketAddr>,
    /// Serve this vendor only, at the root instead of under its name.
    #[arg(long, value_name = "NAME", env = "KEYWAY_MOCK_VENDOR")]
    #[schemars(with = "Option<String>", extend("enum" = Vendor::ALL.map(Vendor::name)))]
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
    /// Begin with the users and keys of this JSON file too; it has the form that `POST /_keyway/seed` takes.
    #[arg(long, value_name = "FILE", env = "KEYWAY_MOCK_SEED")]
    seed: Option<PathBuf>,
    /// Begin with these users and keys too.
    #[arg(skip)]
    #[serde(default, deserialize_with = "sources::table")]
    seeds: Seeds,
    /// Keep the state here: memory, sqlite:FILE (survives restarts), or postgres://USER@HOST/DATABASE (shared by any
    /// number of servers). A password is better in this variable than on the command line, or in PGPASSWORD. The worlds
    /// that tests make for themselves stay in memory [default: memory].
    #[arg(long, value_name = "STORE", env = "KEYWAY_MOCK_STORE", hide_env_values = true)]
    #[schemars(with = "Option<String>")]
    store: Option<StoreLocation>,
    /// How to print base URLs and credentials [default: text].
    #[arg(long, value_enum, env = "KEYWAY_MOCK_PRINT")]
    print: Option<Format>,
    /// Serve the control plane at an address of its own instead of under /_keyway.
    #[arg(long, value_name = "ADDRESS", env = "KEYWAY_MOCK_CONTROL", value_parser = sources::address)]
    #[serde(default, deserialize_with = "sources::address_in_file")]
    #[schemars(with = "Option<String>")]
    control: Option<SocketAddr>,
    /// Let other machines use the control plane with the token in this file; without it only this machine may. The
    /// token itself may be in the variable KEYWAY_MOCK_CONTROL_TOKEN instead.
    #[arg(long, value_name = "FILE", env = "KEYWAY_MOCK_CONTROL_TOKEN_FILE")]
    control_token_file: Option<PathBuf>,
    /// The token itself, which no file of settings holds.
    #[arg(skip)]
    #[serde(skip)]
    control_token: Option<PlainToken>,
    /// How many exchanges each world's journal keeps; 0 switches it off [default: 1000].
    #[arg(long, value_name = "NUMBER", env = "KEYWAY_MOCK_JOURNAL", allow_negative_numbers = true, value_parser = sources::number::<usize>)]
    journal: Option<usize>,
    /// Tell the reason of a refusal in an x-keyway-reason header too.
    #[arg(long, env = "KEYWAY_MOCK_EXPLAIN", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL", value_parser = sources::truth)]
    explain: Option<bool>,
    /// Hold every answer against the vendor's contract; one that breaks it becomes a loud 500.
    #[arg(long, env = "KEYWAY_MOCK_CHECK_ANSWERS", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL", value_parser = sources::truth)]
    check_answers: Option<bool>,
    /// Break one of the vendors' promises, to see whether a suite notices (see `keyway-mock sabotages`).
    #[arg(long, value_name = "NAME", env = "KEYWAY_MOCK_SABOTAGE")]
    sabotage: Option<String>,
    /// End a world that nobody has called for so many seconds, or up to 5 more [default: 600].
    #[arg(long, value_name = "SECONDS", env = "KEYWAY_MOCK_IDLE_WORLDS", allow_negative_numbers = true, value_parser = sources::seconds)]
    #[serde(default, deserialize_with = "sources::seconds_in_file")]
    #[schemars(with = "Option<std::num::NonZeroU64>")]
    idle_worlds: Option<u64>,
    /// Serve HTTPS with a certificate made up for this machine's loopback names; false serves HTTP, whatever
    /// certificate is given farther away.
    #[arg(long, env = "KEYWAY_MOCK_TLS", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL", value_parser = sources::truth)]
    tls: Option<bool>,
    /// Serve HTTPS with the certificate chain in this PEM file.
    #[arg(long, value_name = "FILE", env = "KEYWAY_MOCK_TLS_CERTIFICATE")]
    tls_certificate: Option<PathBuf>,
    /// The private key to that certificate, a PEM file.
    #[arg(long, value_name = "FILE", env = "KEYWAY_MOCK_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// Stop when the process that started this one is gone. With a process id, which says for sure who that is: do not
    /// even start if it is gone already.
    #[arg(long, env = "KEYWAY_MOCK_WITH_PARENT", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL|PID", value_parser = sources::parent)]
    with_parent: Option<Parent>,
    /// Write a line to this inherited file descriptor (a pipe, a file or a socket), and close it, once requests are
    /// answered; 3 or more.
    #[arg(long, value_name = "NUMBER", env = "KEYWAY_MOCK_READY_FD", allow_negative_numbers = true, value_parser = sources::number::<u32>)]
    ready_fd: Option<u32>,
}

/// A control token in plain text, from the environment to the gate.
#[derive(Clone)]
struct PlainToken(OsString);

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainToken(..)")
    }
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

/// The process that a server ends with.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(untagged, expecting = "this must be true, false or the id of a process")]
pub(crate) enum Parent {
    /// Whichever has started it, or none.
    Any(bool),
    /// The one of this id.
    Process(u32),
}

impl Serve {
    /// Takes down which flags were given.
    pub(crate) fn note(&mut self, matches: &ArgMatches) {
        let is_given = |id: &&Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
        self.given = matches.ids().filter(is_given).map(Id::to_string).collect();
    }

    /// The settings of the command line, and where it is silent those of the environment and then the file.
    pub(crate) fn whole(self) -> anyhow::Result<Settings> {
        let environment = environment(&self.given)?;
        let file = match self.config.or(environment.config) {
            Some(file) => sources::file(&file)?,
            None => Settings::default(),
        };
        Ok(self.settings.over(environment.settings).over(file))
    }
}

impl Settings {
    /// These settings, and where they are silent those that are farther away.
    fn over(self, farther: Self) -> Self {
        // Whoever names a certificate wants HTTPS, whatever was wanted before.
        let names_certificate = self.tls_certificate.is_some() || self.tls_key.is_some();
        let names_token = self.control_token_file.is_some() || self.control_token.is_some();
        let token = if names_token {
            (self.control_token_file, self.control_token)
        } else {
            (farther.control_token_file, farther.control_token)
        };
        let farther_tls = farther.tls.filter(|wanted| *wanted || !names_certificate);
        Self {
            listen: self.listen.or(farther.listen),
            vendor: self.vendor.or(farther.vendor),
            // Later switches win, so the farther ones come first.
            assume: farther.assume.into_iter().chain(self.assume).collect(),
            seed: self.seed.or(farther.seed),
            seeds: farther.seeds.and(self.seeds),
            store: self.store.or(farther.store),
            print: self.print.or(farther.print),
            control: self.control.or(farther.control),
            control_token_file: token.0,
            control_token: token.1,
            journal: self.journal.or(farther.journal),
            explain: self.explain.or(farther.explain),
            check_answers: self.check_answers.or(farther.check_answers),
            sabotage: self.sabotage.or(farther.sabotage),
            idle_worlds: self.idle_worlds.or(farther.idle_worlds),
            tls: self.tls.or(farther_tls),
            tls_certificate: self.tls_certificate.or(farther.tls_certificate),
            tls_key: self.tls_key.or(farther.tls_key),
            with_parent: self.with_parent.or(farther.with_parent),
            ready_fd: self.ready_fd.or(farther.ready_fd),
        }
    }

    /// The server that is asked for, and the users and keys made for it.
    pub(crate) async fn builder(&self) -> anyhow::Result<(Builder, IssuedSeeds)> {
        let mut builder = MockServer::builder().listen(self.listens_at());
        builder = self.assumptions(builder)?;
        if let Some(vendor) = self.vendor {
            builder = builder.vendor(vendor);
        }
        if let Some(store) = &self.store {
            builder = builder.store(store.clone());
        }
        if let Some(control) = self.control {
            builder = builder.control(control);
        }
        if let Some(token) = self.control_token()? {
            builder = builder.control_token(&token);
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
        if let Some(sabotage) = self.sabotage()? {
            builder = builder.sabotaged(sabotage);
        }
        if let Some(seconds) = self.idle_worlds {
            builder = builder.idle(Duration::from_secs(seconds));
        }
        if let Some(tls) = self.certificate()? {
            builder = builder.tls(tls);
        }
        let issued = self.plant(&mut builder).await?;
        Ok((builder, issued))
    }

    /// The promise to be broken, which a vendor that is served must be able to break.
    pub(crate) fn sabotage(&self) -> anyhow::Result<Option<&'static Sabotage>> {
        let Some(name) = &self.sabotage else {
            return Ok(None);
        };
        let sabotage = Sabotage::named(name).context("sabotage")?;
        if let Some(vendor) = self.vendor.filter(|vendor| !sabotage.vendors.contains(vendor)) {
            bail!(
                "sabotage: {} does not make the promise that {name} breaks",
                vendor.title()
            );
        }
        Ok(Some(sabotage))
    }

    fn assumptions(&self, mut builder: Builder) -> anyhow::Result<Builder> {
        for setting in &self.assume {
            builder = builder.assume(setting).context("assume")?;
        }
        Ok(builder)
    }

    /// Makes the users and keys of the settings, and then those of the file that they name.
    async fn plant(&self, builder: &mut Builder) -> anyhow::Result<IssuedSeeds> {
        let seeds = match &self.seed {
            Some(file) => {
                let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
                let read = Seeds::from_json(&text).with_context(|| file.display().to_string())?;
                self.seeds.clone().and(read)
            }
            None => self.seeds.clone(),
        };
        if seeds.is_empty() {
            return Ok(IssuedSeeds::default());
        }
        builder.seed(&seeds).await.context("seeds")
    }

    fn certificate(&self) -> anyhow::Result<Option<Tls>> {
        match (self.tls, &self.tls_certificate, &self.tls_key) {
            (Some(false), _, _) | (None, None, None) => Ok(None),
            (Some(true), None, None) => Ok(Some(Tls::self_signed()?)),
            (_, Some(certificate), Some(key)) => Ok(Some(Tls::from_files(certificate, key)?)),
            (_, Some(_), None) => bail!("tls-certificate needs tls-key beside it"),
            (_, None, Some(_)) => bail!("tls-key needs tls-certificate beside it"),
        }
    }

    fn control_token(&self) -> anyhow::Result<Option<String>> {
        let (token, place) = match (&self.control_token_file, &self.control_token) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                bail!(
                    "a control token is in {CONTROL_TOKEN}, and a file is named beside it; give one of them"
                )
            }
            (Some(file), None) => {
                let text =
                    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
                (text, file.display().to_string())
            }
            (None, Some(PlainToken(token))) => {
                let token = token
                    .to_str()
                    .map(str::to_owned)
                    .with_context(|| format!("{CONTROL_TOKEN} is no text"))?;
                (token, CONTROL_TOKEN.to_owned())
            }
        };
        let token = token.trim();
        if token.len() < TOKEN_LENGTH {
            bail!("the control token in {place} has fewer than {TOKEN_LENGTH} characters");
        }
        Ok(Some(token.to_owned()))
    }

    /// The same for a server whose control plane is there.
    pub(crate) fn with_control_at(self, place: Place) -> Self {
        let control = Some(place.address);
        let tls = place.scheme.map(|scheme| scheme == Scheme::Https).or(self.tls);
        Self { control, tls, ..self }
    }

    fn listens_at(&self) -> SocketAddr {
        self.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 4010)))
    }

    pub(crate) fn print(&self) -> Format {
        self.print.unwrap_or_default()
    }

    pub(crate) fn parent(&self) -> Parent {
        self.with_parent.unwrap_or(Parent::Any(false))
    }

    pub(crate) fn ready_fd(&self) -> Option<u32> {
        self.ready_fd
    }
}

/// An address, and how it is spoken to if that is said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    address: SocketAddr,
    scheme: Option<Scheme>,
}

/// How the server is spoken to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

impl Settings {
    /// Where a server with these settings says how it is: its control plane, from this machine.
    pub(crate) fn answers_at(&self) -> anyhow::Result<(SocketAddr, Scheme)> {
        let mut address = self.control.unwrap_or_else(|| self.listens_at());
        if address.port() == 0 {
            bail!("the settings leave the port open; name the address, such as 127.0.0.1:4010");
        }
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        let names_certificate = self.tls_certificate.is_some() || self.tls_key.is_some();
        let is_https = self.tls.unwrap_or(names_certificate);
        Ok((address, if is_https { Scheme::Https } else { Scheme::Http }))
    }
}
