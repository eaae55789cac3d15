//! What the binary does beside running the suite.

pub(crate) mod sabotage;
