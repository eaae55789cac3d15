//! Sends requests over TCP to one vendor and holds every answer against that vendor's contract.

use keyway_mock::{Access, MockServer, Vendor};
use keyway_openapi::Route;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One vendor at the root of its own server.
#[derive(Debug)]
pub(crate) struct Judge {
    pub(crate) server: MockServer,
    access: Access,
    vendor: Vendor,
    client: Client,
}

impl Judge {
    pub(crate) async fn of(vendor: Vendor) -> Self {
        Self::assuming(vendor, &[]).await
    }

    /// A vendor with assumptions switched, each given as `NAME=VALUE`.
    pub(crate) async fn assuming(vendor: Vendor, settings: &[&str]) -> Self {
        let builder = MockServer::builder().vendor(vendor);
        let builder = settings
            .iter()
            .fold(builder, |builder, setting| builder.assume(setting).unwrap());
        let server = builder.start().await.unwrap();
        let client = Client::builder()
            // Not every resolver knows the names below `localhost`.
            .resolve("other.localhost", server.address())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let access = server.access(vendor);
        Self {
            server,
            access,
            vendor,
            client,
        }
    }

    pub(crate) fn vendor(&self) -> Vendor {
        self.vendor
    }

    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    pub(crate) fn admin(&self) -> &str {
        &self.access().credentials.admin
    }

    pub(crate) fn limited(&self) -> &str {
        &self.access().credentials.limited
    }

    pub(crate) fn other(&self) -> &str {
        &self.access().credentials.other
    }

    pub(crate) fn get(&self, path: &str) -> Ask<'_> {
        self.ask(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Ask<'_> {
        self.ask(Method::POST, path)
    }

    pub(crate) fn delete(&self, path: &str) -> Ask<'_> {
        self.ask(Method::DELETE, path)
    }

    /// A request to a path, which may end in a query.
    pub(crate) fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        Ask {
            judge: self,
            root: self.access().base_url.clone(),
            method,
            path: path.to_owned(),
            headers: HeaderMap::new(),
            body: Body::None,
        }
    }

    /// Sends bytes as they are; gives back what comes until the server closes, or the beginning of it.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.server.address()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = vec![0; 64 * 1024];
        let read = stream.read(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer[..read]).into_owned()
    }
}

/// A request in the making.
pub(crate) struct Ask<'j> {
    judge: &'j Judge,
    root: String,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Body,
}

enum Body {
    None,
    Bytes(Vec<u8>),
    Form(reqwest::multipart::Form),
}

impl Ask<'_> {
    /// Presents a credential, written `key:VALUE` or `bearer:VALUE`.
    pub(crate) fn with(self, credential: &str) -> Self {
        match credential.split_once(':') {
            Some(("bearer", token)) => self.header("authorization", format!("Bearer {token}")),
            Some(("key", key)) => {
                let name = match self.judge.vendor {
                    Vendor::Dolfin => "x-dolfin-api-key",
                    Vendor::B3os => return self.header("authorization", format!("Bearer {key}")),
                    Vendor::Sinjapp | Vendor::Reten => "x-api-key",
                    other => crate::unwritten(other),
                };
                self.header(name, key)
            }
            _ => panic!("a credential is written key:VALUE or bearer:VALUE"),
        }
    }

    /// Adds a header; the same name twice makes two headers.
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name: HeaderName = name.parse().unwrap();
        self.headers
            .append(name, HeaderValue::from_bytes(value.as_ref()).unwrap());
        self
    }

    /// Goes to the address of the other tenant.
    pub(crate) fn elsewhere(mut self) -> Self {
        self.root.clone_from(&self.judge.access().other_base_url);
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut ask = self.header("content-type", media_type);
        ask.body = Body::Bytes(body.into());
        ask
    }

    pub(crate) fn form(mut self, form: reqwest::multipart::Form) -> Self {
        self.body = Body::Form(form);
        self
    }

    /// Sends the request; the answer fits the contract or the test fails.
    pub(crate) async fn send(self) -> Answer {
        let url = format!("{}{}", self.root, self.path);
        let what = format!("{} {}", self.method, self.path);
        let request = self
            .judge
            .client
            .request(self.method.clone(), url)
            .headers(self.headers);
        let request = match self.body {
            Body::None => request,
            Body::Bytes(bytes) => request.body(bytes),
            Body::Form(form) => request.multipart(form),
        };
        let response = request
            .send()
            .await
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let answer = Answer {
            status,
            headers,
            bytes: bytes.to_vec(),
        };
        answer.judge(self.judge, &self.method, &self.path);
        answer
    }

    /// Sends the request and gives the status of the answer.
    pub(crate) async fn status(self) -> u16 {
        self.send().await.status()
    }
}

/// An answer that fits the contract.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    pub(crate) headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The body as JSON; `Null` if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header, empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Gives itself back if it has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status(), status, "{}", self.text());
        self
    }

    /// What no answer may lack: a status that is no server error, the contract's form, a challenge on 401.
    fn judge(&self, judge: &Judge, method: &Method, path: &str) {
        let what = format!("{method} {path} answered {}: {}", self.status, self.text());
        assert!(!self.status.is_server_error(), "{what}");
        if self.status == StatusCode::UNAUTHORIZED {
            assert!(
                self.headers.contains_key("www-authenticate"),
                "no challenge: {what}"
            );
        }
        // Answers to what is no operation, or never got as far as one, are not in the document.
        let contract = judge.vendor.contract();
        let path = path.split('?').next().unwrap_or_default();
        let Route::Found { operation, .. } = contract.find(method.as_str(), path) else {
            return;
        };
        if [StatusCode::PAYLOAD_TOO_LARGE, StatusCode::UNSUPPORTED_MEDIA_TYPE].contains(&self.status) {
            return;
        }
        let status = self.status.as_u16();
        let media_type = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let checked = contract.check_response(operation, status, media_type, &self.bytes);
        if let Err(violations) = checked {
            let violations: Vec<_> = violations.iter().map(ToString::to_string).collect();
            panic!("{what}\nbreaks the contract: {}", violations.join("; "));
        }
    }
}
