//! A vendor beside other mocks in a `wiremock::MockServer`.

use std::sync::Arc;

use bytes::Bytes;
use futures::executor::block_on;
use keyway_openapi::Vendor;
use wiremock::{Request, Respond, ResponseTemplate};

use crate::access::Access;
use crate::call::Origin;
use crate::clock::Clock;
use crate::dialect::Seeded;
use crate::mock::Mock;
use crate::seed::{PrincipalBuilder, SeedKeyBuilder};
use crate::world::{Beginning, World};
use crate::worlds::way_in;

/// A vendor as a [`Respond`]: mount it on the paths of the vendor. Clones play in the same world, whose methods they
/// have by dereference: clock, faults, journal, snapshots.
///
/// ```
/// use keyway_mock::Vendor;
/// use keyway_mock::adapters::wiremock::Player;
/// use wiremock::matchers::path_regex;
/// use wiremock::{Mock, MockServer};
///
/// # #[tokio::main] async fn main() {
/// let server = MockServer::start().await;
/// let b3os = Player::new(Vendor::B3os);
/// Mock::given(path_regex("^/v1/")).respond_with(b3os.clone()).mount(&server).await;
///
/// let access = b3os.access(&server.uri());
/// let key = access.credentials.admin.trim_start_matches("bearer:");
/// let answer = reqwest::Client::new()
///     .get(format!("{}/v1/organizations", access.base_url))
///     .bearer_auth(key)
///     .send().await.unwrap();
/// assert_eq!(answer.status(), 200);
/// b3os.journal().calls("listOrganizations").expect(1);
/// # }
/// ```
///
/// # Limitations
///
/// wiremock answers one request after the other, so races between requests cannot be tried through it, and an answer
/// always leaves whole: of the faults, those of the wire (a slow or truncated body, a reset) need a
/// [`MockServer`](crate::MockServer). Here they are answered with 501 and the reason.
#[derive(Clone, Debug)]
pub struct Player {
    vendor: Vendor,
    world: Arc<World>,
    seeded: Arc<Seeded>,
}

impl Player {
    /// A vendor in a world of its own.
    #[must_use]
    pub fn new(vendor: Vendor) -> Self {
        let (beginning, clock) = (Beginning::default(), Clock::default());
        // In memory nothing waits, so this ends at its first step.
        let (_, seeded) = block_on(Mock::new(vendor, &clock, None, &beginning.seals, None));
        let world = World::new(beginning, clock);
        Self {
            vendor,
            world: Arc::new(world),
            seeded: Arc::new(seeded),
        }
    }

    /// The way in, given where the wiremock server is: its `uri()`.
    #[must_use]
    pub fn access(&self, server: &str) -> Access {
        way_in(&self.seeded, server, "")
    }

    /// A principal of one's own to be made: a user, or a key where users do not sign in.
    pub fn principal(&self) -> PrincipalBuilder<'_> {
        PrincipalBuilder::new(&self.world, self.vendor)
    }

    /// A key to be made directly: with any grants, and with any end, so that it can be expired at once.
    pub fn seed_key(&self) -> SeedKeyBuilder<'_> {
        SeedKeyBuilder::new(&self.world, self.vendor)
    }
}

impl std::ops::Deref for Player {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl Respond for Player {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().to_owned();
        let mut head = http::Request::new(Bytes::new());
        *head.method_mut() = request.method.clone();
        *head.headers_mut() = request.headers.clone();
        if let Ok(target) = request.url[url::Position::BeforePath..url::Position::AfterQuery].parse() {
            *head.uri_mut() = target;
        }
        let visit = self.world.receive(self.vendor, head, &path, Origin::default());
        let body = Bytes::copy_from_slice(&request.body);
        let (response, delivery) = block_on(visit.answer(Ok(body)));
        if delivery.manner != crate::delivery::Manner::Whole {
            return of_the_wire();
        }
        let mut template = ResponseTemplate::new(response.status().as_u16()).set_delay(delivery.delay);
        for (name, value) in response.headers() {
            template = template.append_header(name, value);
        }
        // `set_body_bytes` sets no content type of its own, so the vendor's stays.
        template.set_body_bytes(response.into_body().to_vec())
    }
}

/// The answer instead of what wiremock cannot do.
fn of_the_wire() -> ResponseTemplate {
    ResponseTemplate::new(501).set_body_string("this fault is one of the wire and needs keyway's own server")
}
