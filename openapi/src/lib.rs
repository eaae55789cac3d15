//! Who the vendors are, what they publish, and whether an exchange keeps to it.
//!
//! A [`Vendor`] hands out its document, our corrections to it and the two of them joined: its [`Contract`].
//! A contract finds the operation a request is meant for, and says what is wrong with a request or a response.
//! It neither serves nor calls anybody, and nothing it says ever repeats a value it was shown.
//!
//! ```
//! use keyway_openapi::{Route, Vendor};
//!
//! let contract = Vendor::Sinjapp.contract();
//! let route = contract.find("DELETE", "/api/v1/api-keys/key_1");
//!
//! assert!(matches!(route, Route::Found { operation, .. } if operation.id() == "revokeApiKey"));
//! ```

mod contract;
mod vendor;

pub use contract::{
    Alternative, Contract, ContractError, Detail, Location, Operation, Parameter, Place, RequestView,
    Response, Route, SecurityScheme, Violation,
};
pub use vendor::{UnknownVendor, Vendor};
