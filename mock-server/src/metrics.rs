//! What the mock counts, in the text format that Prometheus reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use http::StatusCode;
use keyway_openapi::Vendor;
use parking_lot::Mutex;

/// Counters of one world.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<(Vendor, &'static str, u16), u64>>,
}

impl Metrics {
    pub(crate) fn count(&self, vendor: Vendor, operation: Option<&'static str>, status: StatusCode) {
        let key = (vendor, operation.unwrap_or("none"), status.as_u16());
        *self.requests.lock().entry(key).or_default() += 1;
    }

    /// The counters as text. Labels are vendors, operation ids and statuses: nothing that a client chooses.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(
            "# HELP keyway_mock_requests_total Requests answered, by vendor, operation and status.\n\
             # TYPE keyway_mock_requests_total counter\n",
        );
        for ((vendor, operation, status), count) in &*self.requests.lock() {
            let labels = format!("vendor=\"{vendor}\",operation=\"{operation}\",status=\"{status}\"");
            let _ = writeln!(text, "keyway_mock_requests_total{{{labels}}} {count}");
        }
        text
    }
}
