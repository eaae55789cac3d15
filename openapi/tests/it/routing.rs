//! From method and path to an operation.

use keyway_openapi::{Contract, Route};

use crate::documents::of_routes;

fn led_to(contract: &Contract, method: &str, path: &str) -> String {
    match contract.find(method, path) {
        Route::Found {
            operation,
            path_params,
        } => {
            let params: Vec<String> = path_params
                .iter()
                .map(|(name, value)| format!(" {name}={value}"))
                .collect();
            format!("{}{}", operation.id(), params.concat())
        }
        Route::MethodNotAllowed { allow } => format!("allow {}", allow.join(", ")),
        Route::NotFound => "not found".to_owned(),
    }
}

fn keys() -> Contract {
    of_routes(
        "{base}/api/v1",
        &[
            ("GET", "/keys/{id}"),
            ("DELETE", "/keys/{id}"),
            ("GET", "/keys/requests"),
            ("POST", "/keys/{id}/revoke"),
            ("GET", "/keys"),
            ("GET", "/files/{name}.json"),
            ("GET", "/files/{name}"),
        ],
    )
}

#[test]
fn the_path_of_the_server_is_part_of_every_path() {
    assert_eq!(led_to(&keys(), "GET", "/api/v1/keys"), "GET /keys");
    assert_eq!(led_to(&keys(), "GET", "/keys"), "not found");
    assert_eq!(keys().operations()[0].full_path(), "/api/v1/keys/{id}");
}

#[test]
fn a_server_at_the_root_of_its_host_adds_nothing() {
    for server in ["https://api.x.example", "https://api.x.example/", "/", "{base}"] {
        assert_eq!(
            led_to(&of_routes(server, &[("GET", "/keys")]), "GET", "/keys"),
            "GET /keys",
            "{server}"
        );
    }
}

#[test]
fn a_literal_segment_is_preferred_over_a_templated_one() {
    assert_eq!(
        led_to(&keys(), "GET", "/api/v1/keys/requests"),
        "GET /keys/requests"
    );
    assert_eq!(
        led_to(&keys(), "GET", "/api/v1/keys/request"),
        "GET /keys/{id} id=request"
    );
    assert_eq!(
        led_to(&keys(), "GET", "/api/v1/files/a.json"),
        "GET /files/{name}.json name=a"
    );
    assert_eq!(
        led_to(&keys(), "GET", "/api/v1/files/a.yaml"),
        "GET /files/{name} name=a.yaml"
    );
}

#[test]
fn a_known_path_with_another_method_names_the_methods_it_has() {
    assert_eq!(led_to(&keys(), "PUT", "/api/v1/keys/1"), "allow GET, DELETE");
    assert_eq!(led_to(&keys(), "DELETE", "/api/v1/keys/requests"), "allow GET");
    assert_eq!(led_to(&keys(), "get", "/api/v1/keys"), "allow GET");
}

#[test]
fn head_is_not_implied_by_get() {
    assert_eq!(led_to(&keys(), "HEAD", "/api/v1/keys"), "allow GET");
}

#[test]
fn parameters_are_decoded_once_and_keep_their_encoded_slashes() {
    assert_eq!(
        led_to(&keys(), "GET", "/api/v1/keys/a%2Fb%20c%C3%A9"),
        "GET /keys/{id} id=a/b cé"
    );
    assert_eq!(
        led_to(&keys(), "GET", "/api/v1/keys/%2541"),
        "GET /keys/{id} id=%41"
    );
    assert_eq!(led_to(&keys(), "GET", "/api/v1/%6beys"), "GET /keys");
}

#[test]
fn an_empty_segment_is_no_parameter() {
    for path in ["/api/v1/keys/", "/api/v1/keys//revoke", "/api/v1/files/.json/"] {
        assert_eq!(led_to(&keys(), "POST", path), "not found", "{path}");
    }
}

#[test]
fn a_path_that_is_not_percent_encoded_utf8_is_not_found() {
    for path in [
        "/api/v1/keys/%",
        "/api/v1/keys/%4",
        "/api/v1/keys/%zz",
        "/api/v1/keys/%FF",
        "/api/v1/keys/%é",
    ] {
        assert_eq!(led_to(&keys(), "GET", path), "not found", "{path}");
    }
}

#[test]
fn a_route_prints_no_parameter() {
    let contract = keys();
    let printed = format!("{:?}", contract.find("DELETE", "/api/v1/keys/planted-secret"));
    assert_eq!(printed, r#"Found { operation: "DELETE /keys/{id}", .. }"#);
}

#[test]
fn two_path_items_may_name_the_same_segment_differently() {
    let contract = of_routes("/", &[("GET", "/keys/{id}"), ("DELETE", "/keys/{key}")]);
    assert_eq!(led_to(&contract, "GET", "/keys/1"), "GET /keys/{id} id=1");
    assert_eq!(led_to(&contract, "DELETE", "/keys/1"), "DELETE /keys/{key} key=1");
}
