#!/bin/sh
# Three servers of compressed files do not say that their answer depends on the request.
#
# Versions: http-server 14.1.1, koa-static 5.0.0, @koa/send 6.0.0; sirv 3.0.2 for comparison; the shared cache is that of undici 7.30.2. Seen on
# 2026-12-01.
#
# `index.html.br` beside `index.html` is for browsers that accept Brotli. An answer that depends on the header Accept-Encoding says so with
# `Vary: Accept-Encoding` (RFC 9110, 12.5.5), or a cache gives it to everybody. http-server with `--brotli` or `--gzip` leaves the header out, and
# lets caches keep each page for an hour. koa-static and @koa/send leave it out, too, and send such files by default. After one browser, a CDN or
# proxy gives the compressed page to programs that read gzip at most, as Python's requests does without further packages.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes > npm.log
npm install --silent --no-fund --no-audit http-server@14.1.1 koa@3.3.0 koa-static@5.0.0 @koa/send@6.0.0 sirv@3.0.2 undici@7.30.2

cat > servers.mjs <<'JS'
import fs from "node:fs";
import http from "node:http";
import zlib from "node:zlib";
import * as koaSend from "@koa/send";
import httpServer from "http-server";
import Koa from "koa";
import koaStatic from "koa-static";
import sirv from "sirv";
import { Agent, interceptors, request } from "undici";

const page = "<!doctype html><title>Spring hiring</title><p>Get 20% off</p>\n";
fs.mkdirSync("public");
fs.writeFileSync("public/index.html", page);
fs.writeFileSync("public/index.html.br", zlib.brotliCompressSync(page));

const hour = 3_600_000;
const send = koaSend.send ?? koaSend.default;
const withStatic = new Koa().use(koaStatic("public", { maxage: hour }));
const withSend = new Koa().use((context) => send(context, context.path, { root: "public", index: "index.html", maxage: hour }));
const servers = {
  "http-server": httpServer.createServer({ root: "public", brotli: true }).server,
  "koa-static": http.createServer(withStatic.callback()),
  "@koa/send": http.createServer(withSend.callback()),
  "sirv": http.createServer(sirv("public", { brotli: true, maxAge: 3600 })),
};
for (const [name, server] of Object.entries(servers)) {
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const dispatcher = new Agent().compose(interceptors.cache({ type: "shared" }));
  const browser = await request(url, { dispatcher, headers: { "accept-encoding": "gzip, br" } });
  await browser.body.arrayBuffer();
  const program = await request(url, { dispatcher, headers: { "accept-encoding": "gzip, deflate" } });
  const readable = Buffer.from(await program.body.arrayBuffer()).toString() === page;
  const got = readable ? "the page" : `bytes of ${program.headers["content-encoding"]}`;
  console.log(`${name.padEnd(12)} Vary: ${browser.headers.vary ?? "(none)"}; a program that reads gzip gets ${got}`);
}
process.exit();
JS
node --no-deprecation servers.mjs | tee answers.txt

cat > expected.txt <<'TEXT'
http-server  Vary: (none); a program that reads gzip gets bytes of br
koa-static   Vary: (none); a program that reads gzip gets bytes of br
@koa/send    Vary: (none); a program that reads gzip gets bytes of br
sirv         Vary: Accept-Encoding; a program that reads gzip gets the page
TEXT
if ! cmp -s answers.txt expected.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'Behind a cache, a link checker gets bytes in place of a landing page. Add the header, or let the CDN compress.'
