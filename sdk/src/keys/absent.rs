//! What a vendor does not have, asked for all the same.

use futures_util::{FutureExt as _, StreamExt as _, future, stream};

use super::{BoxFuture, BoxStream, Error, KeyRecord, Operation};
use crate::Vendor;

/// The list of a vendor that has none.
pub(super) fn list(vendor: Vendor) -> BoxStream<'static, Result<KeyRecord, Error>> {
    let absent = Error::absent(vendor, Operation::List, &vendor.capabilities().list);
    stream::once(future::ready(Err(absent))).boxed()
}

/// The record of a key at a vendor that tells none.
pub(super) fn get(vendor: Vendor) -> BoxFuture<'static, Result<KeyRecord, Error>> {
    let absent = Error::absent(vendor, Operation::Get, &vendor.capabilities().get);
    future::ready(Err(absent)).boxed()
}
