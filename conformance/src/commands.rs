//! What the binary does.

pub(crate) mod arguments;
pub(crate) mod judge;
pub(crate) mod output;
pub(crate) mod sabotage;
