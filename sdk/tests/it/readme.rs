//! The README says what the code says: its first program is an example that runs, its table is made from the capabilities.

use std::{env, fs, path::PathBuf};

use keyway::{
    Vendor,
    keys::{Capabilities, Description, ExpiryForm, Never, Silence, Support, Vocabulary},
};

#[test]
fn the_table_is_what_the_capabilities_are() {
    holds("capabilities", &table());
}

#[test]
fn the_first_program_is_the_example() {
    let program = fs::read_to_string(room("examples/quickstart.rs")).unwrap();
    // The example's own first line is for those who find it in the folder.
    let (_, program) = program.split_once("\n\n").unwrap();
    holds("quickstart", &format!("```rust,no_run\n{program}```\n"));
}

#[test]
fn the_credential_is_the_one_that_the_mock_prints() {
    let server = tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(keyway_mock::MockServer::start());
    let credential = server.access(keyway_mock::Vendor::B3os).credentials.admin.clone();
    assert!(readme().contains(&format!("export KEYWAY_CREDENTIAL={credential}\n")));
}

/// What the README says the first program prints.
pub(crate) fn said() -> String {
    let readme = readme();
    let (_, rest) = readme.split_once("<!-- said:begin -->\n```text\n").unwrap();
    let (said, _) = rest.split_once("```\n<!-- said:end -->").unwrap();
    said.to_owned()
}

/// Compares the part of the README between two marks, or writes it if that is asked for.
fn holds(part: &str, wanted: &str) {
    let readme = readme();
    let (begin, end) = (
        format!("<!-- {part}:begin -->\n"),
        format!("<!-- {part}:end -->\n"),
    );
    let (before, rest) = readme.split_once(&begin).expect("the beginning is marked");
    let (_, after) = rest.split_once(&end).expect("the end is marked");
    let wanted = format!("{before}{begin}{wanted}{end}{after}");
    if wanted == readme {
        return;
    }
    if env::var_os("KEYWAY_WRITE").is_some() {
        fs::write(room("README.md"), wanted).unwrap();
    } else {
        panic!(
            "the part {part} of sdk/README.md is out of date; \
             `KEYWAY_WRITE=1 cargo test -p keyway --test it readme -- --test-threads 1` rewrites it"
        );
    }
}

/// What a row says of a vendor.
type Cell = fn(&Capabilities) -> String;

fn table() -> String {
    let all: Vec<_> = Vendor::ALL.iter().map(|vendor| vendor.capabilities()).collect();
    let mut table = "|".to_owned();
    for capabilities in &all {
        table += &format!(" | [{}]({})", capabilities.vendor, capabilities.documentation);
    }
    table += " |\n|---|---|---|---|---|\n";
    let rows: [(&str, Cell); 11] = [
        ("create", |all| support(&all.create)),
        ("revoke", |all| support(&all.revoke)),
        ("revoke again", |all| match all.second_revoke {
            Some(status) => format!("{status}"),
            None => "not said".to_owned(),
        }),
        ("list", |all| support(&all.list)),
        ("get", |all| support(&all.get)),
        ("verify", |all| support(&all.verify)),
        ("scopes", scopes),
        ("end of a key", end),
        ("name", |all| match all.longest_name {
            Some(length) => format!("at most {length} characters"),
            None => "any".to_owned(),
        }),
        ("description", |all| {
            let has_one = all.description == Description::Free;
            if has_one { "yes" } else { "no" }.to_owned()
        }),
        ("tenant", |all| all.tenancy.to_owned()),
    ];
    for (name, cell) in rows {
        let cells: Vec<_> = all.iter().map(|capabilities| cell(capabilities)).collect();
        table += &format!("| {name} | {} |\n", cells.join(" | "));
    }
    table
}

fn support(support: &Support) -> String {
    match support {
        Support::Documented(endpoint) => {
            format!(
                "[`{} {}`]({})",
                endpoint.method, endpoint.path, endpoint.documentation
            )
        }
        Support::Absent { instead, .. } => format!("no: {instead}"),
        _ => unreachable!("there is no other"),
    }
}

fn scopes(capabilities: &Capabilities) -> String {
    let rules = &capabilities.scopes;
    if rules.values.is_empty() {
        return "none".to_owned();
    }
    let values = match rules.vocabulary {
        Vocabulary::Closed => rules
            .values
            .iter()
            .map(|value| format!("`{value}`"))
            .collect::<Vec<_>>()
            .join(", "),
        _ => format!(
            "{} permissions, such as `{}`",
            rules.values.len(),
            rules.values[0]
        ),
    };
    let count = match (rules.count.start(), rules.count.end()) {
        (1, _) => "at least one of ",
        (_, 1) => "one of ",
        _ => "any of ",
    };
    format!("{count}{values}; {}", silence(rules.omitted))
}

fn end(capabilities: &Capabilities) -> String {
    let rules = &capabilities.expiry;
    let form = match &rules.form {
        ExpiryForm::Days(range) => format!("in {} to {} days", range.start(), range.end()),
        _ => "at a time".to_owned(),
    };
    let never = match rules.never {
        Never::ByOmission => ", or never",
        _ => "",
    };
    format!("{form}{never}; {}", silence(rules.omitted))
}

fn silence(silence: Silence) -> String {
    match silence {
        Silence::Means(what) => format!("left out, it means {what}"),
        Silence::Refused => "must not be left out".to_owned(),
        _ => "what leaving it out means is not said".to_owned(),
    }
}

fn readme() -> String {
    fs::read_to_string(room("README.md")).unwrap()
}

fn room(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}
