// A publish that is killed, or meets a store with faults, never shows a visitor a page whose files are missing or of another
// release, and the next publish completes it. `TAGLINE_TEST_KILLS=300` kills more often.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { launch } from "./support/browser.mjs";
import { startHost } from "./support/hosts.mjs";
import { PAGES, PublishedSite, visit } from "./support/published.mjs";
import { SIGNED, STORES, object, startProxy, startStore } from "./support/stores.mjs";
import { temporaryFolder } from "./support/site.mjs";
import { browsing, fetching, reloading } from "./support/visitors.mjs";

const KILLS = Number(process.env.TAGLINE_TEST_KILLS ?? 8);
/** Whether a visitor saw the site often enough: twenty times, and once in four kills. */
const isEnough = (visits, killed) => visits >= 20 && visits * 4 >= killed;
const BUCKET = "kazi-site";

/** The same numbers in every run. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** Publishes release after release and kills it at random moments, while visitors reload. `looks` has one function for each. */
async function killOften(site, get, looks, kills = KILLS) {
  const next = random(7);
  assert.equal((await site.publish()).status, 0);
  const started = Date.now();
  site.release(1);
  assert.equal((await site.publish()).status, 0);
  const whole = Date.now() - started;
  let live = [1];
  const visitors = looks.map((look) => reloading(look, () => live));
  let killed = 0;
  // A browser is slower than a publish to a folder, so it may need more kills to see the site often enough.
  const isSeen = () => visitors.every((visitor) => isEnough(visitor.visits(), killed));
  for (let release = 2; killed < kills || !isSeen(); release++) {
    assert.ok(killed < 20 * kills, "the visitors see the site too rarely");
    site.release(release);
    live = [...live, release];
    const run = site.start();
    const timer = setTimeout(() => run.child.kill("SIGKILL"), next() * whole);
    const { status } = await run.done;
    clearTimeout(timer);
    if (status === null) killed++;
    const result = await site.publishAfterLock();
    assert.equal(result.status, 0, result.stderr);
    for (const page of PAGES) assert.equal(await visit(get, page), release);
    live = [release];
  }
  const visits = [];
  for (const visitor of visitors) {
    const seen = await visitor.stop();
    assert.deepEqual(seen.errors, []);
    visits.push(seen.visits);
  }
  return { killed, visits };
}

/** Each visitor has to have seen the site during the kills. */
function report(context, { killed, visits }) {
  assert.ok(visits.every((number) => isEnough(number, killed)), `${killed} kills, ${visits} visits`);
  context.diagnostic(`${killed} kills; visits: ${visits.join(", ")}`);
}

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

test("killed publishes to a folder, with a browser that reads it from nginx", async (context) => {
  const folder = path.join(temporaryFolder(), "srv");
  const site = new PublishedSite(`{ live: { site: "file://${folder}" } }`);
  assert.equal((await site.publish()).status, 0);
  const host = await startHost("nginx", path.join(folder, "current"));
  const browsed = await browsing(browser, `${host.url}/`);
  const get = async (file) => {
    try {
      return readFileSync(path.join(folder, "current", file), "utf8");
    } catch {
      return undefined;
    }
  };
  try {
    report(context, await killOften(site, get, [fetching(get), browsed.look]));
  } finally {
    await browsed.close();
    await host.close();
  }
});

for (const name of ["nginx", "caddy", "apache"]) {
  test(`${name} shows a new release of a folder without a reload`, async () => {
    const folder = path.join(temporaryFolder(), "srv");
    const site = new PublishedSite(`{ live: { site: "file://${folder}" } }`);
    assert.equal((await site.publish()).status, 0);
    const host = await startHost(name, path.join(folder, "current"));
    const get = async (file) => {
      const response = await fetch(`${host.url}/${file}`);
      return response.status === 200 ? response.text() : undefined;
    };
    try {
      for (let release = 1; release < 4; release++) {
        site.release(release);
        assert.equal((await site.publish()).status, 0);
        for (const page of PAGES) assert.equal(await visit(get, page), release);
      }
      assert.equal((await site.publish(["--rollback"])).status, 0);
      for (const page of PAGES) assert.equal(await visit(get, page), 2);
      // The folders of releases and the manifest's neighbours are not below the root.
      assert.equal(await get("../releases/"), undefined);
    } finally {
      await host.close();
    }
  });
}

for (const name of Object.keys(STORES)) {
  describe(`faults of ${name}`, () => {
    let store;
    let proxy;
    before(async () => {
      store = await startStore(name, [BUCKET, "kazi-faults"]);
      proxy = await startProxy(store);
    });
    after(async () => {
      await proxy?.close();
      await store?.close();
    });

    const reader = (bucket) => async (file) => {
      const response = await object(store, bucket, file);
      return response.status === 200 ? response.text() : undefined;
    };

    test(`killed publishes to ${name}`, async (context) => {
      // Nobody but the owner can read a bucket of s3s-fs, so no browser does.
      const url = `${store.url}/${BUCKET}/`;
      const site = new PublishedSite(`{ live: { site: s3://${BUCKET}, endpoint: "${store.url}" } }`, name === "moto" ? url : undefined);
      const get = reader(BUCKET);
      const underBucket = (file) => get(file.replace(`${BUCKET}/`, ""));
      const browsed = name === "moto" ? await browsing(browser, url, { extraHTTPHeaders: SIGNED }) : undefined;
      // s3s-fs is quick enough for more.
      const kills = name === "s3s-fs" ? Math.max(KILLS, 24) : KILLS;
      report(context, await killOften(site, underBucket, [fetching(underBucket), ...(browsed ? [browsed.look] : [])], kills));
      await browsed?.close();
    });

    test("503, cut requests and answers, slow and missing answers", async () => {
      const site = new PublishedSite(`{ live: { site: s3://kazi-faults, endpoint: "${proxy.url}", timeout: 1 } }`);
      for (let number = 0; number < 30; number++) site.write(`static/${number}.txt`, "x".repeat(5000));
      const next = random(11);
      const faults = ["503", "cut-request", "cut-response", "slow", "silent"];
      const counts = {};
      proxy.fault = () => {
        const fault = next() < 0.3 ? faults[Math.floor(next() * faults.length)] : undefined;
        if (fault) counts[fault] = (counts[fault] ?? 0) + 1;
        return fault;
      };
      const get = reader("kazi-faults");
      for (let release = 1; release <= 3; release++) {
        site.release(release);
        for (let number = 0; number < 30; number++) site.write(`static/${number}.txt`, `${release}`.repeat(5000));
        const result = await site.publishAfterLock(["--lease", "20"]);
        assert.equal(result.status, 0, result.stderr);
        assert.equal(await visit(get), release);
        assert.equal(await get("29.txt"), `${release}`.repeat(5000));
      }
      for (const fault of faults) assert.ok(counts[fault] > 0, `${fault} did not happen`);
    });

    test("a store that answers nothing leaves the site as it was", async () => {
      const site = new PublishedSite(`{ live: { site: s3://${BUCKET}, endpoint: "${proxy.url}" } }`);
      site.release(0);
      proxy.fault = () => undefined;
      const first = await site.publishAfterLock();
      assert.equal(first.status, 0, first.stderr);
      site.release(9000);
      // The picture cannot be uploaded, so the page must not be.
      proxy.fault = (request) => (request.method === "PUT" && request.url.includes("/mark.") ? { status: 400, body: "<Error><Code>EntityTooLarge</Code></Error>" } : undefined);
      const result = await site.publish();
      assert.equal(result.status, 2);
      assert.match(result.stderr, /EntityTooLarge/);
      assert.equal(await visit(reader(BUCKET)), 0);
      proxy.fault = () => undefined;
      const completed = await site.publishAfterLock();
      assert.equal(completed.status, 0, completed.stderr);
      assert.equal(await visit(reader(BUCKET)), 9000);
    });

    // s3s-fs checks that requests arrive as they were signed.
    if (name === "moto") {
      test("a store that ignores conditions is named before a file is uploaded", async () => {
        proxy.forward = ({ "if-match": _, "if-none-match": __, ...headers }) => headers;
        const site = new PublishedSite(`{ live: { site: s3://${BUCKET}, endpoint: "${proxy.url}" } }`);
        site.release(9001);
        const { child, done } = site.start();
        let said = "";
        child.stderr.on("data", (text) => (said += text));
        const atUpload = [];
        proxy.fault = (request) => void (request.method === "PUT" && !request.url.includes("tagline-lock") && atUpload.push(said));
        const result = await done;
        proxy.fault = () => undefined;
        proxy.forward = (headers) => headers;
        assert.equal(result.status, 0, result.stderr);
        assert.ok(atUpload.length > 2);
        for (const before of atUpload) assert.match(before, /note: `s3:\/\/kazi-site[^`]*` ignores conditions of requests/);
        assert.equal(await visit(reader(BUCKET)), 9001);
      });
    }
  });
}
