// Serves a folder, compressed, on a free port of the loopback interface, as a plain web server would; or an endpoint that
// records the forms that it receives.

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "application/xml; charset=utf-8",
};

const COMPRESSED = new Set([".css", ".csv", ".html", ".js", ".svg", ".txt", ".xml"]);

/**
 * Starts a server with `answer(request, response)`. Returns its `url`, with a slash at the end, and `close` for use in
 * `after`.
 */
async function start(answer) {
  const server = createServer(answer);
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

/** A free port. */
export async function freePort() {
  const server = await start(() => {});
  await server.close();
  return Number(new URL(server.url).port);
}

/**
 * Serves a folder at `base`, with the headers in its `_headers`. Set `server.folder` later for a site that is built with
 * the URL of the server. `server.missing` has the paths that were not found, and `server.posted` the forms. A page
 * responds to a form with itself, as Netlify does, or with the status in `server.refuses`. Without a `policy`, nothing
 * forbids a page to run what it contains. `server.delays` has the paths that are answered late, in milliseconds. Set `server.scripts` to false to lose all scripts on the way.
 */
export async function serve(folder, { base = "/", policy = true } = {}) {
  const missing = [];
  const posted = [];
  const server = await start(async (request, response) => {
    if (request.method === "POST") {
      posted.push({ path: request.url, type: request.headers["content-type"], body: await bodyOf(request) });
      if (server.refuses) {
        response.writeHead(server.refuses).end();
        return;
      }
    }
    const { pathname } = new URL(request.url, "http://localhost");
    if (server.delays[pathname]) await new Promise((resolve) => setTimeout(resolve, server.delays[pathname]));
    const found = fileFor(server.folder, pathname, base);
    if (found.redirect) {
      response.writeHead(301, { location: found.redirect }).end();
      return;
    }
    if (!found.file) missing.push(request.url);
    const file = found.file ?? path.join(server.folder, "404.html");
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const extension = path.extname(file);
    if (extension === ".js" && !server.scripts) {
      request.destroy();
      return;
    }
    const headers = {
      ...(policy ? headersOf(server.folder) : {}),
      "content-type": TYPES[extension] ?? "application/octet-stream",
      "cache-control": "no-cache",
    };
    const bytes = policy || extension !== ".html" ? readFileSync(file) : withoutPolicy(readFileSync(file, "utf8"));
    const isZipped = COMPRESSED.has(extension) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    if (isZipped) headers["content-encoding"] = "gzip";
    response.writeHead(found.file ? 200 : 404, headers).end(isZipped ? gzipSync(bytes) : bytes);
  });
  return Object.assign(server, { folder, missing, posted, scripts: true, delays: {} });
}

/** The headers of the first rule in a site's `_headers`, which is for all pages, as Netlify and Cloudflare Pages read it. */
export function headersOf(folder) {
  const file = path.join(folder, "_headers");
  if (!statSync(file, { throwIfNoEntry: false })) return {};
  const [, ...rest] = readFileSync(file, "utf8").trimEnd().split("\n");
  const end = rest.findIndex((line) => !line.startsWith(" "));
  const lines = end === -1 ? rest : rest.slice(0, end);
  return Object.fromEntries(lines.map((line) => line.trim().split(/: (.*)/s, 2)));
}

function withoutPolicy(html) {
  return html.replace(/<meta http-equiv="?content-security-policy[^>]*>/i, "");
}

function fileFor(folder, address, base) {
  if (!address.startsWith(base)) return {};
  const file = path.join(folder, decodeURIComponent(address.slice(base.length)));
  const kind = statSync(file, { throwIfNoEntry: false });
  if (kind?.isFile()) return { file };
  if (!kind?.isDirectory()) return {};
  if (!address.endsWith("/")) return { redirect: `${address}/` };
  const index = path.join(file, "index.html");
  return statSync(index, { throwIfNoEntry: false }) ? { file: index } : {};
}

export async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

/** An endpoint as in docs/ctas.md: records each form in `received`, and responds with 303 to the form's `redirect`. */
export async function endpoint() {
  const received = [];
  const server = await start(async (request, response) => {
    const body = await bodyOf(request);
    if (request.method !== "HEAD") received.push({ method: request.method, path: request.url, type: request.headers["content-type"], body });
    const redirect = new URLSearchParams(body).get("redirect");
    // The sending script checks with an empty request whether the endpoint responds.
    if (redirect) response.writeHead(303, { location: redirect }).end();
    else response.writeHead(204).end();
  });
  return Object.assign(server, { received });
}
