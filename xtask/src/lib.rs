//! The workshop: how a vendor's document becomes a client, and what keeps the two in step.
//!
//! `document → overlay → lower → prepare → progenitor → facade → output`, all of it in [`generate`].

pub mod api;
pub mod bench;
pub mod coverage;
pub mod document;
pub mod explain;
pub mod facade;
pub mod generate;
pub mod lower;
pub mod model;
pub mod new_vendor;
pub mod output;
pub mod overlay;
pub mod prepare;
pub mod progenitor;
pub mod signatures;
pub mod standalone;
pub mod tidy;

/// The root of the repository.
pub fn root() -> std::path::PathBuf {
    let room = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    room.parent().unwrap_or(room).to_owned()
}
