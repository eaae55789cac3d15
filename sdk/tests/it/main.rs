//! What a user of the clients can rely on, over TCP against canned answers.

mod cancellation;
mod canned;
mod capabilities;
mod clients;
mod connection;
mod credentials;
mod errors;
mod forward;
mod keys;
mod options;
mod played;
mod redaction;
mod requests;
mod retries;
mod rotation;
mod strays;
