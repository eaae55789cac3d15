//! A server between the suite and the mock that bends what passes through it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Response};
use keyway_conformance::{Report, Selection, Target, run};
use keyway_openapi::Vendor;
use serde_json::Value;

/// A request on its way.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The caller's end of the connection.
    pub(crate) peer: std::net::SocketAddr,
}

impl Call {
    pub(crate) fn is_create(&self) -> bool {
        self.method == Method::POST && self.path.ends_with("/api-keys")
    }

    pub(crate) fn is_revoke(&self) -> bool {
        self.path.contains("/api-keys/") && (self.method == Method::DELETE || self.path.ends_with("/revoke"))
    }

    pub(crate) fn is_list(&self) -> bool {
        self.method == Method::GET
            && self
                .path
                .split('?')
                .next()
                .is_some_and(|path| path.ends_with("/api-keys"))
    }

    pub(crate) fn is_management(&self) -> bool {
        self.path.contains("/api-keys")
    }

    /// The credential, in whatever header it travels.
    pub(crate) fn credential(&self) -> Option<String> {
        ["x-api-key", "x-dolfin-api-key", "authorization"]
            .iter()
            .find_map(|name| self.headers.get(*name))
            .map(|value| {
                value
                    .to_str()
                    .unwrap_or_default()
                    .trim_start_matches("Bearer ")
                    .to_owned()
            })
    }

    pub(crate) fn set_credential(&mut self, vendor: Vendor, key: &str) {
        for name in ["x-api-key", "x-dolfin-api-key", "authorization"] {
            self.headers.remove(name);
        }
        let (name, value) = match vendor {
            Vendor::Sinjapp | Vendor::Reten => ("x-api-key", key.to_owned()),
            Vendor::Dolfin => ("x-dolfin-api-key", key.to_owned()),
            Vendor::B3os => ("authorization", format!("Bearer {key}")),
            other => crate::unwritten(other),
        };
        self.headers.insert(name, value.parse().unwrap());
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// An answer on its way back.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn with_json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self
    }

    pub(crate) fn of(status: u16, body: &str) -> Self {
        let mut headers = HeaderMap::new();
        if !body.is_empty() {
            headers.insert("content-type", "application/json".parse().unwrap());
        }
        Self {
            status,
            headers,
            body: body.as_bytes().to_vec(),
        }
    }
}

/// A client of the mock, which ends connections that nothing comes by: who asks at that very moment gets no answer.
pub(crate) fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder()
        .no_proxy()
        .pool_idle_timeout(Duration::from_secs(3));
    builder.build().unwrap()
}

/// The way to the mock.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) vendor: Vendor,
    base_url: String,
    client: reqwest::Client,
}

impl Upstream {
    pub(crate) async fn forward(&self, call: Call) -> Reply {
        let mut headers = call.headers;
        // The proxy's own address is not the mock's; any other host is the caller's word and goes on.
        let own = |host: &axum::http::HeaderValue| host.as_bytes().starts_with(b"127.0.0.1");
        if headers.get("host").is_some_and(own) {
            headers.remove("host");
        }
        headers.remove("content-length");
        let url = format!("{}{}", self.base_url, call.path);
        let sent = self
            .client
            .request(call.method, url)
            .headers(headers)
            .body(call.body)
            .send()
            .await
            .unwrap();
        let (status, mut headers) = (sent.status().as_u16(), sent.headers().clone());
        for name in ["content-length", "transfer-encoding", "connection"] {
            headers.remove(name);
        }
        Reply {
            status,
            headers,
            body: sent.bytes().await.unwrap().to_vec(),
        }
    }
}

pub(crate) type Bent = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// Runs the suite on a vendor's mock, everything bent on its way.
pub(crate) async fn judge_bent(
    vendor: Vendor,
    cases: &str,
    bend: impl Fn(Call, Upstream) -> Bent + Send + Sync + 'static,
) -> Report {
    let target = Target::embedded(vendor).await.unwrap();
    judge_target_bent(target, &Selection::matching(cases), bend).await
}

/// As [`judge_bent`], with a target that was set up otherwise.
pub(crate) async fn judge_target_bent(
    target: Target,
    cases: &Selection,
    bend: impl Fn(Call, Upstream) -> Bent + Send + Sync + 'static,
) -> Report {
    let base_url = front(&target, bend).await;
    run(&[target.behind(&base_url)], cases).await
}

/// Stands in front of a target, and says where.
pub(crate) async fn front(
    target: &Target,
    bend: impl Fn(Call, Upstream) -> Bent + Send + Sync + 'static,
) -> String {
    let client = client();
    let upstream = Upstream {
        vendor: target.vendor(),
        base_url: target.base_url().to_owned(),
        client,
    };
    serve(upstream, Arc::new(bend)).await
}

async fn serve(upstream: Upstream, bend: Arc<dyn Fn(Call, Upstream) -> Bent + Send + Sync>) -> String {
    let answer = move |ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
                       request: axum::extract::Request| {
        let (upstream, bend) = (upstream.clone(), Arc::clone(&bend));
        async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
            let path = parts
                .uri
                .path_and_query()
                .map_or_else(String::new, ToString::to_string);
            let reply = bend(
                Call {
                    method: parts.method,
                    path,
                    headers: parts.headers,
                    body,
                    peer,
                },
                upstream,
            )
            .await;
            let mut response = Response::new(Body::from(reply.body));
            *response.status_mut() = reply.status.try_into().unwrap();
            *response.headers_mut() = reply.headers;
            response
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = Router::new()
        .fallback(answer)
        .into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    format!("http://{address}")
}
