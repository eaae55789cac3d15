//! Tenants are apart: nobody sees, reads or uses what is another's.

use super::unissued::{self, MAY_BE_SOMEBODYS, is_nobodys_beside};
use crate::case::{Case, Fallback, Need};
use crate::credential::Scheme;
use crate::judge::is_refusal;
use crate::profile::Situation;
use crate::resolver::is_loopback;
use crate::scene::{Scene, same_answer};
use crate::session::{Key, Who};
use crate::stop::Stop;
use crate::subject::{Caller, NewKey, Probe, Tenancy};
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
        needs: &[],
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
    let elder = scene.key_of_other().await?;
    let ours = scene.working_key().await?;
    let theirs = scene.key_of_other().await?;
    // Between two of theirs and after the newest of ours: each is nobody's but its own.
    if !is_nobodys_beside(&ours.id, &elder.id) || !is_nobodys_beside(&theirs.id, &ours.id) {
        return Err(Stop::skip(MAY_BE_SOMEBODYS));
    }
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
    headers_open_nothing(scene, &ours, &theirs, &own).await
}

/// A read that a header leads to another tenant's data must not show them. It may refuse the header, or ignore it.
async fn headers_open_nothing(
    scene: &mut Scene<'_>,
    ours: &Key,
    theirs: &Key,
    own: &str,
) -> Result<(), Stop> {
    let Some(foreign) = scene.target.other_tenant.clone() else {
        return Ok(());
    };
    let at_home = scene.subject.probes(Some(own), scene.target.tenant.as_deref());
    let away = scene.subject.probes(Some(own), Some(&foreign));
    let led_away = |probe: &Probe| {
        let mut values = probe.request.headers.iter();
        values.any(|(_, value)| *value == foreign) && !probe.request.path.contains(own)
    };
    let nobodys = unissued::beside(scene, &foreign).await?.id;
    for (here, there) in at_home.into_iter().zip(away).filter(|(_, there)| led_away(there)) {
        let (we, they) = (scene.bearer_of(&ours.secret), scene.bearer_of(&theirs.secret));
        let exchange = scene.send(&we, there.request.clone()).await?;
        let expected = format!(
            "{} shows a key no data of the tenant that a header names",
            exchange.line()
        );
        if !exchange.is_success() {
            scene.meets(expected, format!("it answered {}", exchange.status));
            continue;
        }
        // Whoever minds a tenant that there is not, and takes one that is another's, has not looked whose it is.
        let mut of_nobody = there.request.clone();
        for (_, value) in of_nobody
            .headers
            .iter_mut()
            .filter(|(_, value)| *value == foreign)
        {
            value.clone_from(&nobodys);
        }
        let of_nobody = scene.send(&we, of_nobody).await?;
        let seen_there = scene.send(&they, there.request).await?;
        let seen_here = scene.send(&we, here.request).await?;
        if seen_there.is_success()
            && same_answer(&exchange, &seen_there)
            && !same_answer(&exchange, &seen_here)
        {
            scene.breaks(expected, "it shows what the other tenant's key sees");
        } else if is_refusal(of_nobody.status) {
            scene.breaks(
                expected,
                "it takes the other tenant's, and refuses one that there is not",
            );
        } else {
            scene.observes(
                expected,
                "it ignores the header, or there is nothing to tell them apart by",
            );
        }
    }
    Ok(())
}

async fn foreign_tenant_refused(scene: &mut Scene<'_>) -> Result<(), Stop> {
    let Some(foreign) = scene.target.other_tenant.clone() else {
        return Err(Stop::skip("KEYWAY_OTHER_TENANT is not set"));
    };
    let own = scene.target.tenant.clone();
    let mut hindrance = None;
    for (who, name, tenant) in [
        (Who::Limited, "the limited principal", Some(foreign.clone())),
        (Who::Admin, "the admin", Some(foreign)),
        (Who::Other, "the other tenant's principal", own),
    ] {
        let (Ok(home), Some(tenant)) = (scene.caller(who), tenant) else {
            continue;
        };
        let is_user = home
            .credential
            .as_ref()
            .is_some_and(|credential| credential.scheme == Scheme::Bearer);
        if !is_user {
            hindrance = Some(format!("{name} is a key, which names its own tenant"));
            continue;
        }
        match membership(scene, &home, &tenant).await? {
            Membership::Member => hindrance = Some(format!("{name} is a member of both tenants")),
            membership => refused_abroad(scene, name, home, tenant, membership).await?,
        }
    }
    match hindrance {
        Some(reason) if scene.findings.is_empty() => Err(Stop::skip(reason)),
        _ => Ok(()),
    }
}

/// Somebody who is no member of a tenant, as far as that is known, makes no key there, lists none and revokes none.
async fn refused_abroad(
    scene: &mut Scene<'_>,
    name: &str,
    home: Caller,
    tenant: String,
    membership: Membership,
) -> Result<(), Stop> {
    let away = Caller {
        tenant: Some(tenant.clone()),
        ..home
    };
    let key = scene.narrow_key();
    let made = scene.create(&away, &key).await?;
    let what = format!("{name}: create in a tenant of others");
    let named = made.issued.tenant.as_deref();
    if named.is_some_and(|named| named.eq_ignore_ascii_case(&tenant)) {
        scene.breaks(format!("{what}: no key is made there"), "one is made");
    }
    if membership == Membership::Unknown {
        let seen = format!("{} answered {}", made.exchange.line(), made.exchange.status);
        match is_refusal(made.exchange.status) {
            true => scene.meets(format!("{what}: no key is made there"), "the create is refused"),
            false => scene.observes(
                "nothing in particular, as no read tells the tenants of a user",
                seen,
            ),
        }
        return Ok(());
    }
    scene.judge_refusal(&what, &made.exchange);
    if let Some(request) = scene.subject.list(0) {
        let exchange = scene.send(&away, request).await?;
        scene.judge_refusal(&format!("{name}: list of a tenant of others"), &exchange);
    }
    // A key of that tenant's, if there is somebody to make one. A server that passes over the header looks for its id at home.
    let is_ours = scene.target.other_tenant.as_deref() == Some(&tenant);
    let pair = match is_ours {
        true => (scene.key().await, scene.key_of_other().await),
        false => {
            let at_home = scene.key_of_other().await;
            (at_home, scene.key().await)
        }
    };
    let (Ok(newest_at_home), Ok(theirs)) = pair else {
        return Ok(());
    };
    if !is_nobodys_beside(&theirs.id, &newest_at_home.id) {
        scene.observes("nothing in particular", MAY_BE_SOMEBODYS);
        return Ok(());
    }
    let exchange = scene.send(&away, scene.subject.revoke(&theirs.id)).await?;
    scene.judge_refusal(&format!("{name}: revoke in a tenant of others"), &exchange);
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
    manages_on_its_own_host_only(scene, &base_url).await
}

/// What a key may do to keys it may do at home only, and the other tenant's key may do nothing here.
async fn manages_on_its_own_host_only(scene: &mut Scene<'_>, elsewhere: &str) -> Result<(), Stop> {
    let probe = scene.probe()?.clone();
    let managing = NewKey {
        grants: scene.subject.with_management(),
        ..scene.named_key()
    };
    let admin = scene.caller(Who::Admin)?;
    let made = scene.create(&admin, &managing).await?;
    let newest = scene.key().await?;
    // A server that goes by the key and not by the host looks for their ids among ours.
    let theirs = scene.key_of_other().await;
    if let Ok(key) = scene.key_of(&made) {
        let away = Caller {
            base_url: elsewhere.to_owned(),
            ..scene.bearer_of(&key.secret)
        };
        let narrow = scene.narrow_key();
        let made_away = scene.create(&away, &narrow).await?;
        scene.judge_refusal("create on another tenant's host", &made_away.exchange);
        if let Ok(theirs) = &theirs
            && is_nobodys_beside(&theirs.id, &newest.id)
        {
            let (holder, request) = read_at_home(scene, theirs).await?;
            let exchange = scene.send(&away, scene.subject.revoke(&theirs.id)).await?;
            scene.judge_refusal("revoke on another tenant's host", &exchange);
            let exchange = scene.send(&holder, request).await?;
            let expected = "the other tenant's key works after a revoke by our key";
            let seen = format!("{} answered {}", exchange.line(), exchange.status);
            match exchange.is_success() {
                true => scene.meets(expected, seen),
                false => scene.breaks(expected, seen),
            }
        }
    }
    let theirs = match theirs {
        Ok(theirs) => theirs,
        Err(Stop::Skip(_)) => return Ok(()),
        Err(stop) => return Err(stop),
    };
    let exchange = scene
        .send(&scene.bearer_of(&theirs.secret), probe.request.clone())
        .await?;
    scene.judge_refused_use("with the other tenant's key on our host", &probe, &exchange);
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
    // A server that passes over the header looks for their id among ours.
    if is_nobodys_beside(&theirs.id, &key.id) {
        let (holder, read) = read_at_home(scene, theirs).await?;
        scene.send(&away, scene.subject.revoke(&theirs.id)).await?;
        let exchange = scene.send(&holder, read).await?;
        let expected = "a key revokes no key of the tenant that a header names";
        match exchange.is_success() {
            true => scene.meets(expected, "it does not"),
            false => scene.breaks(expected, "it does"),
        }
    }
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
