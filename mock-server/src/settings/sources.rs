//! Where settings come from: how the environment and the file are read, and single values.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::Path;
use std::str::FromStr;
use std::{env, fs};

use anyhow::{Context as _, anyhow};
use clap::builder::Resettable;
use clap::{Arg, Args as _, Command, FromArgMatches as _};
use keyway_mock::Seeds;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize as _, Deserializer};

use super::{CONTROL_TOKEN, Parent, Place, PlainToken, Scheme, Serve, Settings};
use crate::complaint;
use crate::nearest::{expected, unknown_name};

/// What the environment says but for what the flags say that are given; assumptions add up. A variable without content
/// says nothing.
pub(super) fn environment(given: &BTreeSet<String>) -> anyhow::Result<Serve> {
    let command = deaf(Serve::augment_args(Command::new("environment"))).no_binary_name(true);
    let spoken = Serve::augment_args(Command::new("environment"));
    let is_open = |argument: &&Arg| {
        let id = argument.get_id().as_str();
        id == "assume" || !given.contains(id)
    };
    let flags = spoken.get_arguments().filter(is_open).filter_map(as_flag);
    let matches = command.clone().try_get_matches_from(flags);
    let read = matches.and_then(|matches| Serve::from_arg_matches(&matches));
    let mut read = read.map_err(|error| anyhow!(complaint::of_variable(&error, &spoken)))?;
    if !given.contains("control_token_file") {
        read.settings.control_token = variable(CONTROL_TOKEN).map(PlainToken);
    }
    Ok(read)
}

/// The command without the environment, which is read by itself.
pub(crate) fn deaf(command: Command) -> Command {
    command.mut_args(|argument| argument.env(Resettable::<clap::builder::OsStr>::Reset))
}

/// A variable as the flag that it stands for.
fn as_flag(argument: &Arg) -> Option<OsString> {
    let value = variable(argument.get_env()?)?;
    let mut flag = OsString::from(format!("--{}=", argument.get_long()?));
    flag.push(value);
    Some(flag)
}

/// The content of a variable, if it has any.
fn variable(name: impl AsRef<OsStr>) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// What the file says.
pub(super) fn file(file: &Path) -> anyhow::Result<Settings> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    toml::from_str(&text).map_err(|error| {
        let (line, column) = line_and_column(&text, error.span().map_or(0, |span| span.start));
        let problem = problem(&error);
        anyhow!("{} line {line} column {column}: {problem}", file.display())
    })
}

/// Line and column of a byte, counted from 1.
fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// toml's words in one line, without the values that they quote: one of them may be a password.
fn problem(error: &toml::de::Error) -> String {
    let said = error.message();
    if let Some(told) = unknown_name(said, "`keyway-mock config-schema` lists what there is") {
        return match said
            .strip_prefix("unknown field `")
            .and_then(|rest| rest.split_once('`'))
        {
            Some((name, _)) => format!("{name}: {told}"),
            None => told,
        };
    }
    expected(said).unwrap_or_else(|| said.lines().map(str::trim).collect::<Vec<_>>().join("; "))
}

/// An address to listen on; a name is looked up.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let cure = "an address is HOST:PORT, such as 127.0.0.1:4010";
    let is_complete = text
        .rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
    if !is_complete {
        return Err(cure.to_owned());
    }
    let found = text
        .to_socket_addrs()
        .map_err(|_| format!("this host has no address; {cure}"))?;
    found
        .into_iter()
        .next()
        .ok_or_else(|| format!("this host has no address; {cure}"))
}

/// The same, where serde reads it.
pub(super) fn address_in_file<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(reader)?;
    address(&text).map(Some).map_err(D::Error::custom)
}

/// An address, or a URL of nothing but scheme and address.
pub(crate) fn place(text: &str) -> Result<Place, String> {
    let (scheme, rest) = match text.split_once("://") {
        Some(("http", rest)) => (Some(Scheme::Http), rest),
        Some(("https", rest)) => (Some(Scheme::Https), rest),
        Some(_) => return Err("a URL begins with http:// or https://".to_owned()),
        None => (None, text),
    };
    let address = address(rest.trim_end_matches('/'))?;
    Ok(Place { address, scheme })
}

/// Users and keys in the file. serde would take a list of their members as well.
pub(super) fn table<'de, D: Deserializer<'de>>(reader: D) -> Result<Seeds, D::Error> {
    struct Table;

    impl<'de> Visitor<'de> for Table {
        type Value = Seeds;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Seeds, A::Error> {
            Seeds::deserialize(MapAccessDeserializer::new(map))
        }
    }

    reader.deserialize_map(Table)
}

/// A time in seconds; in no time at all there is nothing to do.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    seconds_of(text.parse().unwrap_or_default())
}

/// The same, where serde reads it.
pub(super) fn seconds_in_file<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<u64>, D::Error> {
    let seconds = u64::deserialize(reader)?;
    seconds_of(seconds).map(Some).map_err(D::Error::custom)
}

fn seconds_of(seconds: u64) -> Result<u64, String> {
    if seconds > 0 {
        Ok(seconds)
    } else {
        Err("this is a whole number, 1 or more".to_owned())
    }
}

/// Yes or no.
pub(super) fn truth(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err("this is either true or false".to_owned()),
    }
}

/// A whole number.
pub(super) fn number<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse()
        .map_err(|_| "this is a whole number, 0 or more".to_owned())
}

/// Whether to end with the parent, and which process that is.
pub(super) fn parent(text: &str) -> Result<Parent, String> {
    match (truth(text), text.parse()) {
        // `1` is a process here: containers have one of that number that is no init.
        (_, Ok(id)) if id > 0 => Ok(Parent::Process(id)),
        (Ok(any), _) => Ok(Parent::Any(any)),
        (Err(_), _) => Err("this is true, false or the id of a process".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_as_editors_count() {
        assert_eq!(line_and_column("a\nbé = 1", 2), (2, 1));
        assert_eq!(line_and_column("a\nbé = 1", 5), (2, 3));
        assert_eq!(line_and_column("", 0), (1, 1));
    }

    #[test]
    fn a_parent_is_any_none_or_one() {
        assert_eq!(parent("true"), Ok(Parent::Any(true)));
        assert_eq!(parent("0"), Ok(Parent::Any(false)));
        assert_eq!(parent("1"), Ok(Parent::Process(1)));
        assert!(parent("mother").is_err());
    }
}
