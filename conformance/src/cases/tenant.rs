//! Tenants are apart: nobody sees, reads or uses what is another's.

use crate::case::{Case, Fallback, Need};
use crate::credential::Scheme;
use crate::judge::is_refusal;
use crate::profile::Situation;
use crate::resolver::is_loopback;
use crate::scene::{Scene, same_answer};
use crate::session::{Key, Who};
use crate::stop::Stop;
use crate::subject::{Caller, NewKey, Tenancy};
use crate::wire::Request;

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
        id: "tenant/the-other-way-round",
        requirement: "two tenants that revoke each other's key at the same time both fail, and neither sees the other's",
        codes: &["ISO-01", "ISO-02", "CON-07"],
        situation: Situation::Unsaid,
        fallback: ISOLATION,
        needs: &[Need::Other],
        run: |scene| Box::pin(the_other_way_round(scene)),
    },
    Case {
        id: "tenant/revoke-stays-at-home",
        requirement: "a revoke of one's own key ends no key of another tenant, not even one of the same name",
        codes: &["ISO-01", "REV-06"],
        situation: Situation::Unsaid,
        fallback: ISOLATION,
        needs: &[Need::Other],
        run: |scene| Box::pin(revoke_stays_at_home(scene)),
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
    Case {
        id: "tenant/other-tenants-data-refused",
        requirement: "a key does not open the reads of another tenant that its path names",
        codes: &["ISO-02", "ISO-04"],
        situation: Situation::TenantData,
        fallback: ISOLATION,
        needs: &[Need::Other],
        run: |scene| Box::pin(other_tenants_data_refused(scene)),
    },
    Case {
        id: "tenant/foreign-tenant-refused",
        requirement: "a user who names a tenant of which he is no member is refused, and makes no key there",
        codes: &["ISO-04", "ISO-05"],
        situation: Situation::TenantForeign,
        fallback: ISOLATION,
        needs: &[Need::Limited],
        run: |scene| Box::pin(foreign_tenant_refused(scene)),
    },
    Case {
        id: "tenant/unknown-host-refused",
        requirement: "a host that is nobody's is answered as documented",
        codes: &["ISO-05"],
        situation: Situation::TenantUnknownHost,
        fallback: ISOLATION,
        needs: &[],
        run: |scene| Box::pin(unknown_host_refused(scene)),
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
    // What its owner has read may be remembered for the next one who asks.
    let admin = scene.caller(Who::Admin)?;
    for _ in 0..2 {
        let exchange = scene.send(&other, request.clone()).await?;
        scene.judge_refusal("get by another tenant", &exchange);
        scene.send(&admin, request.clone()).await?;
    }
    Ok(())
}

async fn the_other_way_round(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let theirs = scene.key_of_other().await?;
    let ours = scene.working_key().await?;
    let (admin, other) = (scene.caller(Who::Admin)?, scene.caller(Who::Other)?);
    let (at_home, request) = read_at_home(scene, &theirs).await?;
    let calls = vec![
        (admin.clone(), scene.subject.revoke(&theirs.id)),
        (other, scene.subject.revoke(&ours.id)),
    ];
    scene.send_all(calls).await?;
    let exchange = scene.send(&at_home, request).await?;
    let expected = "the other tenant's key works after our revoke";
    let seen = format!("{} answered {}", exchange.line(), exchange.status);
    if exchange.is_success() {
        scene.meets(expected, seen);
    } else {
        scene.breaks(expected, seen);
    }
    scene
        .expect_working(&ours, "after a revoke by another tenant at the same time")
        .await?;
    if let Some(records) = scene.list(&admin).await? {
        let shown = records
            .iter()
            .any(|record| record.id.as_deref() == Some(&theirs.id));
        let expected = "our list leaves the other tenant's key out";
        match shown {
            true => scene.breaks(expected, "it shows it"),
            false => scene.meets(expected, "it is not listed"),
        }
    }
    if let Some(request) = scene.subject.get(&theirs.id) {
        let exchange = scene.send(&admin, request).await?;
        scene.judge_refusal("get of another tenant's key", &exchange);
    }
    Ok(())
}

async fn revoke_stays_at_home(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let stranger = scene.key_of_other().await?;
    let ours = scene.working_key().await?;
    let mut watched = vec![("key", read_at_home(scene, &stranger).await?)];
    let namesake = NewKey {
        name: ours.name.clone(),
        ..scene.named_key()
    };
    let other = scene.caller(Who::Other)?;
    let made = scene.create(&other, &namesake).await?;
    if made.exchange.is_success() {
        let namesake = scene.key_of(&made)?;
        watched.push(("key of the same name", read_at_home(scene, &namesake).await?));
    }
    scene.revoked(&ours).await?;
    for (what, (holder, request)) in watched {
        let exchange = scene.send(&holder, request).await?;
        let expected = format!("the other tenant's {what} works after a revoke of ours");
        let seen = format!("{} answered {}", exchange.line(), exchange.status);
        if exchange.is_success() {
            scene.meets(expected, seen);
        } else {
            scene.breaks(expected, seen);
        }
    }
    Ok(())
}

/// Who holds a key of the other tenant's at home, and a read that it opens there.
async fn read_at_home(scene: &Scene<'_>, theirs: &Key) -> Result<(Caller, Request), Stop> {
    let other = scene.caller(Who::Other)?;
    let holder = Caller {
        base_url: other.base_url,
        ..scene.bearer_of(&theirs.secret)
    };
    let probes = scene.subject.probes(named_tenant(scene, theirs).as_deref(), None);
    let Some(probe) = probes.into_iter().next() else {
        return Err(Stop::skip("no read can be made with the other tenant's key"));
    };
    if !scene.send(&holder, probe.request.clone()).await?.is_success() {
        return Err(Stop::skip(
            "the other tenant's key opens no read by which it could be seen to work",
        ));
    }
    Ok((holder, probe.request))
}

/// The tenant that the answer to a create names.
fn named_tenant(scene: &Scene<'_>, key: &Key) -> Option<String> {
    scene.subject.issued(key.exchange.json()?).tenant
}

async fn key_refused_elsewhere(scene: &mut Scene<'_>) -> Result<(), Stop> {
    match scene.subject.tenancy() {
        Tenancy::Host => refused_on_other_host(scene).await,
        Tenancy::Header => other_header_opens_nothing(scene).await,
        Tenancy::Credential => Err(Stop::skip("a request cannot name a tenant")),
    }
}

async fn other_tenants_data_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let theirs = scene.key_of_other().await?;
    let ours = scene.key().await?;
    let (Some(tenant), Some(own)) = (named_tenant(scene, &theirs), named_tenant(scene, &ours)) else {
        return Err(Stop::error(
            "an answer to a create names no tenant; see create/answers-as-declared",
        ));
    };
    if tenant == own {
        return Err(Stop::error(
            "the key of KEYWAY_OTHER_CREDENTIAL was made in the same tenant",
        ));
    }
    // In the name of either tenant, or of none, where a header names it beside the path.
    let mut probes = Vec::new();
    for named in [
        None,
        scene.target.tenant.as_deref(),
        scene.target.other_tenant.as_deref(),
    ] {
        probes.extend(scene.subject.probes(Some(&tenant), named));
    }
    probes.retain(|probe| probe.request.path.contains(&tenant));
    for probe in probes {
        let exchange = scene.send(&scene.bearer_of(&ours.secret), probe.request).await?;
        scene.judge_refusal("with a key of another tenant", &exchange);
    }
    Ok(())
}

async fn foreign_tenant_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let home = scene.caller(Who::Limited)?;
    let Some(foreign) = scene.target.other_tenant.clone() else {
        return Err(Stop::skip("KEYWAY_OTHER_TENANT is not set"));
    };
    if home
        .credential
        .as_ref()
        .is_none_or(|credential| credential.scheme != Scheme::Bearer)
    {
        return Err(Stop::skip(
            "the limited principal is a key, which names its own tenant",
        ));
    }
    let membership = membership(scene, &home, &foreign).await?;
    if membership == Membership::Member {
        return Err(Stop::skip(
            "the limited principal is a member of the tenant of KEYWAY_OTHER_TENANT",
        ));
    }
    let away = Caller {
        tenant: Some(foreign.clone()),
        ..home
    };
    let key = scene.narrow_key();
    let made = scene.create(&away, &key).await?;
    let what = "create in a tenant of others";
    let tenant = made.issued.tenant.as_deref();
    if tenant.is_some_and(|tenant| tenant.eq_ignore_ascii_case(&foreign)) {
        scene.breaks(format!("{what}: no key is made there"), "one is made");
    }
    if membership == Membership::Stranger {
        scene.judge_refusal(what, &made.exchange);
        if let Some(request) = scene.subject.list(0) {
            let exchange = scene.send(&away, request).await?;
            scene.judge_refusal("list of a tenant of others", &exchange);
        }
    } else if is_refusal(made.exchange.status) {
        scene.meets(format!("{what}: no key is made there"), "the create is refused");
    } else {
        scene.observes(
            "nothing in particular, as no read tells the tenants of the limited principal",
            format!("{} answered {}", made.exchange.line(), made.exchange.status),
        );
    }
    Ok(())
}

/// What is known of somebody's place in a tenant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Membership {
    Member,
    Stranger,
    Unknown,
}

async fn membership(scene: &Scene<'_>, who: &Caller, tenant: &str) -> Result<Membership, Stop> {
    let Some(request) = scene.subject.memberships() else {
        return Ok(Membership::Unknown);
    };
    let exchange = scene.send(who, request).await?;
    let tenants = exchange
        .json()
        .filter(|_| exchange.is_success())
        .and_then(|body| scene.subject.member_of(body));
    Ok(match tenants {
        None => Membership::Unknown,
        Some(tenants) if tenants.iter().any(|one| one.eq_ignore_ascii_case(tenant)) => Membership::Member,
        Some(_) => Membership::Stranger,
    })
}

/// A host that nobody has, below the name that is kept for such (RFC 6761, 6.4).
const NOBODYS_HOST: &str = "keyway-no-such-tenant.invalid";

/// The request goes to the address of the target as ever; only the host that it names is another one.
async fn unknown_host_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let url = url::Url::parse(&scene.target.base_url)
        .map_err(|_| Stop::error("the base URL of the target cannot be read"))?;
    if url.scheme() != "http" || !is_loopback(&url) {
        return Err(Stop::skip(
            "beyond this machine another host may be another server's",
        ));
    }
    let named = url.domain().is_some_and(|name| name.contains('.'));
    let elsewhere = scene.target.other_base_url.as_deref().map(url::Url::parse);
    if let Some(Ok(elsewhere)) = elsewhere
        && elsewhere.host() == url.host()
        && elsewhere.port() != url.port()
    {
        return Err(Stop::skip("the target tells its tenants by the port"));
    }
    let key = scene.working_key().await?;
    let request = scene.probe()?.request.clone().header("host", NOBODYS_HOST);
    let exchange = scene.send(&scene.bearer_of(&key.secret), request).await?;
    // A server that has no name here serves whoever reaches it, and tells no tenants apart by their names.
    if !named && exchange.is_success() {
        scene.observes(
            "nothing in particular, as the target has no host name",
            format!("{} answered {}", exchange.line(), exchange.status),
        );
    } else {
        scene.judge_refusal("of a host that is nobody's", &exchange);
    }
    Ok(())
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

/// The tenants' data may look alike. Their keys do not: what a key may do among them, it may do at home only.
async fn manages_at_home_only(scene: &mut Scene<'_>, tenant: &str, theirs: Option<&Key>) -> Result<(), Stop> {
    let managing = NewKey {
        grants: scene.subject.with_management(),
        ..scene.named_key()
    };
    let admin = scene.caller(Who::Admin)?;
    let made = scene.create(&admin, &managing).await?;
    if is_refusal(made.exchange.status) {
        return Ok(());
    }
    let key = scene.key_of(&made)?;
    let away = Caller {
        tenant: Some(tenant.to_owned()),
        ..scene.bearer_of(&key.secret)
    };
    let narrow = scene.narrow_key();
    let made = scene.create(&away, &narrow).await?;
    let expected = "a key makes no key in the tenant that a header names";
    let named = made.issued.tenant.as_deref();
    if made.exchange.is_success() && named.is_some_and(|named| named.eq_ignore_ascii_case(tenant)) {
        scene.breaks(expected, "it makes one");
    }
    let (Some(request), Some(theirs)) = (scene.subject.list(0), theirs) else {
        return Ok(());
    };
    let exchange = scene.send(&away, request).await?;
    let shown = exchange
        .json()
        .and_then(|body| scene.subject.listed(body, 0))
        .is_some_and(|page| {
            page.records
                .iter()
                .any(|record| record.id.as_deref() == Some(&theirs.id))
        });
    if exchange.is_success() && shown {
        scene.breaks(
            "a key lists no key of the tenant that a header names",
            "it lists one",
        );
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
    manages_at_home_only(scene, &tenant, theirs.as_ref()).await?;
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
