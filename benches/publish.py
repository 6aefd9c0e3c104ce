#!/usr/bin/env python3
"""Measures `tagline publish` to a store on this machine, beside the AWS CLI and rclone.

    publish.py TAGLINE [--folder /dev/shm/publish] [--files 100000] [--changed 10000] [--runs 3] [--clients aws,rclone]

Needs `s3s-fs` on PATH (`cargo install s3s-fs --features binary`), and the clients: `aws` (PyPI's `awscli`) and `rclone` (Debian's
package). First a site with many small files is published, then planned and published again without a change. Then many files of
10 kB change. All clients send them in turn, with 32 requests at a time, to a bucket that has the last version of each. Tagline
compares and hashes; the others upload everything without looking, which is what they do fastest. Prints seconds and the memory of
each, and the ratio to the fastest client.
"""
import argparse
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAKAZISITE00000001", "AWS_SECRET_ACCESS_KEY": "kazi-secret-0123456789", "AWS_REGION": "us-east-1"}
SITE = """title: Kazi
base_url: http://127.0.0.1:4000/
publish: {{ live: {{ site: s3://{bucket}, endpoint: "http://127.0.0.1:{port}" }} }}
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def write_site(root, bucket, port, files, size, seed):
    """Writes a page and `files` files of `size` bytes. Another seed changes all of them."""
    (root / "content").mkdir(parents=True, exist_ok=True)
    (root / "site.yaml").write_text(SITE.format(bucket=bucket, port=port))
    (root / "content/index.md").write_text("---\ntitle: Kazi\n---\nText.\n")
    numbers = random.Random(seed)
    for number in range(files):
        folder = root / f"static/{number // 100:04}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number % 100:02}.bin").write_bytes(numbers.randbytes(size))


def measure(command, environment):
    """Returns seconds, MiB and the output."""
    started = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{output[-2000:]}")
    return seconds, usage.ru_maxrss / 1024, output


def say(what, runs, note=""):
    seconds = sorted(run[0] for run in runs)
    print(f"{what:32} {seconds[0]:6.2f} s (to {seconds[-1]:.2f})  {max(run[1] for run in runs):4.0f} MiB{note}", flush=True)
    return seconds[0]


def requests(output):
    found = re.search(r"(\d+) requests?", output)
    return f"  {found[1]} requests" if found else ""


def clients(port, folder, config):
    """The commands that upload a folder into the bucket of a name."""
    endpoint = f"http://127.0.0.1:{port}"
    # The AWS CLI reads the number of requests from a file only.
    config.write_text("[default]\ns3 =\n  max_concurrent_requests = 32\n  max_queue_size = 10000\n")
    remote = f":s3,provider=Other,env_auth=true,region=us-east-1,endpoint='{endpoint}'"
    return {
        "aws": ["aws", "s3", "cp", folder, "s3://aws/", "--recursive", "--only-show-errors", "--endpoint-url", endpoint],
        "rclone": ["rclone", "copy", folder, f"{remote}:rclone", "--no-check-dest", "--no-traverse", "--transfers", "32", "--checkers", "32", "--s3-no-check-bucket", "--config", ""],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tagline", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("/dev/shm/publish"))
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--changed", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--clients", default="aws,rclone")
    options = parser.parse_args()
    if options.folder.exists():
        sys.exit(f"{options.folder} exists: remove it first")
    # So that the store ends and its folder goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    store, port = options.folder / "store", free_port()
    for bucket in ("many", "tagline", "aws", "rclone"):
        (store / bucket).mkdir(parents=True)
    environment = {**os.environ, **KEYS, "AWS_CONFIG_FILE": str(options.folder / "aws.ini"), "NO_PROXY": "127.0.0.1"}
    # The store speaks HTTP, and rclone does not start with this variable.
    environment.pop("AWS_CA_BUNDLE", None)
    keys = ["--access-key", KEYS["AWS_ACCESS_KEY_ID"], "--secret-key", KEYS["AWS_SECRET_ACCESS_KEY"]]
    server = subprocess.Popen(["s3s-fs", "--host", "127.0.0.1", "--port", str(port), *keys, str(store)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        run(options, port, environment)
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(options.folder)


def run(options, port, environment):
    tagline = options.tagline.resolve()
    if options.files:
        many = options.folder / "many"
        write_site(many, "many", port, options.files, 300, 1)
        publish = [tagline, "publish", "--root", many]
        print(f"{options.files} files of 300 bytes")
        say("first publish", [measure(publish, environment)])
        # Files that were written just before are read once more.
        time.sleep(3)
        measure([*publish, "--dry-run"], environment)
        for what, more in (("dry run, nothing changed", ["--dry-run"]), ("publish, nothing changed", [])):
            runs = [measure([*publish, *more], environment) for _ in range(options.runs)]
            say(what, runs, requests(runs[0][2]))
    if not options.changed:
        return
    few = options.folder / "few"
    write_site(few, "tagline", port, options.changed, 10_000, 0)
    build, publish = ([tagline, command, "--root", few] for command in ("build", "publish"))
    measure(publish, environment)
    others = {name: command for name, command in clients(port, few / "static", options.folder / "aws.ini").items() if name in options.clients.split(",")}
    times = {name: [] for name in ["tagline", *others]}
    for number in range(1, options.runs + 1):
        write_site(few, "tagline", port, options.changed, 10_000, number)
        measure(build, environment)
        times["tagline"].append(measure(publish, environment))
        for name, command in others.items():
            times[name].append(measure(command, environment))
    print(f"{options.changed} changed files of 10 kB")
    best = {name: say(name, runs) for name, runs in times.items()}
    if others:
        fastest = min(others, key=best.get)
        print(f"tagline takes {best['tagline'] / best[fastest]:.2f} × the time of {fastest}")


if __name__ == "__main__":
    main()
