//! Reten over TCP.
