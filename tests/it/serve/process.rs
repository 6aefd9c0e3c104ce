//! Starting and stopping `tagline serve`: ports, wrong folders and Ctrl-C.

use std::net::{Ipv4Addr, TcpListener};

use crate::support::Site;
use crate::support::server::Server;

#[test]
fn another_port_is_used_if_the_default_is_in_use() {
    // If another program uses the port already, the test works just as well.
    let _held = TcpListener::bind((Ipv4Addr::LOCALHOST, 4000));
    let site = Site::new();
    let server = Server::start(&site, &["serve"]);
    assert!((4001..=4020).contains(&server.address.port()), "{}", server.address);
    let output = server.stdout();
    assert!(output.contains(&format!("serving http://{}/ (port 4000 is in use); ", server.address)), "{output}");
    assert!(
        output.contains(&format!("overview: http://{}/__tagline/; press Ctrl-C to stop", server.address)),
        "{output}"
    );
    server.get("/prices/").ok();
}

#[test]
fn requested_port_in_use_is_a_failure() {
    let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = held.local_addr().unwrap().port().to_string();
    let run = Site::new().run(&["serve", "--port", &port]).failed(2);
    assert_eq!(run.stderr, format!("error: port {port} is in use; choose another one with `--port`\n"));
    assert_eq!(run.stdout, "");
}

#[test]
fn missing_folder_is_a_failure() {
    let site = Site::new();
    let run = site.finish(site.undated(&["serve", "--port", "0"]).args(["--root", "nowhere-at-all"]));
    assert_eq!(run.code, Some(2), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_the_server_even_with_open_event_streams() {
    let site = Site::new();
    let mut server = site.serve();
    let mut streams: Vec<_> = (0..3).map(|_| server.listen("/prices/")).collect();
    for events in &mut streams {
        events.next().unwrap();
    }
    let began = std::time::Instant::now();
    assert_eq!(server.interrupt().code(), Some(0));
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    assert!(streams[0].next().is_none());
    assert_eq!(server.stderr(), "");
}
