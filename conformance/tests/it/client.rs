//! What the catalogue leaves to the clients and to the mock: creates are not repeated, and the mock's keys say what they are.

use keyway::{b3os, dolfin, reten, sinjapp};
use keyway_mock::{Effect, Fault, MockServer};
use keyway_openapi::Vendor;

/// A mock that carries out every create and answers none.
async fn silent_about_creates(vendor: Vendor) -> MockServer {
    let server = MockServer::builder().vendor(vendor).start().await.unwrap();
    for effect in [Effect::ResetAfterCommit, Effect::Status(503)] {
        let fault = Fault {
            operation: Some("createApiKey".to_owned()),
            ..Fault::new(effect)
        };
        server.inject(fault).unwrap();
    }
    server
}

/// The value of a ready-made credential without its scheme.
fn bare(credential: &str) -> String {
    credential.split_once(':').unwrap().1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_client_repeats_a_create_by_itself() {
    for vendor in Vendor::PLAYED {
        let server = silent_about_creates(vendor).await;
        let access = server.access(vendor);
        let (base, admin) = (access.base_url.as_str(), bare(&access.credentials.admin));
        let failed = match vendor {
            Vendor::Sinjapp => {
                let client = sinjapp::Client::new(base, sinjapp::Credentials::api_key(admin)).unwrap();
                let request = sinjapp::types::CreateApiKeyRequest::new("once".to_owned());
                client.create_api_key(&request).await.is_err()
            }
            Vendor::Reten => {
                let credentials = reten::Credentials::bearer(admin).tenant(&access.tenant);
                let client = reten::Client::new(base, credentials).unwrap();
                let request = reten::types::CreateApiKeyRequest {
                    name: "once".to_owned(),
                    permissions: vec!["view_activities".to_owned()],
                    expires_at: None,
                };
                client
                    .create_api_key(&request, &Default::default())
                    .await
                    .is_err()
            }
            Vendor::Dolfin => {
                let client = dolfin::Client::new(base, dolfin::Credentials::api_key(admin)).unwrap();
                let request = dolfin::types::CreateApiKeyRequest {
                    name: Some("once".to_owned()),
                    expires_at: None,
                };
                client.create_api_key(&request).await.is_err()
            }
            Vendor::B3os => {
                let client = b3os::Client::new(base, b3os::Credentials::bearer(admin)).unwrap();
                let request = b3os::types::CreateApiKeyParams::new("once".to_owned());
                client
                    .create_api_key(&request, &Default::default())
                    .await
                    .is_err()
            }
            other => crate::unwritten(other),
        };
        assert!(failed, "{vendor}");
        server.journal().calls("createApiKey").expect(1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_the_mock_say_so_or_are_told_by_their_marks() {
    for vendor in Vendor::PLAYED {
        let server = MockServer::builder().vendor(vendor).start().await.unwrap();
        let key = server.key(vendor).create().await.unwrap();
        let secret = key.secret();
        match vendor {
            // Nothing but hexadecimal digits may follow the mark, and no word can be written with them.
            Vendor::Reten => assert!(secret.starts_with("rtn_sk_") && secret.len() == 63),
            _ => assert!(secret.contains("mock"), "{vendor}"),
        }
    }
}
