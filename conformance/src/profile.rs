//! What a vendor documents about each situation, with its source; what it leaves open; where it contradicts itself.
//!
//! The statements live in `profiles/<vendor>.toml`. A case asks for the statement on its situation and is judged by it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use keyway_openapi::Vendor;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::subject::Aspect;

/// A point of the life cycle on which a vendor may have said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Situation {
    Create,
    CreateEcho,
    CreateMissingName,
    CreateUnknownGrant,
    CreateNoGrants,
    CreateExpiryRange,
    CreateExpiryPast,
    CreateExpiryMalformed,
    CreateAnonymous,
    CreateBeyondCreator,
    CreateLimited,
    Secret,
    List,
    ListAnonymous,
    ListRevoked,
    ListForeign,
    Get,
    GetRevoked,
    GetForeign,
    Revoke,
    RevokeAnonymous,
    RevokeLimited,
    RevokeSecond,
    RevokeUnknown,
    RevokeForeign,
    RevokeMalformed,
    UseAnonymous,
    UseUnknown,
    UseRevoked,
    UseExpired,
    ScopeMissing,
    ScopeOpens,
    ScopeSeveral,
    ScopeManagement,
    TenantElsewhere,
    CreateNarrowEcho,
    CreateLongName,
    CreateDefaultExpiry,
    CreateLongestExpiry,
    ManageUnknownKey,
    ManageUnknownToken,
    ListUnknownKey,
    ListOrder,
    ListAnotherUser,
    RevokeAnotherUser,
    UseRevokedNarrow,
    TenantData,
    TenantForeign,
    TenantUnknownHost,
    KeyMark,
    CreateExpiryZone,
    CreateOmittedGrants,
    UseDecorated,
    UseToken,
    UseRefusalsAlike,
    RevokeSelf,
    RevokeExpired,
    ListExpired,
    ListPages,
    LastUse,
    ErrorForm,
    RequestId,
    /// A point on which no profile has a line: only a standard, or good practice, speaks of it.
    #[serde(skip)]
    Unsaid,
    /// The same, where keys can be listed.
    #[serde(skip)]
    UnsaidOfLists,
    /// The same, where a key ends at an instant of one's choice.
    #[serde(skip)]
    UnsaidOfInstants,
}

/// Where a statement can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cite {
    pub(crate) source: String,
    /// The day on which it was read.
    pub(crate) read: String,
}

/// What a vendor says about a situation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) enum Statement {
    /// The answer has this status.
    Status { status: u16, form: Form, cite: Cite },
    /// What happens is stated, the status of the answer is not. `shows` names what a complete example shows.
    Stated { cite: Cite, shows: Vec<Aspect> },
    /// Two pages name two statuses.
    Conflict { readings: Vec<(u16, Cite)>, form: Form },
    /// Nothing is said. `usual` lists the statuses that what is said elsewhere makes likely.
    Silent { open: Open, usual: Vec<u16> },
    /// The situation does not exist here.
    Absent { reason: String },
}

/// What is left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    /// The mock answers by an assumption of this name.
    Assumption(String),
    /// In words, where the mock has no choice.
    Note(String),
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assumption(text) | Self::Note(text) => f.write_str(text),
        }
    }
}

impl Situation {
    /// Those that a profile has a statement on.
    const STATED: [Self; 62] = [
        Self::Create,
        Self::CreateEcho,
        Self::CreateMissingName,
        Self::CreateUnknownGrant,
        Self::CreateNoGrants,
        Self::CreateExpiryRange,
        Self::CreateExpiryPast,
        Self::CreateExpiryMalformed,
        Self::CreateAnonymous,
        Self::CreateBeyondCreator,
        Self::CreateLimited,
        Self::Secret,
        Self::List,
        Self::ListAnonymous,
        Self::ListRevoked,
        Self::ListForeign,
        Self::Get,
        Self::GetRevoked,
        Self::GetForeign,
        Self::Revoke,
        Self::RevokeAnonymous,
        Self::RevokeLimited,
        Self::RevokeSecond,
        Self::RevokeUnknown,
        Self::RevokeForeign,
        Self::RevokeMalformed,
        Self::UseAnonymous,
        Self::UseUnknown,
        Self::UseRevoked,
        Self::UseExpired,
        Self::ScopeMissing,
        Self::ScopeOpens,
        Self::ScopeSeveral,
        Self::ScopeManagement,
        Self::TenantElsewhere,
        Self::CreateNarrowEcho,
        Self::CreateLongName,
        Self::CreateDefaultExpiry,
        Self::CreateLongestExpiry,
        Self::ManageUnknownKey,
        Self::ManageUnknownToken,
        Self::ListUnknownKey,
        Self::ListOrder,
        Self::ListAnotherUser,
        Self::RevokeAnotherUser,
        Self::UseRevokedNarrow,
        Self::TenantData,
        Self::TenantForeign,
        Self::TenantUnknownHost,
        Self::KeyMark,
        Self::CreateExpiryZone,
        Self::CreateOmittedGrants,
        Self::UseDecorated,
        Self::UseToken,
        Self::UseRefusalsAlike,
        Self::RevokeSelf,
        Self::RevokeExpired,
        Self::ListExpired,
        Self::ListPages,
        Self::LastUse,
        Self::ErrorForm,
        Self::RequestId,
    ];

    /// As profiles write it.
    fn key(self) -> String {
        let name = serde_json::to_value(self).unwrap_or_default();
        name.as_str().unwrap_or_default().to_owned()
    }
}

/// How much of the answer's form is stated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", untagged)]
pub(crate) enum Form {
    /// Nothing.
    #[default]
    Free,
    /// The contract has it.
    Contract(Contract),
    /// A JSON object with these members.
    Members(Vec<String>),
}

/// The word `contract`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Contract {
    Contract,
}

/// What a vendor documents about the life of an API key, situation by situation, with its sources.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Profile {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "a test compares it with the file it stands in")
    )]
    #[schemars(schema_with = "names_of_vendors")]
    vendor: Vendor,
    #[schemars(schema_with = "statements_by_situation")]
    situations: BTreeMap<Situation, Statement>,
}

fn names_of_vendors(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "description": "The vendor, by the stem of the file's name.",
        "type": "string",
        "enum": Vendor::ALL.map(Vendor::name),
    })
}

fn statements_by_situation(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "description": "What is said on each situation; every situation has its statement.",
        "type": "object",
        "propertyNames": generator.subschema_for::<Situation>(),
        "additionalProperties": generator.subschema_for::<Written>(),
    })
}

/// The JSON Schema of a profile, as text.
pub fn profile_schema() -> String {
    let mut schema = schemars::schema_for!(Profile);
    schema.insert("title".to_owned(), "Profile of a vendor".into());
    // A map whose values and number are texts, numbers and lists always has a text.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// The profiles, in the order of [`Vendor::ALL`].
const TEXTS: [&str; Vendor::ALL.len()] = [
    include_str!("../profiles/sinjapp.toml"),
    include_str!("../profiles/reten.toml"),
    include_str!("../profiles/dolfin.toml"),
    include_str!("../profiles/b3os.toml"),
];

impl Profile {
    /// The embedded profile of a vendor.
    pub(crate) fn of(vendor: Vendor) -> &'static Profile {
        static PROFILES: LazyLock<[Profile; Vendor::ALL.len()]> = LazyLock::new(|| {
            // The test `every_profile_covers_every_situation` is why this cannot panic in a released build.
            TEXTS.map(|text| toml::from_str(text).expect("the embedded profile is valid"))
        });
        let index = Vendor::ALL
            .iter()
            .position(|known| *known == vendor)
            .unwrap_or_default();
        &PROFILES[index]
    }

    /// Whether nothing is claimed of the vendor yet, so that there is nothing to ask.
    pub(crate) fn is_blank(&self) -> bool {
        self.situations.is_empty()
    }

    pub(crate) fn statement(&self, situation: Situation) -> &Statement {
        static UNSAID: LazyLock<Statement> = LazyLock::new(|| Statement::Silent {
            open: Open::Note("no page speaks of it".to_owned()),
            usual: Vec::new(),
        });
        let depends_on = match situation {
            Situation::Unsaid => Situation::Create,
            Situation::UnsaidOfLists => Situation::List,
            Situation::UnsaidOfInstants => Situation::CreateExpiryZone,
            _ => return self.claim(situation),
        };
        match self.claim(depends_on) {
            absent @ Statement::Absent { .. } => absent,
            _ => &UNSAID,
        }
    }

    /// The statement on a situation that profiles write about.
    fn claim(&self, situation: Situation) -> &Statement {
        static UNCLAIMED: LazyLock<BTreeMap<Situation, Statement>> = LazyLock::new(|| {
            let unclaimed = |situation: Situation| Statement::Absent {
                reason: format!(
                    "nothing is claimed yet: fill in `[situations.{}]` of the profile",
                    situation.key()
                ),
            };
            let all = Situation::STATED.into_iter();
            all.map(|situation| (situation, unclaimed(situation))).collect()
        });
        self.situations
            .get(&situation)
            .unwrap_or_else(|| &UNCLAIMED[&situation])
    }
}

/// What a vendor says about a situation: exactly one of status, stated, readings, silent and absent.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Statement", extend("oneOf" = [
    { "required": ["status", "source", "read"] },
    { "required": ["stated", "source", "read"] },
    { "required": ["readings"] },
    { "required": ["silent"] },
    { "required": ["absent"] },
]))]
struct Written {
    /// The answer has this status.
    status: Option<u16>,
    /// What happens is said, and no status.
    stated: Option<bool>,
    /// Several pages name several statuses; any of them will do.
    readings: Option<Vec<WrittenReading>>,
    /// Nothing is said.
    silent: Option<bool>,
    /// The assumption by which the mock answers where nothing is said.
    assumption: Option<String>,
    /// What is left open, where the mock has no choice.
    note: Option<String>,
    /// What a complete example of the answer shows.
    #[serde(default)]
    shows: Vec<Aspect>,
    /// The statuses that are likely where nothing is said.
    #[serde(default)]
    usual: Vec<u16>,
    /// Why there is no such situation here.
    absent: Option<String>,
    /// How much of the form of the answer is documented: nothing, all that the contract has, or these members.
    #[serde(default)]
    form: Form,
    /// The page that says so.
    source: Option<String>,
    /// The day on which it was read.
    read: Option<String>,
}

/// One of several pages that do not agree.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Reading")]
struct WrittenReading {
    /// The status that it names.
    status: u16,
    /// The page.
    source: String,
    /// The day on which it was read.
    read: String,
}

impl TryFrom<Written> for Statement {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let cite = match (written.source, written.read) {
            (Some(source), Some(read)) if !source.is_empty() => Some(Cite { source, read }),
            (None, None) => None,
            _ => return Err("a source and the day it was read belong together"),
        };
        match (
            written.status,
            written.stated,
            written.readings,
            written.silent,
            written.absent,
        ) {
            (Some(status), None, None, None, None) => {
                let cite = cite.ok_or("a documented status needs its source")?;
                Ok(Statement::Status {
                    status,
                    form: written.form,
                    cite,
                })
            }
            (None, Some(true), None, None, None) => Ok(Statement::Stated {
                cite: cite.ok_or("what is stated needs its source")?,
                shows: written.shows,
            }),
            (None, None, Some(readings), None, None) if readings.len() > 1 => {
                let readings = readings
                    .into_iter()
                    .map(|one| {
                        (
                            one.status,
                            Cite {
                                source: one.source,
                                read: one.read,
                            },
                        )
                    })
                    .collect();
                Ok(Statement::Conflict {
                    readings,
                    form: written.form,
                })
            }
            (None, None, None, Some(true), None) => {
                let open = match (written.assumption, written.note) {
                    (Some(name), None) => Open::Assumption(name),
                    (None, Some(note)) if !note.is_empty() => Open::Note(note),
                    _ => return Err("a silence needs the name of its assumption, or a note"),
                };
                Ok(Statement::Silent {
                    open,
                    usual: written.usual,
                })
            }
            (None, None, None, None, Some(reason)) => Ok(Statement::Absent { reason }),
            _ => Err("a statement is exactly one of status, stated, readings, silent and absent"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_covers_every_situation() {
        for vendor in Vendor::PLAYED {
            let profile = Profile::of(vendor);
            assert_eq!(profile.vendor, vendor);
            for situation in Situation::STATED {
                assert!(
                    profile.situations.contains_key(&situation),
                    "{vendor} says nothing on {situation:?}"
                );
            }
        }
    }

    #[test]
    fn every_statement_has_a_dated_source_or_the_name_of_an_assumption_that_the_mock_has() {
        for vendor in Vendor::PLAYED {
            for (situation, statement) in &Profile::of(vendor).situations {
                let cites: Vec<&Cite> = match statement {
                    Statement::Status { cite, .. } | Statement::Stated { cite, .. } => vec![cite],
                    Statement::Conflict { readings, .. } => readings.iter().map(|(_, cite)| cite).collect(),
                    Statement::Silent { open, .. } => {
                        if let Open::Assumption(name) = open {
                            let known = keyway_mock::Assumptions::all().any(|one| one.name == *name);
                            let own = name.starts_with(&format!("{vendor}."));
                            assert!(own && known, "{vendor} {situation:?}: {name}");
                        }
                        Vec::new()
                    }
                    Statement::Absent { reason } => {
                        assert!(!reason.is_empty(), "{vendor} {situation:?}");
                        Vec::new()
                    }
                };
                for cite in cites {
                    assert!(
                        cite.source.starts_with("https://"),
                        "{vendor} {situation:?}: {}",
                        cite.source
                    );
                    assert!(
                        cite.read.parse::<jiff::civil::Date>().is_ok(),
                        "{vendor} {situation:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_success_of_create_and_revoke_is_declared_by_the_operation() {
        let operations = [
            (Vendor::Sinjapp, "POST", "/api/v1/api-keys", Situation::Create),
            (Vendor::Sinjapp, "DELETE", "/api/v1/api-keys/1", Situation::Revoke),
            (Vendor::Reten, "POST", "/api/api-keys", Situation::Create),
            (Vendor::Reten, "POST", "/api/api-keys/1/revoke", Situation::Revoke),
            (Vendor::Dolfin, "POST", "/api-keys", Situation::Create),
            (Vendor::Dolfin, "POST", "/api-keys/1/revoke", Situation::Revoke),
            (Vendor::B3os, "POST", "/v1/api-keys", Situation::Create),
            (Vendor::B3os, "DELETE", "/v1/api-keys/1", Situation::Revoke),
        ];
        for (vendor, method, path, situation) in operations {
            let keyway_openapi::Route::Found { operation, .. } = vendor.contract().find(method, path) else {
                panic!("{vendor} has no {method} {path}");
            };
            let Statement::Status { status, .. } = Profile::of(vendor).statement(situation) else {
                panic!("{vendor} names no status for {situation:?}");
            };
            let declared = status.to_string();
            assert!(
                operation.declared_statuses().any(|known| known == declared),
                "{vendor} {situation:?}"
            );
        }
    }

    /// The operation of the document that a situation is about; none where it is about whatever a key can read.
    fn operation_of(situation: Situation) -> Option<&'static str> {
        use Situation as S;
        Some(match situation {
            S::Revoke
            | S::RevokeAnonymous
            | S::RevokeLimited
            | S::RevokeSecond
            | S::RevokeUnknown
            | S::RevokeForeign
            | S::RevokeMalformed
            | S::RevokeAnotherUser
            | S::RevokeSelf
            | S::RevokeExpired => "revokeApiKey",
            S::List
            | S::ListAnonymous
            | S::ListRevoked
            | S::ListForeign
            | S::ListUnknownKey
            | S::ListOrder
            | S::ListAnotherUser
            | S::ListExpired
            | S::ListPages
            | S::LastUse => "listApiKeys",
            S::Get | S::GetRevoked | S::GetForeign => "getApiKey",
            S::UseAnonymous
            | S::UseUnknown
            | S::UseRevoked
            | S::UseRevokedNarrow
            | S::UseExpired
            | S::UseDecorated
            | S::UseToken
            | S::UseRefusalsAlike
            | S::ScopeMissing
            | S::ScopeOpens
            | S::ScopeSeveral
            | S::TenantElsewhere
            | S::TenantData
            | S::TenantUnknownHost => return None,
            _ => "createApiKey",
        })
    }

    /// Where a profile names a status that the vendor's own document does not declare for the operation.
    fn contradictions(vendor: Vendor, profile: &Profile) -> Vec<String> {
        let contract = vendor.contract();
        let probe = crate::subjects::of(vendor)
            .probes(Some("00000000-0000-4000-8000-000000000000"), None)
            .into_iter()
            .next()
            .expect("a read on which keys prove themselves");
        let mut found = Vec::new();
        for (situation, statement) in &profile.situations {
            let statuses: Vec<u16> = match statement {
                Statement::Status { status, .. } => vec![*status],
                // Pages that contradict each other are a conflict that is written down; one of them must be the document.
                Statement::Conflict { readings, .. } => readings.iter().map(|(status, _)| *status).collect(),
                _ => continue,
            };
            let operation = match operation_of(*situation) {
                Some(id) => contract.operation(id),
                None => match contract.find("GET", &probe.request.path) {
                    keyway_openapi::Route::Found { operation, .. } => Some(operation),
                    _ => None,
                },
            };
            let is_declared = |status: &u16| {
                operation.is_some_and(|operation| {
                    operation
                        .declared_statuses()
                        .any(|declared| declared == status.to_string())
                })
            };
            if !statuses.iter().any(is_declared) {
                found.push(format!("{vendor} {situation:?}: {statuses:?} is not declared"));
            }
        }
        found
    }

    #[test]
    fn no_profile_contradicts_the_document_of_its_vendor() {
        for vendor in Vendor::PLAYED {
            assert_eq!(contradictions(vendor, Profile::of(vendor)), Vec::<String>::new());
        }
    }

    #[test]
    fn a_status_that_the_document_does_not_declare_is_a_contradiction() {
        let text = include_str!("../profiles/reten.toml").replace(
            "[situations.revoke-second]\nstatus = 400",
            "[situations.revoke-second]\nstatus = 409",
        );
        let profile: Profile = toml::from_str(&text).unwrap();
        assert_eq!(
            contradictions(Vendor::Reten, &profile),
            ["reten RevokeSecond: [409] is not declared"]
        );
    }

    #[test]
    fn the_published_schema_is_current_and_takes_every_profile() {
        let published = include_str!("../schemas/profile.json");
        assert_eq!(
            profile_schema(),
            published,
            "run `keyway-conformance schema profile > conformance/schemas/profile.json`"
        );
        let schema = serde_json::from_str(published).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for text in TEXTS {
            let profile: serde_json::Value = toml::from_str(text).unwrap();
            assert!(
                validator.is_valid(&profile),
                "{:?}",
                validator.validate(&profile).err().map(|error| error.to_string())
            );
        }
        let twice = serde_json::json!({"vendor": "reten", "situations": {"create": {"silent": true, "absent": "no"}}});
        assert!(!validator.is_valid(&twice));
        let unknown = serde_json::json!({"vendor": "reten", "situations": {"crate": {"absent": "no"}}});
        assert!(!validator.is_valid(&unknown));
    }

    #[test]
    fn a_statement_that_says_two_things_is_refused() {
        let twice = toml::from_str::<Statement>("status = 200\nsilent = true\nassumption = 'x'");
        assert!(twice.is_err());
        assert!(toml::from_str::<Statement>("status = 200").is_err());
        assert!(toml::from_str::<Statement>("silent = true").is_err());
        assert!(toml::from_str::<Statement>("silent = true\nassumption = 'x.y'\nnote = 'z'").is_err());
        assert!(toml::from_str::<Statement>("absent = 'no list'\nstatsu = 1").is_err());
    }
}
