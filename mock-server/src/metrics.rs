//! What the mock counts, in the text format that Prometheus reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use http::StatusCode;
use keyway_openapi::Vendor;
use parking_lot::Mutex;

/// Vendor, operation, and the status of the answer.
type Key = (Vendor, &'static str, Option<u16>);

/// Counters of one world.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<Key, u64>>,
}

impl Metrics {
    /// Counts a request; one whose connection was reset has no status.
    pub(crate) fn count(&self, vendor: Vendor, operation: Option<&'static str>, status: Option<StatusCode>) {
        let key = (
            vendor,
            operation.unwrap_or("none"),
            status.map(|status| status.as_u16()),
        );
        *self.requests.lock().entry(key).or_default() += 1;
    }

    /// The counters as text. Labels are vendors, operation ids and statuses: nothing that a client chooses.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(
            "# HELP keyway_mock_requests_total Requests by vendor, operation and the status of their answer.\n\
             # TYPE keyway_mock_requests_total counter\n",
        );
        for ((vendor, operation, status), count) in &*self.requests.lock() {
            let status = status.map_or("none".to_owned(), |status| status.to_string());
            let labels = format!("vendor=\"{vendor}\",operation=\"{operation}\",status=\"{status}\"");
            let _ = writeln!(text, "keyway_mock_requests_total{{{labels}}} {count}");
        }
        text
    }
}
