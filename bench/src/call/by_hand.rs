//! The same calls as an application would write them for itself: reqwest, serde, and what its author must not forget.
//!
//! The client is set up as the SDK's is, the same headers are sent, the credential is marked sensitive, a refusal keeps its
//! status and text, and the structs have the members that the SDK's have.

use std::{hint::black_box, time::Duration};

use anyhow::bail;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{Operation, Plan};

pub(super) async fn run(plan: &Plan, credential: &str) -> anyhow::Result<()> {
    let Plan { tenant, times, .. } = plan;
    let caller = Caller::new(plan, credential)?;
    for _ in 0..*times {
        match (plan.vendor.as_str(), plan.operation) {
            ("sinjapp", Operation::Create) => {
                let key = SinjappKey {
                    name: "bench".to_owned(),
                    scopes: Some(vec![SinjappScope::MessagesRead]),
                    expires_in_days: Some(30),
                };
                caller.post::<SinjappCreated>("/api/v1/api-keys", &key).await?;
            }
            ("sinjapp", Operation::Read) => caller.get::<SinjappContext>("/api/v1/me").await?,
            ("reten", Operation::Create) => {
                let key = RetenKey {
                    name: "bench".to_owned(),
                    permissions: vec!["manage_commerces".to_owned()],
                    expires_at: None,
                };
                caller.post::<RetenCreated>("/api/api-keys", &key).await?;
            }
            ("reten", Operation::Read) => caller.get::<RetenCommerces>("/api/commerces").await?,
            ("dolfin", Operation::Create) => {
                let key = DolfinKey {
                    name: Some("bench".to_owned()),
                    expires_at: Some("2099-01-01T00:00:00Z".to_owned()),
                };
                caller.post::<DolfinCreated>("/api-keys", &key).await?;
            }
            ("dolfin", Operation::Read) => {
                let path = format!("/clients/{tenant}/members");
                caller.get::<Vec<Map<String, Value>>>(&path).await?;
            }
            ("b3os", Operation::Create) => {
                let key = B3osKey {
                    name: "bench".to_owned(),
                    scope: Some(B3osScope::Read),
                    description: None,
                    expires_at: None,
                    service_account_id: None,
                };
                caller
                    .post::<B3osAnswer<B3osCreated>>("/v1/api-keys", &key)
                    .await?;
            }
            ("b3os", Operation::Read) => {
                caller.get::<B3osAnswer<B3osPage>>("/v1/organizations").await?;
            }
            (other, _) => bail!("no vendor is called {other}"),
        }
    }
    Ok(())
}

struct Caller {
    http: reqwest::Client,
    base_url: String,
    credential: (HeaderName, HeaderValue),
    tenant: Option<HeaderValue>,
}

impl Caller {
    fn new(plan: &Plan, credential: &str) -> anyhow::Result<Self> {
        let (name, prefix) = match plan.vendor.as_str() {
            "sinjapp" => (HeaderName::from_static("x-api-key"), ""),
            "dolfin" => (HeaderName::from_static("x-dolfin-api-key"), ""),
            _ => (header::AUTHORIZATION, "Bearer "),
        };
        let mut value = HeaderValue::try_from(format!("{prefix}{credential}"))?;
        value.set_sensitive(true);
        let accept = HeaderValue::from_static("application/json");
        Ok(Self {
            http: reqwest::Client::builder()
                .user_agent("bench/0.1.0")
                .default_headers(HeaderMap::from_iter([(header::ACCEPT, accept)]))
                .connect_timeout(Duration::from_secs(10))
                .timeout(Duration::from_secs(30))
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .build()?,
            base_url: plan.base_url.clone(),
            credential: (name, value),
            tenant: match plan.vendor.as_str() {
                "reten" => Some(HeaderValue::try_from(&plan.tenant)?),
                _ => None,
            },
        })
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<()> {
        let request = self.http.get(format!("{}{path}", self.base_url));
        self.send::<T>(request).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> anyhow::Result<()> {
        let request = self.http.post(format!("{}{path}", self.base_url)).json(body);
        self.send::<T>(request).await
    }

    async fn send<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> anyhow::Result<()> {
        let (name, value) = &self.credential;
        let mut request = request.header(name, value);
        if let Some(tenant) = &self.tenant {
            request = request.header("x-tenant-id", tenant);
        }
        let response = request.send().await?;
        let status = response.status();
        if !status.is_success() {
            bail!("{status}: {}", response.text().await?);
        }
        black_box(response.json::<T>().await?);
        Ok(())
    }
}

#[derive(Serialize)]
struct SinjappKey {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<SinjappScope>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in_days: Option<i64>,
}

#[derive(Serialize)]
enum SinjappScope {
    #[serde(rename = "messages.read")]
    MessagesRead,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
struct SinjappCreated {
    data: SinjappRecord,
    plain_text_key: String,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
struct SinjappRecord {
    id: i64,
    name: Option<String>,
    prefix: Option<String>,
    scopes: Option<Vec<String>>,
    status: Option<SinjappStatus>,
    expires_at: Option<String>,
    last_used_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SinjappStatus {
    Active,
    Revoked,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
struct SinjappContext {
    user: Option<Map<String, Value>>,
    api_key: Option<Map<String, Value>>,
    organization: Option<SinjappOrganization>,
    subscription: Option<Map<String, Value>>,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
struct SinjappOrganization {
    id: Option<i64>,
    name: Option<String>,
    slug: Option<String>,
    status: Option<String>,
    primary_domain: Option<String>,
    billing_email: Option<String>,
    email_verified: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RetenKey {
    name: String,
    permissions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RetenCreated {
    id: String,
    name: String,
    key_prefix: String,
    plaintext_key: Option<String>,
    user_id: String,
    tenant_id: String,
    is_active: bool,
    permissions: Vec<String>,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    created_at: String,
    revoked_at: Option<String>,
    key: Option<String>,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
struct RetenCommerces {
    data: Vec<RetenCommerce>,
    meta: RetenPage,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RetenCommerce {
    id: Option<String>,
    name: Option<String>,
    external_id: Option<String>,
    tax_id: Option<String>,
    is_active: Option<bool>,
    is_placeholder: Option<bool>,
    metadata: Option<Map<String, Value>>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RetenPage {
    page: Option<i64>,
    limit: Option<i64>,
    total: Option<i64>,
    total_pages: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DolfinKey {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DolfinCreated {
    id: Option<String>,
    client_id: String,
    raw_key: String,
    key_prefix: String,
    name: Option<String>,
    created_at: Option<String>,
    expires_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct B3osKey {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<B3osScope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_id: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum B3osScope {
    Read,
    ReadWrite,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct B3osAnswer<T> {
    code: Option<i64>,
    data: T,
    message: Option<String>,
    request_id: Option<String>,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct B3osCreated {
    created_at: Option<String>,
    created_by: Option<String>,
    description: Option<String>,
    expires_at: Option<String>,
    id: String,
    key: String,
    key_prefix: Option<String>,
    last_used_at: Option<String>,
    last_used_ip: Option<String>,
    last_used_user_agent: Option<String>,
    name: Option<String>,
    organization_id: Option<String>,
    revoked_at: Option<String>,
    scope: Option<B3osScope>,
    service_account_id: Option<String>,
    user_id: Option<String>,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct B3osPage {
    has_more: Option<bool>,
    items: Option<Vec<B3osOrganization>>,
    limit: Option<i64>,
    offset: Option<i64>,
}

#[expect(dead_code, reason = "reading them is what is counted")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct B3osOrganization {
    created_at: Option<String>,
    created_by: Option<String>,
    cu_min_threshold: Option<f64>,
    deleted_at: Option<String>,
    deleted_by: Option<String>,
    description: Option<String>,
    id: Option<String>,
    name: Option<String>,
    photo: Option<String>,
    slug: Option<String>,
    tier: Option<String>,
    updated_at: Option<String>,
}
