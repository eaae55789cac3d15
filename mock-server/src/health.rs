//! `keyway-mock healthcheck`: whether a server answers, for images without a shell and curl.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Error, anyhow, bail};

use crate::settings::Scheme;

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a TLS record begins with that refuses a connection (RFC 8446, 5.1).
const TLS_ALERT: u8 = 21;

/// Asks the server at an address how it is.
///
/// With HTTPS it only asks for a connection: to look at a certificate that was made up on the spot proves no more.
pub(crate) fn ask(address: SocketAddr, scheme: Scheme) -> anyhow::Result<()> {
    let silent = |error| match error {
        // What a read past its time limit is called differs between systems.
        error if is_over(&error) => anyhow!("nobody answers at {address} within {} s", PATIENCE.as_secs()),
        error => Error::new(error).context(format!("nobody answers at {address}")),
    };
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE).map_err(silent)?;
    if scheme == Scheme::Https {
        return Ok(());
    }
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let request = "GET /_keyway/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    connection.write_all(request.as_bytes()).map_err(silent)?;
    // The status line is all that counts.
    let mut answer = [0; 12];
    connection.read_exact(&mut answer[..1]).map_err(silent)?;
    if answer[0] == TLS_ALERT {
        bail!("what answers at {address} speaks TLS; ask https://{address}");
    }
    connection.read_exact(&mut answer[1..]).map_err(silent)?;
    if &answer != b"HTTP/1.1 200" {
        bail!("what answers at {address} is no healthy keyway-mock");
    }
    Ok(())
}

fn is_over(error: &io::Error) -> bool {
    [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut].contains(&error.kind())
}
