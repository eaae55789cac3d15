//! The calls in the vocabulary of all vendors: what [`super::by_sdk`] does, through `keyway::keys`.

use std::hint::black_box;

use anyhow::bail;
use keyway::{
    b3os, dolfin,
    keys::{ApiKeys, Expiry, NewKey},
    reten, sinjapp,
};

use super::{Operation, Plan};

pub(super) async fn run(plan: &Plan, credential: &str) -> anyhow::Result<()> {
    let url = &plan.base_url;
    let keys: Box<dyn ApiKeys> = match plan.vendor.as_str() {
        "sinjapp" => Box::new(sinjapp::Client::new(
            url,
            sinjapp::Credentials::api_key(credential),
        )?),
        "reten" => {
            let credentials = reten::Credentials::bearer(credential).tenant(&plan.tenant);
            Box::new(reten::Client::new(url, credentials)?)
        }
        "dolfin" => Box::new(dolfin::Client::new(
            url,
            dolfin::Credentials::api_key(credential),
        )?),
        "b3os" => Box::new(b3os::Client::new(url, b3os::Credentials::bearer(credential))?),
        other => bail!("no vendor is called {other}"),
    };
    if plan.operation != Operation::Create {
        bail!("the common vocabulary has no such read");
    }
    for _ in 0..plan.times {
        black_box(keys.create(key(&plan.vendor)).await?);
    }
    Ok(())
}

fn key(vendor: &str) -> NewKey {
    let key = NewKey::named("bench");
    match vendor {
        "sinjapp" => key.scopes(["messages.read"]).expiry(Expiry::In(30)),
        "reten" => key.scopes(["manage_commerces"]),
        "dolfin" => key.expiry(Expiry::At("2099-01-01T00:00:00Z".into())),
        _ => key.scopes(["read"]),
    }
}
