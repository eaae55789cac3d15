//! The boundary of the tests: one exchange in, the displayed violations out.

use http::{HeaderMap, HeaderName, HeaderValue};
use keyway_openapi::{Contract, RequestView, Route, Violation};

/// A request in pieces; what a test does not mention is absent.
#[derive(Default)]
pub(crate) struct Sent<'a> {
    pub(crate) query: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) content_type: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

/// Finds the operation of a request and checks the request against it.
pub(crate) fn check(
    contract: &Contract,
    method: &str,
    path: &str,
    sent: &Sent<'_>,
) -> Result<(), Vec<Violation>> {
    let Route::Found {
        operation,
        path_params,
    } = contract.find(method, path)
    else {
        panic!("{method} {path} leads to no operation");
    };
    let mut headers = HeaderMap::new();
    for (name, value) in sent.headers {
        headers.append(
            HeaderName::try_from(*name).unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    if let Some(content_type) = sent.content_type {
        headers.insert("content-type", HeaderValue::from_str(content_type).unwrap());
    }
    let view = RequestView {
        path_params: &path_params,
        query: sent.query,
        headers: &headers,
        body: sent.body,
    };
    contract.check_request(operation, &view)
}

/// Posts JSON and says what was wrong with it, one line for each violation.
pub(crate) fn post(contract: &Contract, path: &str, body: &str) -> Vec<String> {
    let sent = Sent {
        content_type: Some("application/json"),
        body: body.as_bytes(),
        ..Sent::default()
    };
    lines(check(contract, "POST", path, &sent))
}

/// Checks a JSON answer and says what was wrong with it, one line for each violation.
pub(crate) fn answer(contract: &Contract, operation: &str, status: u16, body: &str) -> Vec<String> {
    let operation = contract.operation(operation).unwrap();
    lines(contract.check_response(operation, status, Some("application/json"), body.as_bytes()))
}

pub(crate) fn lines(verdict: Result<(), Vec<Violation>>) -> Vec<String> {
    let violations = verdict.err().unwrap_or_default();
    violations.iter().map(Violation::to_string).collect()
}
