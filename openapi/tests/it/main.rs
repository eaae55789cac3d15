//! What a contract finds, accepts and refuses, on small documents and on the vendors' own.

mod documents;
mod exchange;
mod hostile;
mod parameters;
mod routing;
mod schemas;
mod vendors;
