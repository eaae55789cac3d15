//! The same statement as in `meaning`, for schemas and values that nobody thought of. The seed is fixed: what fails once
//! fails again. `PROPTEST_CASES=100000` tries more.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};
use serde_json::{Value, json};
use xtask::lower::{self, Loss};

use crate::{account, reading};

pub(crate) fn try_all<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> TestCaseResult) {
    let config = Config {
        cases: std::env::var("PROPTEST_CASES")
            .ok()
            .and_then(|count| count.parse().ok())
            .unwrap_or(cases),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng)
        .run(strategy, test)
        .unwrap_or_else(|failure| panic!("{failure}"));
}

fn one_of(values: &[Value]) -> BoxedStrategy<Value> {
    proptest::sample::select(values.to_vec()).boxed()
}

fn literal() -> BoxedStrategy<Value> {
    let leaf = one_of(&[
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(1.5),
        json!(2.0),
        json!(3),
        json!(""),
        json!("a"),
        json!("ab"),
        json!("b"),
    ]);
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(name(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}

fn name() -> BoxedStrategy<String> {
    proptest::sample::select(vec!["a", "b", "c", "ab"])
        .prop_map(str::to_owned)
        .boxed()
}

fn plain_keyword(references: &'static [&'static str]) -> BoxedStrategy<(String, Value)> {
    let types = [
        "null", "boolean", "integer", "number", "string", "array", "object",
    ];
    let ty = proptest::sample::select(types.to_vec());
    let of = |keyword: &'static str, values: Vec<Value>| {
        proptest::sample::select(values)
            .prop_map(move |value| (keyword.to_owned(), value))
            .boxed()
    };
    let small = || [json!(0), json!(1), json!(2.0), json!(3)].to_vec();
    let bounds = || vec![json!(0), json!(1), json!(1.5), json!(2)];
    let flags = || vec![json!(true), json!(false)];
    let mut choices = vec![
        ty.clone().prop_map(|ty| ("type".to_owned(), json!(ty))).boxed(),
        prop::collection::btree_set(ty, 1..4)
            .prop_map(|types| ("type".to_owned(), json!(types)))
            .boxed(),
        literal().prop_map(|value| ("const".to_owned(), value)).boxed(),
        prop::collection::vec(literal(), 1..4)
            .prop_map(|values| ("enum".to_owned(), json!(values)))
            .boxed(),
        prop::collection::btree_set(name(), 0..3)
            .prop_map(|names| ("required".to_owned(), json!(names)))
            .boxed(),
        of("pattern", vec![json!("^a"), json!("b$")]),
        of("format", vec![json!("int32"), json!("double"), json!("uuid")]),
        of("multipleOf", vec![json!(1), json!(2), json!(0.5)]),
        of("uniqueItems", flags()),
        of(
            "dependentRequired",
            vec![json!({ "a": ["b"] }), json!({ "a": [] })],
        ),
        of("$comment", vec![json!("c")]),
        of("default", vec![json!({ "const": 1 })]),
        of("examples", vec![json!([1, 2]), json!([])]),
        of("contentEncoding", vec![json!("base64")]),
        of("x-note", vec![json!({ "const": 1 })]),
    ];
    for keyword in [
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "minContains",
        "maxContains",
    ] {
        choices.push(of(keyword, small()));
    }
    for keyword in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
        choices.push(of(keyword, bounds()));
    }
    for reference in references {
        choices.push(of("$ref", vec![json!(reference)]));
    }
    proptest::strategy::Union::new(choices).boxed()
}

fn schema(references: &'static [&'static str]) -> BoxedStrategy<Value> {
    let plain = prop::collection::vec(plain_keyword(references), 0..4).prop_map(object);
    let leaf = prop_oneof![1 => any::<bool>().prop_map(Value::Bool), 8 => plain];
    leaf.prop_recursive(3, 24, 3, move |inner| {
        let one = |keyword: &'static str| {
            inner
                .clone()
                .prop_map(move |schema| (keyword.to_owned(), schema))
                .boxed()
        };
        let list = |keyword: &'static str| {
            prop::collection::vec(inner.clone(), 1..4)
                .prop_map(move |schemas| (keyword.to_owned(), Value::Array(schemas)))
                .boxed()
        };
        let map = |keyword: &'static str, names: BoxedStrategy<String>| {
            prop::collection::btree_map(names, inner.clone(), 0..3)
                .prop_map(move |schemas| (keyword.to_owned(), Value::Object(schemas.into_iter().collect())))
                .boxed()
        };
        let patterns = proptest::sample::select(vec!["^a", "b", "", "^.*"])
            .prop_map(str::to_owned)
            .boxed();
        let mut choices = vec![
            map("properties", name()),
            map("patternProperties", patterns),
            map("dependentSchemas", name()),
            map("$defs", name()),
        ];
        for keyword in [
            "additionalProperties",
            "unevaluatedProperties",
            "unevaluatedItems",
            "propertyNames",
            "items",
            "contains",
            "not",
            "if",
            "then",
            "else",
        ] {
            choices.push(one(keyword));
        }
        for keyword in ["allOf", "anyOf", "anyOf", "oneOf", "oneOf", "prefixItems"] {
            choices.push(list(keyword));
        }
        let deep = proptest::strategy::Union::new(choices);
        let keywords = (
            prop::collection::vec(deep, 0..4),
            prop::collection::vec(plain_keyword(references), 0..4),
        );
        keywords.prop_map(|(deep, plain)| object(deep.into_iter().chain(plain)))
    })
    .boxed()
}

fn object(keywords: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(keywords.into_iter().collect())
}

#[test]
fn a_lowered_schema_judges_as_the_one_that_was_read() {
    let other = json!({ "type": ["object", "null"], "properties": { "a": { "type": ["string", "null"] } } });
    let two: &[&str] = &[
        "#/components/schemas/Other",
        "#/components/schemas/Third",
        "#/components/schemas/Other/properties/a",
    ];
    let strategy = (
        schema(two),
        schema(&two[..1]),
        prop::collection::vec(literal(), 24),
    );
    try_all(400, &strategy, |(sample, third, values)| {
        let document = json!({
            "openapi": "3.1.0", "info": { "title": "Sample", "version": "1" },
            "components": { "schemas": { "Sample": sample, "Third": third, "Other": other } },
        });
        let lowered = match lower::lower(&document) {
            Ok(lowered) => lowered,
            Err(refusals) => {
                let known = refusals
                    .iter()
                    .all(|refusal| refusal.reason.contains("`const` is not among"));
                prop_assert!(known, "{:?}", refusals);
                return Ok(());
            }
        };
        let read = reading::of_3_1(&document, "Sample").map_err(TestCaseError::fail)?;
        let again = lower::lower(&lowered.document)
            .map_err(|refusals| TestCaseError::fail(format!("{refusals:?}")))?;
        prop_assert_eq!(&again.document, &lowered.document);
        prop_assert!(again.notes.is_empty(), "{:?}", again.notes);
        let lost = account::lost_in_silence(&document, &lowered);
        prop_assert!(lost.is_empty(), "{:?}", lost);
        let judge = reading::of_3_0(&lowered.document, "Sample");
        let is_wider = lowered
            .notes
            .iter()
            .any(|note| matches!(note.loss, Loss::Wider(_)));
        for value in &values {
            let (before, after) = (read.is_valid(value), judge.is_valid(value));
            prop_assert!(
                !before || after,
                "{} is refused by {}",
                value,
                lowered.document["components"]["schemas"]
            );
            prop_assert!(
                before || !after || is_wider,
                "{} fits {}",
                value,
                lowered.document["components"]["schemas"]
            );
        }
        Ok(())
    });
}
