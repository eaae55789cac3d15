//! What a user of the clients can rely on, over TCP against canned answers.

mod canned;
mod clients;
mod connection;
mod errors;
mod forward;
mod redaction;
mod requests;
