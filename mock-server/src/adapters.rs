//! The same world behind somebody else's door.

pub mod wiremock;
