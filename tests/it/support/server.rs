//! A running `tagline serve`: its output, and requests to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use super::{Site, html};

/// The time limit of every wait. The machine may be busy with other tests.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// A server process, killed on drop.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// The URL as printed, with a slash at the end.
    pub url: String,
    stdout: CapturedOutput,
    stderr: CapturedOutput,
}

/// The output of a stream so far.
#[derive(Clone, Default)]
struct CapturedOutput(Arc<Mutex<String>>);

impl CapturedOutput {
    fn capture(mut stream: impl Read + Send + 'static) -> CapturedOutput {
        let output = CapturedOutput::default();
        let captured = output.clone();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = stream.read(&mut buffer) {
                captured.0.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..length]));
            }
        });
        output
    }

    fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

/// An HTTP response.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// Parses a response. Returns `None` for anything else.
    pub fn read(bytes: &[u8]) -> Option<Response> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Some(Response { status, headers, body: bytes[end + 4..].to_vec() })
    }

    /// The value of a header, or an empty text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn page(&self) -> html::Page {
        html::Page::read(&self.text())
    }

    #[track_caller]
    pub fn ok(self) -> Response {
        assert_eq!(self.status, 200, "{}", self.text());
        self
    }
}

/// Waits until `found` returns a value. Panics with the description after the time limit.
#[track_caller]
pub fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    while began.elapsed() < TIMEOUT {
        if let Some(found) = found() {
            return found;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("timed out after {TIMEOUT:?}: {what}")
}

impl Site {
    #[track_caller]
    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// Starts the server on a free port, unless the options name one.
    #[track_caller]
    pub fn serve_with(&self, options: &[&str]) -> Server {
        let mut args = vec!["serve"];
        if !options.contains(&"--port") {
            args.extend(["--port", "0"]);
        }
        args.extend(options);
        Server::start(self, &args)
    }
}

impl Server {
    #[track_caller]
    pub fn start(site: &Site, args: &[&str]) -> Server {
        let mut child = site.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stdout = CapturedOutput::capture(child.stdout.take().unwrap());
        let stderr = CapturedOutput::capture(child.stderr.take().unwrap());
        let url = wait_for("the line that says where the site is served", || {
            assert!(child.try_wait().unwrap().is_none(), "it ended: {}", stderr.text());
            let output = stdout.text();
            let line = output.lines().find_map(|line| line.strip_prefix("serving "))?;
            output.ends_with('\n').then(|| line.split([';', ' ']).next().unwrap().to_owned())
        });
        let authority = url.strip_prefix("http://").unwrap().split('/').next().unwrap();
        let address = authority.parse().unwrap();
        Server { child, address, url, stdout, stderr }
    }

    pub fn stdout(&self) -> String {
        self.stdout.text()
    }

    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// The lines about updates, without the one about the first build.
    pub fn updates(&self) -> Vec<String> {
        let is_update = |line: &&str| line.contains(" in ") && !line.contains(" the site: ");
        self.stdout().lines().filter(is_update).map(str::to_owned).collect()
    }

    /// The loopback address, even if the server listens on another one.
    pub fn loopback(&self) -> SocketAddr {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), self.address.port())
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Response {
        self.request("GET", path, &[], "")
    }

    /// Sends a request with the server as its `Host`.
    #[track_caller]
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        self.request_to(self.address, method, path, headers, body)
    }

    #[track_caller]
    pub fn request_to(
        &self,
        at: SocketAddr,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        request.push_str(body);
        let bytes = Server::raw_at(at, request.as_bytes());
        Response::read(&bytes).unwrap_or_else(|| panic!("{method} {path}: no answer, but {bytes:?}\n{}", self.stderr()))
    }

    /// Sends bytes and returns everything until the server closes the connection.
    pub fn raw(&self, request: &[u8]) -> Vec<u8> {
        Server::raw_at(self.address, request)
    }

    pub fn raw_at(at: SocketAddr, request: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        // A server that rejects a huge request closes the connection before it has read everything.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        bytes
    }

    /// Opens the event stream of a page, with the hash in its script tag.
    #[track_caller]
    pub fn listen(&self, path: &str) -> Events {
        let text = self.get(path).text();
        let hash = text.split("data-page=\"").nth(1).and_then(|rest| rest.split('"').next());
        let hash = hash.unwrap_or_else(|| panic!("{path} has no script: {text}")).to_owned();
        Events::open(self.address, path, &hash)
    }

    /// Waits until a page contains a text, and returns the page.
    #[track_caller]
    pub fn wait_for_text(&self, path: &str, text: &str) -> String {
        wait_for(&format!("`{text}` at {path}"), || Some(self.get(path).text()).filter(|page| page.contains(text)))
    }

    #[track_caller]
    pub fn wait_for_status(&self, path: &str, status: u16) {
        wait_for(&format!("status {status} at {path}"), || (self.get(path).status == status).then_some(()));
    }

    /// Waits until standard output or standard error contains a text.
    #[track_caller]
    pub fn wait_for_output(&self, text: &str) {
        wait_for(&format!("`{text}` in the terminal"), || {
            (self.stdout().contains(text) || self.stderr().contains(text)).then_some(())
        });
    }

    /// Sends the signal of Ctrl-C.
    pub fn interrupt(&mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let child = &mut self.child;
        wait_for("the end after Ctrl-C", || child.try_wait().unwrap())
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An open event stream.
pub struct Events {
    lines: BufReader<TcpStream>,
}

impl Events {
    /// Opens the stream for a path with any hash.
    #[track_caller]
    pub fn open(at: SocketAddr, path: &str, hash: &str) -> Events {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        let target = format!("/__tagline/events?path={path}&page={hash}");
        write!(stream, "GET {target} HTTP/1.1\r\nHost: {at}\r\n\r\n").unwrap();
        Events { lines: BufReader::new(stream) }
    }

    /// The next event, or `None` at the end of the stream or after the time limit.
    pub fn next(&mut self) -> Option<serde_json::Value> {
        let began = Instant::now();
        let mut line = String::new();
        // The server sends empty lines to keep streams open.
        while began.elapsed() < TIMEOUT && self.lines.read_line(&mut line).ok()? > 0 {
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data.trim_end()).ok();
            }
            line.clear();
        }
        None
    }

    /// Waits for an event with a property. Other events may come first.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, is: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        loop {
            let news = self.next().unwrap_or_else(|| panic!("no news with {what}"));
            if is(&news) {
                return news;
            }
        }
    }

    /// The status line of the response.
    pub fn status(&mut self) -> String {
        let mut line = String::new();
        let _ = self.lines.read_line(&mut line);
        line.trim_end().to_owned()
    }
}
