// `tagline publish` to object stores that speak S3: what arrives, in which order, with how many requests, and what is refused.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { serve } from "./support/server.mjs";
import { temporaryFolder } from "./support/site.mjs";
import { PublishedSite } from "./support/published.mjs";
import { CREDENTIALS, STORES, object, putObject, startProxy, startStore } from "./support/stores.mjs";

for (const name of Object.keys(STORES)) {
  describe(`publish to ${name}`, () => {
    let store;
    let proxy;
    let buckets = 0;
    before(async () => {
      store = await startStore(name, ["kazi-shared"]);
      proxy = await startProxy(store);
    });
    after(async () => {
      await proxy?.close();
      await store?.close();
    });

    /** A site whose target is a new bucket. */
    async function site(keys = "") {
      const bucket = `kazi-site-${++buckets}`;
      await STORES[name].createBucket(store.url, bucket, store.folder);
      proxy.fault = () => undefined;
      proxy.headers = (headers) => headers;
      const published = new PublishedSite(`{ live: { site: s3://${bucket}, endpoint: "${proxy.url}"${keys} } }`);
      return Object.assign(published, { bucket, target: proxy.url });
    }

    const get = async (published, key) => object(store, published.bucket, key);
    const requests = async (run) => {
      const from = proxy.seen.length;
      const result = await run();
      return { result, seen: proxy.seen.slice(from) };
    };
    const ok = (result) => {
      assert.equal(result.status, 0, result.stderr);
      return result;
    };

    test("files arrive with their type and how long to keep them", async () => {
      const published = await site();
      published.write("static/guide.pdf", "%PDF-1.7");
      published.write("static/ä b.txt", "text");
      ok(await published.publish());
      for (const [key, type, cache] of [
        ["index.html", "text/html; charset=utf-8", "public, max-age=60"],
        ["guide.pdf", "application/pdf", "public, max-age=300"],
        ["sitemap.xml", "text/xml; charset=utf-8", "public, max-age=300"],
        ["%C3%A4%20b.txt", "text/plain; charset=utf-8", "public, max-age=300"],
      ]) {
        const response = await get(published, key);
        assert.equal(response.status, 200, key);
        if (name === "moto") assert.equal(response.headers.get("content-type"), type, key);
        if (name === "moto") assert.equal(response.headers.get("cache-control"), cache, key);
      }
      const html = await (await get(published, "index.html")).text();
      const picture = /src="?\/(mark\.[0-9a-f]{10}\.svg)/.exec(html)[1];
      const response = await get(published, picture);
      if (name === "moto") assert.match(response.headers.get("cache-control"), /immutable/);
      assert.equal((await get(published, "_headers")).status, 404);
    });

    test("a dry run sends one request, and a publish of nothing new at most five", async () => {
      const published = await site();
      ok(await published.publish());
      const dry = await requests(() => published.publish(["--dry-run"]));
      ok(dry.result);
      assert.equal(dry.seen.length, 1, dry.seen.join("\n"));
      const nothing = await requests(() => published.publish(["--format", "json"]));
      ok(nothing.result);
      assert.ok(nothing.seen.length <= 5, nothing.seen.join("\n"));
      assert.equal(JSON.parse(nothing.result.stdout).places[0].requests, nothing.seen.length);
    });

    test("a change uploads what changed, in order, with few requests beside", async () => {
      const published = await site();
      ok(await published.publish());
      published.release(1);
      published.write("content/new.md", "---\ntitle: New\n---\nText.\n");
      const { result, seen } = await requests(() => published.publish());
      ok(result);
      const puts = seen.filter((line) => line.startsWith("PUT ")).map((line) => line.split("/").slice(2).join("/").split("?")[0]);
      const files = puts.filter((key) => !key.startsWith("tagline-"));
      const order = [/^mark\./, /^new\//, /^index\.html$/, /^sitemap\.xml$/].map((pattern) => files.findIndex((key) => pattern.test(key)));
      assert.deepEqual([...order].sort((one, other) => one - other), order, files.join("\n"));
      assert.ok(!order.includes(-1), files.join("\n"));
      assert.ok(!files.some((key) => key.startsWith("prices/")), files.join("\n"));
      assert.equal(puts.at(-1), "tagline-manifest.json", puts.join("\n"));
      assert.ok(seen.length - files.length <= 9, seen.join("\n"));
    });

    test("removed pages go at once, their files later, and others' files never", async () => {
      const published = await site(", max_delete: 100%, keep_days: 7");
      published.write("content/old.md", "---\ntitle: Old\n---\nText.\n");
      published.write("static/old.css", "a{}");
      ok(await published.publish());
      await putObject(store, published.bucket, "of-others.txt", "mine");
      published.remove("content/old.md");
      published.remove("static/old.css");
      ok(await published.publish());
      assert.equal((await get(published, "old/index.html")).status, 404);
      assert.equal((await get(published, "old.css")).status, 200);
      ok(await published.publish(["--keep-days", "0"]));
      assert.equal((await get(published, "old.css")).status, 404);
      assert.equal((await get(published, "of-others.txt")).status, 200);
    });

    test("a large file is uploaded in parts", async () => {
      const published = await site();
      const large = "0123456789abcdef".repeat(1_300_000);
      published.write("static/large.bin", large);
      ok(await published.publish());
      assert.equal(await (await get(published, "large.bin")).text(), large);
    });

    test("a bucket with foreign files needs --adopt, which keeps them", async () => {
      const published = await site();
      await putObject(store, published.bucket, "wp-login.php", "mine");
      const refused = await requests(() => published.publish());
      assert.equal(refused.result.status, 2);
      assert.match(refused.result.stderr, /`wp-login\.php` for example/);
      assert.ok(!refused.seen.some((line) => line.startsWith("PUT")), refused.seen.join("\n"));
      ok(await published.publish(["--adopt"]));
      assert.equal((await get(published, "wp-login.php")).status, 200);
    });

    test("damaged and newer manifests, and an unknown bucket, are refused", async () => {
      const published = await site();
      ok(await published.publish());
      const manifest = await (await get(published, "tagline-manifest.json")).text();
      for (const [text, message] of [
        [manifest.slice(0, manifest.length / 2), /is damaged/],
        [manifest.replace('"tagline_manifest":1', '"tagline_manifest":7'), /of a newer Tagline/],
      ]) {
        await putObject(store, published.bucket, "tagline-manifest.json", text);
        const result = await published.publish();
        assert.equal(result.status, 2);
        assert.match(result.stderr, message);
      }
      const unknown = new PublishedSite(`{ live: { site: s3://kazi-nowhere, endpoint: "${proxy.url}" } }`);
      const result = await unknown.publish();
      assert.equal(result.status, 2);
      assert.match(result.stderr, /`s3:\/\/kazi-nowhere` does not exist/);
    });

    test("what a store refuses is printed without a credential, and the site stays", async () => {
      const published = await site();
      ok(await published.publish());
      published.release(2);
      const page = await (await get(published, "index.html")).text();
      const secret = `<AWSAccessKeyId>${CREDENTIALS.AWS_ACCESS_KEY_ID}</AWSAccessKeyId><StringToSign>${CREDENTIALS.AWS_SECRET_ACCESS_KEY}</StringToSign>`;
      const answer = (status, code) => ({ status, body: `<Error><Code>${code}</Code><Message>${CREDENTIALS.AWS_ACCESS_KEY_ID}</Message>${secret}</Error>` });
      const isPut = (request) => request.method === "PUT";
      const isList = (request) => request.method === "GET" && request.url.includes("list-type");
      for (const [when, fault, message] of [
        [() => true, answer(403, "InvalidAccessKeyId"), /check `AWS_ACCESS_KEY_ID`/],
        [() => true, answer(403, "SignatureDoesNotMatch"), /check `AWS_SECRET_ACCESS_KEY`/],
        [() => true, answer(400, "AuthorizationHeaderMalformed"), /another region/],
        [() => true, answer(301, "PermanentRedirect"), /another region/],
        [() => true, answer(403, "RequestTimeTooSkewed"), /clock of this machine/],
        [() => true, answer(400, "ExpiredToken"), /have expired/],
        [isPut, answer(403, "AccessDenied"), /do not allow writing/],
      ]) {
        proxy.fault = (request) => (when(request) ? fault : undefined);
        const result = await published.publish();
        assert.equal(result.status, 2, result.stdout);
        assert.match(result.stderr, message);
        for (const value of [CREDENTIALS.AWS_ACCESS_KEY_ID, CREDENTIALS.AWS_SECRET_ACCESS_KEY]) {
          assert.ok(!`${result.stdout}${result.stderr}`.includes(value), result.stderr);
        }
        proxy.fault = () => undefined;
        assert.equal(await (await get(published, "index.html")).text(), page);
      }
      const empty = await site();
      proxy.fault = (request) => (isList(request) ? answer(403, "AccessDenied") : undefined);
      const result = await empty.publish();
      assert.equal(result.status, 2);
      assert.match(result.stderr, /do not allow listing/);
    });

    test("where deleting is not allowed the site is whole, and what is left over is named", async () => {
      const published = await site(", max_delete: 100%");
      published.write("content/old.md", "---\ntitle: Old\n---\nText.\n");
      ok(await published.publish());
      published.remove("content/old.md");
      const isDelete = (request) => request.url.includes("?delete") || (request.method === "DELETE" && !request.url.includes("tagline-"));
      proxy.fault = (request) => (isDelete(request) ? { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" } : undefined);
      const result = await published.publish();
      assert.equal(result.status, 2);
      assert.match(result.stderr, /left over: old\/index\.html/);
      proxy.fault = () => undefined;
      assert.ok(!(await (await get(published, "sitemap.xml")).text()).includes("/old/"));
      ok(await published.publish());
      assert.equal((await get(published, "old/index.html")).status, 404);
    });

    test("of two simultaneous publishes one is refused", async () => {
      const published = await site();
      // Both have seen that nobody holds the lock before either creates it.
      let arrived = 0;
      let release;
      const both = new Promise((resolve) => (release = resolve));
      proxy.fault = (request) => {
        if (request.method !== "PUT" || !request.url.includes("tagline-lock")) return "slow";
        if (++arrived === 2) release();
        return { until: both };
      };
      const runs = await Promise.all([published, new PublishedSiteOf(published)].map((site) => site.publish(["--lease", "60"])));
      assert.deepEqual(runs.map((run) => run.status).sort(), [0, 2], runs.map((run) => run.stderr).join("\n"));
      assert.match(runs.find((run) => run.status === 2).stderr, /another publish/);
    });

    test("a lock is renewed while a publish is slow, and nobody's clock but the store's counts", async () => {
      const published = await site();
      for (let number = 0; number < 40; number++) published.write(`static/${number}.txt`, `${number}`);
      // Every answer takes a while, and says a time of years ago.
      proxy.fault = () => "slow";
      const shift = (value) => new Date(Date.parse(value) - 9e10).toUTCString();
      proxy.headers = (headers) => ({ ...headers, ...(headers["last-modified"] ? { "last-modified": shift(headers["last-modified"]) } : {}) });
      const { result, seen } = await requests(() => published.publish());
      ok(result);
      const locks = seen.filter((line) => line.startsWith("PUT") && line.includes("tagline-lock"));
      assert.ok(locks.length >= 2, locks.join("\n"));
    });

    test("the lead desk goes to its own bucket, which must not be public", async () => {
      const bucket = `kazi-desk-${++buckets}`;
      await STORES[name].createBucket(store.url, bucket, store.folder);
      const published = await site(`, desk: s3://${bucket}`);
      // A store that answers to a request without credentials.
      proxy.fault = (request) => (!request.headers.authorization && request.url.includes(bucket) ? { status: 200, body: "{}" } : undefined);
      const refused = await published.publish();
      assert.equal(refused.status, 2);
      assert.match(refused.stderr, /everybody can read `s3:\/\/kazi-desk/);
      for (const place of [published.bucket, bucket]) assert.equal((await object(store, place, "index.html")).status, 404);
      proxy.fault = () => undefined;
      ok(await published.publish());
      assert.equal((await object(store, bucket, "index.html")).status, 200);
      assert.equal((await get(published, "campaigns.csv")).status, 404);
      const nothing = await requests(() => published.publish());
      ok(nothing.result);
      assert.ok(nothing.seen.length <= 5, nothing.seen.join("\n"));
    });

    test("--verify compares what visitors get with what was published", async () => {
      const published = await site();
      const folder = path.join(temporaryFolder(), "www");
      const server = await serve(folder);
      const verify = async () => {
        const result = await published.publish(["--base-url", server.url, "--verify"]);
        return result;
      };
      try {
        cpSync(published.root, folder, { recursive: true });
        const wrong = await verify();
        assert.equal(wrong.status, 2);
        assert.match(wrong.stderr, /so look at the server or its cache/);
        server.folder = path.join(published.root, "public");
        published.write("static/a.txt", "a");
        const right = await verify();
        ok(right);
        assert.match(right.stdout, /verified \d+ address/);
      } finally {
        await server.close();
      }
    });

    test("status, a preview below a prefix and its removal", async () => {
      const published = await site();
      ok(await published.publish());
      assert.match((await published.publish(["--status"])).stdout, /published 20/);
      ok(await published.publish(["--prefix", "pr-1", "--preview"]));
      assert.equal((await get(published, "pr-1/index.html")).status, 200);
      ok(await published.publish(["--prefix", "pr-1", "--remove"]));
      assert.equal((await get(published, "pr-1/index.html")).status, 404);
      assert.equal((await get(published, "index.html")).status, 200);
    });
  });
}

/** Another copy of a site on another machine, with the same target. */
class PublishedSiteOf extends PublishedSite {
  constructor(other) {
    super(`{ live: { site: s3://${other.bucket}, endpoint: "${other.target}" } }`);
    this.release(5);
  }
}
