// Object stores on the loopback interface, and a proxy before them that counts requests and injects faults.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";

import { freePort } from "./server.mjs";
import { temporaryFolder } from "./site.mjs";

const RUNNING = new Set();
process.on("exit", () => {
  for (const child of RUNNING) child.kill("SIGKILL");
});

/** Object stores, which `.ci/run` installs. */
export const STORES = {
  moto: {
    isInstalled: () => spawnSync("python3", ["-c", "import moto.server"]).status === 0,
    install: "`pip install --require-hashes -r .ci/stores.txt --target FOLDER`, and set `PYTHONPATH=FOLDER`",
    start: (port) => spawn("python3", ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" }),
    createBucket: async (url, bucket) => {
      await fetch(`${url}/${bucket}`, { method: "PUT", headers: SIGNED });
    },
  },
  "s3s-fs": {
    isInstalled: () => spawnSync(s3sFs(), ["--version"]).status === 0,
    install: "`cargo install s3s-fs --version 0.14.1 --features binary --locked`",
    start: (port, folder) => {
      const keys = ["--access-key", CREDENTIALS.AWS_ACCESS_KEY_ID, "--secret-key", CREDENTIALS.AWS_SECRET_ACCESS_KEY];
      return spawn(s3sFs(), ["--host", "127.0.0.1", "--port", String(port), ...keys, folder], { stdio: "ignore" });
    },
    createBucket: async (_, bucket, folder) => mkdirSync(path.join(folder, bucket), { recursive: true }),
  },
};

const s3sFs = () => process.env.S3S_FS ?? "s3s-fs";

/** moto lets nobody read without this header, and does not look at its value. */
export const SIGNED = { authorization: "AWS4-HMAC-SHA256 Credential=test/20270315/us-east-1/s3/aws4_request" };

/** Values that no output may contain. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIAKAZISITE00000001", AWS_SECRET_ACCESS_KEY: "kazi-secret-0123456789/abcdefghijklmno", AWS_REGION: "us-east-1" };

/** Starts a store with buckets. Returns its `url` without a slash at the end, and `close`. */
export async function startStore(name, buckets) {
  const { isInstalled, install, start, createBucket } = STORES[name];
  if (!isInstalled()) throw new Error(`there is no ${name}: ${install}; tests/web/README.md has all tools`);
  const [port, folder] = [await freePort(), temporaryFolder()];
  const child = start(port, folder);
  RUNNING.add(child);
  const url = `http://127.0.0.1:${port}`;
  await answering(url);
  for (const bucket of buckets) await createBucket(url, bucket, folder);
  const close = async () => {
    child.kill("SIGKILL");
    RUNNING.delete(child);
  };
  return { name, url, close, folder };
}

async function answering(url) {
  for (let attempt = 0; attempt < 300; attempt++) {
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`${url} does not answer`);
}

/**
 * Starts a proxy before a store. `proxy.fault(request, number)` returns the fault of a request: `undefined`, `"503"`,
 * `"cut-request"`, `"cut-response"`, `"slow"`, `"silent"`, `{ status, body }`, or `{ until }`, a promise to wait for. `proxy.seen` has `METHOD path` of each request.
 * `proxy.forward` may change the headers of requests, and `proxy.headers` those of answers.
 */
export async function startProxy(store) {
  const target = new URL(store.url);
  const proxy = { seen: [], fault: () => undefined, forward: (headers) => headers, headers: (headers) => headers };
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const server = http.createServer(async (request, response) => {
    proxy.seen.push(`${request.method} ${request.url}`);
    const fault = proxy.fault(request, proxy.seen.length);
    if (fault === "cut-request") {
      request.once("data", () => request.socket.destroy());
      request.once("end", () => request.socket.destroy());
      return;
    }
    const body = await bytesOf(request);
    if (fault === "503") {
      response.writeHead(503, { "content-type": "application/xml" }).end("<Error><Code>SlowDown</Code></Error>");
      return;
    }
    if (fault?.status) {
      const date = new Date().toUTCString();
      const headers = { "content-type": "application/xml", "content-length": Buffer.byteLength(fault.body), "last-modified": date, etag: '"1"' };
      response.writeHead(fault.status, headers).end(fault.body);
      return;
    }
    if (fault?.until) await fault.until;
    if (fault === "slow") await new Promise((resolve) => setTimeout(resolve, 150));
    const options = { agent, host: target.hostname, port: target.port, path: request.url, method: request.method, headers: proxy.forward(request.headers) };
    const forwarded = http.request(options, async (answer) => {
      const bytes = await bytesOf(answer);
      if (fault === "silent") return;
      response.writeHead(answer.statusCode, proxy.headers(answer.headers));
      if (fault === "cut-response") {
        response.write(bytes.subarray(0, bytes.length / 2), () => request.socket.destroy());
        if (bytes.length < 2) request.socket.destroy();
        return;
      }
      response.end(bytes);
    });
    forwarded.on("error", () => response.destroy());
    forwarded.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise((resolve) => {
      agent.destroy();
      server.close(resolve);
      server.closeAllConnections();
    });
  return Object.assign(proxy, { url: `http://127.0.0.1:${server.address().port}`, close });
}

async function bytesOf(stream) {
  const parts = [];
  try {
    for await (const part of stream) parts.push(part);
  } catch {
    // The other side hung up.
  }
  return Buffer.concat(parts);
}

/** Fetches an object as a visitor of a website would. s3s-fs has no public buckets, so its files are read from the disk. */
export async function object(store, bucket, key) {
  if (store.name === "moto") return fetch(`${store.url}/${bucket}/${key}`, { headers: SIGNED });
  try {
    return new Response(readFileSync(path.join(store.folder, bucket, decodeURIComponent(key))));
  } catch {
    return new Response("", { status: 404 });
  }
}

/** Writes an object that `tagline publish` did not write. */
export async function putObject(store, bucket, key, body) {
  if (store.name === "moto") await fetch(`${store.url}/${bucket}/${key}`, { method: "PUT", body, headers: SIGNED });
  else writeFileSync(path.join(store.folder, bucket, key), body);
}
