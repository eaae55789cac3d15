//! Keys that earlier runs of the suite left behind: told of, and revoked only if the plan says so.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::plan::Stale;
use crate::session::{Session, Who};
use crate::subject::State;

/// A younger key may belong to a run that is under way.
const AGE: SignedDuration = SignedDuration::from_hours(1);
/// No run of the suite is older: 2025-01-01.
const FIRST: Timestamp = Timestamp::constant(1_735_689_600, 0);

/// What was found of earlier runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The names of keys that are still there.
    pub(crate) there: Vec<String>,
    /// The names of keys that were revoked now.
    pub(crate) revoked: Vec<String>,
}

/// Looks for old keys of the suite where the vendor lists keys. A list that is not to be had hides nothing that a case does
/// not find out.
pub(crate) async fn look(session: &mut Session, plan: Stale) -> Found {
    let mut found = Found::default();
    let Ok(admin) = session.caller(Who::Admin) else {
        return found;
    };
    let Ok(Some(records)) = session.list(&admin).await else {
        return found;
    };
    let now = Timestamp::now();
    for record in records {
        let (Some(id), Some(name)) = (record.id, record.name) else {
            continue;
        };
        if record.state == State::Revoked || !begun(&name).is_some_and(|begun| is_old(begun, now)) {
            continue;
        }
        let revoked = match plan {
            Stale::Tell => false,
            Stale::Revoke => {
                let request = session.subject.revoke(&id);
                let sent = session.send(&admin, request).await;
                sent.is_ok_and(|exchange| exchange.is_success())
            }
        };
        if revoked {
            found.revoked.push(name);
        } else {
            found.there.push(name);
        }
    }
    found
}

fn is_old(begun: Timestamp, now: Timestamp) -> bool {
    begun >= FIRST && now.duration_since(begun) > AGE
}

/// A name for the keys of a run that begins now: the first half of the word is the time, the second is chance.
pub(crate) fn run_id() -> String {
    let now = Timestamp::now();
    let mut random = [0_u8; 4];
    // Without randomness the fraction of the second still tells runs apart.
    if getrandom::fill(&mut random).is_err() {
        let fraction = Duration::from_nanos(u64::from(now.subsec_nanosecond().unsigned_abs()));
        random = fraction.subsec_nanos().to_be_bytes();
    }
    let second = u32::try_from(now.as_second()).unwrap_or(u32::MAX);
    format!("{second:08x}{:08x}", u32::from_be_bytes(random))
}

/// When the run began that gave a key its name; nothing if none of ours did.
fn begun(name: &str) -> Option<Timestamp> {
    let (run, number) = name.strip_prefix("keyway-")?.split_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if !is_number || run.len() != 16 || !run.bytes().all(is_hex) {
        return None;
    }
    let second = u32::from_str_radix(&run[..8], 16).ok()?;
    Timestamp::from_second(second.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_told_by_its_name_and_so_is_its_age() {
        let name = format!("keyway-{}-12", run_id());
        let age = Timestamp::now().duration_since(begun(&name).unwrap());
        assert!(age < SignedDuration::from_secs(5), "{name}");
        for foreign in [
            "keyway-prod",
            "keyway-0123456789abcdef",
            "keyway-0123456789abcdef-",
            "keyway-0123456789abcdef-x",
            "keyway-0123456789ABCDEF-1",
            "keyway-0123456789abcde-1",
            "my-keyway-0123456789abcdef-1",
            "",
        ] {
            assert_eq!(begun(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn only_a_name_of_the_right_time_is_old() {
        let now = FIRST + SignedDuration::from_hours(24 * 365);
        let hours = |hours| now - SignedDuration::from_hours(hours);
        assert!(is_old(hours(2), now));
        assert!(!is_old(hours(1), now));
        assert!(!is_old(hours(-2), now));
        assert!(!is_old(FIRST - SignedDuration::from_secs(1), now));
    }
}
