//! Counts the connections of each computer in the network, so that one of them cannot use up all connections. Programs on
//! this computer cannot be told apart, and have no limit of their own.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use crate::sync;

/// Connections of another computer at the same time. Browsers open six for each profile, and one more for each open page.
const MAX_PER_PEER: usize = 128;

/// The number of connections of each computer.
#[derive(Clone, Default)]
pub struct Peers {
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One connection. It is counted until it is dropped.
pub struct PeerConnection {
    peers: Peers,
    peer: IpAddr,
}

impl Peers {
    /// Counts a connection. Returns `None` if another computer has too many.
    pub fn connect(&self, peer: IpAddr) -> Option<PeerConnection> {
        let mut counts = sync::lock(&self.counts);
        let count = counts.entry(peer).or_insert(0);
        if *count >= MAX_PER_PEER && !peer.to_canonical().is_loopback() {
            return None;
        }
        *count += 1;
        Some(PeerConnection { peers: self.clone(), peer })
    }
}

impl Drop for PeerConnection {
    fn drop(&mut self) {
        let mut counts = sync::lock(&self.peers.counts);
        if let Some(count) = counts.get_mut(&self.peer) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn computer_with_too_many_connections_is_refused_until_one_ends() {
        let peers = Peers::default();
        let (one, other) = (IpAddr::from(Ipv4Addr::new(10, 0, 0, 1)), IpAddr::from(Ipv4Addr::new(10, 0, 0, 2)));
        let mut connections: Vec<_> = std::iter::from_fn(|| peers.connect(one)).collect();
        assert_eq!(connections.len(), MAX_PER_PEER);
        assert!(peers.connect(other).is_some());
        connections.pop();
        assert!(peers.connect(one).is_some());
        connections.clear();
        let own: Vec<_> = (0..2 * MAX_PER_PEER).map(|_| peers.connect(Ipv4Addr::LOCALHOST.into())).collect();
        assert!(own.iter().all(Option::is_some));
        drop(own);
        assert!(sync::lock(&peers.counts).is_empty());
    }
}
