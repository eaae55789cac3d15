//! HTTPS: with a certificate made up on the spot, or with files of one's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// The names that a made-up certificate is good for. Sinjapp's tenants are hosts; those below `localhost` are named one
/// by one, because clients take no wildcard for all of a top-level name.
const NAMES: [&str; 6] = [
    "localhost",
    "acme.localhost",
    "other.localhost",
    "127.0.0.1",
    "::1",
    "*.sinjapp.org",
];

/// A certificate and its key, ready to serve HTTP/2 and HTTP/1.1.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    certificate_pem: String,
}

impl Tls {
    /// Makes up a certificate for this machine's loopback names. Clients have to be told to trust it:
    /// [`certificate_pem`](Self::certificate_pem). Its key is in memory only.
    ///
    /// # Errors
    /// If the system's cryptography refuses.
    pub fn self_signed() -> Result<Self, TlsError> {
        let made = rcgen::generate_simple_self_signed(NAMES.map(str::to_owned)).map_err(TlsError::Made)?;
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).map_err(|_| TlsError::NoKey)?;
        Self::new(vec![made.cert.der().clone()], key, made.cert.pem())
    }

    /// Reads a certificate chain and its key from PEM files.
    ///
    /// # Errors
    /// If a file cannot be read, holds no certificate or no key, or the two do not belong together.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let read = |path: &Path| {
            fs::read(path).map_err(|source| TlsError::File {
                path: path.to_owned(),
                source,
            })
        };
        let certificate_pem = read(certificate)?;
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&certificate_pem)
            .collect::<Result<_, _>>()
            .map_err(|_| TlsError::NoCertificate)?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|_| TlsError::NoKey)?;
        Self::new(chain, key, String::from_utf8_lossy(&certificate_pem).into_owned())
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        certificate_pem: String,
    ) -> Result<Self, TlsError> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(TlsError::Config)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            certificate_pem,
        })
    }

    /// The certificate, for clients to trust.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

/// Why there is no HTTPS.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// There is no certificate in the file.
    #[error("the certificate file holds no PEM certificate")]
    NoCertificate,
    /// There is no key in the file.
    #[error("the key file holds no PEM private key")]
    NoKey,
    /// Certificate and key cannot be used together.
    #[error("certificate and key cannot be used")]
    Config(#[source] rustls::Error),
    /// A certificate could not be made up.
    #[error("a certificate could not be made")]
    Made(#[source] rcgen::Error),
}
