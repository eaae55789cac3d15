//! Reading documents as people write them.

use serde_json::json;
use xtask::document;

#[test]
fn keys_of_yaml_become_texts_and_merges_are_followed() {
    let text = "base: &base { a: 1, 201: x }\nmore:\n  <<: *base\n  b: true\n";
    let read = document::parse_yaml(text).unwrap();
    assert_eq!(read["more"], json!({ "b": true, "a": 1, "201": "x" }));
    assert!(document::parse_yaml("? [a]\n: b\n").is_err());
    assert!(document::parse_yaml("a: !tag b\n").is_err());
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_document() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.json", "\u{feff}{\"a\": 1}"), ("a.yaml", "\u{feff}a: 1\n")] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        assert_eq!(document::read(&path).unwrap(), json!({ "a": 1 }));
    }
}

#[test]
fn a_key_that_stands_twice_is_an_error_in_json_as_in_yaml() {
    for text in [r#"{ "a": { "b": 1, "b": 2 } }"#, r#"[{ "b": 1, "b": 2 }]"#] {
        let error = document::parse_json(text).unwrap_err().to_string();
        assert!(error.contains("`b` stands twice"), "{error}");
        assert!(document::parse_yaml(text).is_err());
    }
}
