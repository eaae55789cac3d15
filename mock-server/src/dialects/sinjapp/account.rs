//! What a tenant can learn of itself: context, subscription and usage.
//!
//! The document names these answers and leaves most of their members open; what stands in them is ours.

use std::sync::Arc;

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use crate::call::{Call, Response, json};
use crate::refusal::Refusal;
use crate::store::{Credential, Kind, Reach, Store, Unavailable};

use super::{assumed, keys, senders, tenants};

/// Shown as a limit of the plan.
const MESSAGES_PER_DAY: u64 = 1000;
/// Shown as a limit of the plan.
const SENDER_NUMBERS: u64 = 10;

/// The answer of `getTenantContext`.
#[derive(Serialize)]
struct Context<'k> {
    user: User,
    api_key: keys::Shown<'k>,
    organization: Organization,
    subscription: Subscription,
}

#[derive(Serialize)]
struct User {
    id: u64,
    name: &'static str,
    email: &'static str,
}

#[derive(Serialize)]
struct Organization {
    id: u64,
    name: &'static str,
    slug: &'static str,
    status: &'static str,
    primary_domain: &'static str,
    billing_email: &'static str,
    email_verified: bool,
}

#[derive(Serialize)]
struct Subscription {
    plan: Plan,
    status: &'static str,
}

#[derive(Serialize)]
struct Plan {
    id: u64,
    name: &'static str,
    slug: &'static str,
}

/// The one plan that there is.
const PLAN: Plan = Plan {
    id: 1,
    name: "Business",
    slug: "business",
};

pub(super) async fn context(call: &Call<'_>, key: &Arc<Credential>) -> Result<Response, Refusal> {
    let tenant = tenants::of_slug(&key.tenant);
    let body = Context {
        user: User {
            id: tenant.user_id.parse().unwrap_or_default(),
            name: tenant.user_name,
            email: tenant.email,
        },
        api_key: keys::shown(call, key),
        organization: Organization {
            id: tenant.id,
            name: tenant.name,
            slug: tenant.slug,
            status: "active",
            primary_domain: tenant.host,
            billing_email: tenant.email,
            email_verified: true,
        },
        subscription: Subscription {
            plan: PLAN,
            status: "active",
        },
    };
    Ok(json(StatusCode::OK, &body))
}

pub(super) async fn subscription(call: &Call<'_>, key: &Arc<Credential>) -> Result<Response, Refusal> {
    let usage = by_sender(call, key).await?;
    let sent: u64 = usage
        .iter()
        .filter_map(|sender| sender.get("messages_sent")?.as_u64())
        .sum();
    let keys = call
        .store
        .tally(Kind::ApiKey, Reach::tenant(&key.tenant), call.now)
        .await?;
    let active = keys.active
        + if keys::expired_is_active(call) {
            keys.expired
        } else {
            0
        };
    let body = json!({
        "plan": PLAN,
        "status": "active",
        "limits": [
            { "name": "messages_per_day", "limit": MESSAGES_PER_DAY },
            { "name": "sender_numbers", "limit": SENDER_NUMBERS },
        ],
        "usage_snapshot": {
            "messages_sent": sent,
            "sender_numbers": usage.len(),
            "active_api_keys": active,
        },
    });
    Ok(json(StatusCode::OK, &body))
}

/// Counters grouped by sender number (Sinjapp usage guide).
pub(super) async fn usage(call: &Call<'_>, key: &Arc<Credential>) -> Result<Response, Refusal> {
    let usage = by_sender(call, key).await?;
    Ok(match call.assumed(&assumed::USAGE_FORM) {
        "bare" => json(StatusCode::OK, &usage),
        _ => json(StatusCode::OK, &json!({ "data": usage })),
    })
}

async fn by_sender(call: &Call<'_>, key: &Credential) -> Result<Vec<Value>, Unavailable> {
    let mut counters = Vec::new();
    for sender in senders::of_tenant(call, key).await? {
        counters.push(json!({
            "sender_number_id": sender.sequence,
            "phone": sender.body.get("phone"),
            "display_name": sender.body.get("display_name"),
            "messages_sent": senders::sent(call, &key.tenant, sender.sequence).await?,
            "daily_limit": sender.body.get("daily_limit_override"),
        }));
    }
    Ok(counters)
}
