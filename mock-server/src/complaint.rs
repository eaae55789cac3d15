//! What is wrong with a command line, in one line. clap's own words take five, and repeat what was given.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

use crate::nearest::nearest;

/// A wrong command line, told by the names of flags.
pub(crate) fn of_command(error: &Error, command: &Command) -> String {
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let known: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
            let cure = cure(
                text(error, ContextKind::InvalidSubcommand).unwrap_or_default(),
                &known,
            );
            format!("there is no such command; {cure}")
        }
        ErrorKind::UnknownArgument => unknown(error, command),
        _ => told(error, &argument(error)),
    }
}

/// A wrong variable of the environment, told by its name. `command` knows which variable stands for which flag.
pub(crate) fn of_variable(error: &Error, command: &Command) -> String {
    let flag = argument(error);
    let known = command
        .get_arguments()
        .find(|known| known.get_long() == flag.strip_prefix("--"));
    let variable = known.and_then(|known| known.get_env()?.to_str());
    told(error, variable.unwrap_or(&flag))
}

/// The flag that the error is about, without the name of its value.
fn argument(error: &Error) -> String {
    let named = text(error, ContextKind::InvalidArg).unwrap_or_default();
    let name = named.split([' ', '=']).next().unwrap_or_default();
    name.trim_matches(['[', ']', '<', '>']).to_owned()
}

fn unknown(error: &Error, command: &Command) -> String {
    let typed = argument(error);
    if !typed.starts_with('-') {
        return "there is a word too many: every setting is a flag, see --help".to_owned();
    }
    // Which command was meant, clap does not tell; their flags have names of their own.
    let flags = command
        .get_subcommands()
        .chain([command])
        .flat_map(Command::get_arguments);
    let flags: Vec<_> = flags.filter_map(|flag| flag.get_long()).collect();
    match nearest(&typed, flags) {
        Some(meant) => format!("there is no flag {typed}; did you mean --{meant}?"),
        None => format!("there is no flag {typed}; --help lists them"),
    }
}

fn told(error: &Error, name: &str) -> String {
    match error.kind() {
        ErrorKind::ValueValidation => match error.source() {
            Some(source) => format!("{name}: {source}"),
            None => format!("{name}: this value is not valid"),
        },
        ErrorKind::InvalidValue => {
            let typed = text(error, ContextKind::InvalidValue).unwrap_or_default();
            if typed.is_empty() {
                return format!("{name} needs a value");
            }
            let known: Vec<_> = match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(known)) => known.iter().map(String::as_str).collect(),
                _ => Vec::new(),
            };
            format!("{name} does not take this value; {}", cure(typed, &known))
        }
        ErrorKind::ArgumentConflict => format!("{name} is given twice"),
        // The first paragraph is the error; usage and help follow.
        _ => {
            let said = error.to_string();
            let said = said.split("\n\n").next().unwrap_or_default();
            let words: Vec<_> = said.trim_start_matches("error: ").split_whitespace().collect();
            words.join(" ")
        }
    }
}

fn cure(typed: &str, known: &[&str]) -> String {
    match nearest(typed, known.iter().copied()) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("there are {}", known.join(", ")),
    }
}

fn text(error: &Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        ContextValue::Strings(texts) => texts.first().map(String::as_str),
        _ => None,
    }
}
