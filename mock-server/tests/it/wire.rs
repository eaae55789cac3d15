//! Clients that say exactly what a test has them say, byte by byte, in the clear and over TLS.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// More than an intact server takes, much less than any of its patiences.
pub(super) const SOON: Duration = Duration::from_secs(4);

/// What a client of HTTP/2 begins with: the preface and an empty SETTINGS frame (RFC 9113, 3.4).
pub(super) const HTTP_2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// `GET /`, in a HEADERS frame that ends stream 1: three names of HPACK's static table, and a host.
pub(super) const GET_2: &[u8] = b"\0\0\x0e\x01\x05\0\0\0\x01\x82\x84\x86\x41\x09localhost";

/// The same in HTTP/1.1.
pub(super) const GET_1: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// What stands in the body of a server of Dolfin to either.
pub(super) const A_BODY: &[u8] = b"\"status\"";

/// A connection, whatever is below it.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Security {
    Plain,
    Tls,
}

impl Security {
    pub(super) const BOTH: [Self; 2] = [Self::Plain, Self::Tls];
}

/// A connection to a server, given what it tells of itself, on which `protocol` may be spoken.
pub(super) async fn connect(said: &serde_json::Value, protocol: &str) -> Box<dyn Stream> {
    let listen = said["listen"].as_str().expect("an address");
    let plain = TcpStream::connect(listen).await.expect("a connection");
    let Some(pem) = said["certificate_pem"].as_str() else {
        return Box::new(plain);
    };
    let mut trusted = rustls::RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM");
    trusted.add(certificate).expect("a certificate");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(trusted)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let name = ServerName::try_from("localhost").expect("a name");
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    Box::new(connector.connect(name, plain).await.expect("a handshake"))
}

pub(super) async fn say(stream: &mut Box<dyn Stream>, bytes: &[u8]) {
    stream.write_all(bytes).await.expect("sent");
    stream.flush().await.expect("sent");
}

/// Reads until the bytes have come; everything that came.
pub(super) async fn hear(stream: &mut Box<dyn Stream>, awaited: &[u8]) -> Vec<u8> {
    let mut heard = Vec::new();
    let reading = async {
        while !heard.windows(awaited.len()).any(|bytes| bytes == awaited) {
            let more = stream.read_buf(&mut heard).await.expect("bytes");
            assert!(
                more > 0,
                "it broke off after {:?}",
                String::from_utf8_lossy(&heard)
            );
        }
    };
    timeout(SOON, reading).await.expect("it says something");
    heard
}
