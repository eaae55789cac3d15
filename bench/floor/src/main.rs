//! `keyway-floor`: a bare axum server, what the mock is measured against. It reads the body, looks at nothing and answers the
//! same bytes every time.
//!
//! A package of its own, so that axum's demands on the libraries below do not have everything built once more.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::routing::{MethodFilter, on};
use serde::Deserialize;

/// What is answered to a method and a path; a segment in braces stands for any.
#[derive(Deserialize)]
struct Canned {
    method: String,
    path: String,
    status: u16,
    media_type: String,
    body: String,
}

/// Serves until it is killed what a file says as JSON, and says where in one line of JSON.
fn main() -> anyhow::Result<()> {
    let answers = std::env::args_os().nth(1).context("name the file of answers")?;
    let answers: Vec<Canned> = serde_json::from_slice(&fs::read(answers)?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut router = Router::new();
        for canned in answers {
            let filter = MethodFilter::try_from(canned.method.parse::<axum::http::Method>()?)
                .context("a method that axum has no filter for")?;
            let status = StatusCode::from_u16(canned.status)?;
            let body = Bytes::from(canned.body);
            let media_type = canned.media_type;
            router = router.route(
                &canned.path,
                on(filter, async move |_asked: Bytes| {
                    (status, [(header::CONTENT_TYPE, media_type.clone())], body.clone())
                }),
            );
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let said = BTreeMap::from([("listen", listener.local_addr()?.to_string())]);
        println!("{}", serde_json::to_string(&said)?);
        axum::serve(listener, router).await?;
        Ok(())
    })
}
