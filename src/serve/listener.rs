//! The listening socket: finds a free port, and accepts connections with limits.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use super::peers::Peers;
use super::timed_stream::TimedStream;

/// The default port.
pub const PORT: u16 = 4000;
/// Number of following ports to try if the default port is in use.
const MORE_PORTS: u16 = 20;
/// Connections open at the same time; further ones wait.
const MAX_CONNECTIONS: usize = 512;
/// Time limit for receiving the headers of a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Time limit for a client to accept more of a response.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// Listens on the requested port, or on the first free one from [`PORT`] on.
///
/// # Errors
///
/// If the port is in use, or cannot be listened on.
pub fn listen(host: IpAddr, port: Option<u16>) -> anyhow::Result<TcpListener> {
    if let Some(port) = port {
        return TcpListener::bind((host, port)).map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => anyhow::anyhow!("port {port} is in use; choose another one with `--port`"),
            _ => anyhow::Error::new(error).context(format!("cannot listen on {host}, port {port}")),
        });
    }
    for port in PORT..=PORT + MORE_PORTS {
        match TcpListener::bind((host, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => {
                return Err(anyhow::Error::new(error).context(format!("cannot listen on {host}, port {port}")));
            }
        }
    }
    anyhow::bail!("ports {PORT} to {} are in use; choose another one with `--port`", PORT + MORE_PORTS)
}

/// Returns the host and port that browsers use: `127.0.0.1:4000`. If the server listens on all addresses, this is the
/// computer's address in its network.
pub fn authority(address: SocketAddr) -> String {
    let ip = if address.ip().is_unspecified() { network_address(address.ip()) } else { address.ip() };
    match address.port() {
        80 if ip.is_ipv6() => format!("[{ip}]"),
        80 => ip.to_string(),
        port => SocketAddr::new(ip, port).to_string(),
    }
}

/// Returns the local address of a route to another host. Connecting a UDP socket sends nothing; the peers are from
/// the ranges reserved for documentation (RFC 5737, RFC 3849).
fn network_address(unspecified: IpAddr) -> IpAddr {
    let (peer, loopback): (&str, IpAddr) = match unspecified {
        IpAddr::V4(_) => ("192.0.2.1:9", Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(_) => ("[2001:db8::1]:9", Ipv6Addr::LOCALHOST.into()),
    };
    let local = UdpSocket::bind((unspecified, 0)).and_then(|socket| {
        socket.connect(peer)?;
        socket.local_addr()
    });
    local.map_or(loopback, |address| address.ip())
}

/// Accepts connections until the runtime shuts down.
pub async fn accept(listener: TcpListener, router: Router) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let peers = Peers::default();
    loop {
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { return };
        let Ok((stream, peer)) = listener.accept().await else {
            // Probably too many open files. Some are closed soon.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let Some(connection) = peers.connect(peer.ip()) else { continue };
        let service = router.clone().map_request(move |mut request: axum::http::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request.map(Body::new)
        });
        tokio::spawn(async move {
            // HTTP/1 only: detecting the version would wait for bytes without a time limit.
            let mut builder = Builder::new(TokioExecutor::new()).http1_only();
            builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
            // Browsers close connections at any time. That is not an error.
            let stream = TokioIo::new(TimedStream::new(stream, WRITE_TIMEOUT));
            let _ = builder.serve_connection(stream, TowerToHyperService::new(service)).await;
            drop((permit, connection));
        });
    }
}
