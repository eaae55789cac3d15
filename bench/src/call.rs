//! Calls of one kind, one after the other, in a process of their own: what is counted to tell what a client costs.

mod by_hand;
mod by_keys;
mod by_sdk;

use clap::{Args, ValueEnum};

use crate::traffic::VENDORS;

/// What is called, how, and how often.
#[derive(Clone, Debug, Args)]
pub(crate) struct Plan {
    #[arg(long, value_enum)]
    pub(crate) client: Client,
    #[arg(long, value_parser = VENDORS)]
    pub(crate) vendor: String,
    #[arg(long, value_enum)]
    pub(crate) operation: Operation,
    #[arg(long)]
    pub(crate) base_url: String,
    #[arg(long)]
    pub(crate) tenant: String,
    #[arg(long)]
    pub(crate) times: usize,
}

/// Who makes the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Client {
    /// What an application would write for itself with reqwest and serde.
    Hand,
    /// The clients of this repository.
    Sdk,
    /// The vocabulary of all vendors over them.
    Keys,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Operation {
    Create,
    Read,
}

impl Client {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Sdk => "sdk",
            Self::Keys => "keys",
        }
    }
}

impl Operation {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
        }
    }
}

/// A credential that no server has issued; what answers these calls looks at none.
const CREDENTIAL: &str = "key_0123456789abcdefghijklmnopqrstuvwxyz";

/// Makes the calls and says nothing. One thread, so that two runs do the same.
pub(crate) fn run(plan: &Plan) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match plan.client {
            Client::Hand => by_hand::run(plan, CREDENTIAL).await,
            Client::Sdk => by_sdk::run(plan, CREDENTIAL).await,
            Client::Keys => by_keys::run(plan, CREDENTIAL).await,
        }
    })
}
