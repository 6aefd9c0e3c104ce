//! Raw hostile requests to `tagline serve`. None may succeed, and the server must still answer after each.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::server::{Events, Response, Server, TIMEOUT, wait_for};
use crate::support::{CAMPAIGN_TEXT, SITE_TEXT, Site};

/// A text in every file that must not be served.
const SECRET: &str = "KEEP-THIS-HOME";

/// A site with secrets in its sources, next to it, and in files of its folder that are not part of the site.
fn site_with_secrets() -> Site {
    let site = Site::new()
        .file("site.yaml", &format!("{SITE_TEXT}# {SECRET}\n"))
        .file("content/spring/index.md", &CAMPAIGN_TEXT.replace("ctas:\n", &format!("# {SECRET}\nctas:\n")))
        .file("content/spring/sales.md", &format!("# Say\n\n{SECRET}\n"))
        .file("content/spring/guide.pdf", &format!("%PDF-1.7 {SECRET}"))
        .file("content/spring/unused.txt", SECRET)
        .file("static/open.txt", "for everybody")
        .file(".git/config", SECRET)
        .file(".env", SECRET)
        .file("notes.txt", SECRET)
        .file("public/index.html", SECRET)
        .file("sales/index.html", SECRET);
    fs::write(site.root().with_file_name("outside.txt"), SECRET).unwrap();
    site
}

/// How a request is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rejection {
    /// With this status.
    With(u16),
    /// As invalid HTTP: 400, or the connection is closed.
    Unreadable,
    /// Too large: 4xx, or the connection is closed before the end.
    TooLarge,
}

use Rejection::{TooLarge, Unreadable, With};

struct Hostile {
    name: String,
    bytes: Vec<u8>,
    rejection: Rejection,
}

fn hostile(name: impl Into<String>, bytes: impl Into<Vec<u8>>, rejection: Rejection) -> Hostile {
    Hostile { name: name.into(), bytes: bytes.into(), rejection }
}

/// A request with a hostile path.
fn request_for_path(target: &str, rejection: Rejection, host: &str) -> Hostile {
    hostile(
        format!("GET {target}"),
        format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        rejection,
    )
}

/// A request with these headers and a correct `Host`.
fn request_with_headers(
    method_and_target: &str,
    headers: &[&str],
    body: &str,
    rejection: Rejection,
    host: &str,
) -> Hostile {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let bytes = format!("{method_and_target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n{body}");
    hostile(format!("{method_and_target} {headers:?}"), bytes, rejection)
}

fn paths(host: &str) -> Vec<Hostile> {
    let missing = [
        // Paths out of the site, in every notation.
        "/../outside.txt",
        "/../../../../../../etc/passwd",
        "/spring/../../outside.txt",
        "/%2e%2e/outside.txt",
        "/%2e%2e%2foutside.txt",
        "/..%2foutside.txt",
        "/.%2e/outside.txt",
        "/%252e%252e%252foutside.txt",
        "/..%252f..%252foutside.txt",
        "/..%5coutside.txt",
        "/..\\outside.txt",
        "/%5c..%5coutside.txt",
        "/....//outside.txt",
        "/..;/outside.txt",
        "/%c0%ae%c0%ae/outside.txt",
        "/%e0%80%ae%e0%80%ae/outside.txt",
        "/%uff0e%uff0e/outside.txt",
        "/%ef%bc%8e%ef%bc%8e/outside.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "//evil.example/",
        "/file:///etc/passwd",
        "/C:/Windows/win.ini",
        "/open.txt%00.html",
        "/%00",
        "/open.txt/",
        "/open.txt/..",
        "/open.txt%0d%0aset-cookie:a=b",
        "/.",
        "/..",
        "/./open.txt",
        "/prices/%2e/",
        // Files in the site's folder that are not part of the site.
        "/.git/config",
        "/.env",
        "/site.yaml",
        "/content/spring/index.md",
        "/content/spring/sales.md",
        "/spring/index.md",
        "/spring/sales.md",
        "/sales.md",
        "/lead-tags.csv",
        "/notes.txt",
        "/public/index.html",
        "/sales/index.html",
        "/static/open.txt",
        "/themes/launch/landing.html",
        // A gated file under its plain name, a file that no page names, and the folder of gated files.
        "/spring/guide.pdf",
        "/spring/unused.txt",
        "/get/",
        // Below the server's own paths.
        "/__tagline/nothing",
        "/__tagline/../site.yaml",
        "/__tagline/%2e%2e/site.yaml",
        "/__tagline/desk/../../site.yaml",
        "/__tagline/desk/..%2f..%2fsite.yaml",
        "/__tagline/desk/%2e%2e/%2e%2e/site.yaml",
        "/__tagline/desk/..%5c..%5csite.yaml",
        "/__tagline/desk/%2fetc%2fpasswd",
        "/__tagline/desk//etc/passwd",
        "/__tagline/desk/materials/../../site.yaml",
        "/__tagline/live.js/../../site.yaml",
    ];
    missing.iter().map(|target| request_for_path(target, With(404), host)).collect()
}

fn hosts(host: &str, port: u16) -> Vec<Hostile> {
    let get = |name: &str, head: &str| hostile(name, format!("{head}\r\nConnection: close\r\n\r\n"), With(403));
    vec![
        get("a foreign host", "GET /prices/ HTTP/1.1\r\nHost: evil.example"),
        get("a foreign host with this port", &format!("GET /prices/ HTTP/1.1\r\nHost: evil.example:{port}")),
        get("a host that ends in ours", &format!("GET /prices/ HTTP/1.1\r\nHost: {host}.evil.example:{port}")),
        get("a host with a user", &format!("GET /prices/ HTTP/1.1\r\nHost: evil.example@{host}")),
        get("localhost as a subdomain", &format!("GET /prices/ HTTP/1.1\r\nHost: evil.localhost:{port}")),
        get("another port", "GET /prices/ HTTP/1.1\r\nHost: 127.0.0.1:1"),
        get("no port", "GET /prices/ HTTP/1.1\r\nHost: 127.0.0.1"),
        get("an address of the network", &format!("GET /prices/ HTTP/1.1\r\nHost: 192.168.1.5:{port}")),
        get("an address in another spelling", &format!("GET /prices/ HTTP/1.1\r\nHost: 2130706433:{port}")),
        get("an empty host", "GET /prices/ HTTP/1.1\r\nHost: "),
        get("two hosts, ours first", &format!("GET /prices/ HTTP/1.1\r\nHost: {host}\r\nHost: evil.example")),
        get("two hosts, ours last", &format!("GET /prices/ HTTP/1.1\r\nHost: evil.example\r\nHost: {host}")),
        get("two hosts, both ours", &format!("GET /prices/ HTTP/1.1\r\nHost: {host}\r\nHost: {host}")),
        get("two hosts in one line", &format!("GET /prices/ HTTP/1.1\r\nHost: {host}, evil.example")),
        get("no host", "GET /prices/ HTTP/1.1\r\nAccept: */*"),
        get("no host, HTTP/1.0", "GET /prices/ HTTP/1.0\r\nAccept: */*"),
        get("only X-Forwarded-Host", &format!("GET /prices/ HTTP/1.1\r\nX-Forwarded-Host: {host}")),
        get("an absolute target elsewhere", &format!("GET http://evil.example/prices/ HTTP/1.1\r\nHost: {host}")),
        get(
            "an absolute target for a foreign host",
            &format!("GET http://{host}/prices/ HTTP/1.1\r\nHost: evil.example"),
        ),
        get("an absolute target with a user", &format!("GET http://a@{host}/prices/ HTTP/1.1\r\nHost: {host}")),
        get("a foreign host at the leads", "GET /__tagline/leads HTTP/1.1\r\nHost: evil.example"),
        get(
            "a foreign host at the events",
            "GET /__tagline/events?path=/prices/&page=a HTTP/1.1\r\nHost: evil.example",
        ),
    ]
}

fn origins(host: &str) -> Vec<Hostile> {
    let lead = r#"{"method":"POST","url":"https://a.example/","body":"","page":"/"}"#;
    let length = format!("Content-Length: {}", lead.len());
    let post = |headers: &[&str]| {
        let headers: Vec<&str> = headers.iter().copied().chain([length.as_str()]).collect();
        request_with_headers("POST /__tagline/leads", &headers, lead, With(403), host)
    };
    let get =
        |target: &str, headers: &[&str]| request_with_headers(&format!("GET {target}"), headers, "", With(403), host);
    let foreign = "Origin: https://evil.example";
    vec![
        post(&[foreign]),
        post(&[]),
        post(&["Origin: null"]),
        post(&["Origin: null", "Sec-Fetch-Site: cross-site"]),
        post(&[&format!("Origin: https://{host}")]),
        post(&[&format!("Origin: http://{host}.evil.example")]),
        post(&[&format!("Origin: http://{host}"), "Sec-Fetch-Site: cross-site"]),
        post(&["Sec-Fetch-Site: same-site"]),
        post(&[foreign, "Content-Type: text/plain"]),
        request_with_headers("POST /spring/", &[foreign, "Content-Length: 3"], "a=b", With(403), host),
        request_with_headers(
            "OPTIONS /__tagline/leads",
            &[foreign, "Access-Control-Request-Method: POST"],
            "",
            With(403),
            host,
        ),
        get("/__tagline/events?path=/prices/&page=a", &[foreign]),
        get("/__tagline/events?path=/prices/&page=a", &["Origin: null"]),
        get("/__tagline/events?path=/prices/&page=a", &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"]),
        get("/prices/", &[foreign]),
        get("/prices/", &["Origin: null"]),
        get("/open.txt", &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"]),
        get("/__tagline/live.js", &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"]),
        get("/prices/", &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"]),
        get("/__tagline/desk/", &["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"]),
        get("/__tagline/leads", &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"]),
        get("/prices/", &["Sec-Fetch-Site: nonsense"]),
    ]
}

fn shapes(host: &str) -> Vec<Hostile> {
    let own = format!("Origin: http://{host}");
    let post = |headers: &[&str], body: &str, rejection| {
        let headers: Vec<&str> = [own.as_str()].into_iter().chain(headers.iter().copied()).collect();
        request_with_headers("POST /__tagline/leads", &headers, body, rejection, host)
    };
    let get = |headers: &[&str], rejection| request_with_headers("GET /prices/", headers, "", rejection, host);
    let many: Vec<String> = (0..10_000).map(|number| format!("X-{number}: a")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let giant = "a".repeat(1024 * 1024);
    let chunk = format!("{:x}\r\n{giant}\r\n0\r\n\r\n", giant.len());
    let smuggled = format!("0\r\n\r\nGET /site.yaml HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let mut shapes = vec![
        get(&[&format!("X-Giant: {giant}")], TooLarge),
        get(&many, TooLarge),
        get(&[&format!("Cookie: {giant}")], TooLarge),
        request_for_path(&format!("/{giant}"), TooLarge, host),
        post(&[&format!("Content-Length: {}", giant.len())], &giant, TooLarge),
        post(&["Transfer-Encoding: chunked"], &chunk, TooLarge),
        post(&["Content-Length: 99999999999999999999999"], "{}", Unreadable),
        post(&["Content-Length: -1"], "{}", Unreadable),
        post(&["Content-Length: 0x10"], "{}", Unreadable),
        post(&["Content-Length: 2", "Content-Length: 3"], "{}", Unreadable),
        post(&["Content-Length: 2, 3"], "{}", Unreadable),
        post(&["Transfer-Encoding: chunked"], "nonsense\r\n\r\n", With(413)),
        post(&["Transfer-Encoding: chunked"], "-5\r\n{}\r\n0\r\n\r\n", With(413)),
        post(&["Transfer-Encoding: chunked"], "ffffffffffffffffff\r\n{}", With(413)),
        post(&["Transfer-Encoding: identity, nonsense"], "{}", Unreadable),
        post(&["Transfer-Encoding: chunked, gzip"], &smuggled, Unreadable),
        // With both a length and chunks, the chunks count (RFC 9112, 6.3), and no second request is read.
        post(&["Content-Length: 5", "Transfer-Encoding: chunked"], &smuggled, With(400)),
        post(&["Transfer-Encoding: chunked", "Content-Length: 60"], &smuggled, With(400)),
        post(&["Transfer-Encoding : chunked"], &smuggled, Unreadable),
        post(&["Content-Length: 2"], "{]", With(400)),
        post(&["Content-Length: 4"], "null", With(400)),
        post(&["Content-Length: 2"], "{}", With(400)),
        post(&[], "", With(400)),
        hostile("HTTP/0.9", "GET /prices/\r\n\r\n", Unreadable),
        hostile("HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", Unreadable),
        hostile("HTTP/3.0", format!("GET /prices/ HTTP/3.0\r\nHost: {host}\r\n\r\n"), Unreadable),
        hostile("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\x00\r\n\r\n".to_vec(), Unreadable),
        hostile("binary", (0..=255).cycle().take(4096).collect::<Vec<u8>>(), Unreadable),
        hostile("nothing but line ends and a colon", "\r\n\r\n:\r\n\r\n", Unreadable),
        hostile("NUL in a path", format!("GET /open.txt\0 HTTP/1.1\r\nHost: {host}\r\n\r\n"), Unreadable),
        hostile("a header without a name", format!("GET / HTTP/1.1\r\nHost: {host}\r\n: a\r\n\r\n"), Unreadable),
        hostile("a folded header", format!("GET / HTTP/1.1\r\nHost: {host}\r\nA: b\r\n c\r\n\r\n"), Unreadable),
        hostile("a target without a slash", format!("GET prices/ HTTP/1.1\r\nHost: {host}\r\n\r\n"), Unreadable),
    ];
    for method in
        ["PUT /prices/", "DELETE /prices/", "PATCH /prices/", "TRACE /prices/", "PROPFIND /", "OPTIONS /prices/"]
    {
        shapes.push(request_with_headers(method, &[&own], "", With(405), host));
    }
    for method in ["PUT /__tagline/leads", "DELETE /__tagline/leads", "POST /__tagline/events", "POST /__tagline/desk/"]
    {
        shapes.push(request_with_headers(method, &[&own], "", With(405), host));
    }
    shapes.push(request_with_headers("OPTIONS *", &[&own], "", With(405), host));
    shapes.push(hostile("CONNECT", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", With(403)));
    shapes.push(hostile("CONNECT to here", format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n"), With(403)));
    shapes.push(request_for_path("/__tagline/events", With(400), host));
    shapes.push(request_for_path("/__tagline/events?path=/prices/", With(400), host));
    shapes
}

fn assert_refused(server: &Server, request: &Hostile) {
    let Hostile { name, bytes, rejection } = request;
    let got = server.raw(bytes);
    let text = String::from_utf8_lossy(&got);
    assert!(!text.contains(SECRET), "{name}: {text}");
    assert_eq!(text.matches("HTTP/1.").count(), usize::from(!got.is_empty()), "{name} has several answers: {text}");
    let status = Response::read(&got).map(|response| response.status);
    let is_refused = match rejection {
        With(expected) => status == Some(*expected),
        Unreadable => matches!(status, None | Some(400 | 505)),
        TooLarge => matches!(status, None | Some(400 | 413 | 414 | 431)),
    };
    assert!(is_refused, "{name}: {rejection:?}, but {}", &text[..text.floor_char_boundary(600)]);
    let lower = text.to_lowercase();
    assert!(!lower.contains("access-control-") && !lower.contains("set-cookie"), "{name}: {text}");
}

#[test]
fn no_hostile_request_succeeds_and_the_server_stays_up() {
    let site = site_with_secrets();
    let mut server = site.serve();
    let host = server.address.to_string();
    let all = [paths(&host), hosts(&host, server.address.port()), origins(&host), shapes(&host)];
    let all: Vec<Hostile> = all.into_iter().flatten().collect();
    assert!(all.len() >= 60, "{}", all.len());
    // Some of them take until the server closes the connection, so several are sent at once.
    thread::scope(|scope| {
        for first in 0..8 {
            let (server, all) = (&server, &all);
            scope.spawn(move || {
                for request in all.iter().skip(first).step_by(8) {
                    assert_refused(server, request);
                    assert_eq!(server.get("/open.txt").ok().text(), "for everybody", "after {}", request.name);
                }
            });
        }
    });
    assert!(server.is_running());
    assert!(
        server.get("/__tagline/leads").ok().text().contains("No test leads yet"),
        "a lead from another site was stored"
    );
    assert_eq!(server.stderr(), "");
}

/// Shows that the requests above are rejected because of their hostile part.
#[test]
fn same_requests_without_the_hostile_part_succeed() {
    let site = site_with_secrets();
    let server = site.serve();
    let host = server.address.to_string();
    let own = format!("http://{host}");
    let visit = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
    server.request("GET", "/prices/", &visit, "").ok();
    server.request("GET", &format!("http://{host}/prices/"), &[], "").ok();
    server.request("GET", "/prices/", &[("Origin", &own)], "").ok();
    let lead = r#"{"method":"POST","url":"https://a.example/","body":"","page":"/"}"#;
    server.request("POST", "/__tagline/leads", &[("Origin", &own)], lead).ok();
    let chunked = format!("{:x}\r\n{lead}\r\n0\r\n\r\n", lead.len());
    let head = format!("POST /__tagline/leads HTTP/1.1\r\nHost: {host}\r\nOrigin: {own}\r\nConnection: close\r\n");
    let response = Response::read(&server.raw(format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunked}").as_bytes()));
    response.unwrap().ok();
    let localhost =
        format!("GET /prices/ HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", server.address.port());
    Response::read(&server.raw(localhost.as_bytes())).unwrap().ok();
    let mut events = Events::open(server.address, "/prices/", "0");
    assert_eq!(events.status(), "HTTP/1.1 200 OK");
    assert_eq!(events.next().unwrap()["is_changed"], true);
}

#[test]
fn event_streams_beyond_the_limit_are_rejected() {
    let site = site_with_secrets();
    let server = site.serve();
    let mut open: Vec<_> = (0..128).map(|_| Events::open(server.address, "/prices/", "0")).collect();
    for events in &mut open {
        assert_eq!(events.status(), "HTTP/1.1 200 OK");
    }
    assert_eq!(Events::open(server.address, "/prices/", "0").status(), "HTTP/1.1 503 Service Unavailable");
    server.get("/prices/").ok();
    drop(open);
    // The server notices the end of a stream at its next write.
    site.write("content/prices.md", "---\ntitle: Prices\n---\n\n# Prices\n\n## Teams\n");
    wait_for("room for one more", || {
        (Events::open(server.address, "/prices/", "0").status() == "HTTP/1.1 200 OK").then_some(())
    });
}

/// The time until the server closes a connection with an incomplete request.
fn time_until_closed(address: SocketAddr, begin: &[u8], drip: Option<&[u8]>) -> Duration {
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    stream.write_all(begin).unwrap();
    let mut buffer = [0; 1024];
    while began.elapsed() < TIMEOUT {
        match stream.read(&mut buffer) {
            Ok(0) => return began.elapsed(),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => return began.elapsed(),
        }
        if drip.is_some_and(|drip| stream.write_all(drip).is_err()) {
            return began.elapsed();
        }
    }
    panic!("{:?} stayed open for {TIMEOUT:?}", String::from_utf8_lossy(begin));
}

#[test]
fn slow_clients_are_disconnected_and_others_are_served() {
    let site = site_with_secrets();
    let server = site.serve();
    let host = server.address;
    let post = format!("POST /__tagline/leads HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n");
    let slow: Vec<(Vec<u8>, Option<Vec<u8>>)> = vec![
        (b"".to_vec(), None),
        (b"G".to_vec(), None),
        (b"PRI * HT".to_vec(), None),
        (b"GET /prices/ HTTP/1.1\r\n".to_vec(), Some(b"X-A: b\r\n".to_vec())),
        (format!("{post}Content-Length: 1000\r\n\r\n").into_bytes(), None),
        (format!("{post}Content-Length: 100000\r\n\r\n").into_bytes(), Some(b" ".to_vec())),
        (format!("{post}Transfer-Encoding: chunked\r\n\r\n").into_bytes(), Some(b"1\r\n \r\n".to_vec())),
        // A response, and then no further request.
        (format!("GET /open.txt HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes(), None),
    ];
    let clients: Vec<_> = slow
        .into_iter()
        .map(|(begin, drip)| thread::spawn(move || time_until_closed(host, &begin, drip.as_deref())))
        .collect();
    let idle: Vec<_> = (0..200).map(|_| TcpStream::connect(host).unwrap()).collect();
    server.get("/prices/").ok();
    for client in clients {
        let took = client.join().unwrap();
        assert!(took < Duration::from_secs(45), "{took:?}");
    }
    drop(idle);
    server.get("/prices/").ok();
}

#[test]
fn silent_connections_do_not_block_others_forever() {
    let site = site_with_secrets();
    let server = site.serve();
    // More connections than the limit. Silent ones are closed after a while.
    let silent: Vec<_> = (0..600).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    server.get("/prices/").ok();
    drop(silent);
}

#[cfg(unix)]
#[test]
fn symlink_that_replaces_a_served_file_is_not_served() {
    use std::os::unix::fs::symlink;
    let site = site_with_secrets();
    let server = site.serve();
    server.get("/open.txt").ok();
    fs::remove_file(site.path("static/open.txt")).unwrap();
    symlink(site.root().with_file_name("outside.txt"), site.path("static/open.txt")).unwrap();
    // The symlink is an error, so the last good site stays, in which this was a file.
    server.wait_for_output("error[bad-symlink]");
    let response = server.get("/open.txt");
    assert_eq!(response.status, 404, "{}", response.text());
    assert!(!response.text().contains(SECRET));
}

// ---- Other machines in the network

/// The address of this machine in its network, if any. Nothing is sent.
fn network_address(port: u16) -> Option<SocketAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then(|| SocketAddr::new(ip, port))
}

const DRAFT: &str = "---\ntitle: Not yet\ndraft: true\n---\n\n# Not yet\n";

#[test]
fn network_clients_get_only_published_content() {
    let site = site_with_secrets().file("content/later.md", DRAFT);
    let server = site.serve_with(&["--host", "0.0.0.0"]);
    let port = server.address.port();
    let loopback = server.loopback();
    for at in [Some(loopback), network_address(port)].into_iter().flatten() {
        let get = |path: &str| server.request_to(at, "GET", path, &[], "");
        get("/prices/").ok();
        get("/spring/via/acme/").ok();
        assert_eq!(get("/later/").status, 404, "a draft at {at}");
        let expected = if at == loopback { 200 } else { 403 };
        for path in
            ["/__tagline/", "/__tagline/leads", "/__tagline/desk/", "/__tagline/looks", "/__tagline/looks/bold/prices/"]
        {
            let response = get(path);
            assert_eq!(response.status, expected, "{path} at {at}");
            assert!(at == loopback || !response.text().contains(SECRET), "{path} at {at}");
        }
        let name = format!("GET /prices/ HTTP/1.1\r\nHost: laptop.example:{port}\r\nConnection: close\r\n\r\n");
        assert_eq!(Response::read(&Server::raw_at(at, name.as_bytes())).unwrap().status, 403, "a name at {at}");
    }
    // Problems of the site contain source lines, so they are only for this machine.
    site.write("content/later.md", format!("---\ntitle: Not yet\nnonsense: {SECRET}\n---\n"));
    server.wait_for_output("error[unknown-key]");
    for at in [Some(loopback), network_address(port)].into_iter().flatten() {
        let news = Events::open(at, "/prices/", "0").next().unwrap();
        assert_eq!(news["shown"], "current");
        assert_eq!(news.to_string().contains(SECRET), at == loopback, "{at}: {news}");
    }
}

#[test]
fn network_clients_get_drafts_and_the_desk_with_preview() {
    let site = site_with_secrets().file("content/later.md", DRAFT);
    let server = site.serve_with(&["--host", "0.0.0.0", "--preview"]);
    let loopback = server.loopback();
    for at in [Some(loopback), network_address(loopback.port())].into_iter().flatten() {
        for path in ["/prices/", "/later/", "/__tagline/", "/__tagline/leads", "/__tagline/desk/"] {
            assert_eq!(server.request_to(at, "GET", path, &[], "").status, 200, "{path} at {at}");
        }
    }
}
