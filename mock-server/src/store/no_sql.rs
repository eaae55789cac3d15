//! Instead of a database, in a build that knows none.

use std::sync::Arc;

use keyway_openapi::Vendor;

use super::{AnyStore, State, StoreLocation, Unavailable};
use crate::seals::Seals;

/// There is none.
#[derive(Clone, Debug)]
pub(crate) enum Database {}

/// There is nothing to be opened.
#[derive(Debug, thiserror::Error)]
#[error("this build knows no database")]
pub struct OpenError;

impl Database {
    pub(crate) async fn open(_: &StoreLocation, _: &Arc<Seals>) -> Result<Option<Self>, OpenError> {
        Ok(None)
    }

    pub(crate) fn store(&self, _: Vendor) -> AnyStore {
        match *self {}
    }

    pub(crate) fn store_in(&self, _: Vendor, _: i64) -> AnyStore {
        match *self {}
    }

    pub(crate) async fn conclude(&self) -> Result<(), Unavailable> {
        match *self {}
    }

    pub(crate) async fn ping(&self) -> Result<(), Unavailable> {
        match *self {}
    }

    pub(crate) async fn age(&self, _: Vendor) -> Result<i64, Unavailable> {
        match *self {}
    }

    pub(crate) async fn settle(
        &self,
        _: Vec<(Vendor, State)>,
        _: &[(Vendor, State)],
    ) -> Result<bool, Unavailable> {
        match *self {}
    }

    pub(crate) async fn beginnings(&self) -> Result<Vec<(Vendor, State)>, Unavailable> {
        match *self {}
    }

    pub(crate) async fn begin(&self, _: Vec<(Vendor, State)>) -> Result<(), Unavailable> {
        match *self {}
    }
}
