//! The stores from outside: the binary is started, killed and cut off, and what it has acknowledged must hold.
//!
//! The tests of PostgreSQL want a server of it: `KEYWAY_TEST_POSTGRES` is the URL of one, whose user may create
//! databases and roles, and which asks the role `keyway_guarded` for its password. `.ci/with-postgres cargo test -p keyway-mock --test stores -- --include-ignored` starts one for them.

#![cfg(unix)]

mod behaviour;
mod cut;
mod death;
mod full;
mod history;
mod names;
mod opening;
mod place;
mod replica;
mod replicas;
mod secrets;
mod seeds;
mod snapshots;
mod uses;
