//! The common vocabulary keeps its mouth shut: what `log` hears of it, what its types show and what its errors say.

use std::{error::Error as StdError, fmt::Debug};

use base64::Engine as _;
use keyway::{
    ErrorKind, Vendor,
    keys::{ApiKeys, Creation, IssuedKey, NewKey, OldKey, TenantKey},
};
use keyway_mock::{Effect, Fault, MockServer, When};

use crate::{
    canned::{Canned, answer},
    clients::{self, CREDENTIAL, ISSUED},
    played::{admin, mocked, plain_key},
    rotation::{NAME, Vault, rotation_of},
};

const JSON: (&str, &str) = ("content-type", "application/json");

/// Everything that was printed.
#[derive(Default)]
struct Said(String);

impl Said {
    fn value(&mut self, value: &impl Debug) {
        self.0 += &format!("{value:?}\n{value:#?}\n");
    }

    #[track_caller]
    fn error(&mut self, error: &(dyn StdError + 'static)) {
        let line = error.to_string();
        assert!(!line.contains('\n') && !line.contains("127.0.0.1"), "{line}");
        let mut next = Some(error);
        while let Some(error) = next {
            self.0 += &format!("{error}\n{error:#}\n{error:?}\n{error:#?}\n");
            next = error.source();
        }
    }
}

/// What of a secret is nowhere to be found: itself, its end, and both forms of Base64 wherever in a text it stands.
pub(crate) fn traces(secret: &str) -> Vec<String> {
    let mut traces = vec![secret.to_owned(), secret[secret.len() - 8..].to_owned()];
    for offset in 0..3 {
        let whole = &secret[offset..];
        let whole = &whole[..whole.len() / 3 * 3];
        traces.push(base64::engine::general_purpose::STANDARD.encode(whole));
        traces.push(base64::engine::general_purpose::URL_SAFE.encode(whole));
    }
    traces
}

/// Uses everything that there is, at every vendor. What was printed of it holds no secret; all secrets are handed on, for
/// the log to be searched.
pub(crate) async fn everything() -> Vec<String> {
    let mut said = Said::default();
    let mut secrets = vec![CREDENTIAL.to_owned(), ISSUED.to_owned()];
    for &vendor in Vendor::ALL {
        secrets.extend(lives(vendor, &mut said).await);
        failures(vendor, &mut said).await;
    }
    for trace in secrets.iter().flat_map(|secret| traces(secret)) {
        let line = said.0.lines().find(|line| line.contains(&trace));
        assert_eq!(line, None, "{trace}");
    }
    for shown in [
        "IssuedKey",
        "KeyRecord",
        "Rotation",
        "Creation",
        "Stray",
        "TenantKey",
    ] {
        assert!(said.0.contains(shown), "no {shown} was printed");
    }
    secrets
}

/// Keys are made, tried out, replaced, lost and found.
async fn lives(vendor: Vendor, said: &mut Said) -> Vec<String> {
    let server = MockServer::start().await;
    let admins = server.access(mocked(vendor)).credentials.admin;
    let mut secrets = vec![admins.split_once(':').unwrap().1.to_owned()];
    let keys = admin(&server, vendor);
    let mut creation = Creation::of(plain_key(vendor, NAME));
    let old = creation.run(&keys).await.unwrap();
    secrets.push(old.secret().expose_secret().to_owned());
    said.value(&(
        &old,
        old.record(),
        old.id(),
        &creation,
        OldKey::from(old.record()),
    ));
    said.value(&TenantKey::new(old.secret().clone(), "t-1"));
    said.value(&keys.verify(&old).await.unwrap());
    let as_holder = keys.with_key(old.secret()).unwrap();
    if let Err(error) = as_holder.create(plain_key(vendor, NAME)).await {
        said.error(&error);
    }

    // A rotation with a secret in it, at every stage.
    let mut rotation = rotation_of(&old).old_secret(old.secret().clone());
    fail_once(&server, vendor, "createApiKey", Effect::Status(500));
    said.error(&rotation.run(&keys, full).await.unwrap_err());
    said.value(&rotation);
    if rotation.run(&keys, full).await.is_err() && !keys.capabilities().list.is_documented() {
        said.value(&rotation.leave_stray());
    }
    said.error(&rotation.run(&keys, full).await.unwrap_err());
    said.value(&(&rotation, rotation.progress()));
    secrets.push(rotation.secret().unwrap().expose_secret().to_owned());
    let vault = Vault::default();
    fail_once(&server, vendor, "revokeApiKey", Effect::Status(403));
    said.error(
        &rotation
            .run(&keys, |key| vault.clone().keep(key))
            .await
            .unwrap_err(),
    );
    said.value(&rotation);
    said.value(&rotation.run(&keys, |key| vault.clone().keep(key)).await.unwrap());
    said.value(&rotation);

    // A key whose answer is lost, in whole or in part.
    for effect in [Effect::ResetAfterCommit, Effect::TruncateBody { keep: 150 }] {
        fail_once(&server, vendor, "createApiKey", effect);
        let error = creation.run(&keys).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AmbiguousCreate);
        said.error(&error);
        said.value(&creation);
        match keys.revoke_strays(error.stray().unwrap()).await {
            Ok(report) => said.value(&report),
            Err(error) => said.error(&error),
        }
    }
    secrets
}

/// Answers with a key in them that are refusals, or cannot be read.
async fn failures(vendor: Vendor, said: &mut Said) {
    let created = match vendor {
        Vendor::Sinjapp => clients::created::sinjapp(),
        Vendor::Reten => clients::created::reten(),
        Vendor::Dolfin => clients::created::dolfin(),
        _ => clients::created::b3os(),
    };
    let echo = format!(r#"{{"message": "{ISSUED}", "detail": "{CREDENTIAL}", "title": "{ISSUED}"}}"#);
    for body in [
        answer(201, &[JSON], created.trim_end_matches('}')),
        answer(201, &[JSON], &created.replace(r#""name""#, r#""id": {}, "name""#)),
        answer(400, &[JSON, ("x-echo", ISSUED)], &echo),
        answer(503, &[], &format!("<html>{created}</html>")),
    ] {
        let server = Canned::raw(body).await;
        let keys: Box<dyn ApiKeys> = match vendor {
            Vendor::Sinjapp => Box::new(clients::sinjapp(&server)),
            Vendor::Reten => Box::new(clients::reten(&server)),
            Vendor::Dolfin => Box::new(clients::dolfin(&server)),
            _ => Box::new(clients::b3os(&server)),
        };
        match keys.create(plain_key(vendor, NAME)).await {
            // The second body is read as far as it goes.
            Ok(issued) => said.value(&issued),
            Err(error) => said.error(&error),
        }
    }
    let refused = NewKey::named(NAME).scopes(["no such scope"]).description("d");
    let server = Canned::json(201, &created).await;
    if let Err(error) = clients::sinjapp(&server).create(refused).await {
        said.error(&error);
    }
}

fn fail_once(server: &MockServer, vendor: Vendor, operation: &str, effect: Effect) {
    server.clear_faults();
    let fault = Fault::new(effect).operation(operation).when(When::Nth(1));
    server.inject(fault.vendor(mocked(vendor))).unwrap();
}

async fn full(_: IssuedKey) -> Result<(), std::io::Error> {
    Err(std::io::Error::other("the vault is full"))
}

#[test]
fn a_secret_is_known_by_its_end_and_in_base64_as_well() {
    let secret = "b3sk_0123456789abcdef";
    let hidden = base64::engine::general_purpose::STANDARD.encode(format!("k={secret};"));
    assert!(traces(secret).iter().any(|trace| hidden.contains(trace)));
    assert!(traces(secret).iter().any(|trace| "…89abcdef".contains(trace)));
}
