//! Every operation of the control plane: what is answered, and what its document says, are read from this one table.

use http::Method;

use super::document::{Gives, Takes};

/// What is done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Action {
    Health,
    Document,
    Access,
    Reset,
    Snapshot,
    Restore,
    Seed,
    ReadClock,
    SetClock,
    ResetClock,
    AdvanceClock,
    FreezeClock,
    ThawClock,
    Faults,
    Inject,
    ClearFaults,
    Journal,
    ClearJournal,
    Assumptions,
    Assume,
    Metrics,
    Worlds,
    MakeWorld,
    EndWorld,
}

/// Whose control plane is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Below {
    /// The server's, which is also its first world's.
    Server,
    /// Another world's.
    World,
}

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: Method,
    /// Below the root; `{id}` stands for one segment.
    pub(super) path: &'static str,
    pub(super) action: Action,
    /// Its name in the document.
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) takes: Takes,
    pub(super) gives: Gives,
}

/// What a request is meant for.
#[derive(Debug)]
pub(super) enum Found<'p> {
    /// This, and the id in its path or nothing.
    Action(Action, &'p str),
    /// The path is known, with these methods.
    OtherMethods(String),
    Nothing,
}

/// Finds the operation that a method and a path below the root are meant for. HEAD is answered as GET.
pub(super) fn find<'p>(method: &Method, path: &'p str, within: Below) -> Found<'p> {
    let asked = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let mut allowed = Vec::new();
    for operation in &ALL {
        let is_here = within == Below::Server || !operation.path.starts_with("/worlds");
        let Some(id) = matches(operation.path, path).filter(|_| is_here) else {
            continue;
        };
        if operation.method == *asked {
            return Found::Action(operation.action, id);
        }
        allowed.push(operation.method.as_str());
        if operation.method == Method::GET {
            allowed.push("HEAD");
        }
    }
    if allowed.is_empty() {
        Found::Nothing
    } else {
        Found::OtherMethods(allowed.join(", "))
    }
}

/// Whether an action changes something and reads no body for it.
pub(super) fn changes_without_a_body(action: Action) -> bool {
    let mut of_action = ALL.iter().filter(|operation| operation.action == action);
    of_action.any(|operation| operation.method != Method::GET && matches!(operation.takes, Takes::Nothing))
}

/// Whether a path is of a pattern, and the id in it.
fn matches<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    match pattern.strip_suffix("{id}") {
        Some(before) => path
            .strip_prefix(before)
            .filter(|id| !id.is_empty() && !id.contains('/')),
        None => (pattern == path).then_some(""),
    }
}

const fn operation(
    method: Method,
    path: &'static str,
    action: Action,
    id: &'static str,
    summary: &'static str,
) -> Operation {
    Operation {
        method,
        path,
        action,
        id,
        summary,
        takes: Takes::Nothing,
        gives: Gives::Nothing,
    }
}

impl Operation {
    const fn takes(mut self, takes: Takes) -> Self {
        self.takes = takes;
        self
    }

    const fn gives(mut self, gives: Gives) -> Self {
        self.gives = gives;
        self
    }
}

pub(super) static ALL: [Operation; 25] = [
    operation(
        Method::GET,
        "/health",
        Action::Health,
        "getHealth",
        "Whether the server is alive",
    )
    .gives(Gives::Health),
    operation(
        Method::GET,
        "/ready",
        Action::Health,
        "getReadiness",
        "Whether the server answers",
    )
    .gives(Gives::Health),
    operation(
        Method::GET,
        "/openapi.json",
        Action::Document,
        "getDocument",
        "This document",
    )
    .gives(Gives::Object),
    operation(
        Method::GET,
        "/access",
        Action::Access,
        "getAccess",
        "Base URLs, tenants and ready-made credentials",
    )
    .gives(Gives::Access),
    operation(
        Method::POST,
        "/reset",
        Action::Reset,
        "reset",
        "Put state, clock, faults, journal and assumptions back to the beginning",
    ),
    operation(
        Method::GET,
        "/snapshot",
        Action::Snapshot,
        "getSnapshot",
        "The state of every vendor; digests of secrets, never a secret",
    )
    .gives(Gives::Snapshot),
    operation(
        Method::PUT,
        "/snapshot",
        Action::Restore,
        "putSnapshot",
        "Put a snapshot back",
    )
    .takes(Takes::Snapshot),
    operation(
        Method::POST,
        "/seed",
        Action::Seed,
        "seed",
        "Make users and keys, all or none; their credentials are shown in the answer and never again",
    )
    .takes(Takes::Seeds)
    .gives(Gives::Issued),
    operation(
        Method::GET,
        "/clock",
        Action::ReadClock,
        "getClock",
        "Read the clock",
    )
    .gives(Gives::Clock),
    operation(
        Method::PUT,
        "/clock",
        Action::SetClock,
        "setClock",
        "Set the clock",
    )
    .takes(Takes::ClockSetting)
    .gives(Gives::Clock),
    operation(
        Method::DELETE,
        "/clock",
        Action::ResetClock,
        "resetClock",
        "Put the clock back to the system's time",
    )
    .gives(Gives::Clock),
    operation(
        Method::POST,
        "/clock/advance",
        Action::AdvanceClock,
        "advanceClock",
        "Turn the clock forward",
    )
    .takes(Takes::ClockStep)
    .gives(Gives::Clock),
    operation(
        Method::POST,
        "/clock/freeze",
        Action::FreezeClock,
        "freezeClock",
        "Stop the clock",
    )
    .gives(Gives::Clock),
    operation(
        Method::POST,
        "/clock/thaw",
        Action::ThawClock,
        "thawClock",
        "Let a stopped clock run on",
    )
    .gives(Gives::Clock),
    operation(
        Method::GET,
        "/faults",
        Action::Faults,
        "getFaults",
        "The faults in force",
    )
    .gives(Gives::Faults),
    operation(Method::POST, "/faults", Action::Inject, "addFault", "Add a fault")
        .takes(Takes::Fault)
        .gives(Gives::MoreFaults),
    operation(
        Method::DELETE,
        "/faults",
        Action::ClearFaults,
        "clearFaults",
        "Take all faults away",
    ),
    operation(
        Method::GET,
        "/journal",
        Action::Journal,
        "getJournal",
        "The latest exchanges, oldest first",
    )
    .takes(Takes::Filters)
    .gives(Gives::Journal),
    operation(
        Method::DELETE,
        "/journal",
        Action::ClearJournal,
        "clearJournal",
        "Forget the exchanges so far",
    ),
    operation(
        Method::GET,
        "/assumptions",
        Action::Assumptions,
        "getAssumptions",
        "Every answer that no vendor documents, and the choice in force",
    )
    .gives(Gives::Assumptions),
    operation(
        Method::PUT,
        "/assumptions",
        Action::Assume,
        "assume",
        "Switch assumptions, by name, all or none",
    )
    .takes(Takes::Settings)
    .gives(Gives::Assumptions),
    operation(
        Method::GET,
        "/metrics",
        Action::Metrics,
        "getMetrics",
        "Counters in the text format of Prometheus",
    )
    .gives(Gives::Metrics),
    operation(
        Method::GET,
        "/worlds",
        Action::Worlds,
        "getWorlds",
        "The ids of the worlds besides the first",
    )
    .gives(Gives::Names),
    operation(
        Method::POST,
        "/worlds",
        Action::MakeWorld,
        "makeWorld",
        "Make a world of one's own",
    )
    .gives(Gives::World),
    operation(
        Method::DELETE,
        "/worlds/{id}",
        Action::EndWorld,
        "endWorld",
        "End a world",
    ),
];
