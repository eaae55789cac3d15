//! What many credentials have in common, kept once: a tenant, an owner, a set of grants.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::store::Credential;

/// As many as there are owners and ways to grant something; nothing is ever taken out.
#[derive(Debug, Default)]
pub(super) struct Common {
    texts: HashSet<Arc<str>, RandomState>,
    grants: HashSet<Arc<Vec<String>>, RandomState>,
}

impl Common {
    /// Lets a credential share what is here already.
    pub(super) fn share(&mut self, credential: &mut Credential) {
        credential.tenant = self.text(&credential.tenant);
        credential.owner = self.text(&credential.owner);
        credential.grants = self.grants(&credential.grants);
    }

    fn text(&mut self, text: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        self.texts.insert(Arc::clone(text));
        Arc::clone(text)
    }

    fn grants(&mut self, grants: &Arc<Vec<String>>) -> Arc<Vec<String>> {
        if let Some(known) = self.grants.get(grants) {
            return Arc::clone(known);
        }
        self.grants.insert(Arc::clone(grants));
        Arc::clone(grants)
    }
}
