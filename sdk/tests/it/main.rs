//! What a user of the clients can rely on, over TCP against canned answers.

#[cfg(feature = "blocking")]
mod blocking;
mod cancellation;
mod canned;
mod capabilities;
mod clients;
mod connection;
mod creation;
mod credentials;
mod errors;
mod forward;
mod guides;
mod keys;
mod keys_log;
mod log;
mod oddities;
mod options;
mod played;
mod readme;
mod redaction;
mod requests;
mod retries;
mod rotation;
mod rotation_old_key;
mod rotation_strays;
mod strays;
