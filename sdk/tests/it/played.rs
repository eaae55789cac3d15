//! The vendors as the mock plays them, each behind `ApiKeys`.

use keyway::{
    Vendor, b3os, dolfin,
    keys::{ApiKeys, NewKey},
    reten, sinjapp,
};
use keyway_mock::{Access, WorldHandle};

/// The mock's name for a vendor.
pub(crate) fn mocked(vendor: Vendor) -> keyway_mock::Vendor {
    match vendor {
        Vendor::Sinjapp => keyway_mock::Vendor::Sinjapp,
        Vendor::Reten => keyway_mock::Vendor::Reten,
        Vendor::Dolfin => keyway_mock::Vendor::Dolfin,
        Vendor::B3os => keyway_mock::Vendor::B3os,
        other => panic!("the mock does not play {other}"),
    }
}

/// The keys of the ready-made administrator.
pub(crate) fn admin(server: &WorldHandle, vendor: Vendor) -> Box<dyn ApiKeys> {
    let access = server.access(mocked(vendor));
    client(vendor, &access, &access.credentials.admin)
}

/// The keys of the ready-made principal that may not do everything.
pub(crate) fn limited(server: &WorldHandle, vendor: Vendor) -> Box<dyn ApiKeys> {
    let access = server.access(mocked(vendor));
    client(vendor, &access, &access.credentials.limited)
}

fn client(vendor: Vendor, access: &Access, credential: &str) -> Box<dyn ApiKeys> {
    let (scheme, secret) = credential.split_once(':').unwrap();
    let base_url = &access.base_url;
    match vendor {
        Vendor::Sinjapp => {
            Box::new(sinjapp::Client::new(base_url, sinjapp::Credentials::api_key(secret)).unwrap())
        }
        Vendor::Reten => Box::new(reten_in_tenant(access, credential)),
        Vendor::Dolfin => {
            let credentials = match scheme {
                "key" => dolfin::Credentials::api_key(secret),
                _ => dolfin::Credentials::bearer(secret),
            };
            Box::new(dolfin::Client::new(base_url, credentials).unwrap())
        }
        Vendor::B3os => Box::new(b3os::Client::new(base_url, b3os::Credentials::bearer(secret)).unwrap()),
        other => panic!("no client for {other}"),
    }
}

fn reten_in_tenant(access: &Access, credential: &str) -> reten::Client {
    let credentials = match credential.split_once(':').unwrap() {
        ("key", secret) => reten::Credentials::api_key(secret),
        (_, secret) => reten::Credentials::bearer(secret).tenant(&access.tenant),
    };
    reten::Client::new(&access.base_url, credentials).unwrap()
}

/// A key that every vendor makes, and that may do what is needed to try it out.
pub(crate) fn plain_key(vendor: Vendor, name: &str) -> NewKey {
    match vendor {
        Vendor::Reten => NewKey::named(name).scopes(["VIEW_ACTIVITIES"]),
        Vendor::B3os => NewKey::named(name).scopes(["read"]),
        _ => NewKey::named(name),
    }
}

/// How often an operation was called at a vendor.
pub(crate) fn calls(server: &WorldHandle, vendor: Vendor, operation: &str) -> usize {
    server.journal().to(mocked(vendor)).calls(operation).count()
}

/// The ids of the keys of this name, marks aside, that are not revoked: from the mock's own books, past any vendor's list.
pub(crate) async fn live_keys(world: &WorldHandle, vendor: Vendor, name: &str) -> Vec<String> {
    let books = serde_json::to_value(world.snapshot().await.unwrap()).unwrap();
    let vendors = books["vendors"].as_array().unwrap();
    let book = vendors.iter().find(|book| book[0] == vendor.name()).unwrap();
    let credentials = book[1]["credentials"].as_array().unwrap();
    let live = credentials.iter().filter(|key| {
        let known_as = key["name"].as_str().unwrap_or_default();
        let is_of_name = known_as == name || known_as.starts_with(&format!("{name} keyway-"));
        is_of_name && key["revoked_at"].is_null()
    });
    live.map(|key| key["id"].as_str().unwrap().to_owned()).collect()
}
