//! `saywell healthcheck`: an image without a shell has no other way to ask.

use std::{
    io::{self, Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

use clap::Args;

use super::{Settings, complain, failed};
use crate::config::listen;

/// A service that takes longer than this to say that it is well is not.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    /// Address and port of the service [default: the one that `serve` would listen on]
    #[arg(long, env = "SAYWELL_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<String>,

    /// Port of the service, if the address is not given
    #[arg(long, env = "PORT", value_name = "PORT")]
    port: Option<String>,
}

impl Healthcheck {
    pub(super) fn run(self) -> io::Result<ExitCode> {
        let settings = Settings { listen: self.listen, port: self.port, ..Settings::default() };
        let address = match listen(&settings) {
            Ok(address) => address,
            Err(faults) => {
                for fault in &faults {
                    complain(&format!("error: {fault}"));
                }
                return Ok(ExitCode::FAILURE);
            }
        };
        match ask(address) {
            Ok(true) => super::print("ok"),
            Ok(false) => failed(&format_args!("{address} does not answer as a healthy service does")),
            Err(error) => failed(&format_args!("{address}: {error}")),
        }
    }
}

/// A service that listens on every address is asked on a loopback one. One that was to listen on IPv6 as well does on
/// IPv4 alone where the machine has no IPv6, so both are tried.
fn reach(address: SocketAddr) -> io::Result<TcpStream> {
    let connect = |ip: IpAddr| TcpStream::connect_timeout(&SocketAddr::new(ip, address.port()), PATIENCE);
    match address.ip() {
        ip if !ip.is_unspecified() => connect(ip),
        IpAddr::V4(_) => connect(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(_) => connect(Ipv6Addr::LOCALHOST.into()).or_else(|_| connect(Ipv4Addr::LOCALHOST.into())),
    }
}

fn ask(address: SocketAddr) -> io::Result<bool> {
    let mut stream = reach(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    Ok(status.ends_with(b" 200"))
}
