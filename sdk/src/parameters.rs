//! Parameters and forms that are more than simple values: how lists and objects are written into a query, a header, a cookie
//! or a form. Generated methods call it where their document has such parameters.

#![allow(
    dead_code,
    reason = "no vendor of this crate has such parameters; other documents do"
)]

use http::{HeaderValue, header};
use serde::Serialize;
use serde_json::Value;

/// How a list or an object is written where only texts are (OpenAPI 3.0, Parameter Object, `style` and `explode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `key=a&key=b`; the members of an object under their own names.
    Form,
    /// `key=a,b`; an object as `name,value,name,value`.
    Joined,
    /// `key=a,b`; an object as `name=value,name=value`.
    Pairs,
    /// `key=a b`.
    Spaces,
    /// `key=a|b`.
    Pipes,
    /// `key[name]=value`. OpenAPI leaves open how what is deeper is written: it is `key[name][inner]=value`, and a list is
    /// `key[]=a&key[]=b`, or has numbers where its items are objects.
    Deep,
    /// `key=` and the value as JSON.
    Json,
}

/// Writes a parameter into the query, after what is there.
pub(crate) fn query(request: &mut reqwest::Request, key: &str, style: Style, value: &impl Serialize) {
    let mut pairs = vec![];
    write(&mut pairs, key, style, &json(value));
    if pairs.is_empty() {
        return;
    }
    let more = encoded(&pairs);
    let url = request.url_mut();
    let query = match url.query() {
        Some(there) if !there.is_empty() => format!("{there}&{more}"),
        _ => more,
    };
    url.set_query(Some(&query));
}

/// Writes a parameter into the `Cookie` header, beside what is there.
pub(crate) fn cookie(
    request: &mut reqwest::Request,
    key: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<(), header::InvalidHeaderValue> {
    let mut pairs = vec![];
    write(&mut pairs, key, style, &json(value));
    let mut all: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    if let Some(there) = request
        .headers()
        .get(header::COOKIE)
        .and_then(|value| value.to_str().ok())
    {
        all.insert(0, there.to_owned());
    }
    if !all.is_empty() {
        let mut value = HeaderValue::from_str(&all.join("; "))?;
        value.set_sensitive(true);
        request.headers_mut().insert(header::COOKIE, value);
    }
    Ok(())
}

/// A value as one text: lists and objects are joined as their style says.
pub(crate) fn joined(style: Style, value: &impl Serialize) -> String {
    let mut pairs = vec![];
    write(&mut pairs, "", style, &json(value));
    pairs.into_iter().map(|(_, text)| text).next().unwrap_or_default()
}

/// A form of keys and values. What `styles` does not name is written deeply if it is an object, and else as in a query.
pub(crate) fn form(body: &impl Serialize, styles: &[(&str, Style)]) -> String {
    let mut pairs = vec![];
    if let Value::Object(members) = json(body) {
        for (key, value) in &members {
            let named = styles.iter().find(|(name, _)| name == key);
            let usual = match value {
                Value::Object(_) => Style::Deep,
                Value::Array(items) if items.iter().any(|item| !is_simple(item)) => Style::Deep,
                _ => Style::Form,
            };
            write(&mut pairs, key, named.map_or(usual, |(_, style)| *style), value);
        }
    }
    encoded(&pairs)
}

/// Our types have texts for keys, so that there is always a JSON of them.
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn write(pairs: &mut Vec<(String, String)>, key: &str, style: Style, value: &Value) {
    let mut put = |key: &str, text: String| pairs.push((key.to_owned(), text));
    match (style, value) {
        (_, Value::Null) => {}
        (Style::Json, value) => put(key, value.to_string()),
        (Style::Deep, value) => deep(pairs, key, value),
        (Style::Form, Value::Array(items)) => {
            for item in items.iter().filter(|item| !item.is_null()) {
                put(key, simple(item));
            }
        }
        (Style::Form, Value::Object(members)) => {
            for (name, member) in members.iter().filter(|(_, member)| !member.is_null()) {
                put(name, simple(member));
            }
        }
        (style, Value::Array(items)) => put(key, join(style, items.iter().map(simple))),
        (Style::Pairs, Value::Object(members)) => {
            let texts = members
                .iter()
                .map(|(name, member)| format!("{name}={}", simple(member)));
            put(key, join(style, texts));
        }
        (style, Value::Object(members)) => {
            let texts = members
                .iter()
                .flat_map(|(name, member)| [name.clone(), simple(member)]);
            put(key, join(style, texts));
        }
        (_, value) => put(key, simple(value)),
    }
}

fn deep(pairs: &mut Vec<(String, String)>, key: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (name, member) in members {
                deep(pairs, &format!("{key}[{name}]"), member);
            }
        }
        Value::Array(items) => {
            let is_list_of_simple = items.iter().all(is_simple);
            for (index, item) in items.iter().enumerate() {
                match is_list_of_simple {
                    true => deep(pairs, &format!("{key}[]"), item),
                    false => deep(pairs, &format!("{key}[{index}]"), item),
                }
            }
        }
        value => pairs.push((key.to_owned(), simple(value))),
    }
}

fn join(style: Style, texts: impl Iterator<Item = String>) -> String {
    let separator = match style {
        Style::Spaces => " ",
        Style::Pipes => "|",
        Style::Form | Style::Joined | Style::Pairs | Style::Deep | Style::Json => ",",
    };
    texts.collect::<Vec<_>>().join(separator)
}

fn is_simple(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

/// A text as it is; what has no place of its own is written as JSON.
fn simple(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn encoded(pairs: &[(String, String)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(key, value)| format!("{}={}", escaped(key), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Percent-encoded, blanks too: a plus sign would be a blank in forms only.
fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn writes(style: Style, value: &Value, query_text: &str) {
        let mut request = reqwest::Client::new()
            .get("http://127.0.0.1:1/a")
            .build()
            .unwrap();
        query(&mut request, "k", style, value);
        assert_eq!(request.url().query().unwrap_or_default(), query_text, "{style:?}");
    }

    #[test]
    fn lists_and_objects_are_written_as_their_style_says() {
        let list = || json!(["a b", 2, true]);
        writes(Style::Form, &list(), "k=a%20b&k=2&k=true");
        writes(Style::Joined, &list(), "k=a%20b%2C2%2Ctrue");
        writes(Style::Spaces, &list(), "k=a%20b%202%20true");
        writes(Style::Pipes, &list(), "k=a%20b%7C2%7Ctrue");
        let object = || json!({ "b": "ü", "g": null, "r": 100 });
        writes(Style::Form, &object(), "b=%C3%BC&r=100");
        writes(Style::Deep, &object(), "k%5Bb%5D=%C3%BC&k%5Br%5D=100");
        writes(Style::Json, &json!({ "r": [1] }), "k=%7B%22r%22%3A%5B1%5D%7D");
        writes(Style::Deep, &json!(["a", "b"]), "k%5B%5D=a&k%5B%5D=b");
        writes(Style::Deep, &json!([{ "a": 1 }]), "k%5B0%5D%5Ba%5D=1");
        writes(Style::Deep, &json!(7), "k=7");
        for style in [Style::Form, Style::Deep, Style::Joined, Style::Json] {
            writes(style, &json!(null), "");
        }
    }

    #[test]
    fn what_is_asked_already_stays() {
        let mut request = reqwest::Client::new()
            .get("http://127.0.0.1:1/a?x=1")
            .build()
            .unwrap();
        query(&mut request, "k", Style::Form, &"&=#");
        assert_eq!(request.url().query(), Some("x=1&k=%26%3D%23"));
    }

    #[test]
    fn cookies_stand_side_by_side_and_cannot_end_one_another() {
        let mut request = reqwest::Client::new()
            .get("http://127.0.0.1:1/a")
            .build()
            .unwrap();
        cookie(&mut request, "a", Style::Form, &"1; b=2").unwrap();
        cookie(&mut request, "c", Style::Form, &[3, 4]).unwrap();
        cookie(&mut request, "d", Style::Joined, &[5, 6]).unwrap();
        assert_eq!(request.headers()["cookie"], "a=1%3B%20b%3D2; c=3; c=4; d=5%2C6");
        assert!(request.headers()["cookie"].is_sensitive());
    }

    #[test]
    fn a_form_holds_objects_deeply_and_lists_as_they_are_declared() {
        let body =
            json!({ "card": { "number": "42", "tags": ["a"] }, "expand": ["x", "y"], "items": ["p", "q"] });
        assert_eq!(
            form(&body, &[("expand", Style::Deep)]),
            "card%5Bnumber%5D=42&card%5Btags%5D%5B%5D=a&expand%5B%5D=x&expand%5B%5D=y&items=p&items=q"
        );
        assert_eq!(joined(Style::Joined, &json!(["a", "b"])), "a,b");
        assert_eq!(joined(Style::Joined, &json!({ "a": 1, "b": 2 })), "a,1,b,2");
        assert_eq!(joined(Style::Pairs, &json!({ "a": 1, "b": 2 })), "a=1,b=2");
        assert_eq!(joined(Style::Pairs, &1.5), "1.5");
    }
}
