//! The command line of a run, and the plan that it means.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use keyway_conformance::{
    Allowance, Basis, Format, Pace, Plan, Screen, Selection, Stale, Strictness, catalogue,
};
use keyway_openapi::Vendor;

#[derive(Args, Default)]
pub(crate) struct RunArgs {
    /// Judge this vendor only; may be given several times [default: all, each on its mock inside this process]
    #[arg(long, value_name = "VENDOR")]
    pub(crate) vendor: Vec<Vendor>,
    /// Root of the server to judge instead of the mock, for exactly one --vendor
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Ask only the cases whose id fits, as in 'revoke/*'; may be given several times
    #[arg(long, value_name = "GLOB")]
    case: Vec<String>,
    /// Ask only cases with this tag: an area (revoke), a need (limited, other, wait, quota) or a code (REV-02)
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Ask only cases that are judged on this ground
    #[arg(long, value_enum, value_name = "BASIS")]
    basis: Vec<Ground>,
    /// Judge a practice that was not kept as a failure
    #[arg(long)]
    strict: bool,
    /// Ask a live server also the cases that wait for the end of a key, or use up a quota
    #[arg(long, value_enum, value_delimiter = ',', value_name = "COST")]
    allow: Vec<Cost>,
    /// Make so many keys at most, shared out among the vendors; cases that need more are skipped
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    budget: Option<usize>,
    /// Revoke the keys that earlier runs of the suite left behind more than an hour ago [default: name them]
    #[arg(long)]
    sweep_stale: bool,
    /// Send nothing: list every request that would be sent, with whose credential, and how many keys would be made
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Failures that are known, and until when: a listed one does not fail the run
    #[arg(long, value_name = "FILE")]
    pub(crate) expect: Option<PathBuf>,
    /// An earlier report in JSON: says what has changed since, and fails if a vendor behaves otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Send requests to each vendor no faster than this, as in 5/s or 30/m
    #[arg(long, value_name = "N/s")]
    rate: Option<Pace>,
    /// How the report is written to standard output, or to the file of --output
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Written,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write it to a file in one more form, as in junit=report.xml; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = copy)]
    pub(crate) report: Vec<Copy>,
    /// Send keys over plain HTTP to another machine, where they can be read on the way
    #[arg(long)]
    pub(crate) allow_plain_http: bool,
}

#[derive(Clone, Copy, Default, ValueEnum)]
pub(crate) enum Written {
    /// A table for a terminal, and what is wrong
    #[default]
    Text,
    /// Everything, for programs (see `schema report`)
    Json,
    /// XML for CI servers
    Junit,
    /// For the summary page of a CI run
    Markdown,
    /// One page for a browser that needs nothing else
    Html,
    /// Test Anything Protocol, version 14
    Tap,
}

impl Written {
    pub(crate) fn on(self, screen: Screen) -> Format {
        match self {
            Written::Text => Format::Text(screen),
            Written::Json => Format::Json,
            Written::Junit => Format::Junit,
            Written::Markdown => Format::Markdown,
            Written::Html => Format::Html,
            Written::Tap => Format::Tap,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Ground {
    /// The vendor's documentation
    Documented,
    /// A standard's MUST
    Standard,
    /// Good practice, or a standard's SHOULD
    Practice,
    /// Nothing: the vendor is silent
    Silent,
}

#[derive(Clone, Copy, ValueEnum)]
enum Cost {
    /// Some seconds for each
    Wait,
    /// What the account may use only so often
    Quota,
}

/// One more form of the report, and where it goes.
#[derive(Clone)]
pub(crate) struct Copy {
    pub(crate) format: Written,
    pub(crate) path: PathBuf,
}

fn copy(text: &str) -> Result<Copy, String> {
    let (format, path) = text
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or("it takes FORMAT=FILE, as in junit=report.xml")?;
    let known = Written::value_variants()
        .iter()
        .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()));
    let format = Written::from_str(format, false)
        .map_err(|_| format!("the formats are {}", known.collect::<Vec<_>>().join(", ")))?;
    Ok(Copy {
        format,
        path: PathBuf::from(path),
    })
}

pub(crate) fn plan(args: &RunArgs) -> Plan {
    Plan {
        selection: selection(args),
        strictness: if args.strict {
            Strictness::Strict
        } else {
            Strictness::Lenient
        },
        allowed: args
            .allow
            .iter()
            .map(|cost| match cost {
                Cost::Wait => Allowance::Wait,
                Cost::Quota => Allowance::Quota,
            })
            .collect(),
        budget: args.budget,
        pace: args.rate,
        stale: if args.sweep_stale {
            Stale::Revoke
        } else {
            Stale::Tell
        },
    }
}

fn selection(args: &RunArgs) -> Selection {
    let all = Selection::all();
    let matching = args.case.iter().fold(all, Selection::or_matching);
    let tagged = args.tag.iter().fold(matching, Selection::tagged);
    args.basis.iter().fold(tagged, |selection, ground| {
        selection.judged_by(match ground {
            Ground::Documented => Basis::Documented,
            Ground::Standard => Basis::Standard,
            Ground::Practice => Basis::Practice,
            Ground::Silent => Basis::Silent,
        })
    })
}

/// What was asked for that fits no case: one pattern or tag by itself, or all of them together.
pub(crate) fn without_case(args: &RunArgs) -> Option<String> {
    let is_empty = |selection: &Selection| {
        !Vendor::ALL
            .iter()
            .filter(|vendor| args.vendor.is_empty() || args.vendor.contains(vendor))
            .any(|vendor| catalogue().iter().any(|case| selection.includes(case, *vendor)))
    };
    let patterns = args
        .case
        .iter()
        .filter(|pattern| is_empty(&Selection::matching(*pattern)))
        .map(|pattern| format!("is called {pattern:?}"));
    let tags = args
        .tag
        .iter()
        .filter(|tag| is_empty(&Selection::all().tagged(*tag)))
        .map(|tag| format!("has the tag {tag:?}"));
    let together = is_empty(&selection(args)).then(|| "fits everything that was asked for".to_owned());
    patterns.chain(tags).chain(together).next()
}

/// Without any key there is nothing to judge.
fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("at least 1: without any key there is nothing to judge".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("not a whole number".to_owned()),
    }
}
