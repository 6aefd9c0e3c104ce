#!/usr/bin/env python3
"""Measures how long a writer waits: for the first page after the start of a server, and for new bytes after an edit.

    benches/serve.py SITE -- target/release/tagline serve --root SITE --port 4010
    benches/serve.py HUGO_SITE --page content/posts/p00042.md --url /posts/p00042/ --template layouts/_default/single.html \\
        -- hugo server --source HUGO_SITE --port 4010 --renderToMemory --disableLiveReload ...

Each edit appends a word to the text of a page, and the page is requested until it contains the word. Prints medians,
95th percentiles, the slowest times, and the memory of the server after all edits. Restores the site at the end.
"""

import argparse
import http.client
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=pathlib.Path)
    parser.add_argument("--page", default="content/campaigns/p42.md", help="the page to edit, in the site")
    parser.add_argument("--url", default="/campaigns/p42/", help="the URL of the page")
    parser.add_argument("--template", default="themes/bench/parts/frame.html", help="a template with `<main>` that all pages use")
    parser.add_argument("--port", type=int, default=4010)
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--template-edits", type=int, default=3)
    parser.add_argument("server", nargs="+", help="the command that starts the server, after `--`")
    return parser.parse_args()


class Browser:
    def __init__(self, port, server):
        self.port = port
        self.server = server
        self.connection = None
        self.last = "no response"

    def get(self, url):
        """Returns the body, or None if the server does not respond yet."""
        try:
            self.connection = self.connection or http.client.HTTPConnection("localhost", self.port, timeout=120)
            self.connection.request("GET", url)
            response = self.connection.getresponse()
            self.last = f"{response.status} {response.reason}"
            return response.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            return None

    def wait(self, url, word, limit=120):
        """Returns the seconds until the page contains a word."""
        started = time.perf_counter()
        while time.perf_counter() - started < limit:
            body = self.get(url)
            if body is not None and word in body:
                return time.perf_counter() - started
            if self.server.poll() is not None:
                raise SystemExit(f"the server ended with status {self.server.returncode}; start it by itself to see why")
            time.sleep(0.001)
        raise SystemExit(f"{url} did not contain {word!r} within {limit} s; the last response: {self.last}")


def time_of_edit(browser, path, url, old, number, place=None):
    word = f"edit{os.getpid()}x{number}y"
    new = old + f"\n{word}\n" if place is None else old.replace(place, f"{place}<!-- --><b>{word}</b>", 1)
    started = time.perf_counter()
    path.write_text(new)
    waited = browser.wait(url, word.encode())
    return time.perf_counter() - started, waited


def print_times(name, seconds):
    if not seconds:
        return
    ms = sorted(second * 1000 for second in seconds)
    p95 = ms[min(len(ms) - 1, int(len(ms) * 0.95))]
    print(f"{name}: median {statistics.median(ms):.1f} ms, 95th percentile {p95:.1f} ms, slowest {ms[-1]:.1f} ms of {len(ms)}")


def is_in_use(port):
    with socket.socket() as probe:
        return probe.connect_ex(("localhost", port)) == 0


def resident(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {line.split(":")[0]: int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith(("VmRSS", "VmHWM"))}


def main():
    args = arguments()
    page, template = args.site / args.page, args.site / args.template
    text, layout = page.read_text(), template.read_text()
    if "<main>" not in layout:
        raise SystemExit(f"{template} has no `<main>`: name a template that has it with `--template`")
    if is_in_use(args.port):
        raise SystemExit(f"port {args.port} is in use: choose another one with `--port`, also for the server")
    started = time.perf_counter()
    server = subprocess.Popen(args.server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    browser = Browser(args.port, server)
    try:
        browser.wait(args.url, b"<h1", 300)
        print(f"start to first page: {time.perf_counter() - started:.2f} s")
        time.sleep(1)
        spent = []
        for number in range(args.edits):
            spent.append(time_of_edit(browser, page, args.url, text, number)[0])
            # Like a person, does not edit while the server is still busy.
            time.sleep(0.05)
        print_times("text of one page", spent)
        page.write_text(text)
        time.sleep(1)
        spent = []
        for number in range(args.template_edits):
            spent.append(time_of_edit(browser, template, args.url, layout, number, "<main>")[0])
            time.sleep(1)
        print_times("template of all pages", spent)
        memory = resident(server.pid)
        print(f"memory: {memory['VmRSS']} MiB, at most {memory['VmHWM']} MiB")
    finally:
        page.write_text(text)
        template.write_text(layout)
        server.send_signal(signal.SIGINT)
        server.wait(30)


main()
