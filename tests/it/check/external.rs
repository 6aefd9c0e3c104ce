//! `check --external` against local servers: the result of each response, the number and pace of the requests, and the
//! cache.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::support::{Run, Site};

const ABOUT: &str = "content/about.md";
/// The number of requests that are being answered, and its maximum.
#[derive(Default)]
struct ConcurrentRequests {
    current: AtomicUsize,
    max: AtomicUsize,
}

/// A server with a scripted response that records its requests.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// A whole response, from the status line on. An empty one keeps the client waiting.
type Reply = String;

fn status(status: u16) -> Reply {
    with_header(status, "x-x: x")
}

fn with_header(status: u16, header: &str) -> Reply {
    format!("HTTP/1.1 {status} x\r\n{header}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

impl Server {
    /// `answer` gets `METHOD /path` and the number of earlier requests.
    fn new(answer: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Server {
        Server::counted(&Arc::default(), answer)
    }

    fn counted(
        busy: &Arc<ConcurrentRequests>,
        answer: impl Fn(&str, usize) -> Reply + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (log, busy, answer) = (Arc::clone(&requests), Arc::clone(busy), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, busy, answer) = (Arc::clone(&log), Arc::clone(&busy), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &log, &busy, &*answer));
            }
        });
        Server { address, requests }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests since the last call.
    fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<String>>,
    busy: &ConcurrentRequests,
    answer: &dyn Fn(&str, usize) -> Reply,
) {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(length) => head.extend_from_slice(&buffer[..length]),
        }
    }
    busy.max.fetch_max(busy.current.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    let head = String::from_utf8(head).unwrap();
    let request = head.split(" HTTP/1.1").next().unwrap().to_owned();
    let count = {
        let mut log = log.lock().unwrap();
        log.push(if head.to_lowercase().contains("user-agent: tagline/") { request.clone() } else { head.clone() });
        log.len() - 1
    };
    let reply = answer(&request, count);
    if reply.is_empty() {
        thread::sleep(Duration::from_secs(20));
    }
    busy.current.fetch_sub(1, Ordering::SeqCst);
    let _ = stream.write_all(reply.as_bytes());
}

/// The small site with a page that links to addresses, each on its own line from line 6 on.
fn site_with_links(addresses: &[String]) -> Site {
    let links: Vec<String> = addresses.iter().map(|address| format!("[A place]({address})\n")).collect();
    Site::new().file(ABOUT, &format!("---\ntitle: About us\nsummary: Who we are.\n---\n\n{}", links.concat()))
}

fn check(site: &Site) -> Run {
    site.run(&["check", "--external", "--external-pause", "0"]).ok()
}

#[test]
fn working_link_is_requested_once_with_head() {
    let server = Server::new(|_, _| status(200));
    let site = site_with_links(&[server.url("/a#part"), server.url("/a"), server.url("/a#other")]);
    assert_eq!(check(&site).rules_with_places(), [""; 0]);
    assert_eq!(server.requests(), ["HEAD /a"]);
}

#[test]
fn links_are_requested_only_with_the_option() {
    let server = Server::new(|_, _| status(404));
    let site = site_with_links(&[server.url("/a")]);
    site.check().clean();
    site.build().clean();
    assert_eq!(server.requests(), [""; 0]);
    assert!(!site.path(".tagline/external.json").exists());
}

#[test]
fn broken_link_is_one_warning_at_all_its_places() {
    for (status_code, reason) in [(404, "the page does not exist"), (410, "the page was removed")] {
        let server = Server::new(move |_, _| status(status_code));
        let site = site_with_links(&[server.url("/a"), server.url("/a#b")]);
        let run = check(&site);
        assert_eq!(run.rules_with_places(), ["broken-external-link content/about.md:6:11"]);
        let text = &run.problems()[0].text;
        for part in [&server.url("/a"), reason, "a broken link", "also here"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(server.requests(), ["HEAD /a", "GET /a"]);
    }
}

#[test]
fn server_that_rejects_head_is_requested_with_get() {
    for refusal in [405, 501, 403, 404, 500] {
        let server = Server::new(move |request, _| status(if request.starts_with("HEAD") { refusal } else { 200 }));
        assert_eq!(check(&site_with_links(&[server.url("/a")])).rules_with_places(), [""; 0], "{refusal}");
        assert_eq!(server.requests(), ["HEAD /a", "GET /a"]);
    }
}

#[test]
fn at_most_five_redirects_are_followed() {
    let server = Server::new(|request, _| match request.rsplit('/').next().unwrap().parse::<u32>() {
        Ok(0) => status(200),
        Ok(left) => with_header(302, &format!("location: /{}", left - 1)),
        Err(_) => with_header(301, "location: circle"),
    });
    assert_eq!(check(&site_with_links(&[server.url("/5")])).rules_with_places(), [""; 0]);
    assert_eq!(server.requests().len(), 6);
    let run = check(&site_with_links(&[server.url("/6"), server.url("/circle")]));
    assert_eq!(run.rules_with_places(), ["unverified-external-link "]);
    assert!(run.problems()[0].text.contains("still redirects after 5 redirects"), "{}", run.stderr);
    assert_eq!(server.requests().len(), 12);
}

#[test]
fn redirect_to_a_missing_page_is_a_broken_link() {
    let server = Server::new(|request, _| match request.ends_with("/a") {
        true => with_header(302, "location: /b"),
        false => status(404),
    });
    assert_eq!(
        check(&site_with_links(&[server.url("/a")])).rules_with_places(),
        ["broken-external-link content/about.md:6:11"]
    );
}

#[test]
fn redirect_into_a_private_network_is_not_followed_unless_the_site_links_there() {
    let inside = Server::new(|_, _| status(200));
    let target = inside.url("/secret");
    let outside = Server::new(move |_, _| with_header(302, &format!("location: {target}")));
    let run = check(&site_with_links(&[outside.url("/a")]));
    assert_eq!(run.rules_with_places(), ["broken-external-link content/about.md:6:11"]);
    assert_eq!(inside.requests(), [""; 0]);
    assert_eq!(check(&site_with_links(&[outside.url("/a"), inside.url("/")])).rules_with_places(), [""; 0]);
}

#[test]
fn host_whose_redirect_leads_nowhere_is_still_requested() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let living = Server::new(move |request, _| match request.rsplit('/').next() {
        Some("a") => with_header(302, &format!("location: http://{closed}/gone")),
        _ => status(200),
    });
    // The site names the closed host, so that redirects may lead there.
    let site = site_with_links(&[living.url("/a"), living.url("/b"), living.url("/c"), format!("http://{closed}/")]);
    let run = check(&site);
    let places =
        ["content/about.md:6:11", "content/about.md:9:11"].map(|place| format!("broken-external-link {place}"));
    assert_eq!(run.rules_with_places(), places);
    let requests = living.requests();
    assert!(
        ["HEAD /b", "HEAD /c"].iter().all(|wanted| requests.iter().any(|request| request == wanted)),
        "{requests:?}"
    );
}

#[test]
fn address_that_was_not_requested_is_not_cached() {
    let server = Server::new(|_, _| String::new());
    let site = site_with_links(&[server.url("/a"), server.url("/b")]);
    site.run(&["check", "--external", "--external-pause", "0", "--external-timeout", "300"]).ok();
    assert!(!site.read(".tagline/external.json").contains("/b"), "{}", site.read(".tagline/external.json"));
}

#[test]
fn failing_host_is_retried_twice() {
    let recovers = Server::new(|_, count| status(if count < 3 { 503 } else { 200 }));
    assert_eq!(check(&site_with_links(&[recovers.url("/a")])).rules_with_places(), [""; 0]);
    assert_eq!(recovers.requests(), ["HEAD /a", "GET /a", "HEAD /a", "GET /a"]);
    let stays = Server::new(|_, _| status(500));
    let run = check(&site_with_links(&[stays.url("/a")]));
    assert_eq!(run.rules_with_places(), ["broken-external-link content/about.md:6:11"]);
    assert_eq!(stays.requests().len(), 6);
}

#[test]
fn retry_after_is_respected_within_limits() {
    let soon = Server::new(|_, count| if count == 0 { with_header(429, "retry-after: 1") } else { status(200) });
    assert_eq!(check(&site_with_links(&[soon.url("/a")])).rules_with_places(), [""; 0]);
    assert_eq!(soon.requests(), ["HEAD /a", "HEAD /a"]);
    let late = Server::new(|_, _| with_header(429, "retry-after: 3600"));
    let run = check(&site_with_links(&[late.url("/a")]));
    assert_eq!(run.rules_with_places(), ["unverified-external-link "]);
    assert!(run.problems()[0].text.contains("answers 429"), "{}", run.stderr);
    assert_eq!(late.requests(), ["HEAD /a"]);
}

#[test]
fn unresponsive_host_times_out_once_for_all_its_links() {
    let server = Server::new(|_, _| String::new());
    let site = site_with_links(&[server.url("/a"), server.url("/b"), server.url("/c")]);
    let run = site.run(&["check", "--external", "--external-pause", "0", "--external-timeout", "700"]).ok();
    assert_eq!(run.rules_with_places(), ["unverified-external-link ", "broken-external-link content/about.md:6:11"]);
    assert!(run.stderr.contains("does not answer in time"), "{}", run.stderr);
    assert!(run.stderr.contains("2 external addresses could not be verified"), "{}", run.stderr);
    assert_eq!(server.requests(), ["HEAD /a"; 3]);
}

#[test]
fn refused_connection_is_a_broken_link() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = check(&site_with_links(&[format!("http://{address}/a"), format!("http://{address}/b")]));
    assert_eq!(
        run.rules_with_places(),
        ["broken-external-link content/about.md:6:11", "broken-external-link content/about.md:7:11"]
    );
    assert!(run.stderr.contains("`127.0.0.1` refuses the connection"), "{}", run.stderr);
}

#[test]
fn untrusted_certificate_is_a_broken_link() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let site = site_with_links(&[format!("https://{}/a", listener.local_addr().unwrap())]);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(status(200).as_bytes());
        }
    });
    let mut command = site.command(&["check", "--external", "--external-pause", "0"]);
    // An unrelated root certificate, so that the result is the same on a machine without certificates.
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/support/root.pem");
    let run = site.finish(command.env("SSL_CERT_FILE", root).env_remove("SSL_CERT_DIR")).ok();
    assert_eq!(run.rules_with_places(), ["broken-external-link content/about.md:6:11"]);
    assert!(run.stderr.contains("cannot be trusted"), "{}", run.stderr);
}

#[test]
fn links_that_block_programs_are_one_unverified_warning() {
    let server = Server::new(|request, _| status(if request.ends_with("/a") { 403 } else { 999 }));
    let run = check(&site_with_links(&[server.url("/a"), server.url("/b")]));
    assert_eq!(run.rules_with_places(), ["unverified-external-link "]);
    let text = &run.problems()[0].text;
    for part in ["2 external addresses", "/a` answers 403", "/b` answers 999", "check: { external: { allow: [host] } }"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn results_are_cached_for_a_day_except_broken_links() {
    let server = Server::new(|request, _| match request.rsplit('/').next() {
        Some("good") => status(200),
        Some("shy") => status(401),
        _ => status(404),
    });
    let site = site_with_links(&["/good", "/shy", "/dead"].map(|path| server.url(path)));
    let first = check(&site).rules_with_places();
    assert_eq!(server.requests().len(), 5);
    assert_eq!(check(&site).rules_with_places(), first);
    assert_eq!(server.requests(), ["HEAD /dead", "GET /dead"]);
    assert_eq!(site.read(".tagline/.gitignore"), "*\n");
    // An old result, and one of another version of the cache.
    let cache = site.read(".tagline/external.json");
    let requests = cache.split("\"requested\": ").nth(1).unwrap().split([',', '\n']).next().unwrap();
    let day_before = (requests.parse::<u64>().unwrap() - 24 * 60 * 60 - 60).to_string();
    site.write(".tagline/external.json", cache.replace(requests, &day_before));
    check(&site);
    assert_eq!(server.requests().len(), 5);
    site.write(".tagline/external.json", cache.replace("\"version\": 2", "\"version\": 1"));
    check(&site);
    assert_eq!(server.requests().len(), 5);
    site.write(".tagline/external.json", "{");
    check(&site);
    assert_eq!(server.requests().len(), 5);
}

#[test]
fn allowed_hosts_are_not_requested() {
    let server = Server::new(|_, _| status(404));
    let allowing = |what: &str| {
        let site = site_with_links(&[server.url("/app/a"), server.url("/b")]);
        let text = site.read("site.yaml");
        site.file("site.yaml", &format!("{text}check: {{ external: {{ allow: [\"{what}\"] }} }}\n"))
    };
    assert_eq!(check(&allowing("127.0.0.1")).rules_with_places(), [""; 0]);
    assert_eq!(server.requests(), [""; 0]);
    assert_eq!(
        check(&allowing(&server.url("/app/"))).rules_with_places(),
        ["broken-external-link content/about.md:7:11"]
    );
    assert_eq!(server.requests(), ["HEAD /b", "GET /b"]);
    let run = allowing("*.example").check().failed(1);
    assert_eq!(run.rules_with_places(), ["bad-url site.yaml:18:30"]);
}

#[test]
fn requests_to_one_host_are_sequential_with_a_pause() {
    let busy = Arc::default();
    let slow = |_: &str, _: usize| {
        thread::sleep(Duration::from_millis(30));
        status(200)
    };
    let server = Server::counted(&busy, slow);
    let site = site_with_links(&["/a", "/b", "/c", "/d"].map(|path| server.url(path)));
    let started = std::time::Instant::now();
    let run = site.run(&["check", "--external", "--external-pause", "100"]);
    assert_eq!(run.ok().rules_with_places(), [""; 0]);
    assert_eq!(busy.max.load(Ordering::SeqCst), 1);
    assert!(started.elapsed() > Duration::from_millis(3 * 100 + 4 * 30), "{:?}", started.elapsed());
}

#[test]
fn at_most_eight_hosts_are_requested_at_once() {
    let busy: Arc<ConcurrentRequests> = Arc::default();
    let slow = |_: &str, _: usize| {
        thread::sleep(Duration::from_millis(150));
        status(200)
    };
    let servers: Vec<Server> = (0..20).map(|_| Server::counted(&busy, slow)).collect();
    let site = site_with_links(&servers.iter().map(|server| server.url("/")).collect::<Vec<_>>());
    assert_eq!(check(&site).rules_with_places(), [""; 0]);
    let max = busy.max.load(Ordering::SeqCst);
    assert!((2..=8).contains(&max), "{max} at once");
}

#[test]
fn calls_to_action_and_navigation_are_requested_as_written() {
    let server = Server::new(|_, _| status(404));
    let site = Site::new()
        .edit("content/spring/index.md", "https://shop.example.com/buy", &server.url("/buy"))
        .edit("content/spring/index.md", "https://cal.example.com/kazi", &server.url("/book"))
        .edit(
            "site.yaml",
            "channels:\n",
            &format!("  - {{ label: App, url: \"{}\" }}\nchannels:\n", server.url("/app")),
        );
    let expected =
        ["index.md:16:12", "index.md:26:12"].map(|place| format!("broken-external-link content/spring/{place}"));
    assert_eq!(
        check(&site).rules_with_places(),
        [&expected[..], &["broken-external-link site.yaml:7:24".to_owned()]].concat()
    );
    let requests: Vec<String> = server.requests().into_iter().filter(|requests| requests.starts_with("HEAD")).collect();
    assert_eq!(requests, ["HEAD /app", "HEAD /book", "HEAD /buy?coupon=SPRING20"]);
}

#[test]
fn mailto_tel_own_and_example_links_are_not_requested() {
    let addresses =
        ["mailto:a@kazi.example", "tel:+254700000000", "https://kazi.example/app", "https://a.example.com/"];
    let site = site_with_links(&addresses.map(str::to_owned));
    // The site has no page `app/`.
    assert_eq!(check(&site).rules_with_places(), ["absolute-internal-link content/about.md:8:11"]);
    assert!(!site.read(".tagline/external.json").contains("http"), "{}", site.read(".tagline/external.json"));
}

#[test]
fn links_of_a_draft_are_requested_only_in_a_preview() {
    let server = Server::new(|_, _| status(404));
    let site = site_with_links(&[server.url("/a")]).edit(ABOUT, "title:", "draft: true\ntitle:");
    assert_eq!(check(&site).rules_with_places(), [""; 0]);
    assert_eq!(server.requests(), [""; 0]);
    let run = site.run(&["check", "--preview", "--external", "--external-pause", "0"]);
    assert_eq!(run.rules_with_places(), ["broken-external-link content/about.md:7:11"]);
}
