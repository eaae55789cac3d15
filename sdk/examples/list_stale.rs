//! Lists the keys that nobody has used for a while: `list_stale --vendor b3os DAYS`.
//!
//! A key that was never used counts from the day on which it was made. Where the keys come from is said in
//! `shared/connect.rs`.

#[path = "shared/connect.rs"]
mod connect;

use anyhow::Context as _;
use keyway::{
    futures_util::TryStreamExt as _,
    jiff::{SignedDuration, Timestamp},
    keys::{KeyRecord, KeyState},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (keys, arguments) = connect::connect()?;
    let days: i64 = match arguments.first() {
        Some(days) => days.parse().context("DAYS is a whole number")?,
        None => 90,
    };
    let since = Timestamp::now().checked_sub(SignedDuration::from_hours(24 * days))?;

    // Where the vendor lists no keys the first item is an error that says what a person can do.
    let mut listed = keys.list();
    let mut stale = 0;
    while let Some(key) = listed.try_next().await? {
        if is_stale(&key, since) {
            stale += 1;
            let [id, name] = [key.id.map(|id| id.to_string()), key.name].map(Option::unwrap_or_default);
            let used = key
                .last_used_at
                .map_or("never".to_owned(), |time| time.to_string());
            println!("{id}  {name}  last used: {used}");
        }
    }
    println!("{stale} keys were not used for {days} days");
    Ok(())
}

fn is_stale(key: &KeyRecord, since: Timestamp) -> bool {
    let latest = key.last_used_at.as_ref().or(key.created_at.as_ref());
    let latest = latest.and_then(keyway::Timestamp::instant);
    key.state == KeyState::Active && latest.is_some_and(|latest| latest <= since)
}
