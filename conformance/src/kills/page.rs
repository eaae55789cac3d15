//! The kill matrix as a page for people: one row per broken promise, one column per vendor.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use keyway_mock::Sabotage;
use keyway_openapi::Vendor;

use super::{KillMatrix, Row};
use crate::case::{Basis, Standing};
use crate::cases::catalogue;

impl KillMatrix {
    /// The matrix as a Markdown page.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut page = String::from(HEAD);
        self.put_summary(&mut page);
        self.put_promises(&mut page);
        self.put_cases(&mut page);
        page
    }

    fn put_summary(&self, page: &mut String) {
        let survivors = self.survivors().count();
        let killed = self.rows.len() - survivors;
        let names = self.by_sabotage().len();
        let only_warned = self
            .rows
            .iter()
            .filter(|row| row.is_killed() && row.killed_by.is_empty())
            .count();
        let _ = writeln!(
            page,
            "{names} promises are broken, each at every vendor that can break it: {} servers. {killed} are killed, \
             {only_warned} of them by a warning, which fails a run with `--strict` only; {survivors} survive. On the intact mock {} cases fail. {} cases that could fail have killed nothing.\n",
            self.rows.len(),
            self.failed_intact.len(),
            self.idle.len(),
        );
    }

    fn put_promises(&self, page: &mut String) {
        let kills = self.kills();
        page.push_str("## By broken promise\n\n| sabotage | what happens |");
        put_header(page, 2);
        for (name, rows) in self.by_sabotage() {
            let effect = Sabotage::all()
                .find(|one| one.name == name)
                .map_or("", |one| one.effect);
            let _ = write!(page, "| `{name}` | {effect} |");
            for vendor in Vendor::PLAYED {
                let row = rows.iter().find(|row| row.vendor == vendor);
                let _ = write!(
                    page,
                    " {} |",
                    row.map_or("·".to_owned(), |row| killer(row, &kills))
                );
            }
            page.push('\n');
        }
    }

    fn put_cases(&self, page: &mut String) {
        let kills = self.kills();
        page.push_str(
            "\n## By case\n\nHow many broken servers of each vendor a case has killed.\n\n| case |",
        );
        put_header(page, 1);
        for case in catalogue() {
            let _ = write!(page, "| `{}` |", case.id());
            for vendor in Vendor::PLAYED {
                let count = kills.get(&(case.id(), vendor)).copied().unwrap_or_default();
                let cell = match (count, case.standing(vendor)) {
                    (0, Standing::NotAsked { .. }) => "·".to_owned(),
                    (
                        0,
                        Standing::Asked {
                            basis: Basis::Silent, ..
                        },
                    ) => "observes".to_owned(),
                    (count, _) => count.to_string(),
                };
                let _ = write!(page, " {cell} |");
            }
            page.push('\n');
        }
    }

    /// The rows of each sabotage, in order.
    fn by_sabotage(&self) -> Vec<(&'static str, Vec<&Row>)> {
        let mut grouped: Vec<(&str, Vec<&Row>)> = Vec::new();
        for row in &self.rows {
            match grouped.last_mut().filter(|(name, _)| *name == row.sabotage) {
                Some((_, rows)) => rows.push(row),
                None => grouped.push((row.sabotage, vec![row])),
            }
        }
        grouped
    }

    /// How many sabotages of a vendor each case kills.
    fn kills(&self) -> BTreeMap<(&'static str, Vendor), usize> {
        let mut kills = BTreeMap::new();
        for row in &self.rows {
            for case in row.killed_by.union(&row.warned_by) {
                *kills.entry((*case, row.vendor)).or_default() += 1;
            }
        }
        kills
    }
}

const HEAD: &str = "\
# The kill matrix

Written by `keyway-conformance sabotage --write`; do not edit. The mock can be told to break one promise at a time
(`keyway-mock serve --sabotage NAME`). This is the suite run against each of these broken servers.

A cell names the case that fails for it and for the fewest others, and how many more fail too; *(warns)* where the
promise is a practice, which fails with `--strict`. `·` means that the vendor cannot break this promise.

";

fn put_header(page: &mut String, columns: usize) {
    for vendor in Vendor::PLAYED {
        let _ = write!(page, " {} |", vendor.title());
    }
    page.push_str("\n|");
    page.push_str(&"---|".repeat(columns + Vendor::PLAYED.len()));
    page.push('\n');
}

/// The most telling of the cases that mind.
fn killer(row: &Row, kills: &BTreeMap<(&'static str, Vendor), usize>) -> String {
    let (killers, mark) = if row.killed_by.is_empty() {
        (&row.warned_by, " (warns)")
    } else {
        (&row.killed_by, "")
    };
    let rarity = |case: &&&str| kills.get(&(**case, row.vendor)).copied().unwrap_or_default();
    match killers.iter().min_by_key(rarity) {
        None => "**survives**".to_owned(),
        Some(case) if killers.len() == 1 => format!("`{case}`{mark}"),
        Some(case) => format!("`{case}` +{}{mark}", killers.len() - 1),
    }
}
