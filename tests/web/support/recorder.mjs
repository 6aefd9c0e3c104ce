// A server that receives forms. It records each request and responds as a test says, by http or, in the name of any host,
// by https.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";
import { bodyOf } from "./server.mjs";
import { temporaryFolder } from "./site.mjs";

/** A self-signed certificate, for contexts with `ignoreHTTPSErrors`. */
function certificate() {
  const folder = temporaryFolder();
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => path.join(folder, name));
  const subject = ["-subj", "/CN=localhost", "-days", "2", "-nodes"];
  const files = ["-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", ...subject, ...files], { stdio: "ignore" });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/**
 * Starts a server. `answer` gets a recorded request, `{ method, host, path, type, body }`, and returns
 * `{ status, headers, body }`, or nothing to never respond. A test can replace it. `received` has all requests except
 * `HEAD` and `OPTIONS`, which are in `probes`.
 */
export async function recorder(answer, { tls = false } = {}) {
  const received = [];
  const probes = [];
  const handle = async (request, response) => {
    const { method, headers, url: target } = request;
    const body = await bodyOf(request);
    const record = { method, host: headers.host, path: target, type: headers["content-type"], origin: headers.origin, body };
    (method === "HEAD" || method === "OPTIONS" ? probes : received).push(record);
    const answered = await recording.answer(record);
    if (answered) response.writeHead(answered.status, answered.headers).end(answered.body);
  };
  const server = tls ? https.createServer(certificate(), handle) : http.createServer(handle);
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  const recording = { url: `${tls ? "https" : "http"}://127.0.0.1:${port}/`, port, received, probes, answer, close };
  return recording;
}
