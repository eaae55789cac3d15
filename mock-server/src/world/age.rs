//! An age of a world: from its beginning or a reset to the next.
//!
//! A request keeps the age in which it came. What it does after a reset it does to an age that is over, and nobody
//! sees it: not in the state, not in the journal, not in the counters.

use std::sync::Arc;

use keyway_openapi::Vendor;
use tokio::sync::OnceCell;

use super::Beginning;
use crate::assumptions::Assumptions;
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::mock::Mock;

/// Everything that a reset puts back, but for the clock and the faults. Clones are of the same age.
#[derive(Clone, Debug)]
pub(super) struct Age {
    pub(super) stage: Arc<Stage>,
    pub(super) assumptions: Arc<Assumptions>,
    pub(super) journal: Arc<Journal>,
    pub(super) counters: Arc<Metrics>,
}

impl Age {
    pub(super) fn first(beginning: &Beginning) -> Self {
        Self {
            stage: Arc::default(),
            assumptions: Arc::new(beginning.assumptions.clone()),
            journal: Arc::new(Journal::new(beginning.journal_capacity)),
            counters: Arc::default(),
        }
    }

    /// Begins again; the journal counts on.
    pub(super) fn next(&self, beginning: &Beginning) -> Self {
        Self {
            journal: Arc::new(self.journal.successor()),
            ..Self::first(beginning)
        }
    }
}

/// A vendor each, once it has been called.
#[derive(Debug, Default)]
pub(super) struct Stage([OnceCell<Arc<Mock>>; Vendor::ALL.len()]);

impl Stage {
    /// The vendor, if somebody has called before.
    pub(super) fn known(&self, vendor: Vendor) -> Option<Arc<Mock>> {
        self.0[index(vendor)].get().cloned()
    }

    /// The vendor, who is `fresh` if nobody has called before.
    pub(super) async fn mock(&self, vendor: Vendor, fresh: impl Future<Output = Mock>) -> Arc<Mock> {
        let fresh = async { Arc::new(fresh.await) };
        Arc::clone(self.0[index(vendor)].get_or_init(|| fresh).await)
    }

    /// Another stage, on which some vendors are others than here.
    pub(super) fn with(&self, vendors: Vec<(Vendor, Mock)>) -> Self {
        let mut cells = self.0.clone();
        for (vendor, mock) in vendors {
            cells[index(vendor)] = OnceCell::new_with(Some(Arc::new(mock)));
        }
        Self(cells)
    }
}

fn index(vendor: Vendor) -> usize {
    Vendor::ALL
        .iter()
        .position(|known| *known == vendor)
        .unwrap_or_default()
}
