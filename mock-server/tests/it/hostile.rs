//! Requests that nobody has thought of: a 4xx or the right answer, never a panic, a hang or a 5xx, nor an answer that
//! breaks the contract.
//!
//! The seed is fixed: what fails once fails again. `PROPTEST_CASES=100000` tries more, `PROPTEST_RNG_SEED=7` others.

mod bytes;
mod control;
mod json;
mod line;
mod panics;
mod requests;

use std::net::SocketAddr;

use keyway_mock::{CheckAnswers, MockServer, Vendor};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use tokio::runtime::Runtime;

use line::Line;
use requests::Asked;

/// Runs a test on so many cases.
fn try_all<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), String>) {
    let asked_for = Config::default();
    let config = Config {
        cases: match std::env::var_os("PROPTEST_CASES") {
            Some(_) => asked_for.cases,
            None => cases,
        },
        rng_seed: match asked_for.rng_seed {
            RngSeed::Random => RngSeed::Fixed(7),
            fixed => fixed,
        },
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..asked_for
    };
    let before = panics::seen();
    TestRunner::new(config)
        .run(strategy, |case| {
            test(case).map_err(TestCaseError::fail)?;
            match panics::seen() == before {
                true => Ok(()),
                false => Err(TestCaseError::fail("the server panicked")),
            }
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// A server of all vendors, which holds its own answers against the contracts.
fn serve(runtime: &Runtime) -> MockServer {
    let builder = MockServer::builder().check_answers(CheckAnswers::Yes);
    runtime.block_on(builder.start()).expect("a server")
}

fn is_bearable(vendor: Vendor) {
    let runtime = panics::watched();
    let server = serve(&runtime);
    let address = server.address();
    let requests = requests::to(vendor, &server.access(vendor));
    try_all(150, &requests, |asked| {
        let world = server.world();
        let base_url = world.access(vendor).base_url;
        let root = base_url
            .strip_prefix(&server.root())
            .expect("below the server's root");
        runtime.block_on(are_answered(address, root, &asked))
    });
}

/// Sends requests one after the other; each has an answer, and none that blames the server.
async fn are_answered(address: SocketAddr, root: &str, asked: &[Asked]) -> Result<(), String> {
    let mut line = Line::to(address);
    for request in asked {
        let what = || format!("{} {}", request.method, request.target);
        let answer = line.ask(&request.bytes(root), &request.method).await;
        let answer = answer.map_err(|error| format!("{}: {error}", what()))?;
        if !(200..500).contains(&answer.status) {
            let said = String::from_utf8_lossy(&answer.body);
            return Err(format!("{}: {} {said}", what(), answer.head));
        }
    }
    Ok(())
}

#[test]
fn sinjapp_bears_every_request() {
    is_bearable(Vendor::Sinjapp);
}

#[test]
fn reten_bears_every_request() {
    is_bearable(Vendor::Reten);
}

#[test]
fn dolfin_bears_every_request() {
    is_bearable(Vendor::Dolfin);
}

#[test]
fn b3os_bears_every_request() {
    is_bearable(Vendor::B3os);
}
