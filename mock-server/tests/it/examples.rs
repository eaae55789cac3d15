//! Every operation of every vendor is answered: by what is played, by an example, or with the reason why there is none.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use keyway_mock::{CheckAnswers, MockServer, Vendor};
use keyway_openapi::{Location, Operation, SecurityScheme};
use reqwest::{Client, Method, RequestBuilder, StatusCode};

/// The credential in every place where the operation takes one.
fn signed(
    mut request: RequestBuilder,
    vendor: Vendor,
    operation: &Operation,
    credential: &str,
) -> RequestBuilder {
    let (form, secret) = credential.split_once(':').expect("a form");
    let names = operation
        .security()
        .iter()
        .flat_map(|alternative| alternative.schemes());
    for (name, _) in names {
        request = match vendor.contract().security_scheme(name) {
            Some(SecurityScheme::ApiKey {
                location: Location::Query,
                name,
            }) => request.query(&[(name, secret)]),
            Some(SecurityScheme::ApiKey {
                location: Location::Cookie,
                name,
            }) => request.header("cookie", format!("{name}={secret}")),
            Some(SecurityScheme::ApiKey { name, .. }) => request.header(name, secret),
            _ if form == "basic" => request.header(
                "authorization",
                format!("Basic {}", BASE64_STANDARD.encode(secret)),
            ),
            _ => request.header("authorization", format!("Bearer {secret}")),
        };
    }
    request
}

#[tokio::test]
async fn no_operation_of_any_vendor_example_or_not_breaks_the_mock_or_the_contract() {
    let server = MockServer::builder()
        .check_answers(CheckAnswers::Yes)
        .start()
        .await
        .unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    for vendor in Vendor::ALL {
        let access = server.access(vendor);
        for operation in vendor.contract().operations() {
            let template = operation.full_path();
            let path = template.split('{').map(|part| match part.split_once('}') {
                Some((_, rest)) => format!("1{rest}"),
                None => part.to_owned(),
            });
            let url = format!("{}{}", access.base_url, path.collect::<String>());
            let method: Method = operation.method().parse().unwrap();
            let ask = || {
                client
                    .request(method.clone(), &url)
                    .header("content-type", "application/json")
                    .body("{}")
            };
            let place = format!("{vendor} {}", operation.id());

            let anonymous = ask().send().await.unwrap().status();
            assert!(
                !anonymous.is_server_error() || anonymous == StatusCode::NOT_IMPLEMENTED,
                "{place}: {anonymous}"
            );
            let is_open = operation
                .security()
                .iter()
                .any(|one| one.schemes().next().is_none());
            if !Vendor::PLAYED.contains(&vendor) && !operation.security().is_empty() && !is_open {
                assert_eq!(anonymous, StatusCode::UNAUTHORIZED, "{place}");
            }

            let signed = signed(ask(), vendor, operation, &access.credentials.admin);
            let answer = signed.send().await.unwrap().status();
            assert!(
                !answer.is_server_error() || answer == StatusCode::NOT_IMPLEMENTED,
                "{place}: {answer}"
            );
            if !Vendor::PLAYED.contains(&vendor) {
                assert_ne!(answer, StatusCode::UNAUTHORIZED, "{place}");
            }
        }
    }
}
