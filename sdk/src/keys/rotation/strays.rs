//! The successors that a rotation may have made without learning their secrets: looked for, revoked, or kept by what
//! they are found by.

use super::{
    super::{ApiKeys, Stray},
    Cause, Rotation, RotationError, Stage, Step,
};
use crate::ErrorKind;

impl Rotation {
    /// Looks for a successor whose create failed. Whether it is found or not, the next one can be made then.
    pub(super) async fn find_stray<K: ApiKeys + ?Sized>(
        &mut self,
        keys: &K,
        stray: Stray,
    ) -> Result<(), RotationError> {
        match keys.revoke_strays(&stray).await {
            Ok(report) => {
                if !report.is_settled() {
                    self.strays.push(stray);
                }
                self.stage = Stage::None;
                Ok(())
            }
            Err(error) => Err(self.stopped(Step::FindStray, Cause::Keys(error))),
        }
    }

    /// Looks once more for those that were not found: the vendor may have made them since. Says what is unsettled
    /// still; where nothing can be looked for, nothing is said.
    pub(super) async fn look_again<K: ApiKeys + ?Sized>(&mut self, keys: &K) -> Option<Cause> {
        let mut unsettled = None;
        let mut index = 0;
        while let Some(stray) = self.strays.get(index) {
            let cause = match keys.revoke_strays(stray).await {
                Ok(report) if report.is_settled() => {
                    self.strays.remove(index);
                    continue;
                }
                Ok(report) => Some(Cause::Strays(report)),
                Err(error) if error.kind() == ErrorKind::Unsupported => None,
                Err(error) => Some(Cause::Keys(error)),
            };
            unsettled = unsettled.or(cause);
            index += 1;
        }
        unsettled
    }

    /// What a key that this rotation makes is found by. It is taken only by its mark or its id: another rotation of the
    /// same key may have made and stored one that is like it.
    pub(super) fn unlike_others(&self, stray: Stray) -> Stray {
        let stray = stray.told_for_certain();
        match self.old.id() {
            Some(id) => stray.excluding(id),
            None => stray,
        }
    }
}
