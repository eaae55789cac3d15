//! JSON that nobody means well with, and bodies that were JSON once.

use proptest::prelude::*;
use serde_json::Value;

/// Texts of values that are hard to read, to keep or to compare.
const LEAVES: [&str; 48] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0",
    "1",
    "-1",
    "1.0",
    "0.1",
    "30",
    "365",
    "3651",
    "2147483648",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "123456789012345678901234567890",
    "1e308",
    "-1e308",
    "1e400",
    "1e-400",
    "01",
    "+1",
    ".5",
    "NaN",
    "Infinity",
    r#""""#,
    r#"" ""#,
    r#""\u0000""#,
    r#""\ud800""#,
    r#""\udc00\ud800""#,
    r#""\ud83d\udd11""#,
    r#""\u202e\u200b\ufeff""#,
    r#""ß İ ﬃ 𝔘""#,
    "\"\t\"",
    r#""2030-01-01T00:00:00Z""#,
    r#""9999-12-31T23:59:60Z""#,
    r#""-009999-01-01T00:00:00Z""#,
    r#""+999999-12-31T23:59:59.999999999999Z""#,
    r#""2030-02-30T00:00:00+25:00""#,
    r#""00000000-0000-4000-8000-000000000000""#,
    r#""c11e0000-0000-4000-8000-000000000001""#,
    r#""office@acme.example""#,
    r#""../../../../etc/passwd""#,
    r#""messages.send""#,
    r#""MANAGE_API_KEYS""#,
];

/// Names of members, known to one vendor or another.
const NAMES: [&str; 24] = [
    "name",
    "scopes",
    "scope",
    "permissions",
    "expires_in_days",
    "expiresAt",
    "expiresInDays",
    "serviceAccountId",
    "userId",
    "code",
    "identifier",
    "password",
    "to_phone",
    "sender_number_id",
    "type",
    "content",
    "organisationIds",
    "roles",
    "description",
    "ms",
    "now",
    "",
    "__proto__",
    "\\u0000",
];

/// The text of any value, not always JSON.
pub(super) fn value() -> BoxedStrategy<String> {
    let long = prop_oneof![Just(300usize), Just(5_000), Just(70_000)];
    let leaf = prop_oneof![
        12 => prop::sample::select(&LEAVES[..]).prop_map(str::to_owned),
        2 => any_text(),
        1 => long.prop_map(|length| format!("\"{}\"", "k".repeat(length))),
    ];
    let deep = (1usize..3_000).prop_map(|depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
    let nested = leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((prop::sample::select(&NAMES[..]), inner), 0..6)
                .prop_map(|members| object(&members)),
        ]
    });
    prop_oneof![20 => nested, 1 => deep].boxed()
}

fn any_text() -> impl Strategy<Value = String> {
    any_with::<String>("\\PC{0,40}".into()).prop_map(|text| Value::from(text).to_string())
}

fn object(members: &[(&str, String)]) -> String {
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// What becomes of a member of an object that was well meant.
#[derive(Clone, Debug)]
enum Fate {
    Kept,
    Dropped,
    Twice,
    Replaced(String),
    Beside(&'static str, String),
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => Just(Fate::Kept),
        1 => Just(Fate::Dropped),
        1 => Just(Fate::Twice),
        3 => value().prop_map(Fate::Replaced),
        1 => (prop::sample::select(&NAMES[..]), value()).prop_map(|(name, value)| Fate::Beside(name, value)),
    ]
}

/// A value that is meant well, with some of its members changed.
pub(super) fn like(example: Option<Value>) -> BoxedStrategy<String> {
    let Some(Value::Object(members)) = example else {
        return value();
    };
    let unchanged = Value::Object(members.clone()).to_string();
    let members: Vec<_> = members
        .into_iter()
        .map(|(name, value)| (name, value.to_string()))
        .collect();
    let fates = prop::collection::vec(fate(), members.len());
    let bent = fates.prop_map(move |fates| {
        let mut bent = Vec::new();
        for ((name, value), fate) in members.iter().zip(fates) {
            let name = name.as_str();
            match fate {
                Fate::Kept => bent.push((name, value.clone())),
                Fate::Dropped => {}
                Fate::Twice => bent.extend([(name, value.clone()), (name, value.clone())]),
                Fate::Replaced(other) => bent.push((name, other)),
                Fate::Beside(other, it) => bent.extend([(name, value.clone()), (other, it)]),
            }
        }
        object(&bent)
    });
    prop_oneof![3 => Just(unchanged), 6 => bent, 1 => value()].boxed()
}

/// The bytes of a text, some of them spoilt.
pub(super) fn spoilt(text: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    let harm = prop_oneof![
        12 => Just(Harm::None),
        1 => Just(Harm::Mark),
        1 => Just(Harm::Wide),
        1 => any::<prop::sample::Index>().prop_map(Harm::Cut),
        1 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Harm::Byte(at, byte)),
        1 => prop::collection::vec(any::<u8>(), 1..60).prop_map(Harm::After),
    ];
    (text, harm).prop_map(|(text, harm)| harm.done_to(text))
}

/// What is done to the bytes of a text.
#[derive(Clone, Debug)]
enum Harm {
    None,
    /// A byte order mark before it.
    Mark,
    /// Each character in 16 bits.
    Wide,
    Cut(prop::sample::Index),
    Byte(prop::sample::Index, u8),
    After(Vec<u8>),
}

impl Harm {
    fn done_to(self, text: String) -> Vec<u8> {
        let mut bytes = text.into_bytes();
        match self {
            Self::None => {}
            Self::Mark => drop(bytes.splice(..0, *b"\xef\xbb\xbf")),
            Self::Wide => bytes = bytes.into_iter().flat_map(|byte| [byte, 0]).collect(),
            Self::Cut(at) => bytes.truncate(at.index(bytes.len() + 1)),
            Self::Byte(at, byte) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            Self::Byte(..) => {}
            Self::After(more) => bytes.extend(more),
        }
        bytes
    }
}
