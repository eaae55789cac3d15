//! The control plane, and clocks turned to where no clock has been.

use jiff::Timestamp;
use keyway_mock::{MockServer, Vendor};
use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::{Value, json};

use super::requests::{Asked, Shape};
use super::{are_answered, panics, requests, serve, try_all};

/// What an operation of the control plane takes when it is meant well.
fn example(id: &str) -> Option<Value> {
    Some(match id {
        "setClock" => json!({"now": "2030-01-02T03:04:05Z"}),
        "advanceClock" => json!({"ms": 86_400_000}),
        "addFault" => {
            json!({"effect": {"status": 503}, "vendor": "reten", "operation": "createApiKey", "when": {"first": 2}})
        }
        "assume" => json!({"sinjapp.second-revoke": "404"}),
        "seed" => json!({
            "principals": [{"vendor": "reten", "grants": ["MANAGE_API_KEYS"]}],
            "keys": [{"vendor": "b3os", "grants": ["read"]}],
        }),
        "putSnapshot" => json!({"version": 1, "vendors": []}),
        _ => return None,
    })
}

/// A few requests to the control plane of a world.
fn requests() -> BoxedStrategy<Vec<Asked>> {
    let document = MockServer::control_document();
    let mut each = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let shape = Shape {
                method: method.to_uppercase(),
                path: path.trim_start_matches("/_keyway").to_owned(),
                media_types: vec!["application/json".to_owned()],
                example: operation["operationId"].as_str().and_then(example),
            };
            each.push(shape.asked(Just(Vec::new()).boxed()));
        }
    }
    assert!(each.len() >= 25, "the document lists every operation");
    prop::collection::vec(Union::new(each), 1..12).boxed()
}

#[test]
fn the_control_plane_bears_every_request() {
    let runtime = panics::watched();
    let server = serve(&runtime);
    try_all(200, &requests(), |asked| {
        let world = server.world();
        let control = world.control_url();
        let of_world = control
            .strip_prefix(&server.root())
            .expect("below the server's root");
        runtime.block_on(are_answered(server.address(), of_world, &asked))?;
        runtime.block_on(are_answered(server.address(), "/_keyway", &asked))
    });
}

#[test]
fn any_time_is_borne() {
    let runtime = panics::watched();
    let server = serve(&runtime);
    let times = prop_oneof![
        3 => Just(Timestamp::MIN),
        3 => Just(Timestamp::MAX),
        4 => (Timestamp::MIN.as_second()..=Timestamp::MAX.as_second())
            .prop_map(|second| Timestamp::from_second(second).expect("within the bounds")),
    ];
    let to_each = Vendor::ALL.map(|vendor| (Just(vendor), requests::to(vendor, &server.access(vendor))));
    let to_each = Union::new(to_each.map(|to_one| to_one.boxed()));
    try_all(200, &(to_each, times), |((vendor, asked), time)| {
        let world = server.world();
        world.clock().set(time);
        let base_url = world.access(vendor).base_url;
        let root = base_url
            .strip_prefix(&server.root())
            .expect("below the server's root");
        runtime.block_on(are_answered(server.address(), root, &asked))
    });
}
