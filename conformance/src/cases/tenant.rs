//! Tenants are apart: nobody sees, reads or uses what is another's.

use crate::case::{Case, Fallback, Need};
use crate::judge::is_refusal;
use crate::profile::Situation;
use crate::scene::{Scene, same_answer};
use crate::session::Who;
use crate::stop::Stop;
use crate::subject::{Caller, Tenancy};

const ISOLATION: Fallback = Fallback::Must("OWASP ASVS 5, 8.4.1");

pub(crate) static CASES: &[Case] = &[
    Case {
        id: "tenant/list-shows-own-only",
        requirement: "the list of one tenant shows no key of another",
        codes: &["ISO-02"],
        situation: Situation::ListForeign,
        fallback: ISOLATION,
        needs: &[Need::Other],
        run: |scene| Box::pin(list_shows_own_only(scene)),
    },
    Case {
        id: "tenant/get-foreign-refused",
        requirement: "a key of another tenant cannot be read",
        codes: &["ISO-02", "ISO-03"],
        situation: Situation::GetForeign,
        fallback: ISOLATION,
        needs: &[Need::Other],
        run: |scene| Box::pin(get_foreign_refused(scene)),
    },
    Case {
        id: "tenant/key-refused-elsewhere",
        requirement: "a key opens nothing in another tenant, whatever tenant the request names",
        codes: &["ISO-04", "ISO-05"],
        situation: Situation::TenantElsewhere,
        fallback: ISOLATION,
        needs: &[],
        run: |scene| Box::pin(key_refused_elsewhere(scene)),
    },
];

async fn list_shows_own_only(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let other = scene.caller(Who::Other)?;
    let theirs = scene.key_of_other().await?;
    let ours = scene.key().await?;
    let records = scene.list(&other).await?.unwrap_or_default();
    let shows = |id: &str| records.iter().any(|record| record.id.as_deref() == Some(id));
    if !shows(&theirs.id) {
        return Err(Stop::error(
            "the other tenant's list does not show its own key; see list/shows-created",
        ));
    }
    let expected = "the other tenant's list leaves our key out";
    if shows(&ours.id) {
        scene.breaks(expected, "it shows it")
    } else {
        scene.meets(expected, "our key is not listed")
    }
    Ok(())
}

async fn get_foreign_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let other = scene.demand_other().await?;
    let key = scene.key().await?;
    let Some(request) = scene.subject.get(&key.id) else {
        return Err(Stop::skip("no operation reads one key"));
    };
    let exchange = scene.send(&other, request).await?;
    scene.judge_refusal("get by another tenant", &exchange);
    Ok(())
}

async fn key_refused_elsewhere(scene: &mut Scene<'_>) -> Result<(), Stop> {
    match scene.subject.tenancy() {
        Tenancy::Host => refused_on_other_host(scene).await,
        Tenancy::Header => other_header_opens_nothing(scene).await,
        Tenancy::Credential => Err(Stop::skip("a request cannot name a tenant")),
    }
}

async fn refused_on_other_host(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let elsewhere = scene
        .target
        .other_base_url
        .clone()
        .filter(|url| *url != scene.target.base_url);
    let Some(base_url) = elsewhere else {
        return Err(Stop::skip("KEYWAY_OTHER_BASE_URL is not set"));
    };
    let key = scene.working_key().await?;
    for probe in scene.setup.probes.clone() {
        let caller = Caller {
            base_url: base_url.clone(),
            ..scene.bearer_of(&key.secret)
        };
        let exchange = scene.send(&caller, probe.request.clone()).await?;
        scene.judge_refused_use("on another tenant's host", &probe, &exchange);
    }
    Ok(())
}

/// A server may refuse a header that contradicts the key, or ignore it. It must not follow it.
async fn other_header_opens_nothing(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let Some(tenant) = scene.target.other_tenant.clone() else {
        return Err(Stop::skip("KEYWAY_OTHER_TENANT is not set"));
    };
    let key = scene.working_key().await?;
    let theirs = match scene.key_of_other().await {
        Ok(key) => Some(key),
        Err(Stop::Skip(_)) => None,
        Err(stop) => return Err(stop),
    };
    for probe in scene.setup.probes.clone() {
        let here = scene.bearer_of(&key.secret);
        let elsewhere = Caller {
            tenant: Some(tenant.clone()),
            ..here.clone()
        };
        let exchange = scene.send(&elsewhere, probe.request.clone()).await?;
        let line = exchange.line();
        if !exchange.is_success() {
            if is_refusal(exchange.status) {
                scene.observes(
                    "nothing in particular",
                    format!("{line} is refused with {}", exchange.status),
                );
            } else {
                scene.breaks(
                    "an answer to the header",
                    format!("{line} answered {}", exchange.status),
                );
            }
            continue;
        }
        let own = scene.send(&here, probe.request.clone()).await?;
        let foreign = match &theirs {
            Some(key) => Some(
                scene
                    .send(&scene.bearer_of(&key.secret), probe.request.clone())
                    .await?,
            ),
            None => None,
        };
        let follows =
            foreign.is_some_and(|foreign| same_answer(&exchange, &foreign) && !same_answer(&exchange, &own));
        if follows {
            scene.breaks(
                "the key reads its own tenant",
                format!("{line} shows what the other tenant sees"),
            );
        } else {
            scene.observes("nothing in particular", format!("{line} ignores the header"));
        }
    }
    Ok(())
}
