//! What is asked, of whom, and what is not: properties × cases × vendors, and operations × cases, in one page.
//!
//! The page is made from the catalogue, the profiles, the vendors' documents, and one run against the mock, which says
//! which operations a case has exercised and which of them the mock plays.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use keyway_openapi::{Operation, Vendor};

use crate::case::{Basis, Standing};
use crate::cases::catalogue;
use crate::cases::operations::protected;
use crate::properties::{Property, properties};
use crate::report::Report;

/// So many cases are named for an operation; the operations on keys are met by nearly all of them.
const NAMED: usize = 6;

/// The page, from the report on a whole run against the mock of every vendor.
pub fn coverage(report: &Report) -> String {
    let mut page = HEAD.to_owned();
    by_property(&mut page);
    for vendor in Vendor::PLAYED {
        by_operation(&mut page, report, vendor);
    }
    page
}

const HEAD: &str = "\
<!-- Written by `cargo xtask coverage`. -->
# Coverage

What the suite asks, property by property. In the columns of the vendors stands by what a deviation is judged there:
`documented` by the vendor, by a `standard`, as good `practice`, or not at all because the vendor is `silent`, in which case what was
seen is written down. Where nothing can be asked the reason stands there. Level and codes are those of
[`catalogue.toml`](catalogue.toml).
";

fn by_property(page: &mut String) {
    let (borne, others): (Vec<&Property>, Vec<&Property>) = properties()
        .iter()
        .partition(|property| property.cases().next().is_some());
    let shown = others
        .iter()
        .filter(|property| !property.tests.is_empty())
        .count();
    let _ = write!(
        page,
        "\n{} properties: {} borne by {} cases, {shown} shown by other tests of this repository, {} that no vendor here can show.\n",
        properties().len(),
        borne.len(),
        catalogue().len(),
        others.len() - shown
    );
    page.push_str("\n## Properties borne by cases\n\n");
    let titles = Vendor::PLAYED.map(Vendor::title).join(" | ");
    let _ = writeln!(page, "| code | level | property | standard | cases | {titles} |");
    let _ = writeln!(
        page,
        "|---|---|---|---|---|{}",
        "---|".repeat(Vendor::PLAYED.len())
    );
    for property in borne {
        let cases: Vec<String> = property.cases().map(|case| format!("`{}`", case.id())).collect();
        let _ = write!(
            page,
            "| {} | {:?} | {} | {} | {} |",
            property.code,
            property.level,
            property.says,
            property.standard.as_deref().unwrap_or("–"),
            cases.join(" ")
        );
        for vendor in Vendor::PLAYED {
            let _ = write!(page, " {} |", standing(property, vendor));
        }
        page.push('\n');
    }
    page.push_str("\n## Properties shown otherwise, or not at all\n\n| code | level | property | where, or why not |\n|---|---|---|---|\n");
    for property in others {
        let tests: Vec<String> = property.tests.iter().map(|test| format!("`{test}`")).collect();
        let place = match &property.none {
            Some(reason) => reason.clone(),
            None => tests.join(" "),
        };
        let _ = writeln!(
            page,
            "| {} | {:?} | {} | {place} |",
            property.code, property.level, property.says
        );
    }
}

/// The firmest ground on which one of the cases stands with a vendor, or why none is asked.
fn standing(property: &Property, vendor: Vendor) -> String {
    let mut firmest: Option<Basis> = None;
    let mut reasons = BTreeSet::new();
    for case in property.cases() {
        match case.standing(vendor) {
            Standing::Asked { basis, .. } => {
                let is_firmer = firmest.is_none_or(|known| firmness(basis) < firmness(known));
                firmest = if is_firmer { Some(basis) } else { firmest };
            }
            Standing::NotAsked { reason } => {
                reasons.insert(reason);
            }
        }
    }
    match firmest {
        Some(basis) => basis.name().to_owned(),
        None => format!("not asked: {}", reasons.into_iter().next().unwrap_or_default()),
    }
}

fn firmness(basis: Basis) -> u8 {
    match basis {
        Basis::Documented => 0,
        Basis::Standard => 1,
        Basis::Practice => 2,
        Basis::Silent => 3,
    }
}

fn by_operation(page: &mut String, report: &Report, vendor: Vendor) {
    let mut exercised: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut answered: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
    for verdict in report
        .verdicts()
        .iter()
        .filter(|verdict| verdict.vendor == vendor)
    {
        for (operation, statuses) in &verdict.operations {
            exercised.entry(operation).or_default().push(verdict.id);
            answered.entry(operation).or_default().extend(statuses);
        }
    }
    let _ = write!(
        page,
        "\n## Operations of {}\n\n| operation | request | credential | the mock answered | cases |\n|---|---|---|---|---|\n",
        vendor.title()
    );
    let operations = vendor.contract().operations();
    let closed: BTreeSet<&str> = protected(operations).map(Operation::id).collect();
    for operation in operations {
        let cases = exercised
            .get(operation.id())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let credential = match closed.contains(operation.id()) {
            true => "needed",
            false => "not needed",
        };
        let statuses: Vec<String> = answered
            .get(operation.id())
            .map(|statuses| statuses.iter().map(u16::to_string).collect())
            .unwrap_or_default();
        let _ = writeln!(
            page,
            "| `{}` | `{} {}` | {credential} | {} | {} |",
            operation.id(),
            operation.method(),
            operation.full_path(),
            statuses.join(" "),
            named(cases)
        );
    }
}

fn named(cases: &[&str]) -> String {
    let first: Vec<String> = cases.iter().take(NAMED).map(|id| format!("`{id}`")).collect();
    match cases.len() {
        0 => "none".to_owned(),
        count if count > NAMED => format!("{} and {} more", first.join(" "), count - NAMED),
        _ => first.join(" "),
    }
}
