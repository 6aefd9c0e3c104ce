#!/bin/sh
# Two Python servers drop the query of an address when they add its final slash.
#
# Versions: Tornado 6.6.1 and WhiteNoise 6.12.0; Starlette 1.10.0 for comparison. Seen on 2026-11-29.
#
# Somebody types the address of a landing page without its last slash: /spring-hiring?via=acme. Most servers of static files
# redirect to /spring-hiring/?via=acme. These two redirect to /spring-hiring/, so the page no longer knows the channel, and the lead
# is counted as direct. Tornado answers with 301, which browsers remember.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet tornado==6.6.1 whitenoise==6.12.0 starlette==1.10.0 uvicorn==0.54.0
mkdir -p public/spring-hiring
echo '<h1>Spring hiring</h1>' > public/spring-hiring/index.html

cat > ask.py <<'PYTHON'
import asyncio
import http.client
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import tornado.web
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from whitenoise import WhiteNoise


class Silent(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def location(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/spring-hiring?via=acme")
    answer = connection.getresponse()
    return answer.status, answer.getheader("Location")


async def tornado_answer():
    files = (r"/(.*)", tornado.web.StaticFileHandler, {"path": "public", "default_filename": "index.html"})
    server = tornado.web.Application([files], log_function=lambda _: None).listen(0, "127.0.0.1")
    port = next(iter(server._sockets.values())).getsockname()[1]
    return await asyncio.to_thread(location, port)


def whitenoise_answer():
    app = WhiteNoise(lambda environ, start: start("404 Not Found", []) or [b""], root="public", index_file=True)
    server = make_server("127.0.0.1", 0, app, handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return location(server.server_port)


async def starlette_answer():
    app = Starlette(routes=[Mount("/", StaticFiles(directory="public", html=True))])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    answer = await asyncio.to_thread(location, port)
    server.should_exit = True
    await running
    return answer


print("Tornado   ", *asyncio.run(tornado_answer()))
print("WhiteNoise", *whitenoise_answer())
print("Starlette ", *asyncio.run(starlette_answer()))
PYTHON
echo 'GET /spring-hiring?via=acme'
venv/bin/python ask.py | tee answers.txt

cat > expected.txt <<'TEXT'
Tornado    301 /spring-hiring/
WhiteNoise 302 spring-hiring/
TEXT
if ! head -n 2 answers.txt | cmp -s - expected.txt || ! grep -q 'Starlette .*?via=acme$' answers.txt; then
  echo 'The behaviour has changed.' >&2
  exit 1
fi
echo 'Tornado and WhiteNoise lose the channel; share addresses with their last slash, as `tagline links` prints them.'
