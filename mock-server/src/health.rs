//! `keyway-mock healthcheck`: whether a server answers, for images without a shell and curl.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::settings::Scheme;

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks the server at an address how it is.
///
/// With HTTPS it only asks for a connection: to look at a certificate that was made up on the spot proves no more.
pub(crate) fn ask(address: SocketAddr, scheme: Scheme) -> anyhow::Result<()> {
    let silent = || format!("nobody answers at {address}");
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE).with_context(silent)?;
    if scheme == Scheme::Https {
        return Ok(());
    }
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let request = "GET /_keyway/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    connection.write_all(request.as_bytes()).with_context(silent)?;
    // The status line is all that counts.
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).with_context(silent)?;
    if &answer != b"HTTP/1.1 200" {
        bail!("what answers at {address} is no healthy keyway-mock");
    }
    Ok(())
}
