//! What the log says at its finest, of this crate and of those beneath it: what was called and what came of it, and no secret.

use std::{
    io,
    sync::{Arc, Mutex},
};

use keyway::{ErrorKind, Occasion, Options, Secret, Upload, Vendor, reten, sinjapp};
use keyway_mock::{MockServer, WorldHandle};
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

use crate::{
    canned::{Canned, answer},
    clients::{self, CREDENTIAL, ISSUED},
    keys_log, played,
};

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn the_log_tells_of_every_call_and_shows_no_secret() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .with_span_events(FmtSpan::FULL);
    // Dependencies that speak `log` are heard too.
    subscriber.init();
    let mut secrets = vec![CREDENTIAL.to_owned(), ISSUED.to_owned()];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(async {
        creations().await;
        sessions().await;
        repeats().await;
        failures().await;
    });
    // The server has a clock of its own, so time goes as usual here.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    secrets.extend(runtime.block_on(over_http2()));
    let of_keys = runtime.block_on(keys_log::everything());

    let text = log.text();
    for told in [
        r#"vendor="reten""#,
        r#"operation="create_api_key""#,
        "attempt=2",
        "attempts=2",
        "status=201",
        "milliseconds=",
        "making the call again vendor=",
        "reason=Refused(503)",
        "making the call again with another credential vendor=",
        "answered in part",
    ] {
        assert!(text.contains(told), "the log does not say {told}");
    }
    for beneath in ["hyper_util::client", "reqwest::", "h2::"] {
        assert!(text.contains(beneath), "{beneath} was not heard");
    }
    for secret in &secrets {
        let line = text.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "{secret}");
    }
    for trace in of_keys.iter().flat_map(|secret| keys_log::traces(secret)) {
        let line = text.lines().find(|line| line.contains(&trace));
        assert_eq!(line, None, "{trace}");
    }
}

/// Every vendor makes a key.
async fn creations() {
    let server = Canned::answer(201, &[JSON], &clients::created::sinjapp()).await;
    let client = clients::sinjapp(&server);
    client.create_api_key(&clients::sinjapp_key()).await.unwrap();
    let form = sinjapp::types::SendMessageForm {
        media: Some(Upload::new(ISSUED, "logo.png", "image/png")),
        ..sinjapp::types::SendMessageForm::new("+201000000000", sinjapp::types::MessageType::Image)
    };
    let sent = client.send_message_multipart(form).await;
    assert_ne!(
        sent.map_or_else(|error| error.kind(), |_| ErrorKind::Other),
        ErrorKind::Transport
    );
    let server = Canned::answer(201, &[JSON], &clients::created::reten()).await;
    let created = clients::reten(&server)
        .create_api_key(&clients::reten_key(), &Default::default())
        .await;
    created.unwrap();
    let server = Canned::answer(201, &[JSON], &clients::created::dolfin()).await;
    clients::dolfin(&server)
        .create_api_key(&clients::dolfin_key())
        .await
        .unwrap();
    let server = Canned::answer(200, &[JSON], &clients::created::b3os()).await;
    let created = clients::b3os(&server)
        .create_api_key(&clients::b3os_key(), &Default::default())
        .await;
    created.unwrap();
}

/// A password goes out, a token and a cookie come back, and the cookie goes out again.
async fn sessions() {
    let cookie = format!("refreshToken={ISSUED}; HttpOnly; Path=/");
    let tokens = format!(r#"{{"accessToken": "{ISSUED}"}}"#);
    let server = Canned::answer(200, &[JSON, ("set-cookie", &cookie)], &tokens).await;
    let client = clients::reten(&server);
    let login = reten::types::LoginRequest {
        identifier: "admin".to_owned(),
        password: Secret::from(CREDENTIAL),
    };
    client.login(&login).await.unwrap();
    client.refresh().await.unwrap();
    assert_eq!(
        server.last_request().header("cookie"),
        Some(&*format!("refreshToken={ISSUED}"))
    );
}

/// A call is made again, once after a failure and once with another credential.
async fn repeats() {
    let server = Canned::sequence(vec![answer(503, &[], ISSUED), answer(200, &[JSON], "{}")]).await;
    clients::sinjapp(&server).get_usage().await.unwrap();

    let server = Canned::sequence(vec![answer(401, &[], ISSUED), answer(200, &[JSON], "{}")]).await;
    let credentials = sinjapp::Credentials::api_key_from(|occasion: Occasion| async move {
        let other = format!("{CREDENTIAL}-{occasion:?}");
        Ok::<_, io::Error>(Secret::from(other))
    });
    let client = sinjapp::Client::new(&server.base_url, credentials).unwrap();
    client.get_usage().await.unwrap();
    assert_eq!(server.count(), 2);
}

/// Answers that repeat what they were sent, break off, or are no answers.
async fn failures() {
    let cut = format!(
        "HTTP/1.1 201 \r\nx-echo: {ISSUED}\r\ncontent-length: 999\r\n\r\n{{\"plain_text_key\": \"{ISSUED}"
    );
    let echo = answer(
        422,
        &[JSON],
        &format!(r#"{{"message": "{CREDENTIAL}", "errors": {{"a": ["{ISSUED}"]}}}}"#),
    );
    let page = answer(
        503,
        &[("x-request-id", "r-1")],
        &format!("<html>{CREDENTIAL}</html>"),
    );
    let wrong = answer(
        201,
        &[JSON],
        &format!(r#"{{"data": {{"id": "{ISSUED}"}}, "plain_text_key": "{ISSUED}"}}"#),
    );
    let nonsense = format!("{ISSUED}\r\n\r\n");
    for failure in [cut, echo, page, wrong, nonsense] {
        let server = Canned::raw(failure).await;
        let client = clients::sinjapp(&server);
        client.create_api_key(&clients::sinjapp_key()).await.unwrap_err();
        client
            .lookup_contact(ISSUED, &Default::default())
            .await
            .unwrap_err();
    }
}

/// A client whose every request goes over HTTP/2.
fn over_http2_options() -> Options {
    let http = reqwest::Client::builder()
        .http2_prior_knowledge()
        .build()
        .unwrap();
    Options::new().http(http)
}

/// Keys that a server really issues; h2 writes down every frame.
async fn over_http2() -> Vec<String> {
    let server = MockServer::start().await;
    let world: &WorldHandle = &server;
    let mut secrets = vec![];
    for &vendor in Vendor::ALL {
        let access = world.access(played::mocked(vendor));
        let (_, admin) = access.credentials.admin.split_once(':').unwrap();
        secrets.push(admin.to_owned());
    }
    let access = world.access(keyway_mock::Vendor::Sinjapp);
    let (_, admin) = access.credentials.admin.split_once(':').unwrap();
    let credentials = sinjapp::Credentials::api_key(admin);
    let client = sinjapp::Client::with_options(&access.base_url, credentials, &over_http2_options()).unwrap();
    let created = client.create_api_key(&clients::sinjapp_key()).await.unwrap();
    secrets.push(created.plain_text_key.expose_secret().to_owned());
    let holder = client
        .with_credentials(sinjapp::Credentials::api_key(created.plain_text_key))
        .unwrap();
    holder.get_tenant_context().await.unwrap();

    let access = world.access(keyway_mock::Vendor::Reten);
    let (_, admin) = access.credentials.admin.split_once(':').unwrap();
    let credentials = reten::Credentials::bearer(admin).tenant(&access.tenant);
    let client = reten::Client::with_options(&access.base_url, credentials, &over_http2_options()).unwrap();
    let key = reten::types::CreateApiKeyRequest::new("test", vec!["VIEW_ACTIVITIES".to_owned()]);
    let created = client.create_api_key(&key, &Default::default()).await.unwrap();
    secrets.push(created.secret().unwrap().expose_secret().to_owned());
    secrets
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
