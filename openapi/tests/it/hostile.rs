//! Nasty input: whatever arrives, the contract answers and does not panic.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue};
use keyway_openapi::{Contract, RequestView, Route, Vendor};

/// Pieces that have broken parsers before, as bytes of a path, a query, a header or a body.
const NASTY: &[&[u8]] = &[
    b"",
    b"%",
    b"%2",
    b"%zz",
    b"%00",
    b"%FF%FE",
    b"%25%32%66",
    b"..",
    b"//",
    b"{}",
    b"{id}",
    b"~0~1",
    b"\0",
    b"\xFF\xFE",
    b"\xED\xA0\x80",
    "é\u{202e}🔑".as_bytes(),
    b"a=b&a&=&&==",
    b"limit=-0&limit=1e999&limit=99999999999999999999",
    b"+%2B+",
    b"null",
    b"[[[[[[[[",
    b"\"\\ud800\"",
    b"-",
    b"1e400",
    b"{\"name\":{\"name\":[null,1e308,{}]}}",
    b"; charset=",
    b"application/json;;;",
    b"/",
];

#[test]
fn no_input_makes_a_contract_panic() {
    for vendor in Vendor::ALL {
        for first in NASTY {
            for second in NASTY {
                assault(vendor.contract(), first, second);
            }
        }
    }
}

#[test]
fn a_body_nested_without_end_is_refused_and_not_followed() {
    let deep = "[".repeat(200_000);
    let contract = Vendor::Dolfin.contract();
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    let view = RequestView {
        path_params: &[],
        query: "",
        headers: &headers,
        body: deep.as_bytes(),
    };
    let found = contract
        .check_request(contract.operation("createApiKey").unwrap(), &view)
        .unwrap_err();
    assert!(
        found.iter().any(|violation| violation.rule == "json"),
        "{found:?}"
    );
}

fn assault(contract: &Contract, first: &[u8], second: &[u8]) {
    let (left, right) = (String::from_utf8_lossy(first), String::from_utf8_lossy(second));
    for path in [
        format!("{left}{right}"),
        format!("/{left}/{right}"),
        format!("/v1/api-keys/{left}{right}"),
    ] {
        if let Route::Found { path_params, .. } = contract.find(&left, &path) {
            assert!(path_params.iter().all(|(_, value)| !value.is_empty()));
        }
        let _ = contract.find("GET", &path);
    }
    let body = [first, second].concat();
    let query = format!("{left}&{right}={left}&limit={right}&offset={left}");
    let params = [
        ("id", Cow::from(left.as_ref())),
        ("apiKey", Cow::from(right.as_ref())),
    ];
    let mut headers = HeaderMap::new();
    for name in [
        "content-type",
        "cookie",
        "x-tenant-id",
        "x-dolfin-organisation-id",
    ] {
        if let Ok(value) = HeaderValue::from_bytes(&body) {
            headers.append(name, value);
        }
    }
    let view = RequestView {
        path_params: &params,
        query: &query,
        headers: &headers,
        body: &body,
    };
    let mut json = headers.clone();
    json.insert("content-type", HeaderValue::from_static("application/json"));
    for operation in contract.operations() {
        let _ = contract.check_request(operation, &view);
        let _ = contract.check_request(
            operation,
            &RequestView {
                headers: &json,
                ..view
            },
        );
        for status in [0, 200, 201, 204, 400, 999, u16::MAX] {
            let _ = contract.check_response(operation, status, Some(&left), &body);
            let _ = contract.check_response(operation, status, Some("application/json"), &body);
        }
    }
}
