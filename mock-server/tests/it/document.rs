//! The control plane keeps its own document: every route answers by it, and every refusal has one form.

use jsonschema::Validator;
use keyway_mock::{Calls, MockServer, Vendor};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

/// A server, and the document that it gives.
struct Desk {
    server: MockServer,
    client: Client,
    document: Value,
}

impl Desk {
    async fn start() -> Self {
        let server = MockServer::start().await;
        let client = Client::new();
        let document = client
            .get(format!("{}/openapi.json", server.control_url()))
            .send()
            .await;
        let document = document.expect("an answer").json().await.expect("JSON");
        Self {
            server,
            client,
            document,
        }
    }

    fn operations(&self) -> Vec<(Method, String, Value)> {
        let paths = self.document["paths"].as_object().expect("paths");
        let all = paths.iter().flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods");
            methods.iter().map(move |(method, operation)| {
                let method = method.to_uppercase().parse().expect("a method");
                (method, path.clone(), operation.clone())
            })
        });
        all.collect()
    }

    /// Holds an answer against the document: its status is there, with its media type and its schema.
    async fn judge(
        &self,
        method: Method,
        path: &str,
        operation: &Value,
        request: reqwest::RequestBuilder,
    ) -> StatusCode {
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let media_type = answer
            .headers()
            .get("content-type")
            .map(|value| value.to_str().expect("text").to_owned());
        let text = answer.text().await.expect("text");
        let what = format!("{method} {path} answered {status}: {text}");
        let described = &operation["responses"][status.as_str()];
        assert!(described.is_object(), "{what}, which the document does not say");
        match described.get("content") {
            None => assert!(text.is_empty() && media_type.is_none(), "{what}"),
            Some(content) => {
                let media_type = media_type.unwrap_or_else(|| panic!("{what}, without a media type"));
                let schema = &content[&media_type]["schema"];
                assert!(schema.is_object(), "{what}, as {media_type}");
                if media_type == "application/json" {
                    let body = serde_json::from_str(&text).expect("JSON");
                    let schema =
                        json!({ "$ref": "#/x", "x": schema, "components": self.document["components"] });
                    let schema: Validator = jsonschema::validator_for(&schema).expect("a schema");
                    let errors: Vec<_> = schema.iter_errors(&body).map(|error| error.to_string()).collect();
                    assert!(errors.is_empty(), "{what}: {errors:?}");
                }
            }
        }
        status
    }

    fn request(&self, method: &Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.server.root());
        self.client.request(method.clone(), url)
    }
}

/// A body that is right.
async fn right(desk: &Desk, operation: &str) -> Option<Value> {
    Some(match operation {
        "putSnapshot" => json!(desk.server.snapshot().await.expect("memory answers")),
        "seed" => json!({"keys": [{"vendor": "reten"}], "principals": [{"vendor": "dolfin"}]}),
        "setClock" => json!({"now": "2030-01-02T03:04:05Z"}),
        "advanceClock" => json!({"ms": 5}),
        "addFault" => json!({"vendor": "reten", "effect": {"latency": {"ms": 1}}, "when": {"nth": 2}}),
        "assume" => json!({"sinjapp.second-revoke": "404"}),
        _ => return None,
    })
}

#[tokio::test]
async fn every_operation_answers_right_and_wrong_requests_as_its_document_says() {
    let desk = Desk::start().await;
    // So that the journal and the metrics have something to show.
    let refused = desk
        .request(&Method::GET, "/reten/api/api-keys")
        .send()
        .await
        .expect("an answer");
    assert_eq!(refused.status(), 401);
    let operations = desk.operations();
    assert_eq!(operations.len(), 25);
    for (method, path, operation) in &operations {
        let id = operation["operationId"].as_str().expect("an id");
        let world = desk.server.world();
        let made = world.control_url();
        let made = made
            .rsplit_once("/~")
            .and_then(|(_, rest)| rest.split('/').next())
            .expect("an id");
        let here = path.replace("{id}", made);
        let mut request = desk.request(method, &here);
        let body = right(&desk, id).await;
        assert_eq!(body.is_some(), operation.get("requestBody").is_some(), "{id}");
        if let Some(body) = &body {
            request = request.json(body);
        }
        let status = desk.judge(method.clone(), path, operation, request).await;
        assert!(status.is_success(), "{id}: {status}");

        // What is wrong: a body, a query, an id, and who asks.
        if body.is_some() {
            for wrong in ["{", "[]", "1", r#"{"colour": 1}"#, ""] {
                let request = desk.request(method, &here).body(wrong);
                let status = desk.judge(method.clone(), path, operation, request).await;
                assert_eq!(status, 400, "{id} {wrong}");
            }
        }
        if path.contains("{id}") {
            let request = desk.request(method, &path.replace("{id}", "none"));
            let status = desk.judge(method.clone(), path, operation, request).await;
            assert_eq!(status, 404, "{id}");
        }
        if !["getHealth", "getReadiness"].contains(&id) {
            let request = desk
                .request(method, &here)
                .header("origin", "https://page.example");
            let status = desk.judge(method.clone(), path, operation, request).await;
            assert_eq!(status, 403, "{id}");
        }
    }
}

#[tokio::test]
async fn every_documented_filter_of_the_journal_is_taken_and_no_other() {
    let desk = Desk::start().await;
    for path in ["/reten/api/api-keys", "/b3os/v1/api-keys", "/b3os/v1/api-keys"] {
        desk.request(&Method::GET, path).send().await.expect("an answer");
    }
    let (method, path, operation) = desk
        .operations()
        .into_iter()
        .find(|(_, _, operation)| operation["operationId"] == "getJournal")
        .expect("it is there");
    let names: Vec<_> = operation["parameters"]
        .as_array()
        .expect("parameters")
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, ["vendor", "operation", "status", "limit"]);
    for (query, seen) in [
        ("", 3),
        ("vendor=b3os", 2),
        ("operation=listApiKeys", 3),
        ("status=401", 3),
        ("status=200", 0),
        ("limit=1", 1),
        ("limit=0", 0),
        ("vendor=b3os&limit=1&status=401", 1),
    ] {
        let url = format!("{path}?{query}");
        let entries: Vec<Value> = desk
            .request(&method, &url)
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON");
        assert_eq!(entries.len(), seen, "{query}");
    }
    for (query, cure) in [
        ("vendr=b3os", "did you mean vendor?"),
        ("colour=red", "vendor, operation, status, limit"),
        ("vendor=b3so", "did you mean b3os?"),
        ("status=tgo_secret", "status is a whole number"),
        ("limit=-1", "limit is a whole number"),
    ] {
        let request = desk.request(&method, &format!("{path}?{query}"));
        let status = desk.judge(method.clone(), &path, &operation, request).await;
        assert_eq!(status, 400, "{query}");
        let said = desk
            .request(&method, &format!("{path}?{query}"))
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("text");
        assert!(
            said.contains(cure) && !said.contains("tgo_secret"),
            "{query}: {said}"
        );
    }
    let latest: Calls = desk.server.journal().latest(1);
    assert_eq!((latest.count(), latest.entries()[0].vendor), (1, Vendor::B3os));
}

#[tokio::test]
async fn other_methods_are_405_with_those_there_are_and_other_paths_404_all_in_one_form() {
    let desk = Desk::start().await;
    let world = desk.server.world();
    let root = world.control_url();
    let mut by_path = std::collections::BTreeMap::<String, Vec<String>>::new();
    for (method, path, _) in desk.operations() {
        by_path.entry(path).or_default().push(method.to_string());
    }
    for (path, methods) in &by_path {
        let mut allowed: Vec<_> = methods.clone();
        if allowed.contains(&"GET".to_owned()) {
            allowed.push("HEAD".to_owned());
        }
        allowed.sort();
        for method in [
            "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW",
        ] {
            if methods.contains(&method.to_owned()) {
                continue;
            }
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let answer = desk
                .request(&method, &path.replace("{id}", "x"))
                .send()
                .await
                .expect("an answer");
            assert_eq!(answer.status(), 405, "{method} {path}");
            let mut allow: Vec<_> = answer.headers()["allow"]
                .to_str()
                .expect("text")
                .split(", ")
                .map(str::to_owned)
                .collect();
            allow.sort();
            assert_eq!(allow, allowed, "{method} {path}");
            one_form(answer, &format!("{method} {path}")).await;
        }
    }
    for path in [
        "",
        "/",
        "/nowhere",
        "/clock/back",
        "/clock/",
        "/worlds/x/y",
        "/worlds/",
        "/healthy",
    ] {
        let answer = desk
            .request(&Method::GET, &format!("/_keyway{path}"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
        one_form(answer, path).await;
    }
    // A world makes no worlds, and one that is not there has no control plane.
    for url in [
        format!("{root}/worlds"),
        format!("{}/~none/_keyway/clock", desk.server.root()),
    ] {
        let answer = desk.client.post(&url).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "{url}");
        one_form(answer, &url).await;
    }
}

/// The form of a refusal: an object with `error`, in one line.
async fn one_form(answer: reqwest::Response, what: &str) {
    let body: Value = answer
        .json()
        .await
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let error = body["error"].as_str().unwrap_or_default();
    assert!(!error.is_empty() && !error.contains('\n'), "{what}: {body}");
}

#[tokio::test]
async fn head_is_answered_as_get_without_the_body() {
    let desk = Desk::start().await;
    for path in ["/health", "/ready", "/clock", "/metrics", "/access"] {
        let path = format!("/_keyway{path}");
        let get = desk.request(&Method::GET, &path).send().await.expect("an answer");
        let head = desk
            .request(&Method::HEAD, &path)
            .send()
            .await
            .expect("an answer");
        assert_eq!(head.status(), get.status(), "{path}");
        assert_eq!(
            head.headers().get("content-type"),
            get.headers().get("content-type"),
            "{path}"
        );
        assert!(head.bytes().await.expect("no body").is_empty());
    }
    // As for whoever keeps a container alive, from wherever.
    for method in [Method::GET, Method::HEAD] {
        let asked = desk
            .request(&method, "/_keyway/health")
            .header("host", "mock.example");
        assert_eq!(asked.send().await.expect("an answer").status(), 200, "{method}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused_in_the_same_form() {
    use std::io::{Read as _, Write as _};

    let server = MockServer::start().await;
    let address = server.address();
    let said = tokio::task::spawn_blocking(move || {
        let mut connection = std::net::TcpStream::connect(address).expect("a connection");
        let request = "POST /_keyway/seed HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n";
        connection.write_all(request.as_bytes()).expect("written");
        let mut said = String::new();
        let _ = connection.read_to_string(&mut said);
        said
    });
    let said = said.await.expect("no panic");
    assert!(
        said.starts_with("HTTP/1.1 400") && said.contains(r#"{"error":"the body broke off"}"#),
        "{said}"
    );
}

#[tokio::test]
async fn what_the_control_plane_does_rust_does_by_methods() {
    let server = MockServer::start().await;
    let control = server.control_url();
    let get = async |path: &str| -> Value {
        reqwest::get(format!("{control}{path}"))
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON")
    };
    let mut document = get("/openapi.json").await;
    // Where a server is, no document knows before it is asked.
    let servers = document
        .as_object_mut()
        .and_then(|members| members.shift_remove("servers"));
    assert_eq!(servers, Some(json!([{ "url": server.root() }])));
    assert_eq!(document, *MockServer::control_document());
    assert_eq!(get("/access").await, server.all_access());
    let seeds = keyway_mock::Seeds::from_json(br#"{"principals": [{"vendor": "reten", "username": "ada"}], "keys": [{"vendor": "reten", "owner": "ada"}]}"#).expect("a document");
    let issued = server.seed(&seeds).await.expect("made");
    assert_eq!((issued.principals().len(), issued.keys().len()), (1, 1));
    let again = server.seed(&seeds).await.expect_err("the name is taken");
    assert_eq!(again.place, "principals[0]");
    server
        .assume_all(["sinjapp.second-revoke=404", "reten.malformed-id=404"])
        .expect("valid");
    assert!(
        server
            .assume_all(["sinjapp.second-revoke=204", "reten.malformed-id=1"])
            .is_err()
    );
    let shown = get("/assumptions").await;
    let chosen = server.assumptions();
    for (assumption, shown) in keyway_mock::Assumptions::all().zip(shown.as_array().expect("a list")) {
        assert_eq!(shown["value"], chosen.of(assumption), "{}", assumption.name);
    }
    assert_eq!(
        get("/assumptions")
            .await
            .as_array()
            .expect("a list")
            .iter()
            .filter(|one| one["value"] != one["default"])
            .count(),
        2
    );
    let mine = server.world();
    let access: Value = reqwest::get(format!("{}/access", mine.control_url()))
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(access, mine.all_access());
    let made: Value = Client::new()
        .post(format!("{control}/worlds"))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let id = made["world"].as_str().expect("an id");
    assert_eq!(server.worlds().len(), 2);
    assert!(server.end_world(id) && !server.end_world(id));
    assert_eq!(server.worlds().len(), 1);
}

#[tokio::test]
async fn a_slip_in_a_fault_is_told_with_what_was_meant() {
    let desk = Desk::start().await;
    for (fault, cure) in [
        (json!({"effekt": "html-503"}), "did you mean effect?"),
        (json!({"effect": "html503"}), "did you mean html-503?"),
        (json!({"effect": {"latncy": {"ms": 1}}}), "did you mean latency?"),
        (json!({"effect": {"latency": {"millis": 1}}}), "there are ms"),
        (
            json!({"effect": "html-503", "when": {"frist": 1}}),
            "did you mean first?",
        ),
        (
            json!({"effect": "html-503", "vendor": "dolphin"}),
            "did you mean dolfin?",
        ),
        (
            json!({"effect": "html-503", "operation": "createApiKeys"}),
            "did you mean createApiKey?",
        ),
        (
            json!({"effect": "html-503", "operation": "tgo_secret"}),
            "there are createApiKey, ",
        ),
    ] {
        let answer = desk
            .request(&Method::POST, "/_keyway/faults")
            .json(&fault)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 400, "{fault}");
        let said = answer.text().await.expect("text");
        assert!(
            said.contains(cure) && !said.contains("tgo_secret"),
            "{fault}: {said}"
        );
    }
}
