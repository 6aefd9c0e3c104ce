// The workflows that `tagline init --ci` writes: linters find nothing in them, and their shell steps take a campaign from an edit in
// the browser to the published site, and to its end.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { parse } from "yaml";

import { serve } from "./support/server.mjs";
import { CREDENTIALS, object, startStore } from "./support/stores.mjs";
import { tagline, temporaryFolder } from "./support/site.mjs";

const PLACES = [
  "s3://kazi-site",
  's3://kazi-site, endpoint: "https://s3.kazi.co.ke"',
  "gs://kazi-site",
  "az://kazi-site",
  '"file:///srv/kazi"',
];

/** A small site with a target. */
function siteWith(place, preview = place) {
  const root = path.join(temporaryFolder(), "site");
  mkdirSync(root);
  writeFileSync(path.join(root, "site.yaml"), `title: Kazi\nbase_url: https://kazi.co.ke/\ntimezone: Africa/Nairobi\npublish: { live: { site: ${place} }, preview: { site: ${preview} } }\n`);
  return root;
}

function init(root, service) {
  const { status, stderr } = spawnSync(tagline(), ["init", "--ci", service, root], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
}

const has = (command) => spawnSync(command, ["--version"]).status === 0;

describe("workflows are valid", () => {
  for (const place of PLACES) {
    test(place, async () => {
      const root = siteWith(place);
      init(root, "github");
      init(root, "gitlab");
      const folder = path.join(root, ".github/workflows");
      const files = readdirSync(folder).map((name) => path.join(folder, name));
      // Previews need a bucket.
      assert.equal(files.length, place.includes("file:") ? 2 : 3);
      for (const [command, ...rest] of [
        ["actionlint", "-no-color", ...files],
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", ...files],
        ["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", path.join(root, ".gitlab-ci.yml")],
        ["zizmor", "--offline", "--no-config", "--persona", "regular", ...files],
      ]) {
        assert.ok(has(command), `there is no ${command}: \`pip install --require-hashes -r .ci/workflows.txt\` in a virtual environment, and add its \`bin\` to PATH; tests/web/README.md has all tools`);
        const { status, stdout, stderr } = spawnSync(command, rest, { encoding: "utf8" });
        assert.equal(status, 0, `${command}\n${stdout}\n${stderr}`);
        // An error is found, so the linter works.
        const last = rest.at(-1);
        const text = readFileSync(last, "utf8");
        const wrong = command === "zizmor" ? text.replace(/@[0-9a-f]{40}/, "@main") : text.replace("runs-on", "run-on").replace("stages: [", "stages: 1 #");
        writeFileSync(last, wrong);
        assert.notEqual(spawnSync(command, rest).status, 0, command);
        writeFileSync(last, text);
      }
    });
  }

  test("an existing workflow is never overwritten", () => {
    const root = siteWith("s3://kazi-site");
    init(root, "github");
    const { status, stderr } = spawnSync(tagline(), ["init", "--ci", "github", root], { encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(stderr, /already exist/);
  });
});

describe("from an edit in the browser to the end of the campaign", () => {
  const work = mkdtempSync(path.join(tmpdir(), "tagline-ci-"));
  const [remote, author, live] = ["remote.git", "author", "live"].map((name) => path.join(work, name));
  const summary = path.join(work, "summary.md");
  let server;
  let store;
  let day = "2027-03-15";
  before(async () => {
    mkdirSync(live);
    server = await serve(path.join(live, "current"));
    store = await startStore("moto", ["kazi-previews"]);
    pack();
  });
  after(async () => {
    await server.close();
    await store?.close();
    rmSync(work, { recursive: true, force: true });
  });

  /** An archive as a release has it, with a program that runs on `day`. */
  function pack() {
    const folder = path.join(work, "tagline-0.1.0");
    mkdirSync(folder);
    const script = `#!/bin/sh
day=$(cat "${work}/day")
case "$1" in
  tags) exec "${tagline()}" "$@" --date "$day" --write-register ;;
  check | diff | publish) exec "${tagline()}" "$@" --date "$day" ;;
  *) exec "${tagline()}" "$@" ;;
esac
`;
    writeFileSync(path.join(folder, "tagline"), script);
    chmodSync(path.join(folder, "tagline"), 0o755);
    ok(spawnSync("tar", ["-czf", "tagline.tar.gz", "tagline-0.1.0"], { cwd: work, encoding: "utf8" }));
  }

  function ok(result) {
    assert.equal(result.status, 0, `${result.stdout}\n${result.stderr}`);
    return result.stdout;
  }

  const git = (folder, ...options) => ok(spawnSync("git", ["-C", folder, ...options], { encoding: "utf8" }));

  function commit(message) {
    git(author, "add", "--all");
    git(author, "-c", "user.name=Ada", "-c", "user.email=ada@kazi.co.ke", "commit", "--quiet", "-m", message);
    git(author, "push", "--quiet", remote, "HEAD");
  }

  /** Runs the shell steps of a job in a fresh clone, as GitHub does. The actions are left out. */
  async function run(file, jobName, branch = "main", numbers = {}) {
    writeFileSync(path.join(work, "day"), day);
    const clone = mkdtempSync(path.join(work, "clone-"));
    ok(spawnSync("git", ["clone", "--quiet", "--depth", "1", "--branch", branch, `file://${remote}`, clone], { encoding: "utf8" }));
    const job = parse(readFileSync(path.join(clone, ".github/workflows", file), "utf8")).jobs[jobName];
    const sum = ok(spawnSync("sha256sum", [path.join(work, "tagline.tar.gz")], { encoding: "utf8" })).split(" ")[0];
    const values = {
      "vars.TAGLINE_URL": `file://${work}/tagline.tar.gz`,
      "vars.TAGLINE_SHA256": sum,
      "vars.PREVIEW_URL": "http://127.0.0.1:4000",
      "vars.AWS_REGION": CREDENTIALS.AWS_REGION,
      "secrets.AWS_ACCESS_KEY_ID": CREDENTIALS.AWS_ACCESS_KEY_ID,
      "secrets.AWS_SECRET_ACCESS_KEY": CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      "github.ref_name": branch,
      "github.event.pull_request.number": "12",
      ...numbers,
    };
    const home = path.join(clone, "..", `home-${path.basename(clone)}`);
    mkdirSync(home);
    let output = "";
    for (const step of job.steps.filter((step) => step.run)) {
      const environment = { ...process.env, HOME: home, PATH: `${home}/.local/bin:${process.env.PATH}`, GITHUB_STEP_SUMMARY: summary, GITHUB_PATH: path.join(home, "path") };
      for (const [name, value] of Object.entries(step.env ?? {})) {
        const filled = name === "REMOTE" ? `file://${remote}` : value.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, key) => values[key] ?? assert.fail(key));
        environment[name] = filled;
      }
      const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], { cwd: clone, env: environment });
      let text = "";
      child.stdout.on("data", (bytes) => (text += bytes));
      child.stderr.on("data", (bytes) => (text += bytes));
      const status = await new Promise((resolve) => child.on("close", resolve));
      output += text;
      assert.equal(status, 0, `${step.name}\n${text}`);
    }
    return output;
  }

  const campaign = (label) => `---
title: Hire in days
summary: Spring pricing.
starts: 2027-03-01
ends: 2027-03-31
after_end: /index.md
channels: [news]
ctas:
  save:
    label: ${label}
    coupon: { code: SPRING20, url: "https://shop.kazi.co.ke/buy?coupon={code}", expires: 2027-03-31 }
---

# Hire in days

[Get it](cta:save)
`;

  test("lead tags are committed, previews come and go, and a nightly run ends the campaign", async () => {
    ok(spawnSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", remote], { encoding: "utf8" }));
    ok(spawnSync("git", ["init", "--quiet", "--initial-branch=main", author], { encoding: "utf8" }));
    const settings = `title: Kazi\nbase_url: ${server.url}\nchannels: { news: { label: News, source: news, medium: email } }\nleads: { owner: sales@kazi.co.ke }\npublish:\n  live: { site: "file://${live}" }\n  preview: { site: s3://kazi-previews, endpoint: "${store.url}" }\n`;
    const files = { "site.yaml": settings, "content/index.md": "---\ntitle: Kazi\nsummary: Hire.\n---\nText.\n", ".gitignore": "/public/\n/sales/\n.public.*\n.sales.*\n/.tagline/\n" };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(author, name)), { recursive: true });
      writeFileSync(path.join(author, name), text);
    }
    init(author, "github");
    commit("Begin");
    await run("tagline-publish.yml", "publish");
    assert.match(readFileSync(path.join(live, "current/index.html"), "utf8"), /Kazi/);

    // Somebody adds a campaign in the browser, on a branch, and opens a pull request.
    git(author, "switch", "--quiet", "--create", "spring");
    mkdirSync(path.join(author, "content/spring"));
    writeFileSync(path.join(author, "content/spring/index.md"), campaign("Get 20 % off"));
    commit("Add the spring campaign");
    await run("tagline-check.yml", "check", "spring");
    assert.match(readFileSync(summary, "utf8"), /spring_save_news/);
    const preview = () => object(store, "kazi-previews", "pr-12/spring/index.html");
    await run("tagline-check.yml", "preview", "spring");
    assert.match(await (await preview()).text(), /noindex/);
    await run("tagline-preview-end.yml", "remove", "spring");
    assert.equal((await preview()).status, 404);

    // It is merged: the workflow commits the lead tags and publishes.
    git(author, "fetch", "--quiet", remote, "main");
    git(author, "-c", "user.name=Ada", "-c", "user.email=ada@kazi.co.ke", "merge", "--quiet", "-m", "Merge", "FETCH_HEAD");
    git(author, "push", "--quiet", remote, "HEAD:main");
    await run("tagline-publish.yml", "publish");
    assert.equal(git(remote, "log", "-1", "--format=%s", "main").trim(), "Record lead tags");
    assert.match(git(remote, "show", "main:lead-tags.csv"), /spring_save_news/);
    assert.match(readFileSync(path.join(live, "current/spring/index.html"), "utf8"), /Get 20/);

    // Nothing changed, so nothing is committed and published.
    const commits = git(remote, "rev-list", "--count", "main");
    assert.match(await run("tagline-publish.yml", "publish"), /0 new|unchanged/);
    assert.equal(git(remote, "rev-list", "--count", "main"), commits);

    // The night after its last day.
    day = "2027-04-01";
    await run("tagline-publish.yml", "publish");
    // Rows of the register depend on the content, so an end commits nothing.
    assert.equal(git(remote, "rev-list", "--count", "main"), commits);
    assert.doesNotMatch(readFileSync(path.join(live, "current/spring/index.html"), "utf8"), /SPRING20/);
  });
});
